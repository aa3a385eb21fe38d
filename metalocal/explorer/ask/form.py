"""The graph's attributes and what is told already -> the form, group by group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_builder.attributes import Attribute, Kind
from metalocal.explorer.ask.asked import Fault, Pair, address, attribute_of
from metalocal.explorer.ask.desk import Desk
from metalocal.pages.addresses import Link

OFTEN = 10
"""An attribute that as many groups by criteria ask about is in sight from the start."""


@dataclass(frozen=True)
class Choice:
    """A value to choose; `state` is "present", "absent", "chosen" or empty for unknown."""

    word: str
    label: str
    state: str


@dataclass(frozen=True)
class Field:
    """One attribute as asked; `value` is a number as told, `complete` that a set names all."""

    key: str
    kind: str
    label: str
    question: str
    definition: str
    unit: str
    lowest: int | None
    highest: int | None
    step: str
    choices: tuple[Choice, ...]
    value: str
    complete: bool
    faults: tuple[str, ...]

    @property
    def told(self) -> bool:
        """Whether anything is told of it, or wrong with it."""
        return bool(self.value or self.faults or any(one.state for one in self.choices))


@dataclass(frozen=True)
class Group:
    """Attributes that are asked together: those in sight, and those asked rarely."""

    name: str
    often: tuple[Field, ...]
    rarely: tuple[Field, ...]

    @property
    def told(self) -> int:
        """Of how many attributes something is told."""
        return sum(field.told for field in (*self.often, *self.rarely))

    @property
    def rare_told(self) -> bool:
        """Whether something is told of what is asked rarely."""
        return any(field.told for field in self.rarely)


@dataclass(frozen=True)
class Form:
    """The form, and what is wrong with what it was sent; `others` are about no attribute."""

    groups: tuple[Group, ...]
    others: tuple[str, ...]
    faulty: tuple[Link, ...]


def form_of(desk: Desk, pairs: Sequence[Pair], faults: Sequence[Fault] = ()) -> Form:
    """The form with what is told filled in, each fault beside its attribute."""
    attributes = desk.patients.attributes
    fields: dict[str, list[Field]] = defaultdict(list)
    for attribute in attributes.values():
        own = tuple(one.text for one in faults if one.attribute == attribute.key)
        fields[attribute.group].append(_field(attribute, pairs, own))
    return Form(
        groups=tuple(_group(name, found, desk) for name, found in fields.items()),
        others=tuple(one.text for one in faults if one.attribute not in attributes),
        faulty=tuple(
            Link(one.text, f"#f-{one.attribute}") for one in faults if one.attribute in attributes
        ),
    )


def _group(name: str, fields: Iterable[Field], desk: Desk) -> Group:
    found = list(fields)
    often = [one for one in found if desk.uses.get(one.key, 0) >= OFTEN]
    return Group(name, tuple(often), tuple(one for one in found if one not in often))


def _field(attribute: Attribute, pairs: Sequence[Pair], faults: tuple[str, ...]) -> Field:
    told = [pair for pair in pairs if pair[0] == attribute.key]
    number = attribute.kind is Kind.NUMBER
    return Field(
        key=attribute.key,
        kind=attribute.kind.value,
        label=attribute.label,
        question=attribute.question,
        definition=attribute.definition,
        unit=attribute.unit,
        lowest=attribute.lowest,
        highest=attribute.highest,
        step="1" if attribute.whole_numbers else "any",
        choices=tuple(_choice(attribute, word, pairs) for word in attribute.values),
        value=told[0][1] if number and told else "",
        complete=any(name == f"{attribute.key}_only" for name, _ in pairs),
        faults=faults,
    )


def _choice(attribute: Attribute, word: str, pairs: Sequence[Pair]) -> Choice:
    key, label = attribute.key, attribute.values[word]
    if attribute.kind is not Kind.SET:
        return Choice(word, label, "chosen" if (key, word) in pairs else "")
    present = (key, word) in pairs or (f"{key}_only", word) in pairs
    absent = (f"{key}_absent", word) in pairs
    both = "both" if present and absent else ""
    return Choice(word, label, both or ("present" if present else "absent" if absent else ""))


@dataclass(frozen=True)
class Chip:
    """A fact that is told, in words, and the address of the page without it."""

    text: str
    key: str
    without: str


def chips_of(desk: Desk, pairs: Sequence[Pair]) -> list[Chip]:
    """Each fact told, in the order they are asked in; members of a complete set are one fact."""
    found: dict[str, Chip] = {}
    for name, value in pairs:
        attribute = attribute_of(name, desk.patients.attributes)
        if attribute is not None:
            chip = _chip(attribute, (name, value), pairs)
            found.setdefault(chip.text, chip)
    order = list(desk.patients.attributes)
    return sorted(found.values(), key=lambda chip: order.index(chip.key))


def _chip(attribute: Attribute, told: Pair, pairs: Sequence[Pair]) -> Chip:
    name, value = told
    if name == f"{attribute.key}_only":
        members = [attribute.values.get(word, word) for also, word in pairs if also == name]
        text = f"{attribute.label}: {', '.join(members)} only"
        taken = [pair for pair in pairs if pair[0] == name]
    else:
        text, taken = _words(attribute, name, value), [told]
    rest = [pair for pair in pairs if pair not in taken]
    return Chip(text, attribute.key, address("/ask", rest))


def _words(attribute: Attribute, name: str, value: str) -> str:
    label = attribute.values.get(value, value)
    if name.endswith("_absent") and name != attribute.key:
        return f"{attribute.label}: no {label}"
    return f"{attribute.label}: {label}{attribute.said_unit}"
