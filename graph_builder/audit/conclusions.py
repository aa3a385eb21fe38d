"""What the words conclude against the numbers they stand with, and against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from graph_builder.audit.findings import CONTRADICTORY, DOUBTFUL, Finding, Print
from graph_builder.audit.rounding import is_significant, p_span, span_of
from graph_builder.audit.views import Result, View
from graph_builder.records import Report

_NONE = "no_difference_shown"
_UNDECIDED = "not_estimable"
_SIDES = {
    "favours_intervention": 1,
    "favours_comparator": -1,
    "favours_group": 1,
    "favours_reference_group": -1,
}
_READ_NUMBER = "Go by the number with its interval or p value, and say that the words differ."
_READ_REFERENCE = (
    "Find out in the article of the study which group stands above the line before using the ratio "
    "or the words."
)
_BOTH = "Quote both conclusions, each with its source, and look into the article of the study."


def conclusions_against_numbers(view: View) -> Iterator[Finding]:
    """Directions stated in words that the interval or p value printed with them does not bear."""
    for result in view.results:
        for one in result.prints:
            report = one.report
            if not isinstance(report, Report) or report.direction in (None, _UNDECIDED):
                continue
            shown = _shown(view, result, report)
            stated = _SIDES.get(report.direction or "", 0)
            if shown is not None and not _agree(stated, shown):
                yield _against(view, result, one)


def _shown(view: View, result: Result, report: Report) -> tuple[int, bool] | None:
    """Side that the number is better for (0: not told), and whether it shows a difference."""
    ratio = result.estimate.measure in view.terms.ratio_measures
    value, low, high = map(span_of, (report.value, report.low, report.high))
    p = p_span(report.p)
    if ratio and value is not None and low is not None and high is not None:
        side = 1 if high.high < 1 else -1 if low.low > 1 else 0
        return (
            (_turned(view, result, side), side != 0) if side or _open(low.high, high.low) else None
        )
    significant = None if p is None else is_significant(p)
    if significant is None:
        return None
    if not (ratio and value is not None):
        return 0, significant
    side = 1 if value.high < 1 else -1 if value.low > 1 else 0
    return _turned(view, result, side if significant else 0), significant


def _open(low: float, high: float) -> bool:
    """Whether an interval holds 1 whatever was rounded off."""
    return low <= 1 <= high


def _turned(view: View, result: Result, side: int) -> int:
    """A side of the contrast as one of the treatment under test, or of the group."""
    contrast = result.estimate.contrast
    roles = {arm.id: arm.role for arm in view.study.arms}
    if contrast and contrast.arm and roles.get(contrast.arm) == "comparator":
        side = -side
    return -side if result.estimate.counts == "wanted_event" else side


def _agree(stated: int, shown: tuple[int, bool]) -> bool:
    side, differs = shown
    if bool(stated) != differs:
        return False
    return side == 0 or side == stated


def _against(view: View, result: Result, one: Print) -> Finding:
    report = one.report
    assert isinstance(report, Report)
    number = " ".join(
        part
        for part in (
            report.value,
            f"({report.low} to {report.high})" if report.low else None,
            f"p {report.p}" if report.p else None,
        )
        if part
    )
    words = report.wording or view.word(report.direction)
    text = f'Words and number disagree: "{words}", beside {number} ({result.phrase}).'
    told = result.estimate.reference_stated
    severity, advice = (CONTRADICTORY, _READ_NUMBER) if told else (DOUBTFUL, _READ_REFERENCE)
    about = f"{result.estimate.id}-{one.node.rpartition('/')[2]}"
    return Finding(
        "conclusion_against_number", severity, view.study.id, about, text, advice, (one,)
    )


def conclusions_apart(view: View) -> Iterator[Finding]:
    """Directions stated for one comparison, at one time and adjustment, that differ."""
    groups: dict[tuple[object, ...], list[tuple[Result, Print]]] = defaultdict(list)
    for result in view.results:
        one = result.estimate
        if one.contrast is None or one.contrast.across:
            continue
        key = (*result.comparison, one.at, one.adjusted)
        groups[key] += [(result, p) for p in result.prints if _direction(p) not in ("", _UNDECIDED)]
    for found in groups.values():
        if len({_direction(one) for _, one in found}) > 1:
            yield _conclusions(view, found)


def _direction(one: Print) -> str:
    return (one.report.direction or "") if isinstance(one.report, Report) else ""


def _conclusions(view: View, found: list[tuple[Result, Print]]) -> Finding:
    places: dict[str, list[str]] = defaultdict(list)
    for _, one in found:
        assert isinstance(one.report, Report)
        p = f", p {one.report.p}" if one.report.p else ""
        places[view.word(_direction(one))].append(f"{one.place}{p}")
    words = "; ".join(f"{word} ({', '.join(at)})" for word, at in places.items())
    first = found[0][0]
    text = f"One comparison is concluded differently: {words}, {first.phrase}."
    shown = tuple(one for _, one in found)
    about = (view.study.id, first.estimate.id, text, _BOTH, shown)
    return Finding("conclusions_apart", DOUBTFUL, *about)
