"""Studies of a question to their findings as rows, the most direct and strongest first."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from metalocal.answers.directions import BASES, basis_of, strongest_direction
from metalocal.answers.records import Evidence, EvidenceRow, Level, PopulationAnswer, StudyAnswer

DIRECT, WIDER, OPEN, OUTSIDE = range(4)
"""How direct the population of a row is for the patient; see `EvidenceRow`."""

RANDOMISED_LEVELS = (1, 2)
"""Levels of evidence by which treatment was drawn by lot."""

_NO_LEVEL = 9
_WIDER_THAN_ANY = 100.0


def ranked(studies: Iterable[StudyAnswer], levels: dict[str, Level]) -> tuple[EvidenceRow, ...]:
    """Every outcome of every population that does not exclude the patient.

    The order: how direct the population is, then the level of evidence, then how precise the
    finding is (the narrowest interval first, a p value before words), then the study's name, the
    outcome's name, the narrower population first.
    """
    rows = [row for study in studies for row in _rows(study, levels)]
    return tuple(sorted(rows, key=_rank))


def _rows(study: StudyAnswer, levels: dict[str, Level]) -> Iterable[EvidenceRow]:
    for population in study.populations:
        if population.verdict == "excluded":
            continue
        groups: dict[str, list[Evidence]] = defaultdict(list)
        for one in population.evidence:
            if one.is_outcome:
                groups[one.outcome].append(one)
        for outcome, found in groups.items():
            direction, basis = direction_of(found)
            level = levels.get(population.id, Level(None, "design not stated"))
            yield EvidenceRow(
                study=study,
                population=population,
                outcome=outcome,
                family=found[0].family,
                evidence=tuple(found),
                level=level,
                directness=directness_of(population, level.value),
                direction=direction,
                basis=basis,
            )


def directness_of(population: PopulationAnswer, level: int | None) -> int:
    """How direct a population is for the patient, from `DIRECT` to `OUTSIDE`.

    Where treatment was not drawn by lot (`level` above 2 or none), patients were chosen for it; a
    population that then does not say how far disease extended in them is wider.
    """
    if population.verdict == "excluded":
        return OUTSIDE
    if population.verdict == "indeterminate":
        return OPEN
    chosen = level not in RANDOMISED_LEVELS and not population.limited
    return WIDER if population.mixed or population.anyone or chosen else DIRECT


def direction_of(found: Sequence[Evidence]) -> tuple[str, str]:
    """The direction of the comparisons that answer the question, and on what it rests.

    Both are empty where there is no such comparison.
    """
    return strongest_direction(
        (basis_of(report.low, report.p, report.value), report.direction)
        for one in found
        if one.answering
        for report in one.reports
    )


def _rank(row: EvidenceRow) -> tuple[int, int, float, str, str, int]:
    level = row.level.value or _NO_LEVEL
    place = (row.study.label, row.outcome, -row.population.depth)
    return row.directness, level, _imprecision(row), *place


def _imprecision(row: EvidenceRow) -> float:
    """Width of the narrowest interval of a ratio on the log scale; wider than any without one."""
    widths = [
        math.log(float(report.high) / float(report.low))
        for one in row.evidence
        for report in one.reports
        if report.low and one.is_ratio and float(report.low) > 0
    ]
    behind = BASES.index(row.basis) if row.basis else len(BASES)
    return min(widths, default=_WIDER_THAN_ANY + behind)
