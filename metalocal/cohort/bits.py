"""Rows of a block to what is known of their patients, as bits: row n is bit n.

What is written of an attribute says the same in every row, so each way of writing it is read once;
what follows from it is drawn for all patients at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph_builder.attributes import Attribute, Implication
from graph_builder.problems import ProblemsFoundError
from metalocal.cohort.limits import between, independent_numbers
from metalocal.cohort.records import Rows, Unread
from metalocal.profiles import Profile
from metalocal.worlds import Numbers, Worlds, completed


class Known(NamedTuple):
    """What is known in a block: of `size` rows, `worlds.every` has those that can be judged."""

    worlds: Worlds
    size: int

    def refused(self) -> list[int]:
        """The rows that are wrong, from the first."""
        good = flags(self.worlds.every, self.size)
        return [int(place) for place in np.flatnonzero(~good)]


@dataclass(frozen=True)
class BlockReader:
    """Reads blocks of rows; numbers only as far as the `limits` of criteria tell them apart."""

    attributes: Mapping[str, Attribute]
    rules: Sequence[Implication]
    limits: Mapping[str, Sequence[Decimal]]

    def known(self, source: Rows, rows: Sequence[Unread]) -> Known:
        """What is known of the patient of each row; rows that are wrong have no bit."""
        if not rows:
            return Known(Worlds(0, {}, {}, {}), 0)
        told, wrong = self._told(source, rows)
        worlds, refused = completed(told, self.attributes, self.rules)
        every = (1 << len(rows)) - 1
        return Known(self.seen_by_limits(_only(worlds, every & ~(wrong | refused))), len(rows))

    def _told(self, source: Rows, rows: Sequence[Unread]) -> tuple[Worlds, int]:
        """What the rows themselves tell, and the bits of those that are wrong in some cell."""
        holds: dict[str, int] = {}
        fails: dict[str, int] = {}
        numbers: dict[str, Numbers] = {}
        wrong = 0
        independent = independent_numbers(self.attributes)
        for key, written in source.written(rows).items():
            column = _Column.of(written)
            parts = [_part(source, key, rows[row]) for row in column.rows]
            wrong |= column.bits(part is None for part in parts)
            if key not in self.attributes:
                continue
            for value in {value for part in parts if part for value in part.facts}:
                for side, truth in ((holds, True), (fails, False)):
                    side[value] = column.bits(
                        part is not None and part.facts.get(value) is truth for part in parts
                    )
            places = self.limits.get(key, ()) if key in independent else None
            numbers[key] = column.numbers(
                [p.numbers.get(key) if p else None for p in parts], places
            )
        return Worlds((1 << len(rows)) - 1, holds, fails, numbers), wrong

    def seen_by_limits(self, worlds: Worlds) -> Worlds:
        """The same to every criterion: one number stands for all between two limits."""
        placed: dict[str, Numbers] = {}
        for key, numbers in worlds.numbers.items():
            limits = self.limits.get(key, ())
            standing: dict[tuple[int, int], tuple[Decimal, int]] = {}
            for number, bits in numbers:
                place = between(number, limits)
                first, before = standing.get(place, (number, 0))
                standing[place] = (first, before | bits)
            placed[key] = tuple(standing.values())
        return Worlds(worlds.every, worlds.holds, worlds.fails, placed)


@dataclass(frozen=True)
class _Column:
    """What rows write of an attribute: `codes` numbers the ways, `rows` has one for each."""

    codes: NDArray[np.int64]
    rows: list[int]

    @classmethod
    def of(cls, written: Sequence[Hashable]) -> _Column:
        row_of = dict(zip(written, range(len(written)), strict=True))
        number_of = {way: number for number, way in enumerate(row_of)}
        numbers = map(number_of.__getitem__, written)
        codes = np.fromiter(numbers, dtype=np.int64, count=len(written))
        return cls(codes, list(row_of.values()))

    def bits(self, chosen: Iterable[bool]) -> int:
        """The rows that write one of the chosen ways."""
        table = np.fromiter(chosen, dtype=np.bool_, count=len(self.rows))
        return as_bits(table[self.codes]) if table.any() else 0

    def numbers(
        self, told: Sequence[Decimal | None], limits: Sequence[Decimal] | None
    ) -> tuple[tuple[Decimal, int], ...]:
        """The numbers told with their rows; with limits, one number for all between two of them."""
        standing: dict[Hashable, Decimal] = {}
        ways: dict[Hashable, list[int]] = defaultdict(list)
        for way, number in enumerate(told):
            if number is not None:
                place = number if limits is None else between(number, limits)
                standing.setdefault(place, number)
                ways[place].append(way)
        table = np.full(len(told), -1, dtype=np.int64)
        for order, these in enumerate(ways.values()):
            table[these] = order
        rows = table[self.codes]
        return tuple((standing[place], as_bits(rows == order)) for order, place in enumerate(ways))


def _part(source: Rows, key: str, row: Unread) -> Profile | None:
    try:
        return source.part(key, row)
    except ProblemsFoundError:
        return None


def _only(worlds: Worlds, good: int) -> Worlds:
    """What is known of some of the patients."""
    return Worlds(
        good,
        {value: bits & good for value, bits in worlds.holds.items()},
        {value: bits & good for value, bits in worlds.fails.items()},
        {
            key: [(number, bits & good) for number, bits in numbers]
            for key, numbers in worlds.numbers.items()
        },
    )


def as_bits(chosen: NDArray[np.bool_]) -> int:
    """The places that are true, as bits of an integer.

    >>> as_bits(np.array([True, False, True]))
    5
    """
    return int.from_bytes(np.packbits(chosen, bitorder="little").tobytes(), "little")


def flags(bits: int, size: int) -> NDArray[np.bool_]:
    """The first bits of an integer, as true and false.

    >>> flags(5, 4).tolist()
    [True, False, True, False]
    """
    packed = np.frombuffer(bits.to_bytes(-(-size // 8) or 1, "little"), dtype=np.uint8)
    return np.unpackbits(packed, count=size, bitorder="little").view(np.bool_)
