"""Profiles to rows of the answer; profiles that no criterion can tell apart are answered once."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from graph_builder.attributes import Attribute
from metalocal.answers import Library, answer
from metalocal.answers.clauses import Clauses
from metalocal.cohort.records import QuestionRow
from metalocal.cohort.rows import rows_of
from metalocal.profiles import Profile

REMEMBERED = 10_000
"""Answers kept at a time, those not used for longest going first: some 50 megabytes."""


def limits_of(clauses: Clauses) -> dict[str, list[Decimal]]:
    """The limits that any criterion sets for each number attribute, from the lowest."""
    found = clauses.limits(clauses.of_group)
    return {attribute: sorted(limits) for attribute, limits in found.items()}


def independent_numbers(attributes: Mapping[str, Attribute]) -> set[str]:
    """Number attributes that are compared with limits alone, never with another number or a set."""
    tied = {
        key
        for attribute in attributes.values()
        if attribute.count_of or attribute.not_below_count_of or attribute.not_above
        for key in (attribute.key, attribute.not_above)
    }
    return set(attributes) - tied


@dataclass
class Answers:
    """The rows of the answer to each profile; `computed` counts those that were not remembered."""

    library: Library
    remembered: int = REMEMBERED
    computed: int = 0
    _kept: OrderedDict[bytes, tuple[QuestionRow, ...]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._limits = limits_of(self.library.clauses)
        self._independent = independent_numbers(self.library.attributes)

    def rows(self, profile: Profile) -> tuple[QuestionRow, ...]:
        """One row for each question about local therapy, in the order of `metalocal ask`."""
        key = self._key(profile)
        found = self._kept.pop(key, None)
        if found is None:
            self.computed += 1
            found = rows_of(answer(profile, self.library), self.library.attributes)
        self._kept[key] = found
        if len(self._kept) > self.remembered:
            self._kept.popitem(last=False)
        return found

    def _key(self, profile: Profile) -> bytes:
        """The same for two profiles only if no criterion can tell them apart.

        A number that is compared with limits alone counts by which of them it lies between.
        """
        numbers = [
            (key, _between(number, self._limits.get(key, ())))
            if key in self._independent
            else (key, str(number.normalize()))
            for key, number in sorted(profile.numbers.items())
        ]
        return hashlib.sha256(repr((sorted(profile.facts.items()), numbers)).encode()).digest()


def _between(number: Decimal, limits: Sequence[Decimal]) -> tuple[int, int]:
    """Of the sorted limits, how many lie below the number and how many do not lie above it.

    >>> _between(Decimal(50), [Decimal(50), Decimal(70)])
    (0, 1)
    >>> _between(Decimal(55), [Decimal(50), Decimal(70)])
    (1, 1)
    """
    return bisect_left(limits, number), bisect_right(limits, number)
