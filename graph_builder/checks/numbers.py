"""Printed numbers make sense: intervals in order and around their value, shares within 0 to 100."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from graph_builder.problems import Problem
from graph_builder.records import Estimate, Fact, Report, Study, decimal_of
from graph_builder.terms import Terms

_NEEDS_TIME = {"rate"}
_NOT_REACHED = {"not attained", "not reached"}
_BOUNDED = re.compile(r"^([<>≤≥~]|up to |less than |more than |almost |about |one-|two-)\s*\S")
_OF_ARMS = {"favours_intervention", "favours_comparator"}
_OF_GROUPS = {"favours_group", "favours_reference_group"}
_NO_NUMBER = {"statement_only", "p_value_only"}
_SIZED = {
    "median",
    "mean",
    "unspecified_average",
    "rate",
    "proportion",
    "count",
    "difference",
    "relative_reduction",
}


def problems(study: Study, terms: Terms) -> list[Problem]:
    """Numbers of `study` that cannot be as entered; a misprint needs a `note` to pass."""
    found: list[Problem] = []
    for estimate in study.estimates:
        found += _estimate(estimate, terms)
        for report in estimate.reported:
            found += _value(estimate, report, terms)
            found += _interval(estimate, report)
            found += _range(estimate, report)
    for fact in study.facts:
        found += _fact(fact)
    return found


def _estimate(estimate: Estimate, terms: Terms) -> Iterator[Problem]:
    name = f"estimate {estimate.id}"
    yield from _directions(estimate)
    if estimate.measure in _NEEDS_TIME and estimate.at is None:
        mend = "add `at: 5 year`, or use proportion where no time is meant"
        yield Problem(estimate.place(), f"{name}: a rate needs a time", "missing-time", mend)
    if estimate.measure in terms.ratio_measures and estimate.contrast is None:
        mend = "add `contrast: {arm: ..., versus: ...}`"
        yield Problem(estimate.place(), f"{name}: a ratio needs a contrast", "no-contrast", mend)
    if estimate.measure in _SIZED and estimate.unit is None:
        mend = "add `unit: months` or what the number counts"
        yield Problem(estimate.place(), f"{name}: {estimate.measure} needs a unit", "no-unit", mend)
    for report in estimate.reported:
        if report.value is None and estimate.measure not in _NO_NUMBER:
            mend = "enter the value, or use statement_only or p_value_only"
            message = f"{name}: a report of a {estimate.measure} needs a value"
            yield Problem(report.place(), message, "no-value", mend)


def _directions(estimate: Estimate) -> Iterator[Problem]:
    """A comparison of patients has a direction of its own kind, one of treatments another."""
    contrast = estimate.contrast
    grouped = contrast is not None and contrast.group is not None
    wrong = _OF_ARMS if grouped else _OF_GROUPS
    for report in estimate.reported:
        if report.direction in wrong:
            side = "groups" if grouped else "arms"
            message = (
                f"estimate {estimate.id}: {report.direction} does not fit a contrast of {side}"
            )
            mend = f"use {' or '.join(sorted(_OF_GROUPS if grouped else _OF_ARMS))}"
            yield Problem(report.place("direction"), message, "direction-of-contrast", mend)


def _value(estimate: Estimate, report: Report, terms: Terms) -> Iterator[Problem]:
    ratio = estimate.measure in terms.ratio_measures
    if report.value is None or not (ratio or estimate.measure in _SIZED):
        return
    value = decimal_of(report.value)
    mend = f"compare with the source, {report.source} line {report.line}"
    name = f"estimate {estimate.id}"
    sized = report.value in _NOT_REACHED or _BOUNDED.match(report.value)
    if value is None and (ratio or not sized):
        message = f"{name}: {report.value} is no number"
        yield Problem(report.place("value"), message, "no-number", mend)
    if ratio and value is not None and value <= 0:
        message = f"{name}: a ratio is above 0, not {report.value}"
        yield Problem(report.place("value"), message, "ratio-range", mend)


def _interval(estimate: Estimate, report: Report) -> Iterator[Problem]:
    if report.low is None or report.high is None:
        return
    low, high = Decimal(report.low), Decimal(report.high)
    where = f"compare with the source, {report.source} line {report.line}"
    name = f"estimate {estimate.id}"
    if low > high:
        message = f"{name}: low {report.low} lies above high {report.high}"
        mend = f"swap the bounds, or {where}"
        yield Problem(report.place("low"), message, "interval-order", mend)
        return
    value = decimal_of(report.value)
    outside = value is not None and not low <= value <= high
    if outside and not (report.note or estimate.note):
        message = f"{name}: {report.value} lies outside {report.low} to {report.high}"
        mend = f"{where}; if it is printed so, say it in `note`"
        yield Problem(report.place("value"), message, "value-outside-interval", mend)


def _range(estimate: Estimate, report: Report) -> Iterator[Problem]:
    value = decimal_of(report.value)
    name = f"estimate {estimate.id}"
    mend = f"compare with the source, {report.source} line {report.line}"
    if estimate.unit == "percent" and value is not None and not 0 <= value <= 100:
        message = f"{name}: {report.value} percent lies outside 0 to 100"
        yield Problem(report.place("value"), message, "percent-range", mend)
    p = decimal_of((report.p or "").lstrip("<>") or None)
    if p is not None and not 0 <= p <= 1:
        message = f"{name}: p {report.p} lies outside 0 to 1"
        yield Problem(report.place("p"), message, "p-range", mend)


def _fact(fact: Fact) -> Iterator[Problem]:
    numbers = [report for report in fact.reported if decimal_of(report.value) is not None]
    if numbers and fact.unit is None and fact.property not in ("publication_year", "phase"):
        message = f"fact {fact.property}: a number needs a unit"
        mend = "add `unit: patients` or what the number counts"
        yield Problem(fact.place(), message, "no-unit", mend)
