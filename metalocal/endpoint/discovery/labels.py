"""IRIs -> the labels the graph has for them, in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starlette.requests import Request

from metalocal.catalogue import CatalogueError, term
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service

_MOST = 3000
_LABELS = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?iri (MIN(STR(?text)) AS ?label) WHERE {{
  VALUES ?iri {{ {iris} }}
  ?iri rdfs:label|dcterms:title ?text
}} GROUP BY ?iri"""


async def labels_of(service: Service, iris: Iterable[str], request: Request) -> Mapping[str, str]:
    """Label of each of the first 3,000 of `iris` that has one; none where nobody can look now."""
    wanted = [written for iri in sorted(set(iris)) if (written := _written(iri))][:_MOST]
    if not wanted:
        return {}
    try:
        rows = (await service.rows(_LABELS.format(iris=" ".join(wanted)), request)).texts()
    except RefusedError:  # the rows are there: they are worth showing without labels
        return {}
    return {row["iri"]: row["label"] for row in rows}


def _written(iri: str) -> str:
    try:
        return term(iri, "iri")
    except CatalogueError:
        return ""
