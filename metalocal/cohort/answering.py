"""Profiles to rows of the answer; profiles that no criterion can tell apart are answered once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

from metalocal.answers import Library, answer
from metalocal.cohort.limits import between, independent_numbers, limits_of
from metalocal.cohort.records import QuestionRow
from metalocal.cohort.rows import rows_of
from metalocal.profiles import Profile

REMEMBERED = 10_000
"""Answers kept at a time, those not used for longest going first: some 50 megabytes."""


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
            (key, between(number, self._limits.get(key, ())))
            if key in self._independent
            else (key, str(number.normalize()))
            for key, number in sorted(profile.numbers.items())
        ]
        return hashlib.sha256(repr((sorted(profile.facts.items()), numbers)).encode()).digest()
