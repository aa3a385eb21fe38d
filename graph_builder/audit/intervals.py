"""A ratio, its interval, its p value and its words: whether they can belong together."""

from __future__ import annotations

from collections.abc import Iterator

from graph_builder.audit.findings import CONTRADICTORY, DOUBTFUL, Finding, Print
from graph_builder.audit.rounding import Span, p_of_interval, p_span, span_of
from graph_builder.audit.views import Result, View
from graph_builder.records import Report

_LEAN = 0.05
"""Share of half the interval by which a ratio may lie off its middle, beyond rounding: likelihood
and exact intervals are not quite symmetric."""

_MISPRINT = "One of the numbers must be a misprint; take none of them without the article."
_UNITS = "Read the bounds in percent only after a look into the article of the study."
_OFF_CENTRE = (
    "Do not work out a standard error from this interval; look it up in the article of the study."
)
_P = "Trust neither the p value nor the interval before a look into the article of the study."


def intervals(view: View) -> Iterator[Finding]:
    """Intervals that their value, unit, middle or p value does not fit."""
    for result in view.results:
        for one in result.prints:
            report = one.report
            if not isinstance(report, Report) or not (report.low and report.high):
                continue
            value, low, high = map(span_of, (report.value, report.low, report.high))
            if value is not None and low is not None and high is not None:
                yield from _interval(view, result, one, (value, low, high))


def _interval(
    view: View, result: Result, one: Print, spans: tuple[Span, Span, Span]
) -> Iterator[Finding]:
    value, low, high = spans
    ratio = result.estimate.measure in view.terms.ratio_measures
    if value.below(low) or high.below(value):
        percent = result.estimate.unit == "percent" and high.high <= 1.5 < value.low
        parts = Span(value.low / 100, value.high / 100)
        mixed = percent and low.low <= parts.high and parts.low <= high.high
        yield _mixed(view, result, one) if mixed else _outside(view, result, one)
    elif ratio and low.low > 0:
        if _off_centre(value, low, high):
            yield _uncentred(view, result, one, spans)
        yield from _against_p(view, result, one, spans)


def _outside(view: View, result: Result, one: Print) -> Finding:
    text = f"The interval does not hold its value: {one.with_interval}, {result.phrase}."
    about = (view.study.id, _name(result, one), text, _MISPRINT, (one,))
    return Finding("value_outside_interval", CONTRADICTORY, *about)


def _mixed(view: View, result: Result, one: Print) -> Finding:
    text = (
        f"The value is in percent and its interval, it seems, in fractions: {one.with_interval}, "
        f"{result.phrase}."
    )
    about = (view.study.id, _name(result, one), text, _UNITS, (one,))
    return Finding("units_mixed", CONTRADICTORY, *about)


def _off_centre(value: Span, low: Span, high: Span) -> bool:
    lows, highs, values = low.logs(), high.logs(), value.logs()
    slack = _LEAN * (highs.high - lows.low) / 2
    middle = Span((lows.low + highs.low) / 2 - slack, (lows.high + highs.high) / 2 + slack)
    return not middle.meets(values)


def _uncentred(view: View, result: Result, one: Print, spans: tuple[Span, Span, Span]) -> Finding:
    _, low, high = spans
    middle = ((low.low + low.high) / 2 * (high.low + high.high) / 2) ** 0.5
    text = (
        f"The ratio {one.with_interval} does not lie midway between its bounds on the log scale, "
        f"which would be {middle:.3g}, {result.phrase}."
    )
    about = (view.study.id, _name(result, one), text, _OFF_CENTRE, (one,))
    return Finding("interval_off_centre", DOUBTFUL, *about)


def _against_p(
    view: View, result: Result, one: Print, spans: tuple[Span, Span, Span]
) -> Iterator[Finding]:
    report = one.report
    assert isinstance(report, Report)
    printed = p_span(report.p)
    if printed is None or report.level is None:
        return
    allowed = p_of_interval(*spans, float(report.level))
    if allowed.meets(printed):
        return
    text = (
        f"The p value {report.p} does not follow from {one.with_interval}, which would give "
        f"{allowed.low:.2g} to {allowed.high:.2g}, {result.phrase}."
    )
    about = (view.study.id, _name(result, one), text, _P, (one,))
    yield Finding("p_against_interval", CONTRADICTORY, *about)


def _name(result: Result, one: Print) -> str:
    """The estimate, and the report where it has several."""
    if len(result.prints) == 1:
        return result.estimate.id
    return f"{result.estimate.id}-{one.node.rpartition('/')[2]}"
