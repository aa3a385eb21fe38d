"""A patient's facts, as given, to a checked and completed profile; contradictions are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import PLACES, Place, Problem, ProblemsFoundError, closest

_WORDS = {True: "yes", False: "no", "true": "yes", "false": "no"}
COMPLETE = "_complete"
"""Ends the name that tells that all of a set was named, as in `metastatic_sites_complete`."""


@dataclass(frozen=True)
class Profile:
    """What is known of a patient: absent is unknown.

    `facts` maps an attribute value, such as "her2_status-positive", to whether it holds; `numbers`
    maps a number attribute to its value. Both hold what was given and what follows from it.
    """

    facts: dict[str, bool] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)

    def knows(self, attribute: Attribute) -> bool:
        """Whether the attribute is fully known: a value, a number, or every member of a set."""
        if attribute.kind is Kind.NUMBER:
            return attribute.key in self.numbers
        told = [self.facts.get(attribute.value_id(word)) for word in attribute.values]
        if attribute.kind is Kind.SET:
            return None not in told
        return True in told

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """The parameters of the queries verdicts, reasons and exclusions."""
        facts: list[tuple[object, ...]] = [
            (value, int(holds)) for value, holds in sorted(self.facts.items())
        ]
        numbers: list[tuple[object, ...]] = sorted(self.numbers.items())
        return {"facts": facts, "numbers": numbers}


Given = tuple[dict[str, Any], dict[str, Place]]
"""Plain values by attribute key, and the place of each."""


def read_given(text: str, file: str) -> Given:
    """The values a profile in YAML or JSON gives, not yet checked against the attributes.

    Raises:
        ProblemsFoundError: it is no YAML, or no mapping.
    """
    from graph_builder.yaml_tree import read_yaml  # noqa: PLC0415  (slow; flags need none of it)

    tree, problems = read_yaml(text, file)
    if not problems and not isinstance(tree, dict):
        message = "a profile maps attributes to values"
        mend = "write lines such as `presentation: de_novo`"
        problems = [Problem(Place(file, 1, 1), message, "profile-form", mend)]
    if problems:
        raise ProblemsFoundError(problems)
    return {key: value for key, value in tree.items() if key != PLACES}, dict(tree[PLACES])


def read_profile(
    text: str, file: str, attributes: Mapping[str, Attribute], rules: Iterable[Implication]
) -> Profile:
    """The profile in YAML or JSON text.

    Raises:
        ProblemsFoundError: form, unknown attributes or values, ranges, contradictions: all of them.
    """
    given, places = read_given(text, file)
    return profile_of(given, attributes, rules, places)


def profile_of(
    given: Mapping[str, Any],
    attributes: Mapping[str, Attribute],
    rules: Iterable[Implication],
    places: Mapping[str, Place] | None = None,
) -> Profile:
    """The profile of plain values by attribute key.

    A set is given as a list of the members known to be present, or as a mapping with `present`,
    `absent` and `only`; `<set>_complete: true` says that members not named are absent.

    Raises:
        ProblemsFoundError: all that is wrong with it.
    """
    reader = _Reader(attributes, places or {})
    for key, value in given.items():
        reader.read(key, value, given)
    reader.complete(tuple(rules))
    if reader.problems:
        raise ProblemsFoundError(reader.problems)
    return Profile(reader.facts, reader.numbers, reader.given)


class _Reader:
    """Collects facts and problems of one profile."""

    def __init__(self, attributes: Mapping[str, Attribute], places: Mapping[str, Place]) -> None:
        self.attributes, self.places = attributes, places
        self.facts: dict[str, bool] = {}
        self.numbers: dict[str, Decimal] = {}
        self.given: dict[str, str] = {}
        self.problems: list[Problem] = []

    def problem(self, key: str, message: str, rule: str, mend: str) -> None:
        place = self.places.get(key) or Place(f"profile, {key}")
        self.problems.append(Problem(place, message, rule, mend))

    def read(self, key: str, value: object, given: Mapping[str, Any]) -> None:
        attribute = self.attributes.get(key)
        if attribute is None:
            base = key.removesuffix(COMPLETE)
            if base != key and self._is_set(base):
                return self._read_completeness(key, value, base in given)
            known = [
                *self.attributes,
                *(f"{k}{COMPLETE}" for k in self.attributes if self._is_set(k)),
            ]
            return self.problem(
                key, f"attribute {key} is not known", "unknown-attribute", closest(key, known)
            )
        if value is None or value == "unknown":
            return None
        if attribute.kind is Kind.NUMBER:
            return self._read_number(attribute, value)
        if attribute.kind is Kind.SET:
            complete = given.get(f"{key}{COMPLETE}") in (True, "true")
            return self._read_set(attribute, value, complete)
        return self._read_value(attribute, value)

    def _is_set(self, key: str) -> bool:
        return key in self.attributes and self.attributes[key].kind is Kind.SET

    def _read_completeness(self, key: str, value: object, has_list: bool) -> None:
        if not has_list:
            base = key.removesuffix(COMPLETE)
            self.problem(key, f"{key} is given without {base}", "wrong-form", f"add {base}")
        if value not in (True, False, "true", "false"):
            self.problem(key, f"{key} is {value!r}", "wrong-form", "write true or false")

    def _read_number(self, attribute: Attribute, value: object) -> None:
        key = attribute.key
        try:
            number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("nan")
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite():
            return self.problem(
                key,
                f"{key} {value!r} is no number",
                "wrong-form",
                f"write a number of {attribute.unit}",
            )
        if attribute.whole_numbers and number != number.to_integral_value():
            return self.problem(
                key, f"{key} {value} is no whole number", "wrong-form", "write a whole number"
            )
        low, high = attribute.lowest, attribute.highest
        if (low is not None and number < low) or (high is not None and number > high):
            message = f"{key} {value} lies outside {low} to {high} {attribute.unit}"
            return self.problem(key, message, "out-of-range", f"correct {key}")
        self.numbers[key] = number
        self.given[key] = f"{number:f}"
        return None

    def _read_value(self, attribute: Attribute, value: object) -> None:
        word = str(_WORDS.get(value, value)) if attribute.kind is Kind.YES_NO else str(value)
        if word not in attribute.values:
            message = f"{attribute.key} has no value {value}"
            return self.problem(
                attribute.key, message, "unknown-value", closest(word, attribute.values)
            )
        self.given[attribute.key] = word
        return self._set(attribute, word, "given")

    def _read_set(self, attribute: Attribute, value: object, complete: bool) -> None:
        sides = value if isinstance(value, Mapping) else {"present": value}
        unknown = set(sides) - {"present", "absent", "only", PLACES}
        if unknown:
            message = f"{attribute.key} has no part {', '.join(sorted(map(str, unknown)))}"
            return self.problem(attribute.key, message, "wrong-form", "use present, absent or only")
        words = {
            name: self._members(attribute, sides.get(name))
            for name in ("present", "absent", "only")
        }
        present = words["present"] | words["only"]
        absent = set(words["absent"])
        if not present and (complete or "only" in sides) and not self.problems:
            message = f"{attribute.key} is said to be complete and names nothing"
            mend = "name what is there, or leave it out where it is unknown"
            return self.problem(attribute.key, message, "wrong-form", mend)
        if "only" in sides:
            absent |= set(attribute.values) - words["only"]
        elif complete:
            absent |= set(attribute.values) - present
        return self._record_set(attribute, present, absent)

    def _record_set(self, attribute: Attribute, present: set[str], absent: set[str]) -> None:
        both = sorted(present & absent)
        if both:
            message = f"{attribute.key}: {', '.join(both)} is said to be present and absent"
            return self.problem(attribute.key, message, "contradiction", "keep one of the two")
        shown = sorted(present) + [
            f"no {w}" for w in sorted(absent) if len(absent) < len(attribute.values) - len(present)
        ]
        closed = len(present) + len(absent) == len(attribute.values)
        self.given[attribute.key] = ", ".join(shown) + (" only" if closed else "")
        for word in attribute.values:
            if word in present or word in absent:
                self.facts[attribute.value_id(word)] = word in present
        return None

    def _members(self, attribute: Attribute, value: object) -> set[str]:
        if value is None:
            return set()
        words = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        found = {str(word) for word in words}
        for word in sorted(found - set(attribute.values)):
            message = f"{attribute.key} has no value {word}"
            self.problem(attribute.key, message, "unknown-value", closest(word, attribute.values))
        return found & set(attribute.values)

    def _set(self, attribute: Attribute, word: str, why: str) -> None:
        """Lets one value of a one-of attribute hold and the others not."""
        for other in attribute.values:
            self._learn(attribute.value_id(other), other == word, why)

    def _learn(self, value: str, holds: bool, why: str) -> bool:
        """Records one fact; whether it was new. What contradicts it is a problem."""
        known = self.facts.get(value)
        if known is None:
            self.facts[value] = holds
            return True
        if known != holds and not self.problems:
            key, word = value.split("-")
            holds_now = word if known else f"other than {word}"
            message = f"{key} is {holds_now}, which contradicts something else given: {why}"
            self.problem(key, message, "contradiction", f"correct {key} or what it follows from")
        return False

    def complete(self, rules: tuple[Implication, ...]) -> None:
        """Adds what follows from the implications and counts, until nothing new does."""
        while not self.problems and any(self._apply(rule) for rule in rules):
            pass
        if not self.problems:
            self._count_sets()
            self._compare()

    def _apply(self, rule: Implication) -> bool:
        unmet = [value for value in rule.conditions_in_order if not self.facts.get(value)]
        if len(unmet) == 1 and self._refuted(rule):
            return self._learn(unmet[0], False, rule.label)
        if unmet:
            return False
        news = [self._learn(value, False, rule.label) for value in sorted(rule.ruled_out)]
        for value in sorted(rule.consequences):
            key, word = value.split("-")
            if self.facts.get(value) is not True:
                before = len(self.facts)
                self._set(self.attributes[key], word, rule.label)
                news.append(len(self.facts) > before)
        return any(news)

    def _refuted(self, rule: Implication) -> bool:
        """Whether what the rule derives is known to be otherwise, so that it cannot apply."""
        return any(self.facts.get(value) is False for value in rule.consequences) or any(
            self.facts.get(value) for value in rule.ruled_out
        )

    def _count_sets(self) -> None:
        for attribute in self.attributes.values():
            members = self.attributes.get(attribute.count_of or "")
            if members is None:
                continue
            told = [self.facts.get(members.value_id(word)) for word in members.values]
            count = Decimal(told.count(True))
            if None in told or not count:
                continue
            known = self.numbers.setdefault(attribute.key, count)
            if known != count:
                message = f"{attribute.key} is {known}, but {members.key} names {count}"
                self.problem(attribute.key, message, "contradiction", "correct one of the two")

    def _compare(self) -> None:
        for key, number in sorted(self.numbers.items()):
            attribute = self.attributes[key]
            members = self.attributes.get(attribute.not_below_count_of or "")
            if members is not None:
                count = sum(bool(self.facts.get(members.value_id(word))) for word in members.values)
                if number < count:
                    message = f"{key} is {number}, but {members.key} names {count}"
                    self.problem(key, message, "contradiction", "correct one of the two")
            ceiling = self.numbers.get(attribute.not_above or "")
            if ceiling is not None and number > ceiling:
                message = f"{key} is {number}, but {attribute.not_above} is {ceiling}"
                self.problem(key, message, "contradiction", "correct one of the two")
            if attribute.only_with and self.facts.get(attribute.only_with) is False:
                needed = attribute.only_with.replace("-", " ")
                message = f"{key} is given, but it needs {needed}"
                self.problem(
                    key, message, "contradiction", f"leave {key} out, or correct the other"
                )
