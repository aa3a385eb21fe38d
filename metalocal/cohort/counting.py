"""What is known of many patients to how many each group takes in, and why not the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from metalocal.cohort.bits import flags
from metalocal.cohort.groups import Group, Groups
from metalocal.worlds import Worlds

Integers = NDArray[np.int64]


class Standing(NamedTuple):
    """How patients stand to a group, as bits; `criteria` has met and not met of each criterion."""

    included: int
    excluded: int
    criteria: tuple[tuple[int, int], ...]


def standings(found: Groups, worlds: Worlds) -> Iterator[Standing]:
    """For each group in order, how these patients stand to it.

    A group is as its worst criterion: not met before unknown, unknown before met.
    """
    asked = {criterion.asks for group in found.groups for criterion in group.criteria}
    known = found.clauses.decided(asked, worlds)
    for group in found.groups:
        criteria = tuple(known[criterion.asks] for criterion in group.criteria)
        included, excluded = worlds.every, 0
        for met, unmet in criteria:
            included &= met
            excluded |= unmet
        yield Standing(included, excluded, criteria)


@dataclass(frozen=True)
class Counts:
    """How many of `patients` stand how.

    `groups` has, for each group, those included and excluded; `criteria`, for each criterion of
    each group in order, those who meet it, those who do not, and those whom it alone excludes.
    """

    patients: int
    groups: Integers
    criteria: Integers

    def __add__(self, other: Counts) -> Counts:
        """Of both lots of patients together."""
        return Counts(
            self.patients + other.patients,
            self.groups + other.groups,
            self.criteria + other.criteria,
        )


def nobody(groups: Sequence[Group]) -> Counts:
    """The counts before the first patient."""
    criteria = sum(len(group.criteria) for group in groups)
    return Counts(
        0, np.zeros((len(groups), 2), dtype=np.int64), np.zeros((criteria, 3), dtype=np.int64)
    )


def counted(worlds: Worlds, found: Sequence[Standing]) -> Counts:
    """The counts of patients who stand so."""
    groups = [(one.included.bit_count(), one.excluded.bit_count()) for one in found]
    totals: dict[int, int] = {}
    criteria = [row for one in found for row in _criteria(one, totals)]
    return Counts(
        worlds.every.bit_count(),
        np.array(groups, dtype=np.int64).reshape(-1, 2),
        np.array(criteria, dtype=np.int64).reshape(-1, 3),
    )


def _criteria(one: Standing, totals: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    """Met, not met and excluding alone, of each criterion; `totals` keeps counts by identity."""
    once = twice = 0
    for _, unmet in one.criteria:
        twice |= once & unmet
        once |= unmet
    single = once & ~twice
    for met, unmet in one.criteria:
        yield _total(met, totals), _total(unmet, totals), (unmet & single).bit_count()


def _total(bits: int, totals: dict[int, int]) -> int:
    """The number of bits; criteria that ask for the same share one integer, counted once."""
    if id(bits) not in totals:
        totals[id(bits)] = bits.bit_count()
    return totals[id(bits)]


def verdict_codes(worlds: Worlds, size: int, found: Sequence[Standing]) -> NDArray[np.uint8]:
    """The verdict of each group on each patient: 0 included, 1 indeterminate, 2 excluded.

    Returns:
        a row for each group, a column for each patient of `worlds.every`, in the order of rows.
    """
    codes = np.ones((len(found), size), dtype=np.uint8)
    for row, one in zip(codes, found, strict=True):
        row += flags(one.excluded, size)
        row -= flags(one.included, size)
    return codes[:, flags(worlds.every, size)]
