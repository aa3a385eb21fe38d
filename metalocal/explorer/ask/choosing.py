"""A fact to change -> the choices of the form "what changes if", and the facts with it changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_builder.attributes import Attribute, Kind
from metalocal.explorer.ask.asked import Pair, attribute_of, without
from metalocal.explorer.ask.desk import Desk

BUT = "but."
"""What stands before the name of a fact that is changed."""
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Choices:
    """An attribute with what it can be changed to, each as `name=value` and in words."""

    key: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Numbers:
    """A number that can be changed."""

    key: str
    label: str
    unit: str


def choices_of(desk: Desk, pairs: Sequence[Pair]) -> tuple[list[Choices], list[Numbers]]:
    """What can be changed, worded facts and numbers; what holds already is left out."""
    attributes = desk.patients.attributes
    worded = [
        Choices(key, one.label, tuple(_options(one, pairs)))
        for key, one in attributes.items()
        if one.kind is not Kind.NUMBER
    ]
    numbers = [
        Numbers(key, one.label, one.unit)
        for key, one in attributes.items()
        if one.kind is Kind.NUMBER
    ]
    return [one for one in worded if one.options], numbers


def _options(attribute: Attribute, pairs: Sequence[Pair]) -> Iterable[tuple[str, str]]:
    name = f"{attribute.key}_only" if attribute.kind is Kind.SET else attribute.key
    only = " only" if attribute.kind is Kind.SET else ""
    told = [pair for pair in pairs if pair not in without(pairs, attribute.key)]
    for word, label in attribute.values.items():
        if told != [(name, word)]:
            yield f"{name}={word}", f"{label}{only}"
    if told:
        yield f"{attribute.key}={UNKNOWN}", "not known"


def chosen_changes(pairs: Iterable[Pair]) -> list[Pair]:
    """What the form sends (`change`, or `number` and `to`), as changed facts."""
    given = dict(pairs)
    name, _, value = given.get("change", "").partition("=")
    found = [(f"{BUT}{name}", value)] if name and value else []
    if given.get("number") and given.get("to", "").strip():
        found.append((f"{BUT}{given['number']}", given["to"].strip()))
    return found


def changed(pairs: Sequence[Pair], changes: Iterable[Pair], desk: Desk) -> list[Pair]:
    """The facts with others in place of those that are changed; unknown takes a fact away."""
    told = list(changes)
    rest = list(pairs)
    for name, _ in told:
        attribute = attribute_of(name, desk.patients.attributes)
        rest = without(rest, attribute.key) if attribute else rest
    return [*rest, *(pair for pair in told if pair[1] != UNKNOWN)]
