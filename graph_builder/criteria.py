"""One criteria tree, three readings: clauses for matching, OWL expression, English sentence.

A criterion becomes a formula in which negation stands only at literals; the formula becomes a
conjunction of clauses. Both steps are laws of Kleene's three-valued logic (a De Morgan algebra),
so the clauses have the value of the tree for every profile, unknown facts included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from graph_builder.attributes import Attribute, Kind
from graph_builder.records import Criterion

_OPPOSITE = {"min": "below", "max": "above", "below": "min", "above": "max"}


@dataclass(frozen=True, order=True)
class ValueTest:
    """`attribute` has `value` (or, not `present`, is known to be without it)."""

    attribute: str
    value: str
    present: bool


@dataclass(frozen=True, order=True)
class BoundTest:
    """A number attribute keeps to `limit`; `side` is min, max (inclusive), above or below."""

    attribute: str
    side: str
    limit: str


Literal = ValueTest | BoundTest


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Formula, ...]


Formula = Literal | All | AnyOf
Clause = tuple[Literal, ...]


def formula(
    criterion: Criterion, attributes: Mapping[str, Attribute], *, holds: bool = True
) -> Formula:
    """The criterion, or its negation where not `holds`, with negation moved to the literals."""
    if criterion.not_ is not None:
        return formula(criterion.not_, attributes, holds=not holds)
    joined = criterion.any_of or criterion.all_of
    if joined is not None:
        parts = [formula(part, attributes, holds=holds) for part in joined]
        return _join(parts, conjunction=(criterion.any_of is None) == holds)
    attribute = attributes[criterion.attribute or ""]
    tests = [_test(attribute, name, criterion, holds) for name in sorted(criterion.tests())]
    return _join(tests, conjunction=holds)


def _join(parts: Sequence[Formula], *, conjunction: bool) -> Formula:
    if len(parts) == 1:
        return parts[0]
    return All(tuple(parts)) if conjunction else AnyOf(tuple(parts))


def _test(attribute: Attribute, name: str, criterion: Criterion, holds: bool) -> Formula:
    if attribute.kind is Kind.NUMBER:
        side = name if holds else _OPPOSITE[name]
        return BoundTest(attribute.key, side, str(getattr(criterion, name)))
    if attribute.kind is Kind.SET:
        return _set_test(attribute, name, getattr(criterion, name), holds)
    accepted = set(criterion.in_ or [_word(criterion.is_)])
    wanted = accepted if holds else set(attribute.values) - accepted
    return _one_of(attribute, [word for word in attribute.values if word in wanted])


def _word(value: bool | str | None) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _one_of(attribute: Attribute, wanted: list[str]) -> Formula:
    """One of `wanted`; told as "not the other" where only one value is left out.

    A profile may know that a value is ruled out without knowing which other holds.
    """
    others = [word for word in attribute.values if word not in wanted]
    if len(others) == 1 and len(wanted) > 1:
        return ValueTest(attribute.key, others[0], present=False)
    return _join([ValueTest(attribute.key, w, present=True) for w in wanted], conjunction=False)


def _set_test(attribute: Attribute, name: str, words: list[str], holds: bool) -> Formula:
    members = [ValueTest(attribute.key, word, present=holds) for word in words]
    if name == "includes":
        return _join(members, conjunction=holds)
    if name == "includes_any":
        return _join(members, conjunction=not holds)
    if name == "excludes":
        members = [ValueTest(attribute.key, word, present=not holds) for word in words]
        return _join(members, conjunction=holds)
    others = [w for w in attribute.values if w not in words]
    rest = [ValueTest(attribute.key, word, present=not holds) for word in others]
    return _join([_join(members, conjunction=not holds), *rest], conjunction=holds)


def clauses(node: Formula) -> list[Clause]:
    """The formula as a conjunction of clauses, in a fixed order, none implied by another."""
    found = {frozenset(clause) for clause in _clauses(node)}
    least = [clause for clause in found if not any(other < clause for other in found)]
    return sorted((_ordered(clause) for clause in least), key=lambda c: [_key(lit) for lit in c])


def _clauses(node: Formula) -> list[Clause]:
    if isinstance(node, All):
        return [clause for part in node.parts for clause in _clauses(part)]
    if isinstance(node, AnyOf):
        choices = product(*(_clauses(part) for part in node.parts))
        return [tuple(literal for clause in choice for literal in clause) for choice in choices]
    return [(node,)]


def _key(literal: Literal) -> tuple[str, ...]:
    if isinstance(literal, ValueTest):
        return ("value", literal.attribute, literal.value, str(literal.present))
    return ("bound", literal.attribute, literal.side, literal.limit)


def _ordered(literals: Iterable[Literal]) -> Clause:
    return tuple(sorted(literals, key=_key))


def attributes_of(node: Formula) -> list[str]:
    """Keys of the attributes a formula asks about, each once, sorted."""
    if isinstance(node, All | AnyOf):
        return sorted({key for part in node.parts for key in attributes_of(part)})
    return [node.attribute]


def sentence(criterion: Criterion, attributes: Mapping[str, Attribute]) -> str:
    """The criterion in English, such as "age below 55 years"."""
    if criterion.not_ is not None:
        return f"not ({sentence(criterion.not_, attributes)})"
    if criterion.any_of or criterion.all_of:
        word = " or " if criterion.any_of else " and "
        parts = criterion.any_of or criterion.all_of or []
        return word.join(_bracketed(part, attributes) for part in parts)
    attribute = attributes[criterion.attribute or ""]
    if attribute.kind is Kind.NUMBER:
        return f"{attribute.label} {_range(criterion, attribute)}"
    if attribute.kind is Kind.SET:
        return f"{attribute.label}: {_set_words(criterion, attribute)}"
    if attribute.kind is Kind.YES_NO:
        return attribute.label if _word(criterion.is_) == "yes" else f"not {attribute.label}"
    words = criterion.in_ or [_word(criterion.is_)]
    return f"{attribute.label}: {_list(words, attribute, 'or')}"


def _bracketed(criterion: Criterion, attributes: Mapping[str, Attribute]) -> str:
    text = sentence(criterion, attributes)
    return f"({text})" if criterion.any_of or criterion.all_of else text


def _range(criterion: Criterion, attribute: Attribute) -> str:
    unit = attribute.said_unit
    low, high = criterion.min, criterion.max
    if low is not None and high is not None:
        return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"
    tests = (BoundTest(attribute.key, t, getattr(criterion, t)) for t in sorted(criterion.tests()))
    return " and ".join(limit_words(test, attribute) for test in tests)


def limit_words(test: BoundTest, attribute: Attribute) -> str:
    """A limit in English, such as "below 55 years"."""
    words = {"min": "at least", "max": "at most", "above": "above", "below": "below"}
    return f"{words[test.side]} {test.limit}{attribute.said_unit}"


def _set_words(criterion: Criterion, attribute: Attribute) -> str:
    parts = []
    if criterion.only:
        parts.append(f"{_list(criterion.only, attribute, 'or')} only")
    if criterion.includes:
        parts.append(_list(criterion.includes, attribute, "and"))
    if criterion.includes_any:
        parts.append(_list(criterion.includes_any, attribute, "or"))
    if criterion.excludes:
        parts.append(f"no {_list(criterion.excludes, attribute, 'or')}")
    return ", ".join(parts)


def _list(words: Sequence[str], attribute: Attribute, last: str) -> str:
    labels = [attribute.values[word] for word in words]
    if len(labels) == 1:
        return labels[0]
    return f"{', '.join(labels[:-1])} {last} {labels[-1]}"
