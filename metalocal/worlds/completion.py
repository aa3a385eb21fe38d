"""What is told in each world to what follows from it there, and the worlds that contradict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from graph_builder.attributes import Attribute, Implication, Kind
from metalocal.worlds.records import Numbers, Scale, Worlds


def completed(
    told: Worlds, attributes: Mapping[str, Attribute], rules: Sequence[Implication]
) -> tuple[Worlds, int]:
    """What is told and what follows from it in each world, and the worlds that are refused.

    It is what `profile_of` makes of each world: implications, counts of sets, and a refusal where
    something contradicts something else. Worlds keep their bits; those refused are in no part of
    the result, `every` included.

    Args:
        told: values and numbers of these attributes, each number within the range of its attribute.
        attributes: by key.
        rules: in any order.
    """
    completion = _Completion(told, attributes)
    completion.close_values()
    completion.apply(rules)
    completion.count_sets()
    refused = completion.contradictions() & told.every
    every = told.every & ~refused
    numbers = {
        key: kept
        for key, found in completion.numbers.items()
        if (kept := [(number, left) for number, bits in found if (left := bits & every)])
    }
    holds, fails = _within(every, completion.holds), _within(every, completion.fails)
    return Worlds(every, holds, fails, numbers), refused


def _within(every: int, sides: Mapping[str, int]) -> dict[str, int]:
    return {value: left for value, bits in sides.items() if (left := bits & every)}


def with_count(members: Collection[int], every: int) -> list[int]:
    """For each count from none, the worlds in which that many members are present.

    >>> [bin(bits) for bits in with_count([0b1010, 0b1100], 0b1111)]
    ['0b1', '0b110', '0b1000']
    """
    counts = [every]
    for present in members:
        fewer = [bits & ~present for bits in counts]
        more = [bits & present for bits in counts]
        counts = [one | two for one, two in zip([*fewer, 0], [0, *more], strict=True)]
    return counts


class _Completion:
    """What is known so far in each world; a world may say both of a value, and is refused then.

    Facts are only ever added, so that the order of the rules changes nothing: `profile_of` stops a
    patient at the first contradiction, here the rest is drawn too and the world left out at last.
    """

    def __init__(self, told: Worlds, attributes: Mapping[str, Attribute]) -> None:
        self.attributes, self.every = attributes, told.every
        self.holds, self.fails = dict(told.holds), dict(told.fails)
        self.numbers = {key: list(numbers) for key, numbers in told.numbers.items()}
        self.refused = 0
        self.news: set[str] = set()

    def close_values(self) -> None:
        """Lets the other values of a one-of attribute fail where one is told to hold."""
        for value, bits in list(self.holds.items()):
            attribute = self.attributes[_key_of(value)]
            if attribute.kind is not Kind.SET:
                self._let_others_fail(attribute, value, bits)

    def apply(self, rules: Sequence[Implication]) -> None:
        """Draws what the rules give until they give nothing new."""
        named = [(one, one.conditions | one.consequences | one.ruled_out) for one in rules]
        due = [one for one, values in named if not one.conditions or self._is_known(values)]
        while due:
            self.news = set()
            for rule in due:
                self._apply(rule)
            due = [one for one, values in named if not values.isdisjoint(self.news)]

    def _is_known(self, values: Iterable[str]) -> bool:
        return any(value in self.holds or value in self.fails for value in values)

    def _apply(self, rule: Implication) -> None:
        """Where all conditions hold, what follows; where it is refuted, the last one fails."""
        fires = self._all_hold(rule.conditions)
        if fires:
            for value in rule.ruled_out:
                self._learn(self.fails, value, fires)
            for value in rule.consequences:
                self._choose(value, fires & ~self.holds.get(value, 0))
        refuted = _either(self.fails, rule.consequences) | _either(self.holds, rule.ruled_out)
        if refuted:
            for value in rule.conditions:
                others = self._all_hold(rule.conditions - {value})
                self._learn(self.fails, value, others & refuted)

    def _all_hold(self, values: Iterable[str]) -> int:
        found = self.every
        for value in values:
            found &= self.holds.get(value, 0)
        return found

    def _choose(self, value: str, bits: int) -> None:
        """Lets a value hold and the others of its attribute fail."""
        if bits:
            self._learn(self.holds, value, bits)
            self._let_others_fail(self.attributes[_key_of(value)], value, bits)

    def _let_others_fail(self, attribute: Attribute, value: str, bits: int) -> None:
        for word in attribute.values:
            other = attribute.value_id(word)
            if other != value:
                self._learn(self.fails, other, bits)

    def _learn(self, side: dict[str, int], value: str, bits: int) -> None:
        """Records where a value is known, and that it is news where it was not."""
        known = side.get(value, 0)
        if bits & ~known:
            side[value] = known | bits
            self.news.add(value)

    def count_sets(self) -> None:
        """Adds the count of each set that is known whole and not empty, or refuses another one."""
        for attribute in self.attributes.values():
            members = self.attributes.get(attribute.count_of or "")
            if members is None:
                continue
            counts = self._counts(members)
            whole = self._known_whole(members) & ~counts[0]
            if whole:
                self._count(attribute.key, counts, whole)

    def _count(self, key: str, counts: Sequence[int], whole: int) -> None:
        scale, known = _scale_of(counts), self.numbers.setdefault(key, [])
        told = _or(bits for _, bits in known)
        for number, bits in known:
            counted = scale.at_most(number) & ~scale.below(number)
            self.refused |= bits & whole & ~counted
        new = whole & ~told
        known += [(Decimal(n), bits & new) for n, bits in enumerate(counts) if bits & new]

    def _known_whole(self, members: Attribute) -> int:
        found = self.every
        for word in members.values:
            value = members.value_id(word)
            found &= self.holds.get(value, 0) | self.fails.get(value, 0)
        return found

    def _counts(self, members: Attribute) -> list[int]:
        held = [self.holds.get(members.value_id(word), 0) for word in members.values]
        return with_count(held, self.every)

    def contradictions(self) -> int:
        """The worlds in which a value holds and does not, or a number does not fit."""
        found = self.refused
        for value in self.holds.keys() & self.fails.keys():
            found |= self.holds[value] & self.fails[value]
        for key, numbers in self.numbers.items():
            found |= self._unfit(self.attributes[key], numbers)
        return found

    def _unfit(self, attribute: Attribute, numbers: Numbers) -> int:
        """The worlds in which the number is less than a count, above another, or out of place."""
        found = 0
        members = self.attributes.get(attribute.not_below_count_of or "")
        if members is not None:
            counts = _scale_of(self._counts(members))
            found |= _or(bits & ~counts.at_most(number) for number, bits in numbers)
        if attribute.not_above in self.numbers:
            ceilings = Scale(self.numbers[attribute.not_above])
            found |= _or(bits & ceilings.below(number) for number, bits in numbers)
        if attribute.only_with:
            found |= _or(bits for _, bits in numbers) & self.fails.get(attribute.only_with, 0)
        return found


def _scale_of(counts: Sequence[int]) -> Scale:
    return Scale([(Decimal(count), bits) for count, bits in enumerate(counts)])


def _key_of(value: str) -> str:
    return value.partition("-")[0]


def _either(side: Mapping[str, int], values: Iterable[str]) -> int:
    return _or(side.get(value, 0) for value in values)


def _or(parts: Iterable[int]) -> int:
    found = 0
    for bits in parts:
        found |= bits
    return found
