"""Printed periods, dates and years -> marks along an axis of years."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from metalocal.pages.addresses import Link

WIDTH, LEFT, RIGHT = 640, 110, 620
LANE = 26
"""Height of a lane, in the drawing's own units."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Moment:
    """Something that was, in a lane: `first` to `last` year; `link` says what, with its place."""

    lane: str
    first: int
    last: int
    link: Link
    at: str


@dataclass(frozen=True)
class Mark:
    """A moment drawn from `left` to `right` at height `y`."""

    moment: Moment
    left: float
    right: float
    y: float

    @property
    def is_period(self) -> bool:
        """Whether it lasts more than a year."""
        return self.moment.last > self.moment.first


@dataclass(frozen=True)
class Timeline:
    """Marks, the years of the axis with their places, and the lanes with their heights."""

    marks: tuple[Mark, ...]
    years: tuple[tuple[int, float], ...]
    lanes: tuple[tuple[str, float], ...]
    height: int

    @property
    def words(self) -> str:
        """What the drawing shows, in a sentence."""
        told = (f"{m.moment.lane} {m.moment.link.text}" for m in self.marks)
        return "; ".join(dict.fromkeys(told))


def years_in(text: str) -> tuple[int, int] | None:
    """First and last year in a printed period or date.

    >>> years_in("2007-2012"), years_in("March 2021 – recruiting"), years_in("24")
    ((2007, 2012), (2021, 2021), None)
    """
    years = [int(year) for year in _YEAR.findall(text)]
    return (min(years), max(years)) if years else None


def timeline(moments: Iterable[Moment]) -> Timeline | None:
    """The drawing; None where nothing has a year."""
    told = list(moments)
    if not told:
        return None
    first, last = min(each.first for each in told), max(each.last for each in told)
    first, last = (first - 1, last + 1) if first == last else (first, last)
    lanes = list(dict.fromkeys(each.lane for each in told))
    heights = {lane: 14.0 + LANE * place for place, lane in enumerate(lanes)}

    def at(year: int) -> float:
        return round(LEFT + (year - first) / (last - first) * (RIGHT - LEFT), 1)

    step = next(step for step in (1, 2, 5, 10, 20, 50) if (last - first) / step <= 9)
    shown = [year for year in range(first, last + 1) if year % step == 0 or step == 1]
    return Timeline(
        marks=tuple(Mark(each, at(each.first), at(each.last), heights[each.lane]) for each in told),
        years=tuple((year, at(year)) for year in shown),
        lanes=tuple(heights.items()),
        height=LANE * len(lanes) + 24,
    )
