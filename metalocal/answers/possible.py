"""A profile and facts nobody has told to every answer they may have, as worlds side by side.

An answer is admissible where a profile that tells it too is not refused. A one-of or yes/no fact
has its values; a number has each limit and one value between each two; a set is told whole, each
member present or absent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from graph_builder.attributes import Attribute, Implication, Kind
from metalocal.answers.drafts import Draft, Place, members
from metalocal.answers.spans import Span, spans_of
from metalocal.profiles import Profile
from metalocal.worlds import Worlds, completed

Limits = Mapping[str, Collection[Decimal]]
"""What each number attribute is compared with, by its key, in any order."""


@dataclass(frozen=True)
class Said:
    """One way to answer a question, in words, and the worlds that it leaves."""

    words: str
    bits: int


@dataclass(frozen=True)
class Possible:
    """The admissible answers to one question: all their worlds, and answers to tell of.

    `spans`: where it is a number, what each answer stands for, ascending, so that neighbours may be
    told as one. `tells`: values and number attributes that become known in one world at least.
    """

    attribute: Attribute
    bits: int
    answers: tuple[Said, ...]
    spans: tuple[Span, ...]
    tells: frozenset[str]


@dataclass(frozen=True)
class Round:
    """Questions tried side by side: in each world one of them is answered, in one way."""

    worlds: Worlds
    questions: tuple[Possible, ...]


@dataclass(frozen=True)
class Asker:
    """A profile to which one more fact is told, and the rules by which it is completed."""

    profile: Profile
    attributes: Mapping[str, Attribute]
    rules: Sequence[Implication]

    def rounds(self, questions: Sequence[Attribute], limits: Limits) -> Iterator[Round]:
        """Questions that the profile leaves open, tried; a set has so many worlds that it is alone.

        A question of which every answer contradicts what is known is left out.
        """
        sets = [one for one in questions if one.kind is Kind.SET]
        others = [one for one in questions if one.kind is not Kind.SET]
        for together in (others, *([one] for one in sets)):
            if together:
                yield self._tried(together, limits)

    def _tried(self, questions: Sequence[Attribute], limits: Limits) -> Round:
        draft = Draft(self.profile)
        for one in questions:
            if one.kind is Kind.SET:
                draft.add_set(one, empty=not self._never_empty(one))
            elif one.kind is Kind.NUMBER:
                tried = (*limits.get(one.key, ()), *self._related(one))
                draft.add_number(one, spans_of(one, tried))
            else:
                draft.add_values(one)
        worlds, _ = completed(draft.worlds(), self.attributes, self.rules)
        return Round(worlds, tuple(_admissible(draft.places, worlds, self.profile)))

    def _related(self, attribute: Attribute) -> list[Decimal]:
        """Numbers that a value of the attribute is checked against: counts and other numbers."""
        keys = [*self._bounded_by.get(attribute.key, ()), attribute.not_above]
        numbers = [self.profile.numbers[key] for key in keys if key in self.profile.numbers]
        sets = [
            self.attributes.get(key or "")
            for key in (attribute.count_of, attribute.not_below_count_of)
        ]
        counts = [len(members(self.profile, one, held=True)) for one in sets if one]
        return [*numbers, *map(Decimal, counts)]

    @cached_property
    def _bounded_by(self) -> dict[str, list[str]]:
        """Number attributes, and those that are never above each."""
        found: dict[str, list[str]] = {}
        for key, attribute in self.attributes.items():
            if attribute.not_above:
                found.setdefault(attribute.not_above, []).append(key)
        return found

    def _never_empty(self, attribute: Attribute) -> bool:
        """Whether the count of its members is one or more in every patient."""
        counts = [one for one in self.attributes.values() if one.count_of == attribute.key]
        return any(one.lowest is not None and one.lowest > 0 for one in counts)


def _admissible(places: Sequence[Place], worlds: Worlds, profile: Profile) -> Iterator[Possible]:
    """The questions that have an answer, with what is left of their worlds."""
    for place, tells in zip(places, _told_more(places, worlds, profile), strict=True):
        bits = worlds.every & place.bits
        if not bits:
            continue
        attribute = place.attribute
        if attribute.kind is Kind.SET:
            yield Possible(attribute, bits, _said_of_set(attribute, worlds), (), tells)
            continue
        left = [n for n in range(place.count) if bits >> (place.first + n) & 1]
        answers = tuple(Said(place.words[n], 1 << (place.first + n)) for n in left)
        spans = tuple(place.spans[n] for n in left if place.spans)
        yield Possible(attribute, bits, answers, spans, tells)


def _told_more(places: Sequence[Place], worlds: Worlds, profile: Profile) -> list[frozenset[str]]:
    """For each question, the values and number attributes that an answer to it makes known."""
    known = {
        v: worlds.holds.get(v, 0) | worlds.fails.get(v, 0) for v in (*worlds.holds, *worlds.fails)
    }
    more = {value: bits for value, bits in known.items() if value not in profile.facts}
    for key, scale in worlds.scales.items():
        if key not in profile.numbers:
            more[key] = scale.told
    found: list[set[str]] = [set() for _ in places]
    firsts = [place.first for place in places]
    for value, told in more.items():
        bits = told
        while bits:
            lowest = (bits & -bits).bit_length() - 1
            which = bisect_right(firsts, lowest) - 1
            found[which].add(value)
            bits = bits >> places[which].end << places[which].end
    return [frozenset(one) for one in found]


def _said_of_set(attribute: Attribute, worlds: Worlds) -> tuple[Said, ...]:
    """That a member is the only one, or one of those present, and that there is none."""
    held = {word: worlds.holds.get(attribute.value_id(word), 0) for word in attribute.values}
    none = worlds.every
    for bits in held.values():
        none &= ~bits
    said = [Said("none", none)]
    for word, bits in held.items():
        label, others = attribute.values[word], 0
        for other, more in held.items():
            others |= more if other != word else 0
        said.append(Said(f"{label} only", bits & ~others))
        if bits != worlds.every:
            said.append(Said(f"{label} among them", bits))
            said.append(Said(f"no {label}", worlds.every & ~bits))
    return tuple(one for one in said if one.bits)
