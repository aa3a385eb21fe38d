"""Clauses of groups and what is told of a patient to verdicts, for many possible patients at once.

The same three values as `queries/verdicts.rq`, in Python, for what would be known with more told.
Possible patients are the bits of an integer, so that a clause is judged for all of them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from graph_builder.attributes import Attribute
from metalocal.answers.records import VERDICTS
from metalocal.answers.rows import Row
from metalocal.attributes import local_name
from metalocal.profiles import Profile
from metalocal.worlds import Worlds, worlds_of


class Alternative(NamedTuple):
    """One way to meet a clause: a value it accepts or rejects, or an attribute within a limit."""

    how: str
    asked: str
    limit: Decimal | None = None


Clause = frozenset[Alternative]


@dataclass(frozen=True)
class Clauses:
    """The clauses of each group, and the lowest value of numbers that every patient has."""

    of_group: Mapping[str, tuple[Clause, ...]]
    at_least: Mapping[str, Decimal]

    def verdicts(self, profile: Profile) -> dict[str, str]:
        """For every group by criteria, whether the profile fits it."""
        found = self.decided(self.of_group, worlds_of([profile]))
        return {
            group: VERDICTS[0] if included else VERDICTS[2] if excluded else VERDICTS[1]
            for group, (included, excluded) in found.items()
        }

    def decided(self, groups: Iterable[str], worlds: Worlds) -> dict[str, tuple[int, int]]:
        """For each of these groups, the worlds in which it includes and excludes the patient."""
        known: dict[Clause, tuple[int, int]] = {}
        found = {}
        for group in groups:
            included, excluded = worlds.every, 0
            for clause in self.of_group[group]:
                if clause not in known:
                    known[clause] = self._judged(clause, worlds)
                met, unmet = known[clause]
                included &= met
                excluded |= unmet
            found[group] = (included, excluded)
        return found

    @cached_property
    def asking(self) -> dict[str, frozenset[str]]:
        """What is asked about, a value or a number attribute, to the groups that ask."""
        found: dict[str, set[str]] = defaultdict(set)
        for group, alternative in self._alternatives():
            found[alternative.asked].add(group)
        return {asked: frozenset(groups) for asked, groups in found.items()}

    @cached_property
    def comparing(self) -> dict[str, dict[Decimal, frozenset[str]]]:
        """Number attributes, what they are compared with, and the groups that do."""
        found: dict[str, dict[Decimal, set[str]]] = defaultdict(lambda: defaultdict(set))
        for group, (_, asked, limit) in self._alternatives():
            if limit is not None:
                found[asked][limit].add(group)
        return {
            asked: {limit: frozenset(groups) for limit, groups in limits.items()}
            for asked, limits in found.items()
        }

    def _alternatives(self) -> Iterator[tuple[str, Alternative]]:
        for group, clauses in self.of_group.items():
            for clause in clauses:
                for alternative in clause:
                    yield group, alternative

    def limits(self, groups: Iterable[str]) -> dict[str, set[Decimal]]:
        """What these groups compare each number with, by attribute."""
        some = frozenset(groups)
        found = {
            asked: {limit for limit, those in limits.items() if not some.isdisjoint(those)}
            for asked, limits in self.comparing.items()
        }
        return {asked: limits for asked, limits in found.items() if limits}

    def _judged(self, clause: Clause, worlds: Worlds) -> tuple[int, int]:
        """The worlds in which one alternative is met, and in which none can be any more."""
        met, unmet = 0, worlds.every
        for alternative in clause:
            one_met, one_unmet = self._stands(alternative, worlds)
            met |= one_met
            unmet &= one_unmet
        return met, unmet

    def _stands(self, alternative: Alternative, worlds: Worlds) -> tuple[int, int]:
        how, asked, limit = alternative
        if limit is None:
            sides = worlds.holds.get(asked, 0), worlds.fails.get(asked, 0)
            return sides if how == "accepts" else (sides[1], sides[0])
        if how == "atLeast" and limit <= self.at_least.get(asked, limit - 1):
            return worlds.every, 0
        scale = worlds.scales.get(asked)
        if scale is None:
            return 0, 0
        low = scale.below(limit) if how in ("atLeast", "below") else scale.at_most(limit)
        high = scale.told & ~low
        return (high, low) if how in ("atLeast", "above") else (low, high)


def clauses_of(rows: Iterable[Row], attributes: Mapping[str, Attribute]) -> Clauses:
    """The clauses of each group, of the rows of the query clauses."""
    parts: dict[str, dict[str, set[Alternative]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        limit = Decimal(row["limit"]) if "limit" in row else None
        alternative = Alternative(local_name(row["how"]), local_name(row["asked"]), limit)
        parts[row["group"]][row["clause"]].add(alternative)
    at_least = {
        key: Decimal(attribute.lowest)
        for key, attribute in attributes.items()
        if attribute.in_every_profile and attribute.lowest is not None
    }
    known: dict[Clause, Clause] = {}  # the same clause is the same object, found without comparing
    of_group = {
        group: tuple(
            dict.fromkeys(
                known.setdefault(clause, clause) for clause in map(frozenset, clauses.values())
            )
        )
        for group, clauses in parts.items()
    }
    return Clauses(of_group, at_least)
