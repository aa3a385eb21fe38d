"""A guidance statement, a decision model, or a group by criteria of these -> its page."""

from __future__ import annotations

from dataclasses import dataclass

from metalocal.answers.rows import Row, grouped
from metalocal.attributes import local_name
from metalocal.explorer.things import linked_data
from metalocal.explorer.things.books import Books
from metalocal.explorer.things.made import Desk, Made
from metalocal.pages.addresses import Link, link_of


@dataclass(frozen=True)
class Figure:
    """A printed number of a statement or group, with its places."""

    words: str
    note: str
    places: tuple[Link, ...]


@dataclass(frozen=True)
class Grouping:
    """A group of a decision model: its words, its criteria, and where it is printed."""

    link: Link
    text: str
    note: str
    criteria: tuple[Link, ...]
    figures: tuple[Figure, ...]
    results: tuple[Link, ...]
    places: tuple[Link, ...]


def statement_page(iri: str, desk: Desk) -> Made | None:
    """What the page of a guidance statement is made of; None for one without place in a source."""
    books = desk.books
    rows = books.guidance.get(iri)
    if not rows:
        return None
    row = rows[0]
    target = row.get("target", "")
    criteria = criteria_of(target, books)
    values = {
        "statement": row,
        "heading": row["label"],
        "sources": [
            books.source_link(code) for code in sorted({local_name(r["source"]) for r in rows})
        ],
        "about": _about(iri, books),
        "target": link_of(target, "these patients") if target else None,
        "criteria": criteria,
        "figures": figures(iri, books),
        "rests_on": list(
            {link_of(r["study"], r["studyLabel"]): None for r in rows if "study" in r}
        ),
        "places": books.places(rows),
        "fits": books.fits.of(target, {c.title: c.text for c in criteria}) if target else [],
    }
    sources = (found["source"] for found in rows)
    data = linked_data.guideline(row["label"], row["text"], row.get("strength", ""), sources)
    return Made("thing_statement.html", values, data)


def _about(iri: str, books: Books) -> list[tuple[str, list[Link]]]:
    """What a statement is about, by kind of thing."""
    rows = [row for row in books.about if row["statement"] == iri]
    told = grouped(rows, "how")
    return [
        (how, [link_of(row["word"], row["label"]) for row in told[how]])
        for how in ("Question", "Interventions", "Outcomes")
        if how in told
    ]


def group_page(iri: str, desk: Desk) -> Made | None:
    """What the page of a target group or a group of a model is made of.

    None for a group without criteria: its statements are all there is.
    """
    books = desk.books
    criteria = criteria_of(iri, books)
    row = books.groups.get(iri)
    if row is None or not criteria:
        return None
    values = {
        "owner": link_of(row["owner"], row["ownerLabel"]),
        "kind": row["kind"],
        "criteria": criteria,
        "fits": books.fits.of(iri, {one.title: one.text for one in criteria}),
    }
    words = "; ".join(one.text for one in criteria)
    return Made("thing_group.html", values, linked_data.word(row["label"], words))


def _studies(rows: list[Row]) -> list[Link]:
    """The studies that rows name as what a statement or model rests on, each once."""
    found = (link_of(row["study"], row["studyLabel"]) for row in rows if "study" in row)
    return list(dict.fromkeys(found))


def model_page(iri: str, desk: Desk) -> Made | None:
    """What the page of a decision model is made of; None for one without groups."""
    books = desk.books
    rows = books.models.get(iri)
    if not rows:
        return None
    row = rows[0]
    values = {
        "model": row,
        "groups": [_grouping(found, books) for found in grouped(rows, "group").values()],
        "figures": figures(iri, books),
        "rests_on": list(
            {link_of(r["study"], r["studyLabel"]): None for r in rows if "study" in r}
        ),
        "places": books.places(rows),
    }
    names = dict.fromkeys(found["label"] for found in rows)
    return Made(
        "thing_model.html", values, linked_data.model(row["modelLabel"], row["modelText"], names)
    )


def _grouping(rows: list[Row], books: Books) -> Grouping:
    row = rows[0]
    return Grouping(
        link=link_of(row["group"], row["label"]),
        text=row["text"],
        note=row.get("note", ""),
        criteria=criteria_of(row["group"], books),
        figures=figures(row["group"], books),
        results=tuple(
            link_of(found["population"], found["populationLabel"])
            for found in books.results_in
            if found["group"] == row["group"]
        ),
        places=tuple(books.places(rows)),
    )


def criteria_of(group: str, books: Books) -> tuple[Link, ...]:
    """Criteria of a target group or a group of a model, each as link; the IRI is the title."""
    return tuple(
        link_of(row["criterion"], row["criterionLabel"])
        for row in books.library.rows("targets")
        if row["group"] == group
    )


def figures(owner: str, books: Books) -> tuple[Figure, ...]:
    """Printed numbers of a statement, model or group."""
    rows = [row for row in books.library.rows("figures") if row["owner"] == owner]
    return tuple(
        Figure(
            " or ".join(dict.fromkeys(row["said"] for row in found)),
            found[0].get("note", ""),
            tuple(books.places(found)),
        )
        for found in grouped(rows, "figure").values()
    )
