"""The library of a graph -> what every page of this room reads from it: once for each graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from metalocal.answers import Library
from metalocal.attributes import local_name
from metalocal.catalogue import ID
from metalocal.endpoint.api.telling import Patients
from metalocal.pages.addresses import Link, path_of

_REPORTS = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
SELECT ?owner ?report ?source ?line WHERE {
  ?owner ml:hasReport ?report . ?report ml:reportedIn ?source ; ml:line ?line .
} ORDER BY ?owner ?report"""


@dataclass(frozen=True)
class Places:
    """Where each number is printed: owner, source and line to the IRI of the report."""

    reports: Mapping[tuple[str, str, int], str]

    def link(self, place: str, owner: str = "") -> Link:
        """Link of a place such as "liu-2023:62" to its report by `owner`, or else to its source."""
        source, _, line = place.rpartition(":")
        report = self.reports.get((owner, source, int(line)))
        title = "the report of this number" if report else "the source"
        return Link(place, path_of(report or f"{ID}source/{source}") or "", title)

    def links(self, places: str | tuple[str, ...], owner: str = "") -> tuple[Link, ...]:
        """Links of several places, each once."""
        found = places.split(", ") if isinstance(places, str) else places
        return tuple(self.link(place, owner) for place in dict.fromkeys(found) if place)


@dataclass(frozen=True)
class Desk:
    """`uses` counts the groups by criteria that ask about an attribute.

    `questions` maps the code of each clinical question to its label, in order.
    """

    patients: Patients
    uses: Mapping[str, int]
    questions: Mapping[str, str]
    places: Places


def desk_of(library: Library) -> Desk:
    """The desk over a library, which is asked now."""
    uses: Counter[str] = Counter()
    for clauses in library.clauses.of_group.values():
        uses.update({one.asked.partition("-")[0] for clause in clauses for one in clause})
    return Desk(
        patients=Patients(library.attributes, tuple(library.rules)),
        uses=uses,
        questions={one.code: label for label, one in library.questions.items()},
        places=_places(library),
    )


def _places(library: Library) -> Places:
    found: dict[tuple[str, str, int], str] = {}
    for row in library.graph.select(_REPORTS).texts():
        place = (row["owner"], local_name(row["source"]), int(row["line"]))
        found.setdefault(place, row["report"])
    return Places(found)
