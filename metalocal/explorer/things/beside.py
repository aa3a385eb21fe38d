"""Items -> a table in which the printings of one item stand side by side, a column a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from metalocal.explorer.things.books import Books
from metalocal.explorer.things.intervals import Interval, interval_of
from metalocal.explorer.things.printed import Item, Measured, Printed
from metalocal.pages.addresses import Link


@dataclass(frozen=True)
class Direction:
    """A derived effect direction with the reasons for it and the rules that drew it."""

    words: str
    because: tuple[str, ...]
    rules: tuple[Link, ...]


@dataclass(frozen=True)
class Row:
    """An item, `cells` its printings by source, in the order of the columns.

    `stated` are directions in the authors' words, `findings` what audits found in its numbers.
    """

    item: Item
    cells: tuple[tuple[Printed, ...], ...]
    drawings: tuple[Interval, ...]
    derived: tuple[Direction, ...]
    stated: tuple[str, ...]
    findings: tuple[Link, ...]


@dataclass(frozen=True)
class Group:
    """Rows under a heading."""

    heading: Link | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Beside:
    """The table: its columns are sources, the oldest first."""

    sources: tuple[Link, ...]
    groups: tuple[Group, ...]

    @property
    def has_directions(self) -> bool:
        """Whether any row has a direction, drawn or stated."""
        return any(row.derived or row.stated for group in self.groups for row in group.rows)

    @property
    def count(self) -> int:
        """Number of rows."""
        return sum(len(group.rows) for group in self.groups)


def beside(groups: Mapping[Link | None, Iterable[Item]], books: Books) -> Beside:
    """The table of items by group; the columns are the sources that print any of them."""
    held = {heading: list(items) for heading, items in groups.items()}
    printing = {p.source for items in held.values() for item in items for p in item.printings}
    known = [code for code in books.sources if code in printing]
    shown = [*known, *sorted(printing.difference(known))]
    return Beside(
        sources=tuple(books.source_link(code) for code in shown),
        groups=tuple(
            Group(heading, tuple(row_of(item, shown, books) for item in items))
            for heading, items in held.items()
        ),
    )


def row_of(item: Item, sources: Iterable[str], books: Books) -> Row:
    """An item as a row, with a cell for each of these sources."""
    return Row(
        item=item,
        cells=tuple(
            tuple(one for one in item.printings if one.source == source) for source in sources
        ),
        drawings=drawings(item),
        derived=directions(item.printings, books.rules),
        stated=tuple(dict.fromkeys(one.stated for one in item.printings if one.stated)),
        findings=tuple(books.findings_on.get(item.iri, ())),
    )


def drawings(item: Item) -> tuple[Interval, ...]:
    """A drawing for each different printing of a ratio; none for other items."""
    if not (isinstance(item, Measured) and item.is_ratio):
        return ()
    different = {one.text: one for one in reversed(item.printings)}
    found = (interval_of(one) for one in reversed(different.values()))
    return tuple(one for one in found if one is not None)


def directions(printings: Iterable[Printed], rules: Mapping[str, Link]) -> tuple[Direction, ...]:
    """Each derived direction once, with the reasons that lead to it and the rules that drew it."""
    drawn: dict[str, list[Printed]] = {}
    for one in printings:
        if one.direction:
            drawn.setdefault(one.direction, []).append(one)
    return tuple(
        Direction(
            words,
            tuple(dict.fromkeys(one.because for one in found)),
            tuple(dict.fromkeys(rules[one.rule] for one in found if one.rule in rules)),
        )
        for words, found in drawn.items()
    )
