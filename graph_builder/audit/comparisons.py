"""Measures of one comparison against each other: ratio, arms' own values, rates, differences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from graph_builder.audit.findings import (
    CONTRADICTORY,
    DOUBTFUL,
    NOTEWORTHY,
    Finding,
    Print,
)
from graph_builder.audit.rounding import Span, span_of
from graph_builder.audit.views import Result, View
from graph_builder.records import Estimate, Report

_OF_ONE_ARM = ("median", "mean", "unspecified_average", "rate", "proportion")
_TIMES = ("median", "mean", "unspecified_average")
_RELATIVE = ("hazard_ratio", "risk_ratio", "relative_reduction", "relative_increase")

_TURNED = (
    "Do not read a direction from the ratio before the article of the study tells which arm stands "
    "above the line; the arms' own values are the safer guide."
)
_COMPATIBLE = "Read no direction from the ratio or the arms: the interval of the ratio allows both."
_CROSSING = "The curves may cross: look at them, and quote median and rate together."
_NOT_ONE = "Quote the measures apart, each with its source; do not turn one into the other."


def ratios_against_arms(view: View) -> Iterator[Finding]:
    """Ratios that favour the one arm beside medians, means or shares that favour the other."""
    for result in view.results:
        contrast = result.estimate.contrast
        if result.estimate.measure not in view.terms.ratio_measures or contrast is None:
            continue
        if contrast.arm is None or contrast.versus is None:
            continue
        for measure in _OF_ONE_ARM:
            for arm, versus in _pairs(view, result, contrast.arm, contrast.versus, measure):
                better = _better(view, arm, versus)
                for one, span in result.numbers():
                    if better * _side(result.estimate, span) < 0:
                        yield _turned(view, result, one, (arm, versus))


def _pairs(
    view: View, like: Result, arm: str, versus: str, measure: str
) -> Iterator[tuple[Result, Result]]:
    """Estimates of the two arms of one measure, at the same time."""
    for one in view.of_arm(arm, like, measure):
        for two in view.of_arm(versus, like, measure):
            if one.estimate.at == two.estimate.at:
                yield one, two


def _better(view: View, arm: Result, versus: Result) -> int:
    """1 where every print of the arm is better than every one of the other, -1 where worse."""
    first, second = [s for _, s in arm.numbers()], [s for _, s in versus.numbers()]
    sign = {"higher": 1, "lower": -1}.get(view.polarity(arm.estimate.outcome), 0)
    if not first or not second:
        return 0
    if all(one.below(two) for one in first for two in second):
        return -sign
    return sign if all(two.below(one) for one in first for two in second) else 0


def _side(estimate: Estimate, ratio: Span) -> int:
    """1 where the ratio is better for its arm, -1 where worse, 0 where it rounds to none."""
    sign = -1 if estimate.counts == "wanted_event" else 1
    return sign if ratio.high < 1 else -sign if ratio.low > 1 else 0


def _turned(view: View, result: Result, one: Print, arms: tuple[Result, Result]) -> Finding:
    arm, versus = arms
    shown = arm.prints + versus.prints
    own, other = _first(arm), _first(versus)
    sides = [view.arm_label(x.estimate.arm) for x in arms]
    ratio_favours, arms_favour = sides if _better(view, arm, versus) < 0 else sides[::-1]
    at = f" at {arm.estimate.at}s" if arm.estimate.at else ""
    text = (
        f"The {view.word(result.estimate.measure)} {one.value} is in favour of {ratio_favours}, "
        f"while the {view.word(arm.estimate.measure)}{at} of {own} against {other} is in favour of "
        f"{arms_favour} ({view.word(result.estimate.outcome)}, {sides[0]} versus {sides[1]})."
    )
    severity, advice = (NOTEWORTHY, _COMPATIBLE) if _within(one, arms) else (CONTRADICTORY, _TURNED)
    about = (view.study.id, _about(result, arm), text, advice, (one, *shown))
    return Finding("ratio_against_arms", severity, *about)


def _about(result: Result, arm: Result) -> str:
    parts = [result.estimate.id, arm.estimate.measure.replace("_", "-")]
    return "-".join([*parts, *([arm.estimate.at.replace(" ", "-")] if arm.estimate.at else [])])


def _first(result: Result) -> str:
    values = dict.fromkeys(one.value for one, _ in result.numbers())
    unit = {"percent": "percent", "months": "months", "years": "years", "weeks": "weeks"}
    return f"{' or '.join(values)} {unit.get(result.estimate.unit or '', '')}".strip()


def _within(one: Print, arms: tuple[Result, Result]) -> bool:
    """Whether the ratio that the arms' values imply lies within the printed interval.

    Times are taken as those of exponential curves, so that the ratio is the inverse of theirs;
    for shares it is that of the logs, or the plain ratio of shares with an event.
    """
    report = one.report
    low, high = (span_of(x) for x in (getattr(report, "low", None), getattr(report, "high", None)))
    first, second = (next(result.numbers())[1] for result in arms)
    if low is None or high is None or first.low <= 0 or second.low <= 0:
        return False
    a, b = (first.low + first.high) / 2, (second.low + second.high) / 2
    implied = b / a
    if arms[0].estimate.measure not in _TIMES:
        implied = math.log(a / 100) / math.log(b / 100) if max(a, b) < 100 else a / b
    return Span(low.low, high.high).holds(implied)


def medians_against_rates(view: View) -> Iterator[Finding]:
    """Pairs of arms in which the one has the longer median and the other the higher rate."""
    for median in view.results:
        if median.estimate.measure not in _TIMES or median.estimate.arm is None:
            continue
        for other in view.results:
            pair = (median.estimate.arm, other.estimate.arm)
            if (
                other.estimate.measure != median.estimate.measure
                or other.subject != median.subject
                or other.estimate.population != median.estimate.population
                or other.estimate.arm is None
                or _order(view, pair[0]) >= _order(view, other.estimate.arm)
            ):
                continue
            better = _better(view, median, other)
            for one, two in _pairs(view, median, pair[0], other.estimate.arm, "rate"):
                if better * _better(view, one, two) < 0:
                    yield _crossing(view, (median, other), (one, two))


def _order(view: View, arm: str) -> int:
    return [one.id for one in view.study.arms].index(arm)


def _crossing(view: View, medians: tuple[Result, Result], rates: tuple[Result, Result]) -> Finding:
    sides = [view.arm_label(one.estimate.arm) for one in medians]
    word = view.word(medians[0].estimate.measure)
    text = (
        f"The {word} is {_first(medians[0])} with {sides[0]} and {_first(medians[1])} with "
        f"{sides[1]}, the rate at {rates[0].estimate.at}s {_first(rates[0])} and "
        f"{_first(rates[1])}: they are in favour of different arms ({medians[0].phrase})."
    )
    shown = tuple(one for result in (*medians, *rates) for one in result.prints)
    about = f"{medians[0].estimate.id}-{medians[1].estimate.id}"
    return Finding("median_against_rate", NOTEWORTHY, view.study.id, about, text, _CROSSING, shown)


def effects_apart(view: View) -> Iterator[Finding]:
    """Relative measures of one comparison, and differences of rates, that do not agree."""
    for one, two in combinations(view.results, 2):
        if _comparable(one, two):
            yield from _apart(view, one, two)
    for result in view.results:
        if result.estimate.measure == "difference" and result.estimate.unit == "percent":
            yield from _difference(view, result)


def _comparable(one: Result, two: Result) -> bool:
    first, second = one.estimate, two.estimate
    sides = [x.contrast and {x.contrast.arm, x.contrast.versus} for x in (first, second)]
    return (
        first.measure in _RELATIVE
        and second.measure in _RELATIVE
        and first.measure != second.measure
        and one.subject == two.subject
        and (first.population, first.at) == (second.population, second.at)
        and bool(sides[0])
        and None not in (sides[0] or ())
        and sides[0] == sides[1]
    )


def _as_ratio(estimate: Estimate, span: Span) -> Span:
    """A relative measure as ratio of the arm over its reference."""
    if estimate.measure == "relative_reduction":
        return Span(1 - span.high / 100, 1 - span.low / 100)
    if estimate.measure == "relative_increase" and estimate.unit == "percent":
        return Span(1 + span.low / 100, 1 + span.high / 100)
    return span


def _apart(view: View, one: Result, two: Result) -> Iterator[Finding]:
    turned = _sides_turned(one, two)
    for a, span in one.numbers():
        for b, other in two.numbers():
            left, right = _as_ratio(one.estimate, span), _as_ratio(two.estimate, other)
            if right.low <= 0:
                continue
            right = Span(1 / right.high, 1 / right.low) if turned else right
            if not left.meets(right):
                yield _effects(view, (one, a), (two, b), (left, right))
                return


def _sides_turned(one: Result, two: Result) -> bool:
    first, second = one.estimate.contrast, two.estimate.contrast
    return bool(first and second and first.arm != second.arm)


def _effects(
    view: View, one: tuple[Result, Print], two: tuple[Result, Print], spans: tuple[Span, Span]
) -> Finding:
    (result, a), (other, b) = one, two
    left, right = ((span.low + span.high) / 2 for span in spans)
    scale = f"as ratios they are {left:.2g} and {right:.2g}"
    if _sides_turned(result, other):
        scale = f"the other way round the first is {1 / left:.2g}, and the second {1 / right:.2g}"
    text = (
        f"The {view.word(result.estimate.measure)} {a.value} and the "
        f"{view.word(other.estimate.measure)} {b.value} of one comparison do not agree: {scale} "
        f"({result.phrase})."
    )
    held = any(_interval_holds(x, y) for x, y in ((a, right), (b, left)))
    about = f"{result.estimate.id}-{other.estimate.id}"
    severity = NOTEWORTHY if held else DOUBTFUL
    return Finding("effects_apart", severity, view.study.id, about, text, _NOT_ONE, (a, b))


def _interval_holds(one: Print, ratio: float) -> bool:
    report = one.report
    if not isinstance(report, Report) or not (report.low and report.high):
        return False
    return Span(float(report.low), float(report.high)).holds(ratio)


def _difference(view: View, result: Result) -> Iterator[Finding]:
    contrast = result.estimate.contrast
    if contrast is None or contrast.arm is None or contrast.versus is None:
        return
    for measure in ("rate", "proportion"):
        for one, two in _pairs(view, result, contrast.arm, contrast.versus, measure):
            if one.estimate.at == result.estimate.at:
                yield from _differences(view, result, one, two)


def _differences(view: View, result: Result, one: Result, two: Result) -> Iterator[Finding]:
    for print_, span in result.numbers():
        wide = [
            Span(a.low - b.high, a.high - b.low) for _, a in one.numbers() for _, b in two.numbers()
        ]
        if wide and not any(x.meets(span) for x in wide):
            text = (
                f"The difference is printed as {print_.value} percentage points, the "
                f"{view.word(one.estimate.measure)}s are {_first(one)} and {_first(two)} "
                f"({result.phrase})."
            )
            shown = (print_, *one.prints, *two.prints)
            about = (view.study.id, result.estimate.id, text, _NOT_ONE, shown)
            yield Finding("effects_apart", CONTRADICTORY, *about)
