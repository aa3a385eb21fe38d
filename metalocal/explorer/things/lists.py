"""An IRI -> the lists of its page: what points to it, its reports, what a named graph holds."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from metalocal.catalogue import CatalogueError, term
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.explorer.things.facts import labels_of, words_of
from metalocal.pages.addresses import Link, link_of

PAGE_ROWS = 50
_MOST_REPORTS = 500
_MOST_PAGES = 10_000
_PREFIXES = """\
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_COUNTS = """\
SELECT ?property ?unnamed (COUNT(DISTINCT ?subject) AS ?count) WHERE {{
  ?subject ?property {iri} . BIND(isBlank(?subject) AS ?unnamed)
}} GROUP BY ?property ?unnamed ORDER BY ?property"""
_SUBJECTS = """\
{{ SELECT DISTINCT ?property ?subject WHERE {{
  VALUES ?property {{ {property} }}
  ?subject ?property {iri} . FILTER(isIRI(?subject))
}} ORDER BY ?subject LIMIT {limit} OFFSET {offset} }}"""
_INCOMING = """\
SELECT ?property ?subject ?label WHERE {{
  {lists}
  OPTIONAL {{ ?subject rdfs:label ?label }}
}} ORDER BY ?property ?subject"""
_REPORTS = """\
SELECT DISTINCT
  ?owner ?ownerLabel ?report ?reportLabel ?value ?unit ?source ?sourceLabel ?line ?place
WHERE {{
  {{ BIND({iri} AS ?owner) {iri} ml:hasReport ?report
     FILTER NOT EXISTS {{ {iri} ml:hasEstimate ?estimate }} }}
  UNION {{ {iri} ml:hasEstimate ?owner . ?owner ml:hasReport ?report }}
  UNION {{ ?owner ml:population {iri} ; ml:hasReport ?report }}
  ?owner rdfs:label ?ownerLabel .
  ?report rdfs:label ?reportLabel ; ml:reportedIn ?source .
  ?source rdfs:label ?sourceLabel .
  OPTIONAL {{ ?owner ml:unit ?measured . ?measured rdfs:label ?unit }}
  OPTIONAL {{ ?report ml:printedValue ?value }}
  OPTIONAL {{ ?report ml:line ?line }}
  OPTIONAL {{ ?report ml:place ?place }}
}} ORDER BY ?ownerLabel ?owner ?source ?line LIMIT {limit}"""
_HELD = """\
SELECT ?subject ?label WHERE {{
  {{ SELECT DISTINCT ?subject WHERE {{
    GRAPH {iri} {{ ?subject ?property ?value }} FILTER(isIRI(?subject))
  }} ORDER BY ?subject LIMIT {limit} OFFSET {offset} }}
  OPTIONAL {{ ?subject rdfs:label ?label }}
}} ORDER BY ?subject"""
_HELD_COUNT = """\
SELECT (COUNT(DISTINCT ?subject) AS ?count) WHERE {{
  GRAPH {iri} {{ ?subject ?property ?value }} FILTER(isIRI(?subject))
}}"""


@dataclass(frozen=True)
class Paging:
    """Which page of which list is asked for: a property's IRI, or "" for the first of each."""

    incoming: str = ""
    page: int = 1

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * PAGE_ROWS


@dataclass(frozen=True)
class Listed:
    """Links under a heading; `count` in all, of which those of page `page` are here."""

    heading: Link
    count: int
    links: list[Link]
    page: int = 1

    @property
    def last_page(self) -> int:
        """Number of pages."""
        return max(1, -(-self.count // PAGE_ROWS))


@dataclass(frozen=True)
class Report:
    """One printing of a number, `unit` where it has one, with the place it stands at."""

    printed: Link
    unit: str
    source: Link
    line: str
    place: str


@dataclass(frozen=True)
class Reported:
    """A thing with all its reports side by side."""

    owner: Link
    reports: list[Report]


def asked_page(request: Request) -> Paging:
    """The page of a list that a request asks for.

    Raises:
        RefusedError: 400, no number of a page, or a property that is no IRI.
    """
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_PAGES):
        raise RefusedError(400, f"page must be a number from 1 to {_MOST_PAGES}.")
    incoming = request.query_params.get("incoming", "")
    try:
        incoming = incoming and term(incoming, "iri")[1:-1]
    except CatalogueError as error:
        raise RefusedError(400, f"incoming: {error}") from error
    return Paging(incoming, int(text))


async def incoming_of(
    service: Service, iri: str, paging: Paging, request: Request
) -> tuple[list[Listed], int]:
    """What points to `iri`, by property, and the number of unnamed classes that mention it."""
    node = term(iri, "iri")
    counted = (await service.rows(_COUNTS.format(iri=node), request)).texts()
    counts = {row["property"]: int(row["count"]) for row in counted if row["unnamed"] == "false"}
    unnamed = sum(int(row["count"]) for row in counted if row["unnamed"] == "true")
    if paging.incoming:
        counts = {name: count for name, count in counts.items() if name == paging.incoming}
    if not counts:
        return [], unnamed
    lists = [
        _SUBJECTS.format(
            property=term(name, "iri"), iri=node, limit=PAGE_ROWS, offset=paging.offset
        )
        for name in counts
    ]
    query = _PREFIXES + _INCOMING.format(lists=" UNION ".join(lists))
    rows = (await service.rows(query, request)).texts()
    labels = await _labels(service, counts, request)
    return [
        Listed(link_of(name, labels[name]), count, _links(rows, name), paging.page)
        for name, count in counts.items()
    ], unnamed


async def _labels(service: Service, iris: dict[str, int], request: Request) -> dict[str, str]:
    """A label for each of `iris`."""
    known = await labels_of(service, (term(iri, "iri") for iri in iris), request)
    return {iri: known.get(iri) or words_of(iri) for iri in iris}


def _links(rows: list[dict[str, str]], name: str) -> list[Link]:
    """Each subject of a property once."""
    found = {row["subject"]: row.get("label", "") for row in rows if row["property"] == name}
    return [link_of(iri, label) for iri, label in found.items()]


async def held_by(service: Service, graph: str, paging: Paging, request: Request) -> Listed:
    """The things a named graph speaks of, one page of them."""
    node = term(graph, "iri")
    counted = await service.rows(_HELD_COUNT.format(iri=node), request)
    query = _PREFIXES + _HELD.format(iri=node, limit=PAGE_ROWS, offset=paging.offset)
    rows = (await service.rows(query, request)).texts()
    links = {row["subject"]: link_of(row["subject"], row.get("label", "")) for row in rows}
    count = int(counted.texts()[0]["count"])
    return Listed(Link("What it describes"), count, list(links.values()), paging.page)


async def reports_of(service: Service, iri: str, label: str, request: Request) -> list[Reported]:
    """The reports of a study's estimates, of a population's, or of the thing itself.

    What stands under `label`, the name of the thing, is not told again with each report.
    """
    query = _PREFIXES + _REPORTS.format(iri=term(iri, "iri"), limit=_MOST_REPORTS)
    found: dict[str, Reported] = {}
    for row in (await service.rows(query, request)).texts():
        owner = link_of(row["owner"], row["ownerLabel"].removeprefix(f"{label}: "))
        report = Report(
            printed=link_of(row["report"], row["reportLabel"].partition(" | ")[0]),
            unit=row.get("unit", "") if "value" in row else "",
            source=link_of(row["source"], row["sourceLabel"]),
            line=row.get("line", ""),
            place=row.get("place", ""),
        )
        found.setdefault(row["owner"], Reported(owner, [])).reports.append(report)
    return list(found.values())
