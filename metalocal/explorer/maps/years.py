"""The graph -> when each study was published and ran, and what it found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from metalocal.answers.directions import MIXED
from metalocal.attributes import local_name
from metalocal.evidence_map import EvidenceMap
from metalocal.graph import EvidenceGraph

Row = Mapping[str, str]

_STUDIES = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?study ?label ?design ?designLabel ?rank ?question ?questionLabel ?statusLabel WHERE {
  ?study a ml:Study ; rdfs:label ?label ; ml:design ?design ; ml:question ?question ;
    ml:studyStatus ?status .
  ?design rdfs:label ?designLabel ; ml:designRank ?rank .
  ?question rdfs:label ?questionLabel ; ml:displayOrder ?order .
  ?status rdfs:label ?statusLabel .
} ORDER BY ?order ?rank ?label"""
_PRINTED = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?study ?property ?label ?printed ?source ?line WHERE {
  VALUES ?property { ml:publication_year ml:study_period ml:recruitment_period ml:start_date
                     ml:primary_completion_date ml:study_completion_date }
  ?study ml:hasFact ?fact .
  ?fact ml:property ?property ; ml:hasReport ?report .
  ?property rdfs:label ?label .
  ?report ml:printedValue ?printed ; ml:reportedIn ?source ; ml:line ?line .
} ORDER BY ?study ?property ?source ?line"""

_PUBLISHED = "publication_year"
_BEGIN = ("study_period", "recruitment_period", "start_date")
_END = ("study_period", "recruitment_period", "primary_completion_date", "study_completion_date")
_OPEN = re.compile(r"recruiting|ongoing|present", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Printed:
    """Words about time as a source prints them, with source and line."""

    what: str
    label: str
    text: str
    source: str
    line: int
    others: int = 0
    """How many other lines print the same; only `Dated.prints` counts them."""


@dataclass(frozen=True)
class Dated:
    """A study in time; years are read from `printed`, each missing where no source tells it.

    `began` and `ended` bound what is printed of its period, start and completion; `ended` is
    missing for a study that goes on, which `is_open` says. `direction` sums up what it found of
    the outcomes that decide its question first; empty where it compares no treatments in them.
    """

    id: str
    label: str
    design: str
    design_label: str
    rank: int
    question: str
    question_label: str
    status: str
    direction: str
    published: tuple[int, ...]
    began: int | None
    ended: int | None
    is_open: bool
    printed: tuple[Printed, ...]

    @property
    def prints(self) -> list[Printed]:
        """Each different print once, with the first line that has it."""
        same: dict[tuple[str, str], list[Printed]] = defaultdict(list)
        for one in self.printed:
            same[one.label, one.text].append(one)
        return [replace(group[0], others=len(group) - 1) for group in same.values()]


def dated_studies(
    graph: EvidenceGraph, _queries: Path, found: Mapping[str, str]
) -> tuple[Dated, ...]:
    """Every study, by question, then the strongest design first.

    Args:
        graph: to ask.
        _queries: folder of the named queries, of which none is needed.
        found: direction of each study, as `directions_of` gives it.
    """
    printed: dict[str, list[Printed]] = defaultdict(list)
    for row in graph.select(_PRINTED).texts():
        printed[row["study"]].append(_printed(row))
    rows = graph.select(_STUDIES).texts()
    return tuple(_dated(row, printed[row["study"]], found) for row in rows)


def directions_of(found: EvidenceMap) -> dict[str, str]:
    """What each study found of the outcomes that decide its question first, one word a study.

    Its comparisons that disagree make it mixed. Taken from the cell of all patients.
    """
    directions: dict[str, set[str]] = defaultdict(set)
    for panel in found.panels:
        cell = next(
            c for c in panel.cells if c.pattern.takes_everybody and c.subtype.takes_everybody
        )
        for entry in cell.entries:
            for comparison in entry.comparisons:
                if comparison.family == panel.family:
                    directions[entry.study.removeprefix("study/")].add(comparison.direction)
    return {study: said.pop() if len(said) == 1 else MIXED for study, said in directions.items()}


def _printed(row: Row) -> Printed:
    return Printed(
        local_name(row["property"]),
        row["label"],
        row["printed"],
        local_name(row["source"]),
        int(row["line"]),
    )


def _dated(row: Row, printed: Iterable[Printed], found: Mapping[str, str]) -> Dated:
    told = tuple(printed)
    began, ended = _years(told, _BEGIN), _years(told, _END)
    is_open = any(_OPEN.search(one.text) for one in told if one.what in _BEGIN)
    study = local_name(row["study"])
    return Dated(
        id=study,
        label=row["label"],
        design=local_name(row["design"]),
        design_label=row["designLabel"],
        rank=int(row["rank"]),
        question=local_name(row["question"]),
        question_label=row["questionLabel"],
        status=row["statusLabel"],
        direction=found.get(study, ""),
        published=tuple(sorted(set(_years(told, (_PUBLISHED,))))),
        began=min(began, default=None),
        ended=None if is_open else max(ended, default=None),
        is_open=is_open,
        printed=told,
    )


def _years(printed: Iterable[Printed], what: Iterable[str]) -> list[int]:
    """Every year that stands in the words about `what`.

    >>> _years([Printed("study_period", "", "January 2006 to April 2013", "a", 1)], _BEGIN)
    [2006, 2013]
    """
    return [int(y) for one in printed if one.what in what for y in _YEAR.findall(one.text)]
