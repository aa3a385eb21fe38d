"""Pooled results against what their own inputs, as printed, pool to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from graph_builder.audit.findings import CONTRADICTORY, DOUBTFUL, Finding, Print
from graph_builder.audit.rounding import span_of
from graph_builder.audit.views import Result, View
from graph_builder.records import Report
from graph_builder.statistics import Effect, NotPoolableError, count_of, pool

_TURNED = (
    "Say which way round the ratio was taken wherever the pooled result is used; pool again once "
    "the article of the trial tells its direction."
)
_NEAR = 0.02
"""Share by which a bound may lie off the printed one: articles pool with more digits than they
print, and of earlier reports."""

_OTHER = "Look into the article of the meta-analysis for the inputs and the method it used."


@dataclass(frozen=True)
class Input:
    """The result of one study that a meta-analysis pooled."""

    study: str
    label: str
    effect: Effect
    print: Print


def pools_against_inputs(views: Sequence[View], doubted: Sequence[Finding]) -> Iterator[Finding]:
    """Pooled ratios that random effects (DerSimonian-Laird) do not give from the ratios printed.

    Args:
        views: all studies.
        doubted: findings on ratios against their arms; such ratios are tried inverted too.
    """
    by_id = {view.study.id: view for view in views}
    turned = {(one.study, one.prints[0].node) for one in doubted}
    for view in views:
        for result in view.results:
            inputs = _inputs(by_id, view, result)
            for one in result.prints if inputs else ():
                if isinstance(one.report, Report) and one.report.low:
                    suspects = [i for i in inputs if (i.study, i.print.node) in turned]
                    yield from _compared(view, result, one, inputs, suspects)


def _inputs(views: Mapping[str, View], view: View, result: Result) -> list[Input]:
    """One printed ratio of each study pooled; nothing unless every study has just one."""
    one, study = result.estimate, view.study
    populations = {population.id: population for population in study.populations}
    inside = populations[one.population]
    if (
        not study.pools
        or one.measure not in view.terms.ratio_measures
        or (inside.criteria and inside.within)
    ):
        return []
    if _pooled_count(view, one.population) not in (None, len(study.pools)):
        return []
    found = []
    for pooled in study.pools:
        of_study = _whole_result(views.get(pooled.study), result)
        if of_study is None:
            return []
        found.append(of_study)
    return found


def _pooled_count(view: View, population: str) -> int | None:
    """How many studies a source says were pooled for a population."""
    for told in view.facts:
        if told.fact.property == "studies_pooled" and told.fact.population == population:
            for one in told.prints:
                number = count_of(one.value)
                if number is not None:
                    return number
    return None


def _whole_result(view: View | None, like: Result) -> Input | None:
    """The one ratio printed with an interval, of the outcome and measure, for the whole study."""
    if view is None:
        return None
    whole = {one.id for one in view.study.populations if one.status == "whole_study"}
    found = [
        Input(
            view.study.id,
            view.study.label,
            _effect(view.study.id, like.estimate.measure, one.report),
            one,
        )
        for result in view.results
        if result.estimate.outcome == like.estimate.outcome
        and result.estimate.measure == like.estimate.measure
        and result.estimate.population in whole
        and result.estimate.contrast
        and result.estimate.contrast.arm
        for one in result.prints
        if isinstance(one.report, Report) and one.report.low
    ]
    return found[0] if len(found) == 1 else None


def _effect(label: str, measure: str, report: Report) -> Effect:
    value, low, high, level = (
        float(number) if number else 0.0
        for number in (report.value, report.low, report.high, report.level)
    )
    return Effect(label, measure, value, low, high, level)


def _compared(
    view: View, result: Result, one: Print, inputs: list[Input], suspects: list[Input]
) -> Iterator[Finding]:
    choices = [
        list(some) for n in range(1, len(suspects) + 1) for some in combinations(suspects, n)
    ]
    fitting = [some for some in choices if _is_near(_pooled(inputs, some), one)]
    if not _is_near(_pooled(inputs, []), one):
        yield _not_reproduced(view, result, one, inputs, fitting[0] if fitting else [])
    else:
        hanging = [turned for turned in suspects if [turned] not in fitting]
        if hanging:
            yield _resting(view, result, one, hanging)


Numbers = tuple[float, float, float]
"""A ratio with its interval."""


def _pooled(inputs: list[Input], inverted: list[Input]) -> Numbers | None:
    effects = [one.effect.inverted() if one in inverted else one.effect for one in inputs]
    try:
        found = pool(effects, "dl")
    except NotPoolableError:
        return None
    return found.ratio, found.interval.low, found.interval.high


def _is_near(numbers: Numbers | None, one: Print) -> bool:
    """Whether ratio and bounds are those printed, but for digits and small changes of inputs."""
    report = one.report
    if numbers is None or not isinstance(report, Report):
        return False
    spans = map(span_of, (report.value, report.low, report.high))
    return all(
        span is not None and span.low * (1 - _NEAR) <= number <= span.high * (1 + _NEAR)
        for number, span in zip(numbers, spans, strict=True)
    )


def _shown(numbers: Numbers | None) -> str:
    if numbers is None:
        return "nothing"
    ratio, low, high = numbers
    return f"{ratio:.2f} ({low:.2f} to {high:.2f})"


def _not_reproduced(
    view: View, result: Result, one: Print, inputs: list[Input], inverted: list[Input]
) -> Finding:
    names = ", ".join(f"{i.label} {i.print.value}" for i in inputs)
    text = (
        f"The pooled {one.with_interval} does not follow from its inputs as printed ({names}), "
        f"which pool to {_shown(_pooled(inputs, []))}"
    )
    if inverted:
        turned = " and ".join(i.label for i in inverted)
        text += f"; with the ratio of {turned} inverted they pool to "
        text += _shown(_pooled(inputs, inverted))
    shown = (one, *(i.print for i in inputs))
    about = (view.study.id, result.estimate.id, f"{text}.", _TURNED if inverted else _OTHER, shown)
    return Finding("pool_not_reproduced", CONTRADICTORY if inverted else DOUBTFUL, *about)


def _resting(view: View, result: Result, one: Print, hanging: list[Input]) -> Finding:
    names = " and ".join(f"{i.label} ({i.print.value})" for i in hanging)
    text = (
        f"The pooled {one.with_interval} follows from its inputs only with the ratio of {names} as "
        f"printed, which its own arms contradict."
    )
    shown = (one, *(i.print for i in hanging))
    about = (view.study.id, result.estimate.id, text, _TURNED, shown)
    return Finding("pool_resting_on_doubt", DOUBTFUL, *about)
