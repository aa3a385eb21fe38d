"""The estimates and facts of a study -> tables: outcomes, baseline characteristics, facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from metalocal.explorer.things.beside import Beside, beside
from metalocal.explorer.things.books import Books
from metalocal.explorer.things.printed import Item, Measured
from metalocal.pages.addresses import Link, link_of


@dataclass(frozen=True)
class Results:
    """All results on one outcome or characteristic, by population."""

    subject: Link
    table: Beside

    @property
    def anchor(self) -> str:
        """Name of the place in the page."""
        return self.subject.title.rpartition("/")[2]


def results(measured: Iterable[Measured], books: Books) -> tuple[Results, ...]:
    """Estimates by outcome, in the order they come in; each by population, all sources beside."""
    by_subject: dict[tuple[str, str], dict[Link | None, list[Item]]] = defaultdict(dict)
    for one in measured:
        populations = by_subject[one.outcome, one.outcome_label]
        heading = link_of(one.population, one.population_label)
        populations.setdefault(heading, []).append(one)
    return tuple(
        Results(link_of(iri, label), beside(groups, books))
        for (iri, label), groups in by_subject.items()
    )


def facts(study: str, books: Books) -> Beside:
    """All that sources say of a study besides results."""
    told: list[Item] = list(books.told_in.get(study, ()))
    return beside({None: told}, books)


@dataclass(frozen=True)
class Conflict:
    """An item that sources print differently: each printing with those that print it."""

    item: Item
    printings: tuple[tuple[str, tuple[Link, ...]], ...]


def conflicts(items: Iterable[Item]) -> tuple[Conflict, ...]:
    """The items whose numbers differ between printings."""
    return tuple(_conflict(item) for item in items if item.differs)


def _conflict(item: Item) -> Conflict:
    return Conflict(item, _printings([item]))


@dataclass(frozen=True)
class Headline:
    """A property of a whole study: each printed text with its places; whether they conflict."""

    name: str
    printings: tuple[tuple[str, tuple[Link, ...]], ...]
    differs: bool


def headline(study: str, property_: str, books: Books) -> Headline | None:
    """What is printed of a study property, told of the whole study; None where nothing is."""
    found = [
        fact
        for fact in books.told_in.get(study, ())
        if fact.property == property_ and not fact.about
    ]
    if not found:
        return None
    return Headline(found[0].name, _printings(found), any(fact.differs for fact in found))


def _printings(items: Iterable[Item]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """Each different text with the places that print it."""
    places: dict[str, dict[Link, None]] = defaultdict(dict)
    for one in (one for item in items for one in item.printings):
        places[one.text][Link(one.at, one.link.href, one.place)] = None
    return tuple((text, tuple(found)) for text, found in places.items())
