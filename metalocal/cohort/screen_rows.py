"""Counts of a cohort to rows: one for each group, and one for each criterion of each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from metalocal.cohort.counting import Counts
from metalocal.cohort.groups import Group


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """How many patients meet a criterion, do not meet it, or leave it open.

    `alone` counts those whom no other criterion of the group excludes: without this one they would
    be included or indeterminate.
    """

    kind: str
    study: str
    study_label: str
    population: str
    population_label: str
    criterion: str
    criterion_label: str
    patients: int
    met: int
    unknown: int
    not_met: int
    alone: int


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """How many patients a group takes in, and what stands most in the way.

    Of criteria that exclude, or are unknown, equally often, the first is named; a criterion is
    empty, and its count 0, where none excludes or is unknown.
    """

    kind: str
    study: str
    study_label: str
    population: str
    population_label: str
    patients: int
    included: int
    indeterminate: int
    excluded: int
    excludes_most: str
    excludes_most_patients: int
    excludes_most_alone: int
    unknown_most: str
    unknown_most_patients: int


def criterion_rows(groups: Sequence[Group], counts: Counts) -> list[CriterionRow]:
    """A row for each criterion of each group, in order."""
    return [row for rows in _by_group(groups, counts) for row in rows]


def population_rows(groups: Sequence[Group], counts: Counts) -> list[PopulationRow]:
    """A row for each group, in order."""
    return [
        _population(group, counts.patients, (int(included), int(excluded)), criteria)
        for group, (included, excluded), criteria in zip(
            groups, counts.groups, _by_group(groups, counts), strict=True
        )
    ]


def _by_group(groups: Sequence[Group], counts: Counts) -> Iterator[list[CriterionRow]]:
    numbers = iter(counts.criteria.tolist())
    for group in groups:
        rows = []
        for criterion in group.criteria:
            met, not_met, alone = next(numbers)
            rows.append(
                CriterionRow(
                    *_names(group), criterion.id, criterion.label, counts.patients,
                    met, counts.patients - met - not_met, not_met, alone,
                )
            )  # fmt: skip
        yield rows


def _population(
    group: Group, patients: int, verdicts: tuple[int, int], criteria: Sequence[CriterionRow]
) -> PopulationRow:
    included, excluded = verdicts
    out = max(criteria, key=lambda row: row.not_met)
    open_ = max(criteria, key=lambda row: row.unknown)
    return PopulationRow(
        *_names(group), patients, included, patients - included - excluded, excluded,
        out.criterion_label if out.not_met else "", out.not_met, out.alone,
        open_.criterion_label if open_.unknown else "", open_.unknown,
    )  # fmt: skip


def _names(group: Group) -> tuple[str, str, str, str, str]:
    return group.kind, group.study, group.owner_label, group.id, group.label
