"""Where the marks of small drawings lie: ratios with their intervals, and years."""

from __future__ import annotations

from dataclasses import replace

import pytest

from metalocal.explorer.things.intervals import SCALE, WIDTH, interval_of
from metalocal.explorer.things.printed import Printed
from metalocal.explorer.things.timeline import LEFT, RIGHT, Moment, timeline, years_in
from metalocal.pages.addresses import Link

RATIO = Printed("https://example.org/r", "ueno-2022", 85, "Table 1", value="0.66", number=0.66)


def with_interval(number: float, low: float, high: float) -> Printed:
    return replace(RATIO, number=number, lowest=low, highest=high)


def test_a_ratio_below_one_lies_left_of_no_difference_within_its_interval() -> None:
    drawn = interval_of(with_interval(0.66, 0.49, 0.88))
    assert drawn is not None
    assert drawn.left is not None
    assert drawn.right is not None
    assert drawn.left < drawn.dot < drawn.right < drawn.none


def test_a_ratio_and_its_reciprocal_lie_equally_far_from_no_difference() -> None:
    two, half = interval_of(replace(RATIO, number=2.0)), interval_of(replace(RATIO, number=0.5))
    assert two is not None
    assert half is not None
    assert two.dot - two.none == pytest.approx(half.none - half.dot, abs=0.11)


def test_an_interval_that_goes_beyond_the_axis_ends_in_an_arrow() -> None:
    drawn = interval_of(with_interval(1.6, 0.05, 40.0))
    assert drawn is not None
    assert (drawn.left, drawn.right) == (SCALE.left, SCALE.right)
    assert (drawn.beyond_left, drawn.beyond_right) == (True, True)
    assert SCALE.right < WIDTH


def test_a_ratio_without_interval_is_a_dot_alone() -> None:
    drawn = interval_of(RATIO)
    assert drawn is not None
    assert (drawn.left, drawn.right, drawn.beyond_left) == (None, None, False)


@pytest.mark.parametrize("number", [None, 0.0, -1.0])
def test_what_is_no_positive_number_is_not_drawn(number: float | None) -> None:
    assert interval_of(replace(RATIO, number=number)) is None


def moment(lane: str, first: int, last: int) -> Moment:
    return Moment(lane, first, last, Link(f"{first}-{last}"), "ueno-2022:85")


def test_years_go_from_the_first_to_the_last_that_is_told() -> None:
    drawn = timeline([moment("Enrolment", 2007, 2012), moment("Published", 2018, 2018)])
    assert drawn is not None
    enrolment, published = drawn.marks
    assert (enrolment.left, published.left) == (LEFT, RIGHT)
    assert enrolment.left < enrolment.right < published.left
    assert (enrolment.is_period, published.is_period) == (True, False)
    assert drawn.words == "Enrolment 2007-2012; Published 2018-2018"


def test_things_of_one_lane_lie_at_one_height() -> None:
    drawn = timeline([moment("Published", 2009, 2009), moment("Published", 2018, 2018)])
    assert drawn is not None
    assert len({mark.y for mark in drawn.marks}) == len(drawn.lanes) == 1


def test_a_single_year_lies_in_the_middle() -> None:
    drawn = timeline([moment("Published", 2020, 2020)])
    assert drawn is not None
    assert drawn.marks[0].left == (LEFT + RIGHT) / 2


def test_nothing_told_is_no_timeline() -> None:
    assert timeline([]) is None


@pytest.mark.parametrize("text", ["24", "30 year experience", "", "line 12019"])
def test_what_names_no_year_has_none(text: str) -> None:
    assert years_in(text) is None
