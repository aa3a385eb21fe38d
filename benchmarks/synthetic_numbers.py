"""Printed numbers of a study -> other numbers that fit each other as well as the printed ones did.

One `Jitter` a study keeps what is printed together together: an interval keeps its order and its
value inside, a ratio its side of 1 and its p value, counts of patients their sums and shares, a
course of rates its order. Numbers in words ("up to 75") stay as they are.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from graph_builder.records import Estimate, Fact, FactReport, Report, decimal_of

LATEST = 2026
"""Year of the youngest invented article."""
DATES = (
    "publication_year", "study_period", "recruitment_period", "start_date",
    "primary_completion_date", "study_completion_date",
)  # fmt: skip
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AVERAGES = {"median", "mean", "unspecified_average"}

Change = Callable[[float], float]


@dataclass(frozen=True)
class Jitter:
    """How the numbers of one study change.

    `times`: factor of average times. `rates`, `ratios`: power of a rate out of 100 and of a ratio,
    which keep 0 and 100, and 1, where they are. `patients`: whole factor. `years`: added to years.
    """

    times: float
    rates: float
    ratios: float
    patients: int
    years: int


def jitter_of(chance: random.Random, newest: int) -> Jitter:
    """A change for a study whose newest printed year is `newest`: up to a quarter either way."""
    return Jitter(
        times=chance.uniform(0.8, 1.25),
        rates=chance.uniform(0.8, 1.25),
        ratios=chance.uniform(0.8, 1.25),
        patients=chance.choice((1, 1, 1, 2, 2, 3)),
        years=min(chance.randint(-4, 2), max(0, LATEST - newest)),
    )


def newest_year(facts: list[Fact]) -> int:
    """The newest year of publication printed; 0 where none is."""
    printed = [r.value for f in facts if f.property == "publication_year" for r in f.reported]
    return max((int(value) for value in printed if _YEAR.fullmatch(value)), default=0)


def changed_fact(fact: Fact, jitter: Jitter) -> Fact:
    """The fact with its patients, months and years changed."""
    reported = [_fact_report(fact, report, jitter) for report in fact.reported]
    return fact.model_copy(update={"reported": reported})


def _fact_report(fact: Fact, report: FactReport, jitter: Jitter) -> FactReport:
    value = report.value
    if fact.property in DATES:
        value = _YEAR.sub(lambda year: str(int(year[0]) + jitter.years), value)
    elif fact.unit == "patients":
        value = _number(value, lambda number: number * jitter.patients)
    elif fact.unit == "months":
        value = _number(value, lambda number: number * jitter.times)
    return report.model_copy(update={"value": value})


def changed_estimate(estimate: Estimate, jitter: Jitter) -> Estimate:
    """The estimate with the numbers of each report changed alike."""
    change = _change(estimate, jitter)
    if change is None:
        return estimate
    reported = [_report(report, change) for report in estimate.reported]
    return estimate.model_copy(update={"reported": reported})


def _change(estimate: Estimate, jitter: Jitter) -> Change | None:
    """How its numbers change; not at all where other numbers would no longer fit."""
    if estimate.measure.endswith("_ratio"):
        return lambda number: math.pow(number, jitter.ratios) if number > 0 else number
    if estimate.measure in _AVERAGES:
        return lambda number: number * jitter.times
    if estimate.unit == "patients":
        return lambda number: number * jitter.patients
    if estimate.measure == "rate" and estimate.unit == "percent":
        return lambda number: 100 * math.pow(max(number, 0) / 100, jitter.rates)
    return None


def _report(report: Report, change: Change) -> Report:
    names = ("value", "low", "high")
    given = {name: text for name in names if (text := getattr(report, name)) is not None}
    fresh = {name: _number(text, change) for name, text in given.items()}
    return report.model_copy(update=fresh) if _as_before(given, fresh) else report


def _as_before(given: dict[str, str], fresh: dict[str, str]) -> bool:
    """Whether rounding has left the order of the numbers, and none that was more than 0 at 0."""
    old = {name: decimal_of(text) for name, text in given.items()}
    new = {name: decimal_of(text) for name, text in fresh.items()}
    for name, one in old.items():
        other = new[name]
        if one is None or other is None:
            continue
        if (one > 0) != (other > 0) or _order(name, one, old) != _order(name, other, new):
            return False
    return True


def _order(name: str, number: Decimal, numbers: dict[str, Decimal | None]) -> list[bool]:
    others = (numbers[key] for key in sorted(numbers) if key != name)
    return [other is not None and number <= other for other in others]


def _number(printed: str, change: Change) -> str:
    """The number changed, with as many decimals and thousands marked as printed.

    >>> _number("1,706", lambda number: 2 * number), _number("0.70", lambda number: number**1.2)
    ('3,412', '0.65')
    >>> _number("not reached", lambda number: 2 * number)
    'not reached'
    """
    number = decimal_of(printed)
    if number is None:
        return printed
    places = Decimal(1).scaleb(-len(printed.partition(".")[2]))
    fresh = Decimal(repr(change(float(number)))).quantize(places, ROUND_HALF_UP)
    return f"{fresh:,f}" if "," in printed else f"{fresh:f}"
