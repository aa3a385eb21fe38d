"""A ratio with its interval -> places along a small axis, the same on every page."""

from __future__ import annotations

from dataclasses import dataclass

from metalocal.explorer.things.printed import Printed
from metalocal.plots.scales import Scale

WIDTH, HEIGHT = 180, 30
"""Size of a drawing, in its own units."""
MIDDLE = 9
"""Height of dot and interval."""
_TICKS = (0.2, 0.5, 1.0, 2.0, 5.0)
SCALE = Scale(0.1, 10.0, 6.0, WIDTH - 6.0, _TICKS, logarithmic=True)
"""Logarithmic, from a tenth to ten times; what lies beyond is drawn at the end, with an arrow."""


@dataclass(frozen=True)
class Tick:
    """A mark of the axis and its words."""

    x: float
    text: str


@dataclass(frozen=True)
class Interval:
    """Where dot and ends of an interval lie; `words` say the same. Without interval, a dot alone.

    `beyond_left` and `beyond_right`: something lies beyond that end of the axis.
    """

    dot: float
    left: float | None
    right: float | None
    beyond_left: bool
    beyond_right: bool
    words: str

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Marks of the axis."""
        return tuple(Tick(round(SCALE.at(tick), 1), f"{tick:g}") for tick in _TICKS)

    @property
    def none(self) -> float:
        """Where a ratio of 1 lies: no difference."""
        return round(SCALE.at(1.0), 1)


def interval_of(found: Printed) -> Interval | None:
    """The drawing of a printed ratio; None where no positive number is printed.

    >>> from metalocal.explorer.things.printed import Printed
    >>> one = Printed("r", "ueno-2022", 85, "Table 1", value="1", number=1.0)
    >>> interval_of(one).dot, interval_of(one).none
    (90.0, 90.0)
    """
    if found.number is None or found.number <= 0:
        return None
    ends = (found.lowest, found.highest)
    low, high = (end if end is not None and end > 0 else None for end in ends)
    every = [number for number in (found.number, low, high) if number is not None]
    return Interval(
        dot=round(SCALE.at(found.number), 1),
        left=None if low is None else round(SCALE.at(low), 1),
        right=None if high is None else round(SCALE.at(high), 1),
        beyond_left=min(every) < SCALE.low,
        beyond_right=max(every) > SCALE.high,
        words=f"{found.text}; 1 means no difference; logarithmic axis from 0.1 to 10",
    )
