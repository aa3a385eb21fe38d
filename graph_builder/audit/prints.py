"""One number in several places: prints that differ, and intervals against the table's heading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from graph_builder.audit.findings import CONTRADICTORY, DOUBTFUL, Finding, Print, told
from graph_builder.audit.rounding import Span, exactly, p_span, span_of
from graph_builder.audit.views import SIZES, View
from graph_builder.records import Estimate, Fact, Report, Study, decimal_of

_OF_PATIENTS = SIZES - {"patients_registered"}
_LOOK_UP = "Look the number up in the article of the study before using it."
_WHICH_ANALYSIS = (
    "Find out in the articles of the study whether the two numbers are of different analyses or "
    "follow-ups; until then quote both."
)
_HEADING = (
    "Use the level that the cell states: an interval of 90 percent is narrower than one of 95, and "
    "its standard error must be worked out with its own level."
)


def differing_numbers(view: View) -> Iterator[Finding]:
    """Values, and p values, that two places print so that rounding cannot reconcile them."""
    for result in view.results:
        yield from _values(view, result.estimate, result.estimate.id, result.phrase, result.prints)
        yield from _p_values(view, result.estimate.id, result.phrase, result.prints)
    for fact in view.facts:
        if fact.fact.unit:
            yield from _values(view, fact.fact, fact.name, fact.phrase, fact.prints)


def _values(
    view: View, item: Estimate | Fact, name: str, phrase: str, prints: Sequence[Print]
) -> Iterator[Finding]:
    spans = [(one, span_of(one.value)) for one in prints]
    numbers = [(one, span) for one, span in spans if span is not None]
    if not _apart([(_exact(one, item) or span) for one, span in numbers]):
        return
    shown = tuple(one for one, _ in numbers)
    counted = isinstance(item, Fact) and item.property in _OF_PATIENTS
    one_source = len({one.report.source for one in shown}) == 1
    contradicts = counted or one_source
    yield Finding(
        "patient_count_printed_differently" if counted else "number_printed_differently",
        CONTRADICTORY if contradicts else DOUBTFUL,
        view.study.id,
        name,
        f"One number is printed differently ({phrase}): {told(shown)}.",
        _LOOK_UP if contradicts else _WHICH_ANALYSIS,
        shown,
    )


def _exact(one: Print, item: Estimate | Fact) -> Span | None:
    """A count is not rounded."""
    number = decimal_of(one.value)
    if item.unit != "patients" or number is None:
        return None
    return exactly(float(number))


def _p_values(view: View, name: str, phrase: str, prints: Sequence[Print]) -> Iterator[Finding]:
    found = [
        (one, span)
        for one in prints
        if isinstance(one.report, Report) and (span := p_span(one.report.p)) is not None
    ]
    if not _apart([span for _, span in found]):
        return
    shown = tuple(one for one, _ in found)
    words = told(shown, lambda one: getattr(one.report, "p", ""))
    yield Finding(
        "number_printed_differently",
        CONTRADICTORY if len({one.report.source for one in shown}) == 1 else DOUBTFUL,
        view.study.id,
        f"{name}-p",
        f"One p value is printed differently ({phrase}): {words}.",
        _LOOK_UP,
        shown,
    )


def _apart(spans: Sequence[Span]) -> bool:
    return any(not one.meets(two) for one in spans for two in spans)


Headings = dict[tuple[str, str | None], dict[str, int]]
"""By source and table: the levels that its heading gives, each with the line that says so."""


def headings_of(studies: Iterable[Study]) -> Headings:
    """The headings that the studies name with their intervals."""
    headings: Headings = defaultdict(dict)
    for study in studies:
        for report in _reports_with_interval(study):
            if report.level_line and report.level:
                headings[report.source, report.at][report.level] = report.level_line
    return dict(headings)


def levels_of(study: Study) -> Iterator[tuple[str, str | None, str]]:
    """Source, table and level of each interval whose cell says its level itself."""
    for report in _reports_with_interval(study):
        if not report.level_line and report.level is not None:
            yield report.source, report.at, report.level


def _reports_with_interval(study: Study) -> Iterator[Report]:
    for estimate in study.estimates:
        yield from (report for report in estimate.reported if report.low)


def levels_against_headings(views: Sequence[View], headings: Headings) -> Iterator[Finding]:
    """Intervals whose own level is not the one that the heading of their table gives the others."""
    for view in views:
        for name, one in _intervals(view):
            report = one.report
            if not isinstance(report, Report) or report.level_line or report.level is None:
                continue
            known = headings.get((report.source, report.at), {})
            if known and report.level not in known:
                yield _other_level(view, name, one, known)


def _intervals(view: View) -> Iterator[tuple[str, Print]]:
    for result in view.results:
        for one in result.prints:
            if isinstance(one.report, Report) and one.report.low:
                yield result.estimate.id, one


def _other_level(view: View, name: str, one: Print, known: dict[str, int]) -> Finding:
    report = one.report
    assert isinstance(report, Report)
    heading, line = next(iter(known.items()))
    text = (
        f"The interval {report.low} to {report.high} of the ratio {report.value} is of "
        f"{report.level} percent, as its cell says, while the heading of the table (line {line}) "
        f"says {heading} percent."
    )
    about = (view.study.id, name, text, _HEADING, (one,))
    return Finding("level_against_heading", CONTRADICTORY, *about)
