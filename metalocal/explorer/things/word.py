"""A word of the ontology -> its page: what it means, and what in the graph uses it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from metalocal.answers.rows import Row, grouped
from metalocal.attributes import local_name
from metalocal.explorer.things import linked_data, related
from metalocal.explorer.things.books import Books
from metalocal.explorer.things.made import Desk, Made
from metalocal.pages.addresses import Link, link_of

_HOW = {
    "accepts": "Ask for it, or accept it among others",
    "rejects": "Bar it",
    "atLeast": "Set a lower limit",
    "above": "Set a lower limit",
    "atMost": "Set an upper limit",
    "below": "Set an upper limit",
}


@dataclass(frozen=True)
class Asker:
    """A group whose criterion names a value or an attribute."""

    group: Link
    kind: str
    criterion: Link


@dataclass(frozen=True)
class Giving:
    """A study with the arms that give an intervention."""

    study: Link
    arms: tuple[tuple[Link, str, tuple[Link, ...]], ...]


def attribute_page(iri: str, desk: Desk) -> Made | None:
    """What the page of an attribute is made of; None for one that no profile can have."""
    books = desk.books
    attribute = books.library.attributes.get(local_name(iri))
    if attribute is None:
        return None
    values = [row for row in books.values if row["attribute"] == iri]
    asking = {value["value"]: len(_askers({value["value"]}, books, "")) for value in values}
    told = {
        "attribute": attribute,
        "values_of": [
            (link_of(row["value"], row["label"]), asking[row["value"]]) for row in values
        ],
        "askers": _by_how({iri, *asking}, books),
    }
    return Made("thing_attribute.html", told, _data(attribute.label, attribute.definition))


def value_page(iri: str, desk: Desk) -> Made | None:
    """What the page of a value is made of; None for one of no attribute."""
    books = desk.books
    row = next((row for row in books.values if row["value"] == iri), None)
    if row is None:
        return None
    siblings = [other for other in books.values if other["attribute"] == row["attribute"]]
    told = {
        "attribute_link": link_of(row["attribute"], row["attributeLabel"]),
        "siblings": [link_of(other["value"], other["label"]) for other in siblings],
        "askers": _by_how({iri}, books),
    }
    return Made("thing_value.html", told, _data(f"{row['attributeLabel']}: {row['label']}", ""))


def intervention_page(iri: str, desk: Desk) -> Made | None:
    """What the page of an intervention is made of; None for one without definition."""
    books = desk.books
    rows = books.library.rows("interventions")
    own = next((row for row in rows if row["intervention"] == iri), None)
    if own is None:
        return None
    narrower = _narrower(iri, rows)
    told = {
        "intervention": own,
        "wider": [
            link_of(row["wider"], row["widerLabel"])
            for row in rows
            if row["intervention"] == iri and "wider" in row
        ],
        "narrower": [
            link_of(row["intervention"], row["label"]) for row in rows if row.get("wider") == iri
        ],
        "giving": _giving({iri, *narrower}, books),
        "guidance": [related.said(one, books) for one in books.guidance_about.get(iri, ())],
    }
    return Made("thing_intervention.html", told, _data(own["label"], own["definition"]))


def question_page(iri: str, desk: Desk) -> Made:
    """What the page of a clinical question is made of: its studies and its guidance."""
    books = desk.books
    studies = [row for row in books.studies.values() if row["question"] == iri]
    ordered: dict[str, list[Row]] = defaultdict(list)
    ranks = {row["study"]: int(row["designRank"]) for row in books.library.rows("studies")}
    for row in sorted(studies, key=lambda row: (ranks[row["study"]], row["label"].casefold())):
        ordered[row["designLabel"]].append(row)
    told = {
        "designs": [
            (design, [(link_of(row["study"], row["label"]), row["statusLabel"]) for row in rows])
            for design, rows in ordered.items()
        ],
        "count": len(studies),
        "guidance": [related.said(one, books) for one in books.guidance_about.get(iri, ())],
    }
    label = studies[0]["questionLabel"] if studies else local_name(iri)
    return Made("thing_question.html", told, _data(label, ""))


def _data(label: str, definition: str) -> dict[str, object]:
    return linked_data.word(label, definition)


def _by_how(asked: set[str], books: Books) -> list[tuple[str, list[Asker]]]:
    """Groups whose criteria name any of these, by how they name it."""
    found = {words: _askers(asked, books, words) for words in dict.fromkeys(_HOW.values())}
    return [(words, askers) for words, askers in found.items() if askers]


def _askers(asked: set[str], books: Books, how: str) -> list[Asker]:
    """Each group once for each criterion; `how` in words, or "" for all."""
    naming = {
        row["clause"]
        for row in books.library.rows("clauses")
        if row["asked"] in asked and how in ("", _HOW[local_name(row["how"])])
    }
    rows = [row for row in books.library.rows("criteria") if row["clause"] in naming]
    criteria = dict.fromkeys((row["group"], row["criterion"]) for row in rows)
    found = [
        Asker(
            books.group_link(group),
            books.groups[group]["kind"],
            link_of(criterion, books.criteria.get(criterion, "")),
        )
        for group, criterion in criteria
    ]
    return sorted(found, key=lambda one: (one.kind, one.group.text.casefold()))


def _narrower(iri: str, rows: Iterable[Row]) -> set[str]:
    """All interventions under one, however deep."""
    below: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if "wider" in row:
            below[row["wider"]].add(row["intervention"])
    found: set[str] = set()
    waiting = [iri]
    while waiting:
        new = below[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _giving(interventions: set[str], books: Books) -> list[Giving]:
    """Studies with an arm that gives any of these."""
    found = []
    for study, rows in books.arms.items():
        arms = tuple(
            (link_of(arm, told[0]["label"]), told[0]["role"], _given(told, interventions))
            for arm, told in grouped(rows, "arm").items()
            if any(row.get("intervention") in interventions for row in told)
        )
        if arms:
            found.append(Giving(books.study_link(study), arms))
    return sorted(found, key=lambda one: one.study.text.casefold())


def _given(rows: Iterable[Row], interventions: set[str]) -> tuple[Link, ...]:
    return tuple(
        link_of(row["intervention"], row["interventionLabel"])
        for row in rows
        if row.get("intervention") in interventions
    )
