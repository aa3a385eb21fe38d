"""An outcome -> its page: all its estimates across studies, in a table that can be sorted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from metalocal.attributes import local_name
from metalocal.endpoint.refusal import RefusedError
from metalocal.explorer.things import linked_data, related
from metalocal.explorer.things.beside import Row, row_of
from metalocal.explorer.things.books import Books
from metalocal.explorer.things.made import Desk, Made
from metalocal.explorer.things.printed import Measured
from metalocal.pages.addresses import Link, link_of

PART_ROWS = 60
"""Estimates in a part of the table."""
_LAST = float("inf")


@dataclass(frozen=True)
class Estimate:
    """An estimate in the table of its outcome, with study, question, population and level."""

    row: Row
    study: Link
    design: str
    question: Link
    population: Link
    level: str


@dataclass(frozen=True)
class View:
    """What the query string asks of the table: order, question, part."""

    sort: str
    question: str
    part: int

    def link(self, text: str, **changed: str) -> Link:
        """Link to this view with something changed; "" takes it out."""
        state = {"sort": self.sort, "question": self.question, **changed}
        kept = {name: value for name, value in state.items() if value and value != "question"}
        return Link(text, f"?{urlencode(kept)}" if kept else "?")


Key = Callable[[Measured, Books], tuple[object, ...]]


def _study(one: Measured, books: Books) -> tuple[object, ...]:
    return (books.studies[one.study]["label"].casefold(),)


def _question(one: Measured, books: Books) -> tuple[object, ...]:
    return (_place(books.studies[one.study]["questionLabel"], books), *_level(one, books))


def _place(question: str, books: Books) -> int:
    """Where a question stands among all, by its label; one without order stands last."""
    order = list(books.library.questions)
    return order.index(question) if question in order else len(order)


def _level(one: Measured, books: Books) -> tuple[object, ...]:
    level = books.levels.get(one.population, {}).get("level", "9")
    return (level, *_study(one, books))


def _measure(one: Measured, books: Books) -> tuple[object, ...]:
    return (one.name, *_number(one, books))


def _number(one: Measured, books: Books) -> tuple[object, ...]:
    numbers = [found.number for found in one.printings if found.number is not None]
    return (min(numbers, default=_LAST), *_study(one, books))


def _direction(one: Measured, books: Books) -> tuple[object, ...]:
    told = [found.direction or found.stated for found in one.printings]
    return (min((word for word in told if word), default="~"), *_study(one, books))


SORTS: Mapping[str, tuple[str, Key]] = {
    "question": ("question", _question),
    "study": ("study", _study),
    "level": ("level of evidence", _level),
    "measure": ("measure and number", _measure),
    "number": ("number", _number),
    "direction": ("effect direction", _direction),
}
"""Orders of the table: word in the address -> words on the page, and the key."""


def outcome_page(iri: str, desk: Desk) -> Made:
    """What the page of an outcome or characteristic is made of.

    Raises:
        RefusedError: 400, an order, question or part that there is not.
    """
    books = desk.books
    every = [one for one in books.measured_in.get(iri, []) if one.study in books.studies]
    questions = Counter(books.studies[one.study]["question"] for one in every)
    view = _view(desk.asked, [local_name(question) for question in questions])
    chosen = [
        one
        for one in every
        if view.question in ("", local_name(books.studies[one.study]["question"]))
    ]
    key = SORTS[view.sort][1]
    ordered = sorted(chosen, key=lambda one: key(one, books))
    shown = ordered[(view.part - 1) * PART_ROWS : view.part * PART_ROWS]
    parts = max(1, -(-len(chosen) // PART_ROWS))
    if view.part > parts:
        raise RefusedError(400, f"part must be a number from 1 to {parts}.")
    values = {
        "outcome": _outcome(iri, books),
        "estimates": [_estimate(one, books) for one in shown],
        "count": len(chosen),
        "every": len(every),
        "studies": len({one.study for one in chosen}),
        "view": view,
        "parts": parts,
        "sorts": [(word, view.link(words, sort=word)) for word, (words, _) in SORTS.items()],
        "questions": _choices(questions, view, books),
        "guidance": [related.said(one, books) for one in books.guidance_about.get(iri, ())],
    }
    label = every[0].outcome_label if every else local_name(iri).replace("_", " ")
    return Made("thing_outcome.html", values, linked_data.word(label, ""))


def _view(asked: Mapping[str, str], questions: Sequence[str]) -> View:
    sort, question, part = (
        asked.get("sort", "question"),
        asked.get("question", ""),
        asked.get("part", "1"),
    )
    if sort not in SORTS:
        raise RefusedError(400, f"sort must be one of {', '.join(SORTS)}.")
    if question and question not in questions:
        raise RefusedError(400, f"question must be one of {', '.join(questions)}.")
    if not (part.isascii() and part.isdigit() and 0 < len(part) < 6 and int(part) > 0):
        raise RefusedError(400, "part must be a number from 1 on.")
    return View(sort, question, int(part))


def _outcome(iri: str, books: Books) -> dict[str, str]:
    rows = books.library.rows("outcomes")
    return next((row for row in rows if row["outcome"] == iri), {})


def _estimate(one: Measured, books: Books) -> Estimate:
    study = books.studies[one.study]
    level = books.levels.get(one.population, {})
    sources = (printing.source for printing in one.printings)
    return Estimate(
        row=row_of(one, dict.fromkeys((*books.sources, *sources)), books),
        study=books.study_link(one.study),
        design=study["designLabel"],
        question=link_of(study["question"], study["questionLabel"]),
        population=link_of(one.population, one.population_label),
        level=level.get("level", ""),
    )


def _choices(questions: Mapping[str, int], view: View, books: Books) -> list[tuple[str, Link, int]]:
    """Questions to choose, in their order, each with its number of estimates."""
    labels = {row["question"]: row["questionLabel"] for row in books.studies.values()}
    found = sorted(questions, key=lambda question: _place(labels[question], books))
    return [
        (
            local_name(question),
            view.link(labels[question], question=local_name(question)),
            questions[question],
        )
        for question in found
    ]
