"""Numbers into places along an axis, and the ticks on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log, log10

from metalocal.plots.records import Forest

USUAL = (0.1, 10.0)
"""Whiskers beyond these are cut, unless an estimate lies there."""
NARROWEST = (0.5, 2.0)
SPARE = 1.5
"""A bound beyond the usual ends by no more than this factor is shown whole."""
PREDICTED = 1.5
"""Prediction intervals, which few studies make endless, lengthen the axis by no more than this."""


@dataclass(frozen=True)
class Scale:
    """An axis from `low` at `left` to `high` at `right`; places in points."""

    low: float
    high: float
    left: float
    right: float
    ticks: tuple[float, ...]
    logarithmic: bool

    def at(self, value: float) -> float:
        """Where a value lies; one beyond an end lies at the end."""
        if value <= self.low:
            return self.left
        if value >= self.high:
            return self.right
        if self.logarithmic:
            share = log(value / self.low) / log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)


def ratio_scale(forest: Forest, left: float, right: float) -> Scale:
    """A log axis that holds every estimate and 1, and each bound within reason."""
    estimates = [row.estimate for row in forest.ratios]
    lows = [row.low for row in forest.ratios if row.low is not None]
    highs = [row.high for row in forest.ratios if row.high is not None]
    least, most = min(*lows, *estimates, NARROWEST[0]), max(*highs, *estimates, NARROWEST[1])
    predicted = [n for r in forest.pooled for n in (r.prediction_low, r.prediction_high) if n]
    least = min(least, max(least / PREDICTED, min(predicted, default=least)))
    most = max(most, min(most * PREDICTED, max(predicted, default=most)))
    low = max(least / 1.05, min(USUAL[0], *estimates) / SPARE)
    high = min(most * 1.05, max(USUAL[1], *estimates) * SPARE)
    return Scale(low, high, left, right, ratio_ticks(low, high), logarithmic=True)


def ratio_ticks(low: float, high: float) -> tuple[float, ...]:
    """Ticks at 1, 2 and 5 of each power of ten, at fewer where the axis is long; 1 always.

    >>> ratio_ticks(0.3, 6)
    (0.5, 1, 2, 5)
    >>> ratio_ticks(1e-4, 1e4)
    (0.0001, 0.01, 1, 100, 10000)
    """
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    step = 1 + (len(powers) - 1) // 5
    steps = (1, 2, 5) if high / low <= 1000 else (1,)
    every = (
        float(f"{figure}e{power}") for power in powers if power % step == 0 for figure in steps
    )
    ticks = tuple(tick for tick in every if low <= tick <= high)
    return tuple(int(tick) if tick >= 1 else tick for tick in ticks)


def linear_scale(values: Iterable[float], unit: str, left: float, right: float) -> Scale:
    """An axis from 0 to the tick beyond the greatest value; to 100 for percent."""
    greatest = 100.0 if unit in {"percent", "%"} else max(values, default=1.0) or 1.0
    step = linear_step(greatest)
    count = ceil(greatest / step - 1e-9)
    ticks = tuple(round(i * step, 10) for i in range(count + 1))
    return Scale(0.0, ticks[-1], left, right, ticks, logarithmic=False)


def linear_step(greatest: float) -> float:
    """The distance of ticks, of which four to six reach the value; twelfths of a year suit months.

    >>> [linear_step(n) for n in (9, 55, 60, 100, 131)]
    [2, 12, 12, 20, 24]
    """
    for step in (1, 2, 3, 6, 12, 20, 24):
        if greatest / step <= 6:
            return step
    power = 10.0 ** floor(log10(greatest / 6))
    return next(power * figure for figure in (1, 2, 5, 10) if greatest / (power * figure) <= 6)


def tick_label(tick: float) -> str:
    """A tick as text.

    >>> [tick_label(tick) for tick in (0.1, 1, 20.0)]
    ['0.1', '1', '20']
    """
    return f"{tick:g}"
