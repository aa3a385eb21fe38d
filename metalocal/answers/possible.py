"""A profile and a fact nobody has told to every answer the fact may have, as worlds.

An answer is admissible where a profile that tells it too is not refused. A one-of or yes/no fact
has its values; a number has each limit and one value between each two; a set is told whole, each
member present or absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import ProblemsFoundError
from metalocal.answers.clauses import Worlds, worlds_of
from metalocal.profiles import Profile, profile_of


@dataclass(frozen=True)
class Said:
    """One way to answer a question, in words, and the worlds that it leaves."""

    words: str
    bits: int


class Span(NamedTuple):
    """A number that stands for all above `over` and below `under`, or without them for itself."""

    number: Decimal
    over: Decimal | None = None
    under: Decimal | None = None


@dataclass(frozen=True)
class Possible:
    """The admissible answers to one question: all worlds, and answers to tell of.

    `spans`: where it is a number, what each answer stands for, ascending, so that neighbours may be
    told as one.
    """

    worlds: Worlds
    answers: tuple[Said, ...]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Asker:
    """A profile to which one more fact is told, and the rules by which it is completed."""

    profile: Profile
    attributes: Mapping[str, Attribute]
    rules: Sequence[Implication]

    def possible(self, attribute: Attribute, limits: Iterable[Decimal]) -> Possible | None:
        """The admissible answers; none where every answer contradicts what is known.

        Args:
            attribute: what is asked about.
            limits: where a number is compared with something, in any order.
        """
        if attribute.kind is Kind.SET:
            return self._set(attribute)
        if attribute.kind is Kind.NUMBER:
            return self._numbers(
                attribute, spans_of(attribute, (*limits, *self._related(attribute)))
            )
        words = [w for w in attribute.values if attribute.value_id(w) not in self.profile.facts]
        given = [(word, found) for word in words if (found := self._with(attribute.key, word))]
        answers = tuple(Said(attribute.values[w], 1 << i) for i, (w, _) in enumerate(given))
        return Possible(worlds_of([more for _, more in given]), answers) if given else None

    @cached_property
    def _told(self) -> dict[str, Any]:
        return told(self.profile, self.attributes)

    def _with(self, key: str, value: object) -> Profile | None:
        """The profile that tells this too, or none where it is refused."""
        try:
            return profile_of({**self._told, key: value}, self.attributes, self.rules)
        except ProblemsFoundError:
            return None

    def _numbers(self, attribute: Attribute, spans: Iterable[Span]) -> Possible | None:
        given = [(one, found) for one in spans if (found := self._with(attribute.key, one.number))]
        answers = tuple(Said(f"{one.number:f}", 1 << i) for i, (one, _) in enumerate(given))
        worlds = worlds_of([more for _, more in given])
        return Possible(worlds, answers, tuple(one for one, _ in given)) if given else None

    def _related(self, attribute: Attribute) -> list[Decimal]:
        """Numbers that a value of the attribute is checked against: counts and other numbers."""
        below = [key for key, one in self.attributes.items() if one.not_above == attribute.key]
        keys = [*below, attribute.not_above]
        numbers = [self.profile.numbers[key] for key in keys if key in self.profile.numbers]
        sets = [
            self.attributes.get(key or "")
            for key in (attribute.count_of, attribute.not_below_count_of)
        ]
        counts = [len(self._members(one, held=True)) for one in sets if one]
        return [*numbers, *map(Decimal, counts)]

    def _members(self, attribute: Attribute, *, held: bool | None) -> list[str]:
        facts = self.profile.facts
        return [w for w in attribute.values if facts.get(attribute.value_id(w)) is held]

    def _set(self, attribute: Attribute) -> Possible | None:
        """Each member not yet told present or absent.

        Where no rule names a member, whether an answer is admissible, and what follows from it,
        depends on how many are present alone, so that one answer of each count is tried.
        """
        named = {value for rule in self.rules for value in _values_of(rule)}
        free = not any(attribute.value_id(word) in named for word in attribute.values)
        worlds = self._by_count(attribute) if free else self._one_by_one(attribute)
        return Possible(worlds, _said_of_set(attribute, worlds)) if worlds.every else None

    def _told_set(self, attribute: Attribute, more: Sequence[str]) -> Profile | None:
        """The profile that tells these members of the unknown ones present, the others absent."""
        present = [*self._members(attribute, held=True), *more]
        if not present and self._never_empty(attribute):
            return None
        absent = [word for word in attribute.values if word not in present]
        return self._with(attribute.key, {"present": present, "absent": absent})

    def _never_empty(self, attribute: Attribute) -> bool:
        """Whether the count of its members is one or more in every patient."""
        counts = [one for one in self.attributes.values() if one.count_of == attribute.key]
        return any(one.lowest is not None and one.lowest > 0 for one in counts)

    def _one_by_one(self, attribute: Attribute) -> Worlds:
        unknown = self._members(attribute, held=None)
        found = []
        for bits in range(1 << len(unknown)):
            more = [word for place, word in enumerate(unknown) if bits >> place & 1]
            profile = self._told_set(attribute, more)
            if profile is not None:
                found.append(profile)
        return worlds_of(found)

    def _by_count(self, attribute: Attribute) -> Worlds:
        unknown = self._members(attribute, held=None)
        every, numbers = 0, []
        for count, bits in enumerate(_by_number_present(len(unknown))):
            profile = self._told_set(attribute, unknown[:count])
            if profile is not None:
                every |= bits
                numbers.append((profile, bits))
        holds = {v: every for v, held in self.profile.facts.items() if held}
        fails = {v: every for v, held in self.profile.facts.items() if not held}
        for place, word in enumerate(unknown):
            present = _with_member(place, len(unknown))
            holds[attribute.value_id(word)] = every & present
            fails[attribute.value_id(word)] = every & ~present
        return Worlds(every, holds, fails, _numbers_of(numbers))


def told(profile: Profile, attributes: Mapping[str, Attribute]) -> dict[str, Any]:
    """What a profile knows, as it would be given: telling it again completes to the same."""
    given: dict[str, Any] = dict(profile.numbers)
    for key, attribute in attributes.items():
        known = {word: profile.facts.get(attribute.value_id(word)) for word in attribute.values}
        present = [word for word, held in known.items() if held]
        absent = [word for word, held in known.items() if held is False]
        if attribute.kind is Kind.SET and (present or absent):
            given[key] = {"present": present, "absent": absent}
        elif attribute.kind is not Kind.SET and present:
            given[key] = present[0]
    return given


def spans_of(attribute: Attribute, limits: Iterable[Decimal]) -> list[Span]:
    """Each limit within the range of a number, and one value at least between each two.

    >>> count = Attribute("n", Kind.NUMBER, "", "", "", "", 1, lowest=0, whole_numbers=True)
    >>> [int(span.number) for span in spans_of(count, [Decimal(3), Decimal(9)])]
    [0, 1, 2, 3, 4, 8, 9, 10]
    >>> size = Attribute("cm", Kind.NUMBER, "", "", "", "", 1, lowest=0, highest=6)
    >>> [str(span.number) for span in spans_of(size, [Decimal(3)])]
    ['0', '1.5', '3', '4.5', '6']
    """
    low, high = attribute.lowest, attribute.highest
    ends = [Decimal(end) for end in (low, high) if end is not None]
    points = sorted({*limits, *ends})
    if attribute.whole_numbers:
        whole = {point.to_integral_value(ROUND_FLOOR) for point in points}
        found = sorted(Span(number + shift) for number in whole for shift in (-1, 0, 1))
    else:
        found = sorted({*map(Span, points), *_between(points)})
    within = dict.fromkeys(
        one
        for one in found
        if (low is None or one.number >= low) and (high is None or one.number <= high)
    )
    return list(within)


def _between(points: Sequence[Decimal]) -> Iterator[Span]:
    if points:
        yield Span(points[0] - 1, None, points[0])
        yield Span(points[-1] + 1, points[-1], None)
    for one, two in pairwise(points):
        yield Span((one + two) / 2, one, two)


def span_words(first: Span, last: Span, *, lowest: bool, highest: bool) -> str:
    """Numbers from one span to another in words; `lowest` and `highest`: there is none beyond.

    >>> three, more = Span(Decimal(3)), Span(Decimal(4), Decimal(3), Decimal(5))
    >>> span_words(three, more, lowest=False, highest=False)
    '3 or more and below 5'
    >>> span_words(more, more, lowest=False, highest=True)
    'above 3'
    >>> span_words(three, Span(Decimal(8)), lowest=False, highest=False)
    '3 to 8'
    """
    if lowest and highest:
        return "any"
    if first == last and first.over is None and first.under is None:
        return f"{first.number:f}"
    over = f"above {first.over:f}" if first.over is not None else f"{first.number:f} or more"
    under = f"below {last.under:f}" if last.under is not None else f"at most {last.number:f}"
    if lowest or highest:
        return under if lowest else over
    if first.over is None and last.under is None:
        return f"{first.number:f} to {last.number:f}"
    return f"{over} and {under}"


def _values_of(rule: Implication) -> frozenset[str]:
    return rule.conditions | rule.consequences | rule.ruled_out


@lru_cache(maxsize=64)
def _by_number_present(members: int) -> tuple[int, ...]:
    """For each number of members present, the worlds that have it; 2 to the power of members.

    >>> [bin(bits) for bits in _by_number_present(2)]
    ['0b1', '0b110', '0b1000']
    """
    counts = [1]
    for place in range(members):
        more = [0, *(bits << (1 << place) for bits in counts)]
        counts = [one | two for one, two in zip([*counts, 0], more, strict=True)]
    return tuple(counts)


@lru_cache(maxsize=256)
def _with_member(place: int, members: int) -> int:
    """The worlds in which the member at a place is present.

    >>> bin(_with_member(0, 2)), bin(_with_member(1, 2))
    ('0b1010', '0b1100')
    """
    half = 1 << place
    block = ((1 << half) - 1) << half
    return block * (((1 << (1 << members)) - 1) // ((1 << 2 * half) - 1))


def _numbers_of(found: Iterable[tuple[Profile, int]]) -> dict[str, list[tuple[Decimal, int]]]:
    numbers: dict[str, list[tuple[Decimal, int]]] = {}
    for profile, bits in found:
        for key, number in profile.numbers.items():
            numbers.setdefault(key, []).append((number, bits))
    return numbers


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
