"""What every engine is asked: a question in SPARQL, bound anew each round.

Each round has another patient, study, treatment and word, so that no engine can give what it
remembers; all engines get the same texts in the same round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from metalocal.answers.library import Library
from metalocal.catalogue import find_query
from metalocal.graph import EvidenceGraph
from metalocal.profiles import Profile, read_profile

PREFIXES = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
STUDY_RESULTS = (
    PREFIXES
    + """\
SELECT ?estimate ?outcomeLabel ?population ?value ?source ?line WHERE {
  <STUDY> ml:hasEstimate ?estimate .
  ?estimate ml:outcome ?outcome ; ml:population ?population ; ml:hasReport ?report .
  ?outcome rdfs:label ?outcomeLabel .
  ?report ml:printedValue ?value ; ml:reportedIn ?source ; ml:line ?line .
} ORDER BY ?estimate ?source ?line ?value
"""
)
AGGREGATION = (
    PREFIXES
    + """\
SELECT ?question ?design ?direction (COUNT(DISTINCT ?study) AS ?studies) WHERE {
  ?study ml:question ?question ; ml:design ?design ; ml:hasEstimate ?estimate .
  ?estimate ml:hasReport ?report .
  ?report ml:effectDirection ?direction .
} GROUP BY ?question ?design ?direction ORDER BY ?question ?design ?direction
"""
)
FOUR_HOPS = (
    PREFIXES
    + """\
SELECT ?arm ?estimate ?against ?outcome ?outcomeLabel WHERE {
  ?arm ml:hasIntervention ml:INTERVENTION .
  ?estimate ml:arm ?arm ; ml:versus ?other ; ml:outcome ?outcome .
  ?other ml:hasIntervention ?against .
  ?outcome rdfs:label ?outcomeLabel .
} ORDER BY ?arm ?estimate ?against
"""
)
BROADER = (
    PREFIXES
    + """\
SELECT ?arm ?intervention WHERE {
  ?intervention skos:broader+ ml:INTERVENTION .
  ?arm ml:hasIntervention ?intervention .
} ORDER BY ?arm ?intervention
"""
)
LABELS = (
    PREFIXES
    + """\
SELECT ?thing ?label WHERE {
  ?thing rdfs:label ?label .
  FILTER(CONTAINS(LCASE(STR(?label)), "WORD"))
} ORDER BY ?thing ?label
"""
)
WORDS = ("brain", "stereotactic", "oligometastatic", "liver", "palliative")


@dataclass(frozen=True)
class Question:
    """A question by name: its texts, answered one after the other, and the patient if any."""

    name: str
    texts: tuple[str, ...]
    profile: Profile | None = None


@dataclass(frozen=True)
class Material:
    """What questions are bound to, that with the most to tell first.

    `studies` have results, `treatments` have narrower ones, `compared` stand in a comparison.
    """

    profiles: tuple[Profile, ...]
    studies: tuple[str, ...]
    treatments: tuple[str, ...]
    compared: tuple[str, ...]


Names = dict[str, Callable[[Path, Material, int], Question]]


def material_of(graph: EvidenceGraph, queries: Path, profiles: Path) -> Material:
    """What there is to ask about in this graph; patients are the known profiles.

    Raises:
        ProblemsFoundError: a profile cannot be read.
    """
    library = Library(graph, queries)
    attributes, rules = library.attributes, library.rules
    known = (
        read_profile(path.read_text("utf-8"), path.name, attributes, rules)
        for path in sorted(profiles.glob("*.yaml"))
    )
    return Material(
        profiles=tuple(profile for profile in known if profile.facts),
        studies=_column(graph, "?asked ml:hasEstimate/ml:outcome ?outcome", 8),
        treatments=_column(graph, "?arm ml:hasIntervention/skos:broader ?asked", 1),
        compared=_column(graph, "?x ml:arm/ml:hasIntervention ?asked ; ml:versus ?other", 1),
    )


def _column(graph: EvidenceGraph, pattern: str, at_least: int) -> tuple[str, ...]:
    """What stands for ?asked in at least so many rows, that with the most first."""
    text = f"SELECT ?asked (COUNT(*) AS ?n) WHERE {{ {pattern} }} GROUP BY ?asked"
    rows = graph.select(PREFIXES + text + " ORDER BY DESC(?n) ?asked").texts()
    return tuple(row["asked"] for row in rows if int(row["n"]) >= at_least)


def questions(queries: Path, material: Material, turn: int) -> list[Question]:
    """All questions of one round, counted from 0."""
    return [ask(queries, material, turn) for ask in _ASKED.values()]


def _of(things: Sequence[str], turn: int) -> str:
    return things[turn % len(things)]


def _verdicts(queries: Path, material: Material, turn: int) -> Question:
    profile = material.profiles[turn % len(material.profiles)]
    text = find_query(queries, "verdicts").bound(profile.rows())
    return Question("verdicts", (text,), profile)


def _reasons(queries: Path, material: Material, turn: int) -> Question:
    verdicts = _verdicts(queries, material, turn)
    assert verdicts.profile is not None
    text = find_query(queries, "reasons").bound(verdicts.profile.rows())
    return Question("verdicts and reasons", (*verdicts.texts, text), verdicts.profile)


def _study(queries: Path, material: Material, turn: int) -> Question:
    return Question(
        "results of a study", (STUDY_RESULTS.replace("STUDY", _of(material.studies, turn)),)
    )


def _page(queries: Path, material: Material, turn: int) -> Question:
    study = [(_of(material.studies, turn),)]
    return Question("all of a study", (find_query(queries, "study").bound({"study": study}),))


def _aggregation(queries: Path, material: Material, turn: int) -> Question:
    return Question("aggregation", (AGGREGATION,))


def _hops(queries: Path, material: Material, turn: int) -> Question:
    return Question("four hops", (_about(FOUR_HOPS, _of(material.compared, turn)),))


def _broader(queries: Path, material: Material, turn: int) -> Question:
    return Question("hierarchy", (_about(BROADER, _of(material.treatments, turn)),))


def _about(text: str, treatment: str) -> str:
    return text.replace("ml:INTERVENTION", f"<{treatment}>")


def _labels(queries: Path, material: Material, turn: int) -> Question:
    return Question("labels with a word", (LABELS.replace("WORD", _of(WORDS, turn)),))


def _search(queries: Path, material: Material, turn: int) -> Question:
    text = find_query(queries, "search").bound({"text": [(_of(WORDS, turn),)]})
    return Question("search", (text,))


_ASKED: Names = {  # from cheap to dear, so that an engine that is dropped has answered what it can
    "results of a study": _study,
    "hierarchy": _broader,
    "four hops": _hops,
    "aggregation": _aggregation,
    "labels with a word": _labels,
    "search": _search,
    "verdicts": _verdicts,
    "verdicts and reasons": _reasons,
    "all of a study": _page,
}
NAMES = tuple(_ASKED)
PARTS = {"verdicts and reasons": "verdicts"}
"""A question with another in it: an engine that fails at that one is not asked it."""
