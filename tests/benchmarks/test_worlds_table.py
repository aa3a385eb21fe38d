"""The tables on next facts and on many patients at once: no time where answers differ."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import worlds as benchmark  # noqa: E402  (its folder is no package)

from metalocal.worlds import Worlds  # noqa: E402

NOBODY = Worlds(0, {}, {}, {})


def test_many_patients_have_a_row_for_each_way_to_complete_and_judge_them() -> None:
    head, _, *rows = benchmark.completion_table(200, 1)
    assert head.startswith("| 200 patients, ")
    assert "| 200 patients, 0 refused" not in head
    begins = (
        "read and complete one by one",
        "read one by one",
        "make them bits",
        "complete at once",
        "judge all",
    )
    found = [row.removeprefix("| ") for row in rows]
    assert all(row.startswith(begin) for row, begin in zip(found, begins, strict=True))


def test_patients_completed_otherwise_at_once_have_no_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benchmark, "completed", lambda told, *_: (NOBODY, 0))
    with pytest.raises(SystemExit, match="do not agree"):
        benchmark.completion_table(50, 1)


def test_each_example_profile_has_a_row_of_its_next_facts() -> None:
    lines = benchmark.next_facts_table([ROOT], 1)
    names = {line.split(" | ")[0].removeprefix("| ") for line in lines[2:]}
    assert names == {path.stem for path in (ROOT / "data" / "profiles").glob("*.yaml")}


def test_checkouts_that_answer_otherwise_have_no_times(monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter(range(10))
    monkeypatch.setattr(benchmark, "_worker", lambda _: None)
    monkeypatch.setattr(
        benchmark, "_asked", lambda *_: {"milliseconds": 1.0, "calls": 1, "answer": next(told)}
    )
    with pytest.raises(SystemExit, match="do not agree"):
        benchmark.next_facts_table([ROOT, ROOT], 1)
