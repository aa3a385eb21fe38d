"""A population of a study -> its page."""

from __future__ import annotations

from metalocal.catalogue import term
from metalocal.explorer.things import asked, linked_data, related
from metalocal.explorer.things.made import Desk, Made
from metalocal.explorer.things.people import criteria_words, people
from metalocal.explorer.things.results import conflicts, results
from metalocal.pages.addresses import link_of


def population_page(iri: str, desk: Desk) -> Made | None:
    """What the page of a population is made of; None for one that no study has."""
    books = desk.books
    if iri not in books.populations:
        return None
    row = books.populations[iri][0]
    measured = books.measured_in.get(iri, [])
    within = row.get("within", "")
    wider = books.populations[within][0]["label"] if within in books.populations else ""
    name = books.group_link(iri).text
    values = {
        "study": books.study_link(row["study"]),
        "person": people(iri, books),
        "within": link_of(within, wider) if within else None,
        "results": results([one for one in measured if one.is_outcome], books),
        "baseline": results([one for one in measured if not one.is_outcome], books),
        "conflicts": conflicts(measured),
        "findings": related.findings(row["study"], books, {one.iri for one in measured}),
        "models": [
            link_of(found["group"], found["label"])
            for found in books.results_in
            if found["population"] == iri
        ],
        "fits": books.fits.of(iri, criteria_words(iri, books)),
        "described": books.places(books.rows(asked.DESCRIBED.format(thing=term(iri, "iri")))),
    }
    data = linked_data.table(name, (one.outcome_label for one in measured), row["study"])
    return Made("thing_population.html", values, data)
