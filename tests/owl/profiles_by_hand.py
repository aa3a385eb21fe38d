"""Patient profiles for tests: invented whole and free of contradiction, then partly hidden.

Completion is written here a second time, apart from the one the product has, and goes further:
an implication also runs backwards, as it does in logic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TypeVar

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.criteria import BoundTest, Clause, ValueTest
from graph_builder.terms import Terms

Item = TypeVar("Item")


class ContradictionError(Exception):
    """Facts that cannot hold together."""


@dataclass(frozen=True)
class Facts:
    """What is known: value name to whether it holds, number attribute to its number."""

    values: dict[str, bool] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)


def completed(facts: Facts, terms: Terms) -> Facts:
    """The facts and all that the implications and the closed value lists make of them."""
    values = dict(facts.values)
    changed = True
    while changed:
        before = len(values)
        for rule in terms.implications:
            _run(rule, values)
        for attribute in terms.attributes.values():
            if attribute.kind in (Kind.ONE_OF, Kind.YES_NO):
                _only_one(attribute, values)
        changed = len(values) > before
    return Facts(values, dict(facts.numbers))


def _run(rule: Implication, values: dict[str, bool]) -> None:
    """Forwards when all conditions hold; backwards onto the one condition that is open."""
    results = {**dict.fromkeys(rule.consequences, True), **dict.fromkeys(rule.ruled_out, False)}
    open_ones = [value for value in rule.conditions if values.get(value) is not True]
    if not open_ones:
        for value, holds in results.items():
            _learn(values, value, holds)
    refuted = any(values.get(value) is (not holds) for value, holds in results.items())
    if refuted and len(open_ones) == 1:
        _learn(values, open_ones[0], False)


def _only_one(attribute: Attribute, values: dict[str, bool]) -> None:
    names = [attribute.value_id(word) for word in attribute.values]
    for name in names:
        if values.get(name):
            for other in names:
                _learn(values, other, other == name)


def _learn(values: dict[str, bool], value: str, holds: bool) -> None:
    if values.setdefault(value, holds) is not holds:
        raise ContradictionError(value)


def whole_profile(
    random: Random,
    terms: Terms,
    wished: Iterable[Clause] = (),
    limits: Iterable[BoundTest] = (),
) -> Facts:
    """A profile in which everything is known, meeting the clauses wished for where it can.

    A number with a limit in `limits` stands at it or close by.
    """
    values: dict[str, bool] = {}
    numbers = {t.attribute: _close_to(t, random) for t in _shuffled(random, limits)}
    for clause in wished:
        test = random.choice(clause)
        if isinstance(test, BoundTest):
            numbers[test.attribute] = _close_to(test, random)
        else:
            values = _with(values, _wished_value(test, terms, random), terms)
    for attribute in _shuffled(random, terms.attributes.values()):
        values = _filled(values, attribute, terms, random)
    return Facts(values, _numbers(random, terms, values, numbers))


def _wished_value(test: ValueTest, terms: Terms, random: Random) -> tuple[str, bool]:
    attribute = terms.attributes[test.attribute]
    if test.present or attribute.kind is Kind.SET:
        return attribute.value_id(test.value), test.present
    return attribute.value_id(random.choice(sorted(set(attribute.values) - {test.value}))), True


def _with(values: dict[str, bool], fact: tuple[str, bool], terms: Terms) -> dict[str, bool]:
    """The values with one more and what follows, or as they were where it does not go with them."""
    if values.get(fact[0], fact[1]) is not fact[1]:
        return values
    try:
        return completed(Facts({**values, fact[0]: fact[1]}), terms).values
    except ContradictionError:
        return values


def _filled(
    values: dict[str, bool], attribute: Attribute, terms: Terms, random: Random
) -> dict[str, bool]:
    words = _shuffled(random, attribute.values)
    names = [attribute.value_id(word) for word in words]
    if attribute.kind is Kind.SET:
        count = random.choice((1, 1, 1, 2, 2, 3, len(names)))
        chosen = dict.fromkeys(names, False) | dict.fromkeys(names[:count], True)
        return chosen | {k: v for k, v in values.items() if k in chosen} | values
    for name in names:
        if not any(values.get(other) for other in names):
            values = _with(values, (name, True), terms)
    return values


def _numbers(
    random: Random, terms: Terms, values: Mapping[str, bool], wished: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    numbers = {}
    asked = [a for a in terms.attributes.values() if a.kind is Kind.NUMBER]
    for attribute in sorted(asked, key=lambda a: (a.not_above is not None, a.order)):
        if attribute.only_with and not values.get(attribute.only_with):
            continue
        low, high = Decimal(attribute.lowest or 0), Decimal(attribute.highest or 999)
        number = wished.get(attribute.key, _any_number(random, attribute, low, high))
        low = max(low, Decimal(_count(attribute.not_below_count_of, terms, values)))
        high = min(high, numbers.get(attribute.not_above or "", high))
        counted = _count(attribute.count_of, terms, values)
        numbers[attribute.key] = Decimal(counted) if counted else max(low, min(high, number))
    return numbers


def _any_number(random: Random, attribute: Attribute, low: Decimal, high: Decimal) -> Decimal:
    if random.random() < 0.5:
        high = min(high, low + 12)
    number = Decimal(random.randint(int(low), int(high)))
    return number if attribute.whole_numbers else number + Decimal(random.randint(0, 9)) / 10


def _count(members: str | None, terms: Terms, values: Mapping[str, bool]) -> int:
    if members is None:
        return 0
    attribute = terms.attributes[members]
    return sum(values.get(attribute.value_id(word), False) for word in attribute.values)


def _close_to(test: BoundTest, random: Random) -> Decimal:
    """The number of the limit, or one more or less."""
    return Decimal(test.limit) + random.choice((-1, 0, 0, 1))


def _shuffled(random: Random, items: Iterable[Item]) -> list[Item]:
    found = list(items)
    random.shuffle(found)
    return found


def hidden(facts: Facts, terms: Terms, random: Random, keep: float = 0.5) -> Facts:
    """Some of the facts: an attribute is known with probability `keep`, a set often in part."""
    values: dict[str, bool] = {}
    for attribute in terms.attributes.values():
        names = [attribute.value_id(word) for word in attribute.values]
        if attribute.kind is Kind.SET:
            share = random.choice((0.0, 0.5, 1.0, 1.0))
            values |= {n: facts.values[n] for n in names if random.random() < share}
        elif names and random.random() < keep:
            values |= {n: True for n in names if facts.values[n]}
    numbers = {k: n for k, n in facts.numbers.items() if random.random() < keep}
    return Facts(values, numbers)


def profiles(
    count: int, terms: Terms, wishes: Sequence[Sequence[Clause]], seed: int = 20261121
) -> dict[str, Facts]:
    """Partly known profiles by name; two in three lean towards one of the populations `wishes`."""
    random = Random(seed)
    tests = (test for wish in wishes for clause in wish for test in clause)
    limits = sorted({test for test in tests if isinstance(test, BoundTest)})
    found = {}
    for number in range(count):
        wished = random.choice(wishes) if wishes and number % 3 else ()
        whole = whole_profile(random, terms, wished, limits if random.random() < 0.5 else ())
        keep = random.choice((0.3, 0.5, 0.7, 0.95)) if wished else 0.5
        found[f"profile-{number}"] = hidden(whole, terms, random, keep)
    return found
