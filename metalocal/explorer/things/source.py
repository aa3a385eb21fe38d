"""A source -> its page: the article, and what was read from it, study by study."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from metalocal.attributes import local_name
from metalocal.catalogue import ID
from metalocal.explorer.things import linked_data, related
from metalocal.explorer.things.books import Books
from metalocal.explorer.things.made import Desk, Made
from metalocal.pages.addresses import Link, link_of


@dataclass(frozen=True)
class Drawn:
    """How many printings of results and facts of a study were read from a source."""

    study: Link
    design: str
    question: Link
    results: int
    facts: int
    conflicts: int


def source_page(iri: str, desk: Desk) -> Made | None:
    """What the page of a source is made of; None for one that nothing was read from."""
    books, code = desk.books, local_name(iri)
    rows = books.library.rows("sources")
    row = next((row for row in rows if row["source"] == iri), None)
    if row is None:
        return None
    drawn = _drawn(code, books)
    statements = [one for one in books.guidance if one.startswith(f"{ID}guidance/{code}/")]
    models = {
        link_of(model, rows[0]["modelLabel"]): None
        for model, rows in books.models.items()
        if any(found["source"] == iri for found in rows)
    }
    said = [related.said(one, books) for one in statements]
    values = {
        "source": row,
        "code": code,
        "drawn": drawn,
        "results": sum(one.results for one in drawn),
        "facts_read": sum(one.facts for one in drawn),
        "said": said,
        "kinds": Counter(one.kind for one in said).most_common(),
        "models": list(models),
    }
    return Made("thing_source.html", values, linked_data.source(row))


def _drawn(code: str, books: Books) -> list[Drawn]:
    """Studies that a source prints something of, those with most results first."""
    results = Counter(
        one.study for one in books.measured for p in one.printings if p.source == code
    )
    facts = Counter(one.study for one in books.told for p in one.printings if p.source == code)
    differing = Counter(
        item.study
        for item in (*books.measured, *books.told)
        if item.differs and any(p.source == code for p in item.printings)
    )
    found = [
        Drawn(
            books.study_link(study),
            books.studies[study]["designLabel"],
            link_of(books.studies[study]["question"], books.studies[study]["questionLabel"]),
            results[study],
            facts[study],
            differing[study],
        )
        for study in {*results, *facts}
    ]
    return sorted(found, key=lambda one: (-one.results, -one.facts, one.study.text.casefold()))
