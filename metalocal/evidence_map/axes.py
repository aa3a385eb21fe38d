"""The axes of the map, as a YAML file defines them, to values with their cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import Place, Problem, ProblemsFoundError
from graph_builder.yaml_tree import PLACES, read_yaml
from metalocal.profiles import profile_of

Limits = dict[str, tuple[Decimal, Decimal]]
Row = tuple[object, ...]

_SPREAD = {"each": 1, "pairs": 2}


@dataclass(frozen=True)
class Case:
    """A partial patient: attribute values that hold or do not, and numbers within limits."""

    facts: Mapping[str, bool]
    limits: Mapping[str, tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class AxisValue:
    """A column or row; its cases `inside` stand for all of it, those `outside` for all else.

    Without cases it takes everybody. `questions` are those it is for, all where there are none.
    """

    id: str
    label: str
    definition: str
    questions: tuple[str, ...]
    inside: tuple[Case, ...]
    outside: tuple[Case, ...]

    @property
    def takes_everybody(self) -> bool:
        """Whether it is the row or column that asks for nothing."""
        return not self.inside

    def rows(self, about: Iterable[str]) -> dict[str, list[Row]]:
        """The parameters of the query evidence-map; one value at a time keeps it short.

        Args:
            about: keys of the attributes of the axis.
        """
        rows: dict[str, list[Row]] = {"cases": [], "facts": [], "limits": []}
        rows["about"] = [(key,) for key in about]
        sides = [("inside", case) for case in self.inside]
        sides += [("outside", case) for case in self.outside]
        for number, (side, case) in enumerate(sides):
            name = f"c{number}"
            rows["cases"].append((self.id, side, name))
            rows["facts"] += [(name, key, int(true)) for key, true in case.facts.items()]
            rows["limits"] += [(name, key, *both) for key, both in case.limits.items()]
        return rows


@dataclass(frozen=True)
class Axes:
    """The columns (subtypes) and rows (patterns) of the map."""

    subtypes: tuple[AxisValue, ...]
    patterns: tuple[AxisValue, ...]

    def questions_to_ask(self) -> list[dict[str, list[Row]]]:
        """For each value with cases, the parameters of the query evidence-map."""
        return [
            value.rows(_attributes_of(axis))
            for axis in (self.subtypes, self.patterns)
            for value in axis
            if not value.takes_everybody
        ]


def _attributes_of(axis: Iterable[AxisValue]) -> list[str]:
    """Keys of all attributes that any case of an axis tells something of."""
    cases = [case for value in axis for case in (*value.inside, *value.outside)]
    facts = {key.partition("-")[0] for case in cases for key in case.facts}
    return sorted(facts | {key for case in cases for key in case.limits})


def read_axes(
    text: str, file: str, attributes: Mapping[str, Attribute], rules: Iterable[Implication]
) -> Axes:
    """The axes of the map.

    Raises:
        ProblemsFoundError: it is no YAML, or a case is no partial profile.
    """
    tree, problems = read_yaml(text, file)
    if problems:
        raise ProblemsFoundError(problems)
    known = tuple(rules)
    subtypes, patterns = (
        tuple(_value(entry, attributes, known) for entry in tree[axis])
        for axis in ("subtype", "pattern")
    )
    return Axes(subtypes, patterns)


def _value(
    entry: Mapping[str, Any], attributes: Mapping[str, Attribute], rules: tuple[Implication, ...]
) -> AxisValue:
    def cases(side: str) -> tuple[Case, ...]:
        given = [spread for one in entry.get(side, []) for spread in _spread(one, attributes)]
        return tuple(case_of(one, attributes, rules) for one in given)

    return AxisValue(
        id=entry["id"],
        label=entry["label"],
        definition=entry["definition"],
        questions=tuple(entry.get("questions", ())),
        inside=cases("inside"),
        outside=cases("outside"),
    )


def _spread(
    given: Mapping[str, Any], attributes: Mapping[str, Attribute]
) -> list[Mapping[str, Any]]:
    """The case, or one case for each member or pair of members where a set says so."""
    for key, told in given.items():
        for side, words in told.items() if isinstance(told, dict) else ():
            if isinstance(words, str) and words in _SPREAD:
                members = [w for w in attributes[key].values if w not in told.get("except", ())]
                groups = combinations(members, _SPREAD[words])
                return [{**given, key: {side: list(group)}} for group in groups]
    return [given]


def case_of(
    given: Mapping[str, Any], attributes: Mapping[str, Attribute], rules: Iterable[Implication]
) -> Case:
    """A case with all that follows from it, by implications and between its numbers.

    Raises:
        ProblemsFoundError: it names what is no attribute, or contradicts itself.
    """
    plain = {key: told for key, told in given.items() if key != PLACES}
    ranges = {key: told for key, told in plain.items() if _is_range(key, told, attributes)}
    told = {key: value for key, value in plain.items() if key not in ranges}
    profile = profile_of(told, attributes, rules)
    limits: Limits = {key: (number, number) for key, number in profile.numbers.items()}
    for key, both in ranges.items():
        low = both.get("min", attributes[key].lowest)
        high = both.get("max", attributes[key].highest)
        _narrow(limits, attributes[key], Decimal(str(low)), Decimal(str(high)))
    return Case(profile.facts, _completed(limits, profile.facts, attributes))


def _is_range(key: str, told: object, attributes: Mapping[str, Attribute]) -> bool:
    known = key in attributes and attributes[key].kind is Kind.NUMBER
    return known and isinstance(told, dict)


def _narrow(
    limits: Limits, attribute: Attribute, low: Decimal | None, high: Decimal | None
) -> None:
    """Keeps a number to narrower limits; what is left of none is a problem."""
    old_low, old_high = limits.get(attribute.key, _whole(attribute))
    new = (
        old_low if low is None else max(old_low, low),
        old_high if high is None else min(old_high, high),
    )
    if new[0] > new[1]:
        message = f"{attribute.key} is at least {new[0]} and at most {new[1]}"
        problem = Problem(Place(f"case, {attribute.key}"), message, "contradiction", "correct it")
        raise ProblemsFoundError([problem])
    limits[attribute.key] = new


def _whole(attribute: Attribute) -> tuple[Decimal, Decimal]:
    return Decimal(attribute.lowest or 0), Decimal(attribute.highest or 0)


def _completed(
    limits: Limits, facts: Mapping[str, bool], attributes: Mapping[str, Attribute]
) -> Limits:
    """Adds what counts of sets and numbers that cannot exceed others tell of each other."""
    found = dict(limits)
    for attribute in attributes.values():
        members = attributes.get(attribute.count_of or attribute.not_below_count_of or "")
        told = [facts.get(members.value_id(word)) for word in members.values] if members else []
        if told.count(True):
            _narrow(found, attribute, Decimal(told.count(True)), None)
        if attribute.count_of and told.count(False):
            _narrow(found, attribute, None, Decimal(len(told) - told.count(False)))
    for less, more in (*_ordered(attributes), *_ordered(attributes)):  # twice: along a chain
        if more.key in found:
            _narrow(found, less, None, found[more.key][1])
        if less.key in found:
            _narrow(found, more, found[less.key][0], None)
    return {key: both for key, both in found.items() if both != _whole(attributes[key])}


def _ordered(attributes: Mapping[str, Attribute]) -> list[tuple[Attribute, Attribute]]:
    """Pairs of number attributes of which the first never exceeds the second."""
    pairs = [(a, attributes[a.not_above]) for a in attributes.values() if a.not_above]
    counts = [a for a in attributes.values() if a.count_of]
    pairs += [
        (count, total)
        for count in counts
        for total in attributes.values()
        if total.not_below_count_of == count.count_of
    ]
    return pairs
