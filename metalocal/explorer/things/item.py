"""A report, an estimate or a fact -> its page: what is printed, beside its other printings."""

from __future__ import annotations

from metalocal.attributes import local_name
from metalocal.catalogue import ID, term
from metalocal.explorer.things import asked, linked_data, related
from metalocal.explorer.things.beside import beside
from metalocal.explorer.things.books import Books
from metalocal.explorer.things.made import Desk, Made
from metalocal.explorer.things.printed import Item, Measured, Printed
from metalocal.pages.addresses import Link, link_of


def item_page(iri: str, desk: Desk) -> Made | None:
    """What the page of an estimate or a fact is made of, or of a report of one or of other things.

    None for a report of nothing that has a label.
    """
    books = desk.books
    item = books.items.get(iri)
    if item is None:
        return _description_page(iri, books)
    printing = next((one for one in item.printings if one.iri == iri), None)
    values = {
        "heading": printing.text if printing else _heading(item),
        "study": books.study_link(item.study),
        "item": item,
        "whom": _whom(item),
        "printing": printing,
        "source": books.source_link(printing.source) if printing else None,
        "rule": books.rules.get(printing.rule) if printing else None,
        "table": beside({_whom(item): [item]}, books),
        "findings": related.findings(item.study, books, {item.iri}),
    }
    return Made("thing_item.html", values, _claim(item, printing))


def _whom(item: Item) -> Link | None:
    """The population an estimate is about."""
    if isinstance(item, Measured):
        return link_of(item.population, item.population_label)
    return None


def _heading(item: Item) -> str:
    """What is measured, of whom."""
    subject = f"{item.outcome_label}, " if isinstance(item, Measured) else ""
    return f"{subject}{item.name}{', ' if item.about else ''}{item.about}"


def _claim(item: Item, printing: Printed | None) -> dict[str, object]:
    told = [printing] if printing else list(item.printings)
    text = " | ".join(dict.fromkeys(one.text for one in told))
    sources = (f"{ID}source/{one.source}" for one in told)
    return linked_data.claim(_heading(item), text, sources)


def _description_page(iri: str, books: Books) -> Made | None:
    """A report of a study, a population, guidance or a model: where it is described."""
    rows = books.rows(asked.OWNER.format(report=term(iri, "iri")))
    if not rows:
        return None
    own = next(row for row in rows if row["report"] == iri)
    values = {
        "owner": link_of(own["owner"], own["ownerLabel"]),
        "own": own,
        "source": books.source_link(local_name(own["source"])),
        "others": books.places(row for row in rows if row["report"] != iri),
    }
    text = own.get("text") or own.get("wording", "")
    data = linked_data.claim(own["ownerLabel"], text, [own["source"]])
    return Made("thing_description.html", values, data)
