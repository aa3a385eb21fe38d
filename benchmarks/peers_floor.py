"""Criteria as columns of numbers in memory -> the verdict of every group, by numpy alone.

The least work with which the question of queries/verdicts.rq can be answered in Python: one pass
over each column, no index, no strings, no labels. The three values are those of the query: a clause
is met when one of its alternatives is, not met when none can be any more, and otherwise unknown; a
group is as its worst clause. Numbers are whole millionths, so that every comparison is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph_builder.attributes import Attribute
from metalocal.answers.library import Library
from metalocal.answers.rows import Row
from metalocal.attributes import local_name
from metalocal.profiles import Profile

EXCLUDED, INDETERMINATE, INCLUDED = 0, 1, 2
NAMES = ("excluded", "indeterminate", "included")
_MILLION = 1_000_000
_WORD = 64
_SIDES = {"atLeast": (1, 0), "above": (1, 1), "atMost": (-1, 0), "below": (-1, 1)}
"""Side of a limit -> sign of the comparison, and what is added where the limit itself is out."""

Bits = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]


class Bound(NamedTuple):
    """`sign * number >= limit`, in millionths, for the number at this place."""

    place: int
    sign: int
    limit: int


@dataclass(frozen=True)
class Bounds:
    """At most one limit of each clause: columns of the same length, `asks` where there is one."""

    asks: Truth
    places: Whole
    signs: Whole
    limits: Whole


@dataclass(frozen=True)
class Columns:
    """Clauses in the order of their groups.

    `accepts` and `rejects` have a row a clause and a bit an attribute value; `always` tells which
    clauses everybody meets; `starts` is the first clause of each group.
    """

    groups: list[str]
    starts: npt.NDArray[np.intp]
    accepts: Bits
    rejects: Bits
    bounds: list[Bounds]
    always: Truth
    values: Mapping[str, int]
    numbers: Mapping[str, int]

    def verdicts(self, profile: Profile) -> npt.NDArray[np.uint8]:
        """EXCLUDED, INDETERMINATE or INCLUDED for each group, in their order."""
        holds, fails = self._known(profile, True), self._known(profile, False)
        met = self.always | ((self.accepts & holds) | (self.rejects & fails)).any(axis=1)
        still = (self.accepts & ~fails) | (self.rejects & ~holds)
        still_open = still.any(axis=1)
        told, numbers = self._numbers(profile)
        for one in self.bounds:
            known = told[one.places]
            met |= one.asks & known & (one.signs * numbers[one.places] >= one.limits)
            still_open |= one.asks & ~known
        status = np.where(met, INCLUDED, np.where(still_open, INDETERMINATE, EXCLUDED))
        return np.minimum.reduceat(status.astype(np.uint8), self.starts)

    def named(self, verdicts: npt.NDArray[np.uint8]) -> dict[str, str]:
        """Each group with its verdict in words."""
        return {
            group: NAMES[code] for group, code in zip(self.groups, verdicts.tolist(), strict=True)
        }

    def _known(self, profile: Profile, truth: bool) -> Bits:
        """The bits of the values that are known to hold, or known not to."""
        words = np.zeros(self.accepts.shape[1], np.uint64)
        for value, holds in profile.facts.items():
            if holds == truth and value in self.values:
                place, bit = divmod(self.values[value], _WORD)
                words[place] |= np.uint64(1 << bit)
        return words

    def _numbers(self, profile: Profile) -> tuple[Truth, Whole]:
        told, numbers = np.zeros(len(self.numbers), bool), np.zeros(len(self.numbers), np.int64)
        for attribute, number in profile.numbers.items():
            if attribute in self.numbers:
                told[self.numbers[attribute]] = True
                numbers[self.numbers[attribute]] = _millionths(number)
        return told, numbers


def rows_of_groups(library: Library) -> list[Row]:
    """A row for each alternative of each clause of each group, as `columns_of` takes them."""
    alternatives: dict[str, list[Row]] = defaultdict(list)
    for row in library.rows("clauses"):
        alternatives[row["clause"]].append(row)
    return [
        row | {"group": of_group["group"]}
        for of_group in library.rows("criteria")
        for row in alternatives[of_group["clause"]]
    ]


def columns_of(rows: Iterable[Row], attributes: Mapping[str, Attribute]) -> Columns:
    """The columns of all clauses, in the order of the groups; a shared clause stands in each.

    Args:
        rows: `group`, `clause`, `how`, `asked` and perhaps `limit` of each alternative.
        attributes: by key; what every profile has is met without being told.
    """
    groups: dict[str, dict[str, set[tuple[str, str, str]]]] = defaultdict(dict)
    for row in rows:
        part = (local_name(row["how"]), local_name(row["asked"]), row.get("limit", ""))
        groups[row["group"]].setdefault(row["clause"], set()).add(part)
    clauses = [parts for of_group in groups.values() for parts in of_group.values()]
    values = _numbered(asked for parts in clauses for _, asked, limit in parts if not limit)
    numbers = _numbered(asked for parts in clauses for _, asked, limit in parts if limit)
    sizes = [len(of_group) for of_group in groups.values()]
    return Columns(
        groups=list(groups),
        starts=np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.intp),
        accepts=_bits(clauses, "accepts", values),
        rejects=_bits(clauses, "rejects", values),
        bounds=_bounds(clauses, numbers),
        always=np.array([_is_always_met(parts, attributes) for parts in clauses], bool),
        values=values,
        numbers=numbers,
    )


Parts = set[tuple[str, str, str]]
"""The alternatives of a clause: how, what is asked, and the limit or nothing."""


def _numbered(words: Iterable[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(sorted(set(words)))}


def _bits(clauses: list[Parts], side: str, values: Mapping[str, int]) -> Bits:
    table = np.zeros((len(clauses), -(-len(values) // _WORD) or 1), np.uint64)
    for number, parts in enumerate(clauses):
        for how, asked, _ in parts:
            if how == side:
                place, bit = divmod(values[asked], _WORD)
                table[number, place] |= np.uint64(1 << bit)
    return table


def _bounds(clauses: list[Parts], numbers: Mapping[str, int]) -> list[Bounds]:
    """As many sets of columns as the clause with the most limits has."""
    of_clause = [
        sorted(_bound(how, numbers[asked], limit) for how, asked, limit in parts if limit)
        for parts in clauses
    ]
    found = []
    for depth in range(max(map(len, of_clause), default=0)):
        asks = [len(bounds) > depth for bounds in of_clause]
        one = [bounds[depth] if len(bounds) > depth else Bound(0, 1, 0) for bounds in of_clause]
        places, signs, limits = np.array(one, np.int64).T.copy()
        found.append(Bounds(np.array(asks, bool), places, signs, limits))
    return found


def _bound(how: str, place: int, limit: str) -> Bound:
    sign, beyond = _SIDES[how]
    return Bound(place, sign, sign * _millionths(Decimal(limit)) + beyond)


def _is_always_met(parts: Parts, attributes: Mapping[str, Attribute]) -> bool:
    """Whether a limit lies at or below the lowest number of what every profile has."""
    for how, asked, limit in parts:
        attribute = attributes.get(asked) if limit else None
        if how == "atLeast" and attribute is not None and attribute.in_every_profile:
            lowest = attribute.lowest
            if lowest is not None and Decimal(limit) <= Decimal(lowest):
                return True
    return False


def _millionths(number: Decimal) -> int:
    whole = number * _MILLION
    if whole != whole.to_integral_value():
        raise ValueError(f"{number:f} has more than six decimals; use a finer unit in this file")
    return int(whole)
