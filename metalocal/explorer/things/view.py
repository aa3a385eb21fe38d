"""A thing that was found -> its HTML page."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from metalocal.catalogue import ID, term
from metalocal.endpoint.resources.finding import Found, Kind
from metalocal.endpoint.resources.forms import DATA
from metalocal.endpoint.service import Service
from metalocal.explorer.things.facts import facts_of
from metalocal.explorer.things.lists import (
    Listed,
    Paging,
    asked_page,
    held_by,
    incoming_of,
    reports_of,
)
from metalocal.pages import html_page
from metalocal.pages.addresses import BASE, GRAPHS, ONTOLOGY, Link, link_of, path_of

_ABOVE = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?iri ?label WHERE {{
  VALUES ?iri {{ {iris} }}
  ?iri a ?type . OPTIONAL {{ ?iri rdfs:label ?label }}
}}"""


async def thing_page(
    service: Service, found: Found, request: Request, headers: Mapping[str, str]
) -> Response:
    """The page of a thing, a named graph or the ontology.

    Raises:
        RefusedError: 400, the query string asks for a page that cannot be.
    """
    iri, paging = found.iri, asked_page(request)
    facts = await facts_of(service, iri, request)
    incoming, unnamed = await incoming_of(service, iri, paging, request)
    path = path_of(iri)
    values = {
        "title": facts.label,
        "iri": iri,
        "path": path,
        "facts": facts,
        "crumbs": await _crumbs(service, iri, request),
        "forms": [Link(form.words, f"{path}{form.suffix}", form.media_type) for form in DATA],
        "reports": [] if paging.incoming else await reports_of(service, iri, facts.label, request),
        "incoming": incoming,
        "unnamed": unnamed,
        "paging": paging,
        "held": await _held(service, found, paging, request),
    }
    return html_page(request, "thing.html", values, headers)


async def _held(service: Service, found: Found, paging: Paging, request: Request) -> Listed | None:
    """The things in a named graph, or the terms of the ontology."""
    graph = found.iri if found.kind is Kind.GRAPH else f"{GRAPHS}ontology"
    if found.kind is Kind.THING or paging.incoming or graph not in service.graphs:
        return None
    return await held_by(service, graph, paging, request)


async def _crumbs(service: Service, iri: str, request: Request) -> list[Link]:
    """The way from the front page down to what `iri` is part of; only what is there is a link."""
    names = iri.removeprefix(BASE).split("/")
    above = [BASE + "/".join(names[:end]) for end in range(2, len(names))]
    crumbs = [Link("metalocal", "/")]
    if not iri.startswith(ID):
        return crumbs + ([Link("ontology", "/ontology/", ONTOLOGY)] if iri != ONTOLOGY else [])
    values = " ".join(term(each, "iri") for each in above)
    rows = (await service.rows(_ABOVE.format(iris=values), request)).texts()
    labels = {row["iri"]: row.get("label", "") for row in rows}
    return crumbs + [
        link_of(each, labels[each] or name) if each in labels else Link(name)
        for each, name in zip(above, names[1:], strict=False)
    ]
