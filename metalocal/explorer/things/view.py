"""A thing that was found -> its HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from metalocal.catalogue import ID, term
from metalocal.endpoint.api.served_graph import on_behalf_of
from metalocal.endpoint.resources.finding import Found, Kind
from metalocal.endpoint.resources.forms import DATA
from metalocal.endpoint.service import Service
from metalocal.explorer.things.books import books_of
from metalocal.explorer.things.facts import Facts, facts_of
from metalocal.explorer.things.kinds import maker_of
from metalocal.explorer.things.linked_data import as_script
from metalocal.explorer.things.lists import (
    Listed,
    Paging,
    asked_page,
    held_by,
    incoming_of,
    reports_of,
)
from metalocal.explorer.things.made import Desk, Made
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
    made = None if paging.incoming else await _made(service, iri, facts, request)
    incoming, unnamed = await incoming_of(service, iri, paging, request)
    path, bare = path_of(iri), made is None and not paging.incoming
    values = {
        "title": facts.label,
        "iri": iri,
        "path": path,
        "facts": facts,
        "crumbs": await _crumbs(service, iri, request),
        "forms": [
            Link(form.words, f"{path_of(iri)}{form.suffix}", form.media_type) for form in DATA
        ],
        "reports": await reports_of(service, iri, facts.label, request) if bare else [],
        "incoming": incoming,
        "unnamed": unnamed,
        "paging": paging,
        "held": await _held(service, found, paging, request),
        "sheets": ["thing"],
        "made": made is not None,
        "ways": ways(iri),
        "data": as_script(made.data, iri) if made and made.data else "",
        **(made.values if made else {}),
    }
    return html_page(request, made.template if made else "thing.html", values, headers)


def ways(iri: str) -> list[Link]:
    """Where to go on from a thing: the graph around it, and of a study all of it."""
    name = quote(iri.removeprefix(BASE), safe="/")
    found = [Link("See in the graph", f"/explore?focus={name}")]
    if iri.startswith(f"{ID}study/") and "/" not in iri.removeprefix(f"{ID}study/"):
        found.append(Link("The whole study as a graph", f"/explore?study={name}"))
    return [*found, Link("Ask for a patient", "/ask")]


async def _made(service: Service, iri: str, facts: Facts, request: Request) -> Made | None:
    """The part of the page that is of the thing's kind; None where there is none."""
    books, maker = books_of(service), maker_of(link.title for link in facts.types)
    if books is None or maker is None:
        return None
    desk = Desk(books, request.query_params)
    return await on_behalf_of(request, service.limits.seconds, partial(maker, iri, desk))


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
        link_of(each, _own_words(labels[each]) or name) if each in labels else Link(name)
        for each, name in zip(above, names[1:], strict=False)
    ]


def _own_words(label: str) -> str:
    """A label without the name of what it is part of, which stands before it in the trail.

    >>> _own_words("MF07-01: overall survival, median, surgery, in all randomised [os]")
    'overall survival, median, surgery, in all randomised'
    """
    return label.partition(": ")[2].partition(" [")[0] or label
