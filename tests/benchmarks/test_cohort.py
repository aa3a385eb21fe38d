"""The ways that the benchmark of cohorts compares judge the same; its files tell the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("polars", reason="polars is not installed: pip install polars")
pytest.importorskip("duckdb", reason="duckdb is not installed: pip install duckdb")

from metalocal.answers import Library
from metalocal.cohort.groups import KINDS, groups_of
from metalocal.cohort.lines import open_lines
from metalocal.cohort.records import Patient
from metalocal.cohort.run import cohort_of
from metalocal.commands.common import built_graph
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import Profile, profile_of

SOME = 40


@pytest.fixture(scope="module")
def benchmark() -> Iterator[Any]:
    """The modules cohort and screen_methods of the folder benchmarks."""
    folder = str(Path(__file__).parents[2] / "benchmarks")
    sys.path.insert(0, folder)
    try:
        import cohort
        import screen_methods

        yield cohort, screen_methods
    finally:
        sys.path.remove(folder)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(LocalGraph(built_graph()), locations().queries)


@pytest.fixture(scope="module")
def given(benchmark: Any, library: Library) -> list[dict[str, Any]]:
    return benchmark[0]._given(library, 1, SOME)


def test_every_way_gives_the_counts_of_the_query(
    benchmark: Any, library: Library, given: list[dict[str, Any]]
) -> None:
    runner, methods = benchmark
    profiles = [profile_of(one, library.attributes, library.rules) for one in given]
    found = groups_of(library, set(KINDS.values()))
    cohort = methods.Cohort([*profiles, Profile()], found, library)
    expected = methods.sparql(cohort)()
    assert sum(expected) == (SOME + 1) * len(found.groups)
    assert {way: prepare(cohort)() for way, prepare in runner.WAYS.items()} == dict.fromkeys(
        runner.WAYS, expected
    )


def test_ways_that_disagree_end_the_benchmark_before_a_time_is_told(
    benchmark: Any, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, methods = benchmark
    cohort = methods.Cohort([Profile()], groups_of(library), library)
    monkeypatch.setitem(runner.WAYS, "a wrong way", lambda _: lambda: (1, 2, 3))
    with pytest.raises(SystemExit, match="disagree"):
        runner._judging(cohort, 1)


def test_profiles_tell_the_same_as_csv_and_as_json_lines(
    benchmark: Any, library: Library, given: list[dict[str, Any]], tmp_path: Path
) -> None:
    files = benchmark[0]._written(given, library, tmp_path)
    read = []
    for path in files.values():
        with closing(open_lines(str(path))) as lines:
            read.append(list(cohort_of(lines, library)))
    assert len(read[0]) == SOME
    assert all(isinstance(one, Patient) for one in read[0])
    assert [(one.id, one.profile.facts, one.profile.numbers) for one in read[0]] == [
        (one.id, one.profile.facts, one.profile.numbers) for one in read[1]
    ]
