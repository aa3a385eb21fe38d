"""The graph to the groups that a cohort is held against, and what each criterion of them asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph_builder.problems import closest
from metalocal.answers import Library
from metalocal.answers.clauses import Clause, Clauses
from metalocal.answers.rows import Row, grouped
from metalocal.attributes import local_name
from metalocal.catalogue import ID
from metalocal.cohort.records import CohortError

KINDS = {"hasPopulation": "population", "hasTarget": "guidance", "hasModelGroup": "model"}
"""Whose group it is: of a study, of a guidance statement or of a decision model."""


class Criterion(NamedTuple):
    """A criterion of a group; those that ask for the same have the same `asks`."""

    id: str
    label: str
    asks: str


@dataclass(frozen=True)
class Group:
    """A population of a study, the patients of a guidance statement or a group of a model."""

    kind: str
    owner: str
    owner_label: str
    id: str
    label: str
    criteria: tuple[Criterion, ...]

    @property
    def name(self) -> str:
        """The part of its IRI that tells it from others, such as study/x-2020/population/all."""
        return self.id.removeprefix(ID)

    @property
    def study(self) -> str:
        """The same of its owner, without its kind: x-2020."""
        return self.owner.removeprefix(ID).partition("/")[2]


@dataclass(frozen=True)
class Groups:
    """Groups, and what their criteria ask: `clauses` has one entry for each `asks` there is."""

    groups: tuple[Group, ...]
    clauses: Clauses


def groups_of(library: Library, kinds: Collection[str] = ("population",)) -> Groups:
    """The groups of these kinds that ask for anything, by kind, owner and IRI."""
    asked = library.each_clause.of_group
    criteria_of = grouped(library.rows("criteria"), "group")
    names: dict[frozenset[Clause], str] = {}

    def criteria(rows: Sequence[Row]) -> Iterator[Criterion]:
        for parts in grouped(rows, "criterion").values():
            asks = frozenset(clause for part in parts for clause in asked[part["clause"]])
            name = names.setdefault(asks, str(len(names)))
            yield Criterion(parts[0]["criterion"], parts[0]["criterionLabel"], name)

    groups = tuple(
        Group(
            _kind(row), row["owner"], row["ownerLabel"], row["group"], row["groupLabel"],
            tuple(criteria(criteria_of[row["group"]])),
        )
        for row in library.rows("groups")
        if _kind(row) in kinds and row["group"] in criteria_of
    )  # fmt: skip
    of_criterion = {name: tuple(asks) for asks, name in names.items()}
    return Groups(groups, Clauses(of_criterion, library.each_clause.at_least))


def _kind(row: Row) -> str:
    return KINDS[local_name(row["kind"])]


def chosen(found: Groups, studies: Sequence[str]) -> Groups:
    """The groups of these studies, named by id or label in any case; all where none is named.

    Raises:
        CohortError: a study is not known.
    """
    if not studies:
        return found
    kept: set[str] = set()
    for study in studies:
        owners = {
            group.owner
            for group in found.groups
            if study.casefold() in (group.study.casefold(), group.owner_label.casefold())
        }
        if not owners:
            hint = closest(study, dict.fromkeys(group.study for group in found.groups))
            raise CohortError(f"study {study} has no group that patients are held against: {hint}")
        kept |= owners
    return Groups(tuple(one for one in found.groups if one.owner in kept), found.clauses)
