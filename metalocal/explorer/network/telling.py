"""What the graph holds about a thing -> the words shown beside it, and what it is filtered by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metalocal.explorer.network.records import UNKNOWN

if TYPE_CHECKING:
    import networkx as nx

_LONGEST = 300
_SHOWN = {
    "short": "shortLabel",
    "year": "year",
    "names": "alsoCalled",
    "registration": "nctNumber",
    "wording": "wording",
    "for whom": "forWhom",
    "strength": "strength",
    "journal": "journal",
    "published": "yearOfPublication",
    "doi": "doi",
    "place": "place",
    "finding": "findingText",
}
_WORDS = {"design": "design", "status": "studyStatus", "position": "position", "role": "armRole"}
_WORDS |= {"measure": "measure", "unit": "unit", "kind": "guidanceKind", "source": "reportedIn"}

_OF_ITSELF = {"direction": "effect direction (derived)", "level": "level of evidence (derived)"}
_OF_RESULTS = {
    "direction": "effect directions of its results (derived)",
    "level": "levels of its populations (derived)",
}
"""What a rule drew is said to be derived, and of a study that it is about its parts."""

Keys = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Details:
    """What is known of the things of a network.

    `labels` are by id, `values` by id and property, `ends` by id and relation.
    """

    graph: nx.MultiDiGraph
    types: Mapping[str, str]
    labels: Mapping[str, str]
    values: Mapping[str, Mapping[str, list[str]]]
    ends: Mapping[tuple[str, str], list[str]]
    keys: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )

    def of(self, thing: str) -> tuple[dict[str, Any], Keys]:
        """What is shown of a thing, and its words for each filter."""
        held = self.values.get(thing, {})
        data: dict[str, Any] = {
            word: "; ".join(held[name])[:_LONGEST] for word, name in _SHOWN.items() if name in held
        }
        for word, relation in _WORDS.items():
            named = [self.labels[other] for other in self.along(thing, relation)]
            data |= {word: "; ".join(named)} if named else {}
        if "line" in held:
            data["line"] = int(held["line"][0])
        printed = self._printed(thing)
        data |= {"printed": printed} if printed else {}
        data.setdefault("short", short_label(self.labels[thing]))
        keys = {name: tuple(sorted(words)) for name, words in self.keys.get(thing, {}).items()}
        return data | self._in_words(keys, self.types[thing]), keys

    def along(self, thing: str, relation: str) -> list[str]:
        """What a relation leads to from a thing."""
        return self.ends.get((thing, relation), [])

    def _in_words(self, keys: Keys, kind: str) -> dict[str, str]:
        """Filters in the words of the ontology; what is not known is not shown."""
        names = _OF_RESULTS if kind == "Study" else _OF_ITSELF
        return {
            names.get(name, name): "; ".join(
                self.labels.get(f"ontology/{word}", word) for word in words
            )
            for name, words in keys.items()
            if words != (UNKNOWN,)
        }

    def _printed(self, thing: str) -> list[str]:
        """Each value of an estimate as printed, with source and line; of a report its own."""
        if self.types[thing] == "Report":
            value = self._value(thing)
            return [value] if value else []
        if self.types[thing] not in ("Estimate", "StudyFact", "Figure"):
            return []
        found = []
        for report in self.along(thing, "hasReport"):
            value, held = self._value(report), self.values.get(report, {})
            named = [self.labels[source] for source in self.along(report, "reportedIn")]
            if value:
                found.append(f"{value} ({', '.join(named)}, line {held['line'][0]})")
        return found

    def _value(self, report: str) -> str:
        held = self.values.get(report, {})
        first = {name: words[0] for name, words in held.items()}
        parts = [first.get("printedValue", "")]
        if "printedLow" in first and "printedHigh" in first:
            parts.append(f"({first['printedLow']} to {first['printedHigh']})")
        parts.append(f"p {first['printedP']}" if "printedP" in first else "")
        return " ".join(part for part in parts if part) or first.get("wording", "")[:_LONGEST]


def short_label(label: str) -> str:
    """A label without the study it begins with and the name it ends with; of a report its place.

    >>> short_label("TATA: overall survival, hazard ratio, in all randomised [os-hr]")
    'overall survival, hazard ratio, in all randomised'
    >>> short_label("TATA: overall survival [os-hr], as in ueno-2022 line 84")
    'ueno-2022 line 84'
    """
    _, mark, place = label.rpartition(", as in ")
    if mark:
        return place
    words = label.rpartition(" [")[0] if label.endswith("]") else label
    start, mark, rest = words.partition(": ")
    return rest if mark and start and rest else words


def details_of(
    graph: nx.MultiDiGraph,
    types: Mapping[str, str],
    labels: Mapping[str, str],
    values: Mapping[str, Mapping[str, list[str]]],
) -> Details:
    """The details of every thing of a network, which has ids and relations only."""
    ends: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, target, relation in sorted(graph.edges(keys=True)):
        ends[source, relation].append(target)
    details = Details(graph, types, labels, values, ends)
    things = [thing for thing in graph if thing.startswith("id/")]
    owners = {"Study": "question", "GuidanceStatement": "onQuestion", "DecisionModel": "onQuestion"}
    questions = {
        thing: _known(_names(details.along(thing, owners[types[thing]])))
        for thing in things
        if types[thing] in owners
    }
    for thing in things:
        owner = owner_of(thing, questions)
        if owner:
            details.keys[thing]["question"] |= questions[owner]
    _fill_results(details, [thing for thing in things if types[thing] == "Estimate"])
    return details


def _fill_results(details: Details, estimates: Iterable[str]) -> None:
    """Direction and level of estimates, and from them those of reports, populations, studies."""
    keys = details.keys
    studies: dict[str, list[str]] = defaultdict(list)
    for estimate in estimates:
        reports = details.along(estimate, "hasReport")
        populations = details.along(estimate, "population")
        level = _known({w for one in populations for w in _level(details, one)})
        whole: set[str] = set()
        for report in reports:
            own = set(_names(details.along(report, "effectDirection")))
            keys[report]["direction"], keys[report]["level"] = _known(own), set(level)
            whole |= own
        keys[estimate]["direction"], keys[estimate]["level"] = _known(whole), set(level)
        studies[estimate.partition("/estimate/")[0]].append(estimate)
    for thing, kind in details.types.items():
        if kind == "Population" and thing in details.graph:
            keys[thing]["level"] = _known(_level(details, thing))
        if kind == "Study":
            for name in ("direction", "level"):
                told = {word for one in studies[thing] for word in keys[one][name]}
                keys[thing][name] = _known(told - {UNKNOWN})


def _level(details: Details, population: str) -> set[str]:
    return set(details.values.get(population, {}).get("evidenceLevel", ()))


def _names(things: Iterable[str]) -> list[str]:
    return [thing.rpartition("/")[2] for thing in things]


def _known(words: Iterable[str]) -> set[str]:
    return set(words) or {UNKNOWN}


def owner_of(thing: str, owners: Mapping[str, object]) -> str:
    """The study, statement or model that a thing is part of, by its IRI; empty for none.

    >>> owner_of("id/study/tata/arm/surgery", {"id/study/tata": 1})
    'id/study/tata'
    """
    parts = thing.split("/")
    above = ("/".join(parts[:end]) for end in range(3, len(parts) + 1))
    return next((one for one in above if one in owners), "")
