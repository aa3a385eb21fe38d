"""A study -> its page: what was found, in whom, how sure, where printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from metalocal.answers.library import PATIENTS
from metalocal.answers.rows import Row, grouped
from metalocal.catalogue import term
from metalocal.explorer.things import asked, linked_data, related
from metalocal.explorer.things.books import Books
from metalocal.explorer.things.fits import Fit, best
from metalocal.explorer.things.made import Desk, Made
from metalocal.explorer.things.people import criteria_words, level, nested
from metalocal.explorer.things.results import Headline, conflicts, facts, headline, results
from metalocal.explorer.things.timeline import Moment, Timeline, timeline, years_in
from metalocal.pages.addresses import Link, link_of

_REGISTRIES = {
    "NCT": "https://clinicaltrials.gov/study/",
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/",
    "DOI": "https://doi.org/",
}
_PERIODS = {
    "recruitment_period": "Enrolment",
    "study_period": "Study period",
    "start_date": "Start",
    "primary_completion_date": "Primary completion",
    "study_completion_date": "Completion",
    "publication_year": "Published",
}


@dataclass(frozen=True)
class Arm:
    """An arm with its role and what is done in it."""

    link: Link
    role: str
    interventions: tuple[Link, ...]


@dataclass(frozen=True)
class Saying:
    """A limitation or conclusion, with the places that say it."""

    link: Link
    kind: str
    text: str
    limitation: bool
    places: tuple[Link, ...]


def study_page(iri: str, desk: Desk) -> Made | None:
    """What the page of a study is made of; None where its design, state or question is not told."""
    books, row = desk.books, desk.books.studies.get(iri)
    if row is None:
        return None
    names = _names(iri, books)
    values = {
        **_head(iri, books),
        **_evidence(iri, books),
        **_around(iri, books),
        "study": row,
        "names": names,
        "question": link_of(row["question"], row["questionLabel"]),
        "on_question": len(books.guidance_about.get(row["question"], ())),
    }
    texts = {kind: [link.text for link in links] for kind, links in names.items()}
    data = linked_data.study(row, texts, books.countries.get(iri, []))
    return Made("thing_study.html", values, data)


def _head(study: str, books: Books) -> dict[str, object]:
    """What the top of the page tells."""
    row, widest = books.studies[study], books.library.widest.get(study, "")
    return {
        "design": link_of(row["design"], row["designLabel"]),
        "status": link_of(row["status"], row["statusLabel"]),
        "countries": headline(study, "country", books),
        "country_codes": books.countries.get(study, []),
        "patients": _patients(study, books),
        "status_told": _status(study, books),
        "level": level(widest, books) if widest else None,
        "level_of": link_of(widest, books.populations[widest][0]["label"]) if widest else None,
    }


def _evidence(study: str, books: Books) -> dict[str, object]:
    """What was found, in whom, and what does not fit."""
    measured, told = books.measured_in.get(study, []), books.told_in.get(study, [])
    return {
        "findings": related.findings(study, books),
        "results": results([one for one in measured if one.is_outcome], books),
        "baseline": results([one for one in measured if not one.is_outcome], books),
        "conflicts": conflicts([*measured, *told]),
        "arms": _arms(study, books),
        "populations": nested(study, books),
        "fits": _fits(study, books),
        "facts_told": facts(study, books),
    }


def _around(study: str, books: Books) -> dict[str, object]:
    """When it was, what is said of it, and what rests on it."""
    pooled, pooling = related.pools(study, books)
    return {
        "timeline": _timeline(study, books),
        "sayings": _sayings(study, books),
        "resting": related.resting_on(study, books),
        "models": related.models_on(study, books),
        "pooled": pooled,
        "pooling": pooling,
        "described": books.places(books.rows(asked.DESCRIBED.format(thing=term(study, "iri")))),
    }


def _names(study: str, books: Books) -> dict[str, list[Link]]:
    """Identifiers by kind; those of registries as links to them."""
    found: dict[str, list[Link]] = {}
    for row in books.library.rows("identifiers"):
        if row["study"] == study:
            kind, value = row["kind"], row["identifier"]
            address = f"{_REGISTRIES[kind]}{value}" if kind in _REGISTRIES else ""
            found.setdefault(kind, []).append(Link(value, address))
    return found


def _patients(study: str, books: Books) -> list[Headline]:
    """Printed numbers of patients of the whole study, and of studies pooled."""
    names = (*PATIENTS, "patients_registered", "planned_sample_size", "studies_pooled")
    found = (headline(study, name, books) for name in names)
    return [one for one in found if one is not None]


def _status(study: str, books: Books) -> list[tuple[str, str, Link]]:
    """Printed states with the year of the source that prints each, and its place."""
    rows = [
        row
        for row in books.library.rows("study-status")
        if row["study"] == study and "printed" in row
    ]
    return [(row["printed"], row["year"], books.places([row])[0]) for row in rows]


def _arms(study: str, books: Books) -> list[Arm]:
    return [
        Arm(
            link_of(arm, rows[0]["label"]),
            rows[0]["role"],
            tuple(
                link_of(row["intervention"], row["interventionLabel"])
                for row in rows
                if "intervention" in row
            ),
        )
        for arm, rows in grouped(books.arms.get(study, ()), "arm").items()
    ]


def _sayings(study: str, books: Books) -> list[Saying]:
    """Limitations first, then conclusions and remarks."""
    rows = grouped(books.statements.get(study, ()), "statement")
    found = [_saying(statement, told, books) for statement, told in rows.items()]
    return sorted(found, key=lambda saying: not saying.limitation)


def _saying(statement: str, rows: list[Row], books: Books) -> Saying:
    row = rows[0]
    limitation = row["isLimitation"] == "true"
    link = link_of(statement, row["text"])
    return Saying(link, row["kindLabel"], row["text"], limitation, tuple(books.places(rows)))


def _timeline(study: str, books: Books) -> Timeline | None:
    return timeline([*_printed_moments(study, books), *_source_moments(study, books)])


def _printed_moments(study: str, books: Books) -> Iterator[Moment]:
    """Each different period or year that a source prints."""
    told = books.told_in.get(study, ())
    for name, lane in _PERIODS.items():
        seen: set[str] = set()
        for fact in told:
            for one in fact.printings:
                years = years_in(one.value)
                if fact.property == name and years and one.value not in seen:
                    seen.add(one.value)
                    noted = f" ({fact.note})" if fact.note and len(fact.note) < 40 else ""
                    link = Link(f"{one.value}{noted}", one.link.href)
                    yield Moment(lane, *years, link, one.at)


def _source_moments(study: str, books: Books) -> Iterator[Moment]:
    """The sources that print something of a study, in the year each appeared."""
    items = [*books.measured_in.get(study, ()), *books.told_in.get(study, ())]
    printing = {one.source for item in items for one in item.printings}
    for code, link in books.sources.items():
        if code in printing:
            year = books.source_years[code]
            yield Moment("Read from", year, year, link, code)


def _fits(study: str, books: Books) -> list[tuple[Fit, list[Link]]]:
    """Each example profile: the best verdict of the widest populations, and narrower that fit."""
    populations = books.populations_of.get(study, [])
    judged = {
        population: books.fits.of(population, criteria_words(population, books))
        for population in populations
    }
    widest = [one for one in populations if "within" not in books.populations[one][0]]
    inner = [one for one in populations if one not in widest]
    return [
        (
            fit,
            [
                link_of(population, books.populations[population][0]["label"])
                for population in inner
                for other in judged[population]
                if other.example == fit.example and other.verdict == "included"
            ],
        )
        for fit in best([judged[one] for one in widest])
    ]
