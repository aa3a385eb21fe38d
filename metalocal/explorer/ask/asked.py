"""The query string of a page -> the facts it tells of a patient, and what is wrong with them.

The parameters are those of `/api/answer`. A form also sends empty values, "unknown" and, for a set,
`<name>_complete=true`; `tidy` turns them into parameters of `/api/answer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic_core import PydanticCustomError

from graph_builder.attributes import Attribute, Kind
from graph_builder.problems import Problem, ProblemsFoundError, closest
from metalocal.endpoint.api.telling import Patients
from metalocal.endpoint.api.values import number
from metalocal.profiles import COMPLETE, Profile

SIDES = ("", "_absent", "_only")
"""What stands behind the name of a set: members there, members not there, these only."""

_WORDS = {"true": "yes", "false": "no"}
_SHOWN = 60

Pair = tuple[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a fact: the attribute it is about, empty where it is none, and words."""

    attribute: str
    text: str


@dataclass(frozen=True)
class Asked:
    """Facts as told; `profile` is None where `faults` say why. `status` is that of HTTP."""

    pairs: tuple[Pair, ...]
    profile: Profile | None
    faults: tuple[Fault, ...]
    status: int


def address(path: str, pairs: Iterable[Pair], *more: Pair, at: str = "") -> str:
    """A path with its parameters; `at` is the part of the page to go to.

    >>> address("/ask", [("age", "48")], at="next")
    '/ask?age=48#next'
    """
    query = urlencode([*pairs, *more])
    return path + (f"?{query}" if query else "") + (f"#{at}" if at else "")


def attribute_of(name: str, attributes: Mapping[str, Attribute]) -> Attribute | None:
    """The attribute a parameter tells of, None where it is no parameter of a profile."""
    if name in attributes:
        return attributes[name]
    for side in SIDES[1:]:
        found = attributes.get(name.removesuffix(side)) if name.endswith(side) else None
        if found is not None and found.kind is Kind.SET:
            return found
    return None


def parameters_of(attributes: Mapping[str, Attribute]) -> list[str]:
    """The names of all parameters of a profile: three for a set, else one."""
    return [
        f"{key}{side}"
        for key, attribute in attributes.items()
        for side in (SIDES if attribute.kind is Kind.SET else SIDES[:1])
    ]


def without(pairs: Iterable[Pair], key: str) -> list[Pair]:
    """The parameters that tell nothing of the attribute `key`.

    >>> without([("age", "48"), ("imaging_only", "ct"), ("imaging", "mri")], "imaging")
    [('age', '48')]
    """
    names = {f"{key}{side}" for side in SIDES}
    return [pair for pair in pairs if pair[0] not in names]


def tidy(pairs: Iterable[Pair], attributes: Mapping[str, Attribute]) -> list[Pair]:
    """The parameters without those that tell nothing, each once; a complete set by its members."""
    given = list(dict.fromkeys((name, value.strip()) for name, value in pairs))
    told = [_in_words(pair, attributes) for pair in given if _tells(pair, attributes)]
    for key, attribute in attributes.items():
        if attribute.kind is Kind.SET and (f"{key}{COMPLETE}", "true") in told:
            told = _closed(told, key)
    return list(dict.fromkeys(told))


def _tells(pair: Pair, attributes: Mapping[str, Attribute]) -> bool:
    name, value = pair
    return bool(value) and not (value == "unknown" and name in attributes)


def _in_words(pair: Pair, attributes: Mapping[str, Attribute]) -> Pair:
    name, value = pair
    attribute = attributes.get(name)
    if attribute is not None and attribute.kind is Kind.YES_NO:
        return name, _WORDS.get(value, value)
    return pair


def _closed(pairs: list[Pair], key: str) -> list[Pair]:
    """A set said to be complete: its members are the only ones, the others need not be told."""
    members = [value for name, value in pairs if name in (key, f"{key}_only")]
    if not members:
        return pairs  # which is a fault
    kept = [
        pair
        for pair in pairs
        if pair[0] not in (key, f"{key}_only", f"{key}{COMPLETE}")
        and not (pair[0] == f"{key}_absent" and pair[1] not in members)
    ]
    return [*kept, *((f"{key}_only", member) for member in dict.fromkeys(members))]


def asked(pairs: Iterable[Pair], patients: Patients) -> Asked:
    """The profile of tidy parameters, or what is wrong with each of them."""
    given = tuple(pairs)
    reader = _Reader(patients)
    for name, value in given:
        reader.read(name, value)
    problems: list[Problem] = []
    try:
        profile = patients.profile(reader.values, in_url=True)
        if not reader.faults:
            return Asked(given, profile, (), 200)
    except ProblemsFoundError as error:
        problems = error.problems
    together = all(problem.rule == "contradiction" for problem in problems)
    status = 422 if together and not reader.faults else 400
    faults = (_fault(problem, patients.attributes) for problem in problems)
    return Asked(given, None, (*reader.faults, *faults), status)


def _fault(problem: Problem, attributes: Mapping[str, Attribute]) -> Fault:
    """The problem with the attribute by its label."""
    key = problem.place.file.removeprefix("profile, ")
    told = problem.message
    if key in attributes and told.startswith(key):
        told = attributes[key].label + told.removeprefix(key)
    return Fault(key, sentence(told, problem.mend))


def sentence(what: str, mend: str) -> str:
    """What is wrong and how to mend it, as one sentence."""
    text = f"{what[:1].upper()}{what[1:]}; {mend}"
    return text if text.endswith(("?", ".")) else f"{text}."


class _Reader:
    """Collects the values of slots of a URL, and what is wrong with single ones."""

    def __init__(self, patients: Patients) -> None:
        self._attributes = patients.attributes
        self.values: dict[str, object] = {}
        self.faults: list[Fault] = []

    def read(self, name: str, value: str) -> None:
        """One parameter."""
        attribute = attribute_of(name, self._attributes)
        if attribute is None:
            self._unknown(name)
        elif attribute.kind is Kind.NUMBER:
            self._number(attribute, value)
        elif attribute.kind is Kind.SET:
            self._member(attribute, name, value)
        elif value not in attribute.values:
            self._no_value(attribute, value)
        else:
            self._once(attribute, value)

    def _fault(self, key: str, what: str, mend: str) -> None:
        self.faults.append(Fault(key, sentence(what, mend)))

    def _unknown(self, name: str) -> None:
        base = name.removesuffix(COMPLETE)
        if base != name and base in self._attributes:
            what = f"{self._attributes[base].label} is said to be complete and names nothing"
            return self._fault(base, what, "tick what is there, or leave it open")
        names = parameters_of(self._attributes)
        near = [known for known in names if len(name) > 2 and known.startswith(name)]
        hint = f"did you mean {' or '.join(near[:3])}?" if near else closest(name, names)
        return self._fault("", f'"{shown(name)}" is not known here', hint)

    def _no_value(self, attribute: Attribute, value: str) -> None:
        what = f'{attribute.label} has no value "{shown(value)}"'
        self._fault(attribute.key, what, closest(value, attribute.values))

    def _number(self, attribute: Attribute, value: str) -> None:
        try:
            self._once(attribute, number(value))
        except PydanticCustomError as error:
            context = error.context or {}
            what = f'{attribute.label}: "{shown(value)}" {context["what"]}'
            self._fault(attribute.key, what, context["mend"])

    def _member(self, attribute: Attribute, name: str, value: str) -> None:
        if value not in attribute.values:
            return self._no_value(attribute, value)
        found = self.values.setdefault(name, [])
        assert isinstance(found, list)
        return found.append(value)

    def _once(self, attribute: Attribute, value: object) -> None:
        if attribute.key in self.values:
            return self._fault(
                attribute.key, f"{attribute.label} is told twice", "keep one of the two"
            )
        self.values[attribute.key] = value
        return None


def shown(text: str) -> str:
    """What was sent, printable and cut short."""
    plain = "".join(one if one.isprintable() else "?" for one in text)
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}..."
