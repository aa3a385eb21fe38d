"""Row and column of the gap map -> what `/ask` is told of such a patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from graph_builder.attributes import Attribute, Kind
from metalocal.evidence_map.axes import AxisValue, Case


@dataclass(frozen=True)
class Patient:
    """Facts of a URL of `/ask`; `untold` are labels of rows and columns they do not tell whole."""

    facts: tuple[tuple[str, str], ...]
    untold: tuple[str, ...]


def patient_of(values: Iterable[AxisValue], attributes: Mapping[str, Attribute]) -> Patient:
    """What is true of every patient of all `values`."""
    facts: dict[str, list[str]] = {}
    untold = []
    for value in values:
        if value.takes_everybody:
            continue
        common = _common(value)
        facts |= _facts(common, attributes)
        if not all(_rules_out(common, case) for case in value.outside):
            untold.append(value.label)
    pairs = tuple((name, word) for name, words in facts.items() for word in words)
    return Patient(pairs, tuple(untold))


def _rules_out(told: Case, other: Case) -> bool:
    """Whether nobody of whom `told` is said, ranges left out, can be of the case `other`."""
    apart = any(other.facts.get(key, held) != held for key, held in told.facts.items())
    return apart or any(
        low == high and key in other.limits and not _within(low, other.limits[key])
        for key, (low, high) in told.limits.items()
    )


def _within(number: Decimal, limits: tuple[Decimal, Decimal]) -> bool:
    return limits[0] <= number <= limits[1]


def _common(value: AxisValue) -> Case:
    """What all its cases share."""

    def shared(one: Case, two: Case) -> Case:
        return Case(
            dict(one.facts.items() & two.facts.items()),
            dict(one.limits.items() & two.limits.items()),
        )

    return reduce(shared, value.inside)


def _facts(case: Case, attributes: Mapping[str, Attribute]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, attribute in attributes.items():
        if attribute.kind is Kind.NUMBER:
            low, high = case.limits.get(key, (None, None))
            found |= {key: [f"{low:f}"]} if low is not None and low == high else {}
        elif attribute.kind is Kind.SET:
            found |= _members(case, attribute)
        else:
            there = [word for word in attribute.values if case.facts.get(attribute.value_id(word))]
            found |= {key: there} if there else {}
    return found


def _members(case: Case, attribute: Attribute) -> dict[str, list[str]]:
    """Members of a set known to be there or not; "only" where each is one or the other."""
    told = {word: case.facts.get(attribute.value_id(word)) for word in attribute.values}
    there = [word for word, held in told.items() if held]
    absent = [word for word, held in told.items() if held is False]
    if there and len(there) + len(absent) == len(told):
        return {f"{attribute.key}_only": there}
    found = {attribute.key: there, f"{attribute.key}_absent": absent}
    return {name: words for name, words in found.items() if words}
