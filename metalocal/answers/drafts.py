"""Open questions to the worlds in which each is answered, side by side; nothing is drawn yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from graph_builder.attributes import Attribute
from metalocal.answers.spans import Span
from metalocal.profiles import Profile
from metalocal.worlds import Worlds


@dataclass(frozen=True)
class Place:
    """The worlds of one question: the first, how many, and the numbers or words of each."""

    attribute: Attribute
    first: int
    count: int
    spans: Sequence[Span] = ()
    words: Sequence[str] = ()

    @property
    def bits(self) -> int:
        """The worlds."""
        return ((1 << self.count) - 1) << self.first

    @property
    def end(self) -> int:
        """Where the worlds of the next question begin."""
        return self.first + self.count


class Draft:
    """What is told in the worlds of several questions, which lie side by side."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.places: list[Place] = []
        self.every = 0
        self.holds: dict[str, int] = defaultdict(int)
        self.fails: dict[str, int] = defaultdict(int)
        self.numbers: dict[str, list[tuple[Decimal, int]]] = {}

    def _placed(self, place: Place) -> None:
        self.places.append(place)
        self.every |= place.bits

    @property
    def _end(self) -> int:
        return self.places[-1].end if self.places else 0

    def add_values(self, attribute: Attribute) -> None:
        """A world for each value that is not known to fail."""
        values = [(attribute.value_id(word), label) for word, label in attribute.values.items()]
        left = [(value, label) for value, label in values if value not in self.profile.facts]
        for place, (value, _) in enumerate(left, self._end):
            self.holds[value] |= 1 << place
        labels = [label for _, label in left]
        self._placed(Place(attribute, self._end, len(left), words=labels))

    def add_number(self, attribute: Attribute, spans: Sequence[Span]) -> None:
        """A world for each of these numbers."""
        first = self._end
        self.numbers[attribute.key] = [
            (one.number, 1 << place) for place, one in enumerate(spans, first)
        ]
        words = [f"{one.number:f}" for one in spans]
        self._placed(Place(attribute, first, len(spans), spans, words))

    def add_set(self, attribute: Attribute, *, empty: bool) -> None:
        """A world for each way to be present or absent of the members not known; told whole."""
        unknown = members(self.profile, attribute, held=None)
        first, count = self._end, 1 << len(unknown)
        for place, word in enumerate(unknown):
            present = with_member(place, len(unknown))
            self.holds[attribute.value_id(word)] |= present << first
            self.fails[attribute.value_id(word)] |= (present ^ ((1 << count) - 1)) << first
        self._placed(Place(attribute, first, count))
        if not empty and not members(self.profile, attribute, held=True):
            self.every &= ~(1 << first)  # the world in which no member is present

    def worlds(self) -> Worlds:
        """What is told in each world: the profile, and in each one answer more."""
        holds, fails = dict(self.holds), dict(self.fails)
        for value, known in self.profile.facts.items():
            (holds if known else fails)[value] = self.every
        numbers = {key: [(number, self.every)] for key, number in self.profile.numbers.items()}
        return Worlds(self.every, holds, fails, {**numbers, **self.numbers})


def members(profile: Profile, attribute: Attribute, *, held: bool | None) -> list[str]:
    """The members of a set that are known to be present, to be absent, or not known."""
    return [w for w in attribute.values if profile.facts.get(attribute.value_id(w)) is held]


@lru_cache(maxsize=256)
def with_member(place: int, members: int) -> int:
    """The worlds in which the member at a place is present.

    >>> bin(with_member(0, 2)), bin(with_member(1, 2))
    ('0b1010', '0b1100')
    """
    half = 1 << place
    block = ((1 << half) - 1) << half
    return block * (((1 << (1 << members)) - 1) // ((1 << 2 * half) - 1))
