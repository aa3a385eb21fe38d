"""Clauses of groups and what is told of a patient to verdicts, for many possible patients at once.

The same three values as `queries/verdicts.rq`, in Python, for what would be known with more told.
Possible patients are the bits of an integer, so that a clause is judged for all of them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import NamedTuple

from graph_builder.attributes import Attribute
from metalocal.answers.records import VERDICTS
from metalocal.answers.rows import Row
from metalocal.attributes import local_name
from metalocal.profiles import Profile

_SIDES = {"atLeast": ge, "atMost": le, "above": gt, "below": lt}


class Alternative(NamedTuple):
    """One way to meet a clause: a value it accepts or rejects, or an attribute within a limit."""

    how: str
    asked: str
    limit: Decimal | None = None


Clause = frozenset[Alternative]


@dataclass(frozen=True)
class Worlds:
    """Ways in which more may be known of a patient, one bit each.

    `every` has the bit of each. `holds` and `fails` map a value, such as "her2_status-positive", to
    those in which it is known to hold and known not to; `numbers` maps a number attribute to its
    values with theirs.
    """

    every: int
    holds: Mapping[str, int]
    fails: Mapping[str, int]
    numbers: Mapping[str, Sequence[tuple[Decimal, int]]]


def worlds_of(profiles: Sequence[Profile]) -> Worlds:
    """What is known in each of these profiles; the first has the lowest bit."""
    holds: dict[str, int] = defaultdict(int)
    fails: dict[str, int] = defaultdict(int)
    numbers: dict[str, list[tuple[Decimal, int]]] = defaultdict(list)
    for place, profile in enumerate(profiles):
        bit = 1 << place
        for value, known in profile.facts.items():
            (holds if known else fails)[value] |= bit
        for key, number in profile.numbers.items():
            numbers[key].append((number, bit))
    return Worlds((1 << len(profiles)) - 1, dict(holds), dict(fails), dict(numbers))


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

    def limits(self, groups: Iterable[str]) -> dict[str, set[Decimal]]:
        """What these groups compare each number with, by attribute."""
        found: dict[str, set[Decimal]] = defaultdict(set)
        for group in groups:
            for clause in self.of_group[group]:
                for alternative in clause:
                    if alternative.limit is not None:
                        found[alternative.asked].add(alternative.limit)
        return found

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
        met = unmet = 0
        for number, bits in worlds.numbers.get(asked, ()):
            if _SIDES[how](number, limit):
                met |= bits
            else:
                unmet |= bits
        return met, unmet


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
    of_group = {
        group: tuple(dict.fromkeys(frozenset(clause) for clause in clauses.values()))
        for group, clauses in parts.items()
    }
    return Clauses(of_group, at_least)
