"""The graph -> what was read from each line of each source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from metalocal.attributes import local_name
from metalocal.catalogue import ID, term
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of
from metalocal.pages.addresses import path_of

_READ = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?report ?line ?place ?owner ?ownerLabel ?type ?typeLabel ?printed ?low ?high ?p ?wording
       ?said ?unit WHERE {{
  ?report ml:reportedIn {source} ; ml:line ?line .
  ?owner ml:hasReport ?report ; a ?type ; rdfs:label ?ownerLabel .
  FILTER(?type != owl:NamedIndividual)
  OPTIONAL {{ ?type rdfs:label ?typeLabel }}
  OPTIONAL {{ ?report ml:place ?place }}
  OPTIONAL {{ ?report ml:printedValue ?printed }}
  OPTIONAL {{ ?report ml:printedLow ?low ; ml:printedHigh ?high }}
  OPTIONAL {{ ?report ml:printedP ?p }}
  OPTIONAL {{ ?report ml:wording ?wording }}
  OPTIONAL {{ ?owner ml:wording ?said }}
  OPTIONAL {{ ?owner ml:unit ?measured . ?measured rdfs:label ?unit }}
}} ORDER BY ?line ?ownerLabel ?report"""

RESULTS, FACTS, GUIDANCE = "results", "study facts", "guidance"
KINDS = {
    RESULTS: "numbers and directions that studies found",
    FACTS: "what studies are: design, patients, years, remarks",
    GUIDANCE: "recommendations, their numbers, and groups of decision models",
}
"""Kinds of what is read from a line."""

_KIND_OF = {
    "Estimate": RESULTS,
    "GuidanceStatement": GUIDANCE,
    "Figure": GUIDANCE,
    "DecisionModel": GUIDANCE,
    "ModelGroup": GUIDANCE,
}


@dataclass(frozen=True)
class Read:
    """One thing read from a line: of what, what is printed, and the paths of thing and report.

    `printed` is as printed, or our short wording where `is_wording`; empty where a line only names
    the thing. `owner` is the path of the study or other thing it belongs to.
    """

    line: int
    place: str
    kind: str
    item: str
    item_type: str
    item_path: str
    report_path: str
    owner: str
    owner_path: str
    printed: str
    is_wording: bool


@dataclass(frozen=True)
class Source:
    """An article with what its pages are told by: reference and where to find it."""

    id: str
    label: str
    citation: str
    year: str
    journal: str
    doi: str
    licence: str
    note: str
    reports: int


@dataclass(frozen=True)
class Line:
    """A line from which something was read."""

    number: int
    read: tuple[Read, ...]

    def count(self, kind: str) -> int:
        """How many things of a kind were read from it."""
        return sum(one.kind == kind for one in self.read)


def sources_of(graph: EvidenceGraph, queries: Path) -> dict[str, Source]:
    """Every source by its word, the oldest first."""
    rows = rows_of(graph, queries, "sources")
    return {local_name(row["source"]): _source(row) for row in rows}


def _source(row: Mapping[str, str]) -> Source:
    return Source(
        id=local_name(row["source"]),
        label=row["label"],
        citation=row["citation"],
        year=row["year"],
        journal=row.get("journal", ""),
        doi=row.get("doi", ""),
        licence=row.get("licence", ""),
        note=row.get("note", ""),
        reports=int(row["reports"]),
    )


def lines_of(graph: EvidenceGraph, _queries: Path, source: str) -> tuple[Line, ...]:
    """The lines of a source that the graph cites, in their order."""
    query = _READ.format(source=term(f"{ID}source/{source}", "iri"))
    by_line: dict[int, list[Read]] = defaultdict(list)
    for row in graph.select(query).texts():
        by_line[int(row["line"])].append(_read(row))
    order = list(KINDS)
    return tuple(
        Line(number, tuple(sorted(read, key=lambda one: order.index(one.kind))))
        for number, read in sorted(by_line.items())
    )


def _read(row: Mapping[str, str]) -> Read:
    owner, _, item = row["ownerLabel"].partition(": ")
    return Read(
        line=int(row["line"]),
        place=row.get("place", ""),
        kind=_KIND_OF.get(local_name(row["type"]), FACTS),
        item=item.partition(" [")[0] or "mention",
        item_type=row.get("typeLabel", ""),
        item_path=path_of(row["owner"]) or "",
        report_path=path_of(row["report"]) or "",
        owner=owner,
        owner_path=_above(path_of(row["owner"]) or ""),
        printed=_printed(row),
        is_wording="printed" not in row and bool(row.get("wording") or row.get("said")),
    )


def _above(path: str) -> str:
    """The path of the study, guidance or model that a thing is part of.

    >>> _above("/id/study/tata/estimate/os-hr")
    '/id/study/tata'
    """
    return "/".join(path.split("/")[:4])


def _printed(row: Mapping[str, str]) -> str:
    """A number as printed with its interval and p value, or else our wording."""
    interval = f"({row['low']} to {row['high']})" if "low" in row else ""
    p = f"p {row['p']}" if "p" in row else ""
    value = row.get("printed", "")
    unit = row.get("unit", "") if value else ""
    number = " ".join(part for part in (value, unit, interval, p) if part)
    return number or row.get("wording") or row.get("said", "")


def places_of(lines: Iterable[Line]) -> list[tuple[str, int, int, int]]:
    """Each place of the article: name, first and last line, and how much was read there."""
    found: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        for one in line.read:
            found[one.place].append(line.number)
    told = [(place, min(n), max(n), len(n)) for place, n in found.items()]
    return sorted(told, key=lambda each: (each[1], each[2]))
