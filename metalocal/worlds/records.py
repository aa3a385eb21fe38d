"""Possible patients as the bits of integers: what is known in which of them, numbers in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter

from metalocal.profiles import Profile

Numbers = Sequence[tuple[Decimal, int]]
"""Numbers, in any order, each with the worlds that have it; a world has one of them at most."""


@dataclass(frozen=True)
class Worlds:
    """Ways in which more may be known of a patient, or patients, one bit each.

    `every` has the bit of each. `holds` and `fails` map a value, such as "her2_status-positive", to
    those in which it is known to hold and known not to; `numbers` maps a number attribute to its
    values with theirs.
    """

    every: int
    holds: Mapping[str, int]
    fails: Mapping[str, int]
    numbers: Mapping[str, Numbers]

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """The numbers of each number attribute in order."""
        return {key: Scale(numbers) for key, numbers in self.numbers.items()}


class Scale:
    """Numbers in order, to tell at once which worlds lie on which side of a limit.

    >>> scale = Scale([(Decimal(5), 0b001), (Decimal(2), 0b110)])
    >>> bin(scale.below(Decimal(5))), bin(scale.at_most(Decimal(5))), bin(scale.told)
    ('0b110', '0b111', '0b111')
    """

    def __init__(self, numbers: Numbers) -> None:
        in_order = sorted(numbers, key=itemgetter(0))
        self._numbers = [number for number, _ in in_order]
        self._up_to = [0]
        for _, bits in in_order:
            self._up_to.append(self._up_to[-1] | bits)

    @property
    def told(self) -> int:
        """The worlds that have a number."""
        return self._up_to[-1]

    def below(self, limit: Decimal) -> int:
        """The worlds whose number is below the limit."""
        return self._up_to[bisect_left(self._numbers, limit)]

    def at_most(self, limit: Decimal) -> int:
        """The worlds whose number is the limit or below."""
        return self._up_to[bisect_right(self._numbers, limit)]


def worlds_of(profiles: Sequence[Profile]) -> Worlds:
    """What is known in each of these profiles; the first has the lowest bit."""
    holds: dict[str, list[int]] = defaultdict(list)
    fails: dict[str, list[int]] = defaultdict(list)
    numbers: dict[str, dict[Decimal, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, profile in enumerate(profiles):
        for value, known in profile.facts.items():
            (holds if known else fails)[value].append(place)
        for key, number in profile.numbers.items():
            numbers[key][number].append(place)
    return Worlds(
        (1 << len(profiles)) - 1,
        {value: bits_at(places) for value, places in holds.items()},
        {value: bits_at(places) for value, places in fails.items()},
        {
            key: [(number, bits_at(places)) for number, places in found.items()]
            for key, found in numbers.items()
        },
    )


def bits_at(places: Sequence[int]) -> int:
    """The bits at these places, counted from 0 and told in ascending order.

    >>> bin(bits_at([0, 2, 9]))
    '0b1000000101'
    """
    if not places:
        return 0
    found = bytearray(places[-1] // 8 + 1)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")
