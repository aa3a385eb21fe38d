"""The facts nobody has told -> questions whose answers are links that add the fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_builder.attributes import Attribute, Kind
from metalocal.answers import Unknown
from metalocal.explorer.ask.asked import Pair, address, asked, without
from metalocal.explorer.ask.desk import Desk
from metalocal.pages.addresses import Link
from metalocal.render.html.rest import settled_words
from metalocal.render.next_words import tellings_words

IN_SIGHT = 5
"""Facts that are in sight; the others are folded."""


@dataclass(frozen=True)
class Next:
    """A fact to find out.

    `settles` says how many verdicts it settles. `answers` are links to the page with the fact told;
    `only` those that tell of a set that it has this member alone. A number has a field instead,
    with `hidden` parameters for the rest of the profile.
    """

    key: str
    question: str
    definition: str
    settles: str
    tellings: tuple[str, ...]
    answers: tuple[Link, ...]
    only: tuple[Link, ...]
    number: bool
    unit: str
    lowest: int | None
    highest: int | None
    step: str
    hidden: tuple[Pair, ...]


def nexts_of(unknowns: Iterable[Unknown], desk: Desk, pairs: Sequence[Pair]) -> list[Next]:
    """The facts to find out, those that settle most first."""
    return [_next(one, desk, pairs) for one in unknowns]


def _next(unknown: Unknown, desk: Desk, pairs: Sequence[Pair]) -> Next:
    attribute = desk.patients.attributes[unknown.attribute]
    number = attribute.kind is Kind.NUMBER
    members = attribute.kind is Kind.SET
    return Next(
        key=attribute.key,
        question=unknown.question,
        definition=attribute.definition,
        settles=settled_words(unknown),
        tellings=tuple(tellings_words(unknown)),
        answers=() if number else tuple(_answers(attribute, desk, pairs)),
        only=tuple(_only(attribute, desk, pairs)) if members else (),
        number=number,
        unit=attribute.unit,
        lowest=attribute.lowest,
        highest=attribute.highest,
        step="1" if attribute.whole_numbers else "any",
        hidden=tuple(pairs),
    )


def _answers(attribute: Attribute, desk: Desk, pairs: Sequence[Pair]) -> Iterable[Link]:
    """Each value that does not contradict what is told."""
    for word, label in attribute.values.items():
        more = [*pairs, (attribute.key, word)]
        if (attribute.key, word) not in pairs and _goes_together(more, desk):
            yield Link(label, address("/ask", more), f"{attribute.label}: {label}")
    none = [*pairs, *((f"{attribute.key}_absent", word) for word in attribute.values)]
    told = any(name == attribute.key for name, _ in pairs)
    if attribute.kind is Kind.SET and not told and _goes_together(none, desk):
        yield Link("none of these", address("/ask", dict.fromkeys(none)), attribute.label)


def _only(attribute: Attribute, desk: Desk, pairs: Sequence[Pair]) -> Iterable[Link]:
    """These members and no other: those told, and each other one with them."""
    told = [value for name, value in pairs if name == attribute.key]
    rest = without(pairs, attribute.key)
    for word, label in attribute.values.items():
        members = list(dict.fromkeys([*told, word]))
        more = [*rest, *((f"{attribute.key}_only", member) for member in members)]
        if _goes_together(more, desk):
            names = " and ".join(attribute.values[member] for member in members)
            yield Link(f"{names} only", address("/ask", more), f"{attribute.label}: {label} only")


def _goes_together(pairs: Sequence[Pair], desk: Desk) -> bool:
    return asked(pairs, desk.patients).profile is not None
