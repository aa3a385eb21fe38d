"""Studies of a question to their findings as rows, the most direct and strongest first."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from metalocal.answers.directions import BASES, basis_of, strongest_direction
from metalocal.answers.records import Evidence, EvidenceRow, Level, PopulationAnswer, StudyAnswer

DIRECT, WIDER, OPEN, OUTSIDE = range(4)
"""How direct the population of a row is for the patient; see `EvidenceRow`."""

RANDOMISED_LEVELS = (1, 2)
"""Levels of evidence by which treatment was drawn by lot."""

_UNKNOWN = Level(None, "design not stated")
_NO_LEVEL = 9
_WIDER_THAN_ANY = 100.0


def ranked(
    studies: Sequence[StudyAnswer],
    levels: Mapping[str, Level],
    pooled: Mapping[str, frozenset[str]],
) -> tuple[EvidenceRow, ...]:
    """Every outcome of every population that does not exclude the patient.

    The order: how direct the population is, then the level of evidence, then how precise the
    finding is (the narrowest interval first, a p value before words), then the study's name, the
    outcome's name, the narrower population first.

    Args:
        studies: those of one question.
        levels: the level of evidence of each population.
        pooled: for each synthesis, the studies it is known to pool. One of randomised trials is no
            more direct than the most direct of these.
    """
    nearest = {study.id: _nearest(study, levels) for study in studies}
    rows = (
        replace(row, directness=max(row.directness, _of_its_trials(row, nearest, pooled)))
        for study in studies
        for row in _rows(study, levels)
    )
    return tuple(sorted((row for row in rows if row.directness < OUTSIDE), key=_rank))


def _nearest(study: StudyAnswer, levels: Mapping[str, Level]) -> int:
    """How direct the most direct population with results is."""
    found = [
        directness_of(population, levels.get(population.id, _UNKNOWN).value)
        for population in study.populations
        if any(one.is_outcome for one in population.evidence)
    ]
    return min(found, default=OUTSIDE)


def _of_its_trials(
    row: EvidenceRow, nearest: Mapping[str, int], pooled: Mapping[str, frozenset[str]]
) -> int:
    """How direct the trials are that a synthesis of randomised trials is known to pool."""
    if row.level.value != 1:
        return DIRECT
    trials = [nearest[study] for study in pooled.get(row.study.id, ()) if study in nearest]
    return min(trials, default=DIRECT)


def _rows(study: StudyAnswer, levels: Mapping[str, Level]) -> Iterable[EvidenceRow]:
    for population in study.populations:
        if population.verdict == "excluded":
            continue
        groups: dict[str, list[Evidence]] = defaultdict(list)
        for one in population.evidence:
            if one.is_outcome:
                groups[one.outcome].append(one)
        for outcome, found in groups.items():
            level = levels.get(population.id, _UNKNOWN)
            direction, basis = direction_of(found, drawn=level.value in RANDOMISED_LEVELS)
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


def direction_of(found: Sequence[Evidence], *, drawn: bool) -> tuple[str, str]:
    """The direction of the comparisons that answer the question, and on what it rests.

    Where treatment was not `drawn` by lot, comparisons told to be adjusted go before all others.
    Both are empty where no comparison answers.
    """
    comparing = [one for one in found if one.answering]
    adjusted = [one for one in comparing if one.adjusted and not drawn]
    return strongest_direction(
        (basis_of(report.low, report.p, report.value), report.direction)
        for one in adjusted or comparing
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
