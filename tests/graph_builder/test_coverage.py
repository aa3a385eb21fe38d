"""Every printed number is in the graph or on the reviewed list, as often as it is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph_builder.coverage import Coverage, check_coverage
from graph_builder.reading import Records
from graph_builder.records import LeftOut, Name, NotEntered

Check = Callable[..., Coverage]


@pytest.fixture
def texts(studies: Path) -> Path:
    return studies / "texts"


@pytest.fixture
def coverage(examples: Records, texts: Path) -> Check:
    def check(names: tuple[str, ...] = (), **left_out: int) -> Coverage:
        listed = NotEntered(
            names=[Name(pattern=pattern, reason="name") for pattern in names],
            numbers=[
                LeftOut(
                    source="invented-2021",
                    line=int(key.split("_")[1]),
                    number=key.split("_")[2],
                    times=times,
                    reason="made up",
                )
                for key, times in left_out.items()
            ],
        )
        records = Records(
            examples.studies, examples.sources, examples.guidance, examples.models, listed
        )
        return check_coverage(records, texts)

    return check


def missing(found: Coverage) -> set[str]:
    return {p.message.partition(" is not in")[0] for p in found.problems if p.rule == "not-covered"}


def test_a_number_that_is_not_entered_is_told_with_its_line(coverage: Check) -> None:
    found = coverage()
    assert "136 on line 3 of invented-2021" in missing(found)
    assert "0.70 on line 5 of invented-2021" not in missing(found)
    assert found.printed == found.entered + sum(
        int(p.message.split(", ")[-1].split()[0]) if "times more" in p.message else 1
        for p in found.problems
    )


def test_a_listed_number_is_no_longer_missing(coverage: Check) -> None:
    assert "136 on line 3 of invented-2021" not in missing(coverage(at_3_136=1))
    assert coverage(at_3_136=1).left_out == 1


def test_listing_what_is_entered_or_not_printed_is_a_problem(coverage: Check) -> None:
    for key in ("at_5_0.70", "at_3_999"):
        rules = {problem.rule for problem in coverage(**{key: 1}).problems}
        assert "listed-but-covered" in rules


def test_listing_more_often_than_printed_is_a_problem(coverage: Check) -> None:
    rules = {problem.rule for problem in coverage(at_3_136=2).problems}
    assert "listed-but-covered" in rules


def test_digits_of_a_name_are_no_numbers(coverage: Check) -> None:
    assert "2021 on line 1 of invented-2021" in missing(coverage())
    assert "2021 on line 1 of invented-2021" not in missing(coverage(("Reports 2021",)))


def test_lines_after_the_body_are_not_looked_at(coverage: Check) -> None:
    assert not any("line 10 " in one for one in missing(coverage()))
