"""Printed digits into the span of numbers that round to them; what follows for p and ratios."""

from __future__ import annotations

import math
from dataclasses import dataclass

from graph_builder.records import decimal_of
from graph_builder.statistics import decimals, normal_quantile

_EPSILON = 1e-9


@dataclass(frozen=True)
class Span:
    """The numbers from low to high, both included."""

    low: float
    high: float

    def meets(self, other: Span) -> bool:
        """Whether some number lies in both.

        >>> span_of("13.55").meets(span_of("13.6")), span_of("37").meets(span_of("35"))
        (True, False)
        """
        return self.low <= other.high + _EPSILON and other.low <= self.high + _EPSILON

    def below(self, other: Span) -> bool:
        """Whether every number of it lies under every number of the other."""
        return self.high < other.low - _EPSILON

    def holds(self, number: float) -> bool:
        """Whether the number lies in it."""
        return self.low - _EPSILON <= number <= self.high + _EPSILON

    def logs(self) -> Span:
        """The same on the natural-log scale; minus infinity stands for the log of 0."""
        return Span(_log(self.low), _log(self.high))


def _log(number: float) -> float:
    return math.log(number) if number > 0 else -math.inf


def exactly(number: float) -> Span:
    """The span of one number alone."""
    return Span(number, number)


def span_of(printed: str | None) -> Span | None:
    """The numbers that round to the printed one; `None` where no number is printed.

    >>> span_of("0.70")
    Span(low=0.695, high=0.705)
    >>> span_of("not attained")
    """
    number = decimal_of(printed)
    if printed is None or number is None:
        return None
    half = 0.5 * 10 ** -decimals(printed)
    return Span(float(number) - half, float(number) + half)


def p_span(printed: str | None) -> Span | None:
    """The p values that a printed one stands for.

    >>> p_span("<0.001"), p_span(">0.05")
    (Span(low=0.0, high=0.001), Span(low=0.05, high=1.0))
    """
    if not printed:
        return None
    number = float(printed.lstrip("<>"))
    if printed[0] == "<":
        return Span(0.0, number)
    if printed[0] == ">":
        return Span(number, 1.0)
    half = 0.5 * 10 ** -decimals(printed)
    return Span(max(0.0, number - half), min(1.0, number + half))


def is_significant(p: Span) -> bool | None:
    """Whether p lies below 0.05; `None` where the printed digits leave it open."""
    if p.high <= 0.05:
        return True
    return False if p.low >= 0.05 else None


_TESTS_DIFFER = 0.1
"""Share by which the statistics of two tests of one comparison, such as log-rank and Wald, differ
without reproach; and the least of it, in standard errors."""


def p_of_interval(value: Span, low: Span, high: Span, level: float) -> Span:
    """The two-sided p values that a ratio and its interval allow, digits and tests as they may be.

    Source: Altman and Bland, BMJ 2011;343:d2304.
    """
    reach = 2 * normal_quantile(level)
    least = max(high.logs().low - low.logs().high, _EPSILON) / reach
    most = (high.logs().high - low.logs().low) / reach
    logs = value.logs()
    nearest = 0.0 if logs.low <= 0 <= logs.high else min(abs(logs.low), abs(logs.high))
    farthest = max(abs(logs.low), abs(logs.high))
    smallest, largest = nearest / most, farthest / least
    slack = max(_TESTS_DIFFER, _TESTS_DIFFER * largest)
    return Span(_two_sided(largest + slack), _two_sided(max(0.0, smallest - slack)))


def _two_sided(statistic: float) -> float:
    return math.erfc(statistic / math.sqrt(2))
