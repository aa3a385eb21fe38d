"""A question into the plots of its findings: ratios, and results of arms where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from metalocal.answers import NOTICE, Evidence, EvidenceRow, QuestionAnswer, Report
from metalocal.answers.directions import AGAINST, FAVOURS
from metalocal.plots import ArmRow, ArmsPlot, Forest, ForestRow
from metalocal.render.printed import number_of
from metalocal.render.words import capital

MOST_RATIOS, MOST_PAIRS = 15, 8
"""Rows of a forest plot, and pairs of arms of a plot, at most."""

GROUPS = (
    "Includes this patient",
    "Includes this patient, in a wider group",
    "May include this patient",
)
"""Headings of rows by their directness."""

PAIRED = ("median", "rate", "proportion")
"""Measures of single arms that are drawn side by side."""

_FOOTER = f"Most direct first. Numbers as printed. {NOTICE}"
_EITHER = "favours the treatment", "favours going without"

Found = tuple[EvidenceRow, Evidence, Report]


def forests(question: QuestionAnswer) -> list[Forest]:
    """A forest plot for each measure and outcome that a ratio of treatments is printed for.

    Outcomes come in the order of the ranked rows; each plot has its most direct rows.
    """
    found: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for row in question.rows:
        for one in row.evidence:
            if _is_ratio(one):
                found[row.outcome, one.measure] += [(row, one, r) for r in printings(one)]
    return [_forest(question, kind, told) for kind, told in found.items()]


def _is_ratio(one: Evidence) -> bool:
    return one.answering and one.is_ratio


def printings(one: Evidence) -> list[Report]:
    """Each different printing of a ratio once; one without interval only if no other has it."""
    drawable = [r for r in one.reports if (number_of(r.value) or 0) > 0]
    bounded = {r.value for r in drawable if _bounds(r)}
    kept = [r for r in drawable if _bounds(r) or r.value not in bounded]
    return list({(r.value, r.low, r.high, r.level): r for r in reversed(kept)}.values())[::-1]


def _bounds(report: Report) -> tuple[float, float] | None:
    low, high = number_of(report.low), number_of(report.high)
    return None if low is None or high is None or low <= 0 else (low, high)


def _forest(question: QuestionAnswer, kind: tuple[str, str], told: Sequence[Found]) -> Forest:
    outcome, measure = kind
    left, right = direction_labels(told)
    cut = len(told) - MOST_RATIOS
    more = f" {cut} less direct rows are in the table alone." if cut > 0 else ""
    return Forest(
        title=f"{capital(outcome)}: {measure}",
        subtitle=capital(question.question),
        measure=capital(measure),
        outcome=outcome,
        rows=tuple(_ratio_row(*one) for one in told[:MOST_RATIOS]),
        better_left=left,
        better_right=right,
        footer=f"{_FOOTER}{more}",
    )


def direction_labels(told: Sequence[Found]) -> tuple[str, str]:
    """What ratios below and above 1 favour, as the directions of the rows show it.

    A hazard ratio below 1 favours the arm that is named first. Both are empty where neither the
    measure nor a row shows it, and where rows differ.
    """
    better = {
        ((number_of(report.value) or 1) < 1) == (report.direction == FAVOURS)
        for _, _, report in told
        if report.direction in (FAVOURS, AGAINST)
    }
    if not better and told[0][1].measure_code == "hazard_ratio":
        better = {True}
    if len(better) != 1:
        return "", ""
    arms = {(one.arm, one.versus) for _, one, _ in told}
    first, second = (f"favours {arm}" for arm in arms.pop()) if len(arms) == 1 else _EITHER
    return (first, second) if better == {True} else (second, first)


def _ratio_row(row: EvidenceRow, one: Evidence, report: Report) -> ForestRow:
    bounds = _bounds(report)
    interval = f" ({report.low} to {report.high})" if bounds else " (no interval)"
    return ForestRow(
        study=row.study.label,
        population=row.population.label,
        patients=row.population.patients,
        estimate=float(report.value),
        low=bounds[0] if bounds else None,
        high=bounds[1] if bounds else None,
        level=float(report.level or 95),
        group=GROUPS[row.directness],
        note=_note(one, report),
        verdict=row.population.verdict,
        printed=f"{report.value}{interval}",
    )


def _note(one: Evidence, report: Report) -> str:
    return " ".join(note for note in (one.note, report.note) if note)


Pairs = dict[tuple[str, str, str, str], list[list[ArmRow]]]
"""Outcome, measure, time and unit to the arms of each study, study by study."""


def arms_plots(question: QuestionAnswer) -> list[ArmsPlot]:
    """Medians and rates of the arms, of rows that compare treatments without a drawable ratio.

    Plots come in the order of the ranked rows; each has its most direct pairs.
    """
    pairs: Pairs = defaultdict(list)
    for row in question.rows:
        if any(_is_ratio(one) and printings(one) for one in row.evidence):
            continue
        for key, arms in _pairs(row):
            pairs[key].append(arms)
    return [_arms_plot(question, key, found) for key, found in pairs.items()]


def _pairs(row: EvidenceRow) -> Iterator[tuple[tuple[str, str, str, str], list[ArmRow]]]:
    """The numbers of both arms that are compared, by measure, time and unit."""
    roles = _roles(row)
    alike: dict[tuple[str, str, str, str], list[Evidence]] = defaultdict(list)
    for one in row.evidence:
        if one.measure in PAIRED and one.arm in roles and not one.versus:
            alike[row.outcome, one.measure, one.time, one.unit].append(one)
    for key, found in alike.items():
        drawn = [arm for one in found for arm in _arm_rows(row, one, roles[one.arm])]
        if {arm.role for arm in drawn if arm.value is not None} == {"intervention", "comparator"}:
            yield key, drawn


def _roles(row: EvidenceRow) -> dict[str, str]:
    """The arms that the comparisons of a population answer the question by, each with its side."""
    roles: dict[str, str] = {}
    for one in [*row.evidence, *row.population.evidence]:
        if one.answering and one.arm and one.versus:
            sides = ("comparator", "intervention")
            first, second = sides if one.role == "comparator" else sides[::-1]
            roles.setdefault(one.arm, first)
            roles.setdefault(one.versus, second)
    return roles


def _arm_rows(row: EvidenceRow, one: Evidence, role: str) -> Iterator[ArmRow]:
    """Each different printing of the result of an arm."""
    blank = ArmRow(
        study=row.study.label,
        population=row.population.label,
        arm=one.arm,
        role=role,
        value=None,
        low=None,
        high=None,
        printed="",
        group=GROUPS[row.directness],
        verdict=row.population.verdict,
    )
    for report in {r.text: r for r in reversed(one.reports) if r.value}.values():
        bounds = _bounds(report) or (None, None)
        yield replace(
            blank,
            value=number_of(report.value),
            low=bounds[0],
            high=bounds[1],
            level=float(report.level or 95),
            printed=report.text,
            note=_note(one, report),
        )


def _arms_plot(
    question: QuestionAnswer, key: tuple[str, str, str, str], pairs: Sequence[Iterable[ArmRow]]
) -> ArmsPlot:
    outcome, measure, time, unit = key
    when = f" at {time}s" if time else ""
    cut = len(pairs) - MOST_PAIRS
    more = f" {cut} less direct pairs are in the table alone." if cut > 0 else ""
    return ArmsPlot(
        title=f"{capital(outcome)}: {measure}{when}",
        subtitle=capital(question.question),
        outcome=outcome,
        measure=f"{measure}{when}",
        unit=unit or "number",
        rows=tuple(arm for pair in pairs[:MOST_PAIRS] for arm in pair),
        footer=f"{_FOOTER}{more}",
    )
