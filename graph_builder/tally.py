"""Triples to counts: of classes, properties, and properties by class; counts of parts add up.

A key of a count holds terms as N-Triples writes them, parted by blanks: class, property, class.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from graph_builder.nquads import RDF_TYPE, Triple
from graph_builder.vocabulary import ONTOLOGY

SPACE = ONTOLOGY.removesuffix("ontology")
"""What the IRIs of this dataset begin with."""

Types = Mapping[str, Sequence[str]]
"""The classes of things."""

_NOT_TAKEN_APART = "<http://www.w3.org/2002/07/owl#NamedIndividual>"
"""Every individual has it beside its own class: its partitions would say all things twice."""

_LANG_STRING = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"
_STRING = "<http://www.w3.org/2001/XMLSchema#string>"


@dataclass
class Tally:
    """What some graphs hold, counted; parts that are added up share no subject and no triple.

    `leading`: by class, property and object, what leads to things whose classes are not known yet.
    """

    triples: int = 0
    subjects: int = 0
    entities: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    of_class: Counter[str] = field(default_factory=Counter)
    to_class: Counter[str] = field(default_factory=Counter)
    to_datatype: Counter[str] = field(default_factory=Counter)
    leading: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Adds the counts of another part."""
        for each in fields(self):
            mine, more = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, Counter):
                mine.update(more)
            else:
                setattr(self, each.name, mine + more)

    def copy(self) -> Tally:
        """The same counts, to go on from."""
        fresh = Tally()
        fresh.add(self)
        return fresh

    def objects(self) -> set[str]:
        """The things whose classes are not known yet."""
        return {key.rpartition(" ")[2] for key in self.leading}

    def settle(self, types: Types) -> None:
        """Counts what leads to things by their classes, now known; things without one are left."""
        for key, number in self.leading.items():
            path, _, thing = key.rpartition(" ")
            for kind in types.get(thing, ()):
                if kind != _NOT_TAKEN_APART:
                    self.to_class[f"{path} {kind}"] += number
        self.leading.clear()

    def as_data(self) -> dict[str, Any]:
        """The counts as plain data."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @staticmethod
    def of_data(data: Mapping[str, Any]) -> Tally:
        """The counts that `as_data` gave."""
        tally = Tally()
        for name, value in data.items():
            setattr(tally, name, Counter(value) if isinstance(value, dict) else int(value))
        return tally


def types_in(triples: Iterable[Triple]) -> dict[str, list[str]]:
    """The classes that the triples tell of their subjects."""
    types: dict[str, list[str]] = defaultdict(list)
    for subject, predicate, value in triples:
        if predicate == RDF_TYPE:
            types[subject].append(value)
    return dict(types)


def count(triples: Sequence[Triple], types: Types) -> Tally:
    """The counts of triples; what leads out of `types` waits in `leading`."""
    subjects = {subject for subject, _, _ in triples}
    tally = Tally(len(triples), len(subjects))
    tally.entities = sum(subject.startswith(f"<{SPACE}") for subject in subjects)
    tally.properties.update(predicate for _, predicate, _ in triples)
    tally.classes.update(value for _, predicate, value in triples if predicate == RDF_TYPE)
    for subject, predicate, value in triples:
        for kind in types.get(subject, ()):
            if kind != _NOT_TAKEN_APART:
                _count_by_class(tally, f"{kind} {predicate}", value, types)
    return tally


def _count_by_class(tally: Tally, path: str, value: str, types: Types) -> None:
    tally.of_class[path] += 1
    if value[0] == '"':
        tally.to_datatype[f"{path} {_datatype(value)}"] += 1
    elif value in types:
        for kind in types[value]:
            if kind != _NOT_TAKEN_APART:
                tally.to_class[f"{path} {kind}"] += 1
    elif value[0] == "<":
        tally.leading[f"{path} {value}"] += 1


def _datatype(literal: str) -> str:
    if literal.endswith('"'):
        return _STRING
    return literal.rpartition("^^")[2] if literal.endswith(">") else _LANG_STRING
