"""`/id/...` and `/ontology...`: an address in, the thing it names out, as a page or as RDF."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from metalocal.endpoint.formats import GRAPH_FORMATS, accepted, choose
from metalocal.endpoint.resources.description import described
from metalocal.endpoint.resources.finding import Found, Kind, find
from metalocal.endpoint.resources.forms import (
    DATA,
    GRAPH,
    ONTOLOGY,
    PAGE,
    THING,
    TURTLE,
    Form,
    wished,
    without_suffix,
)
from metalocal.endpoint.resources.ontology import module_triples, ontology_triples
from metalocal.endpoint.service import Service
from metalocal.endpoint.store.protocol import WHOLE
from metalocal.endpoint.triples import constructed, written
from metalocal.pages.addresses import own_path, path_of, prefix_of

_FORMS = {Kind.THING: THING, Kind.GRAPH: GRAPH, Kind.ONTOLOGY: ONTOLOGY}
_MODULE = "/ontology/module/"

ThingPage = Callable[[Service, Found, Request, Mapping[str, str]], Awaitable[Response]]
"""What was found, who asks and the headers to send -> the HTML page of the thing."""


class Resources:
    """Answers for every IRI of ours."""

    def __init__(self, service: Service, page: ThingPage) -> None:
        self._service, self._page = service, page

    def routes(self) -> list[BaseRoute]:
        """Addresses of things, terms, modules and the ontology."""
        return [
            Route(f"{_MODULE}{{name}}", self.module),
            Route("/id/{rest:path}", self.thing),
            Route("/ontology/{rest:path}", self.thing),
            Route("/ontology", self.thing),
            *[Route(f"/ontology{form.suffix}", self.thing) for form in THING],
        ]

    async def thing(self, request: Request) -> Response:
        """The thing at the request's path.

        Raises:
            RefusedError: 404 for one that is not here, 406 for a form it does not come in.
        """
        found = await find(self._service, own_path(request), request)
        form = found.form or wished(accepted(request), _FORMS[found.kind])
        headers = _headers(prefix_of(request), found, form)
        if form is PAGE:
            return await self._page(self._service, found, request, headers)
        body = await written(await self._triples(found, request), form.name)
        return Response(body, headers={**headers, "Content-Type": form.content_type})

    async def module(self, request: Request) -> Response:
        """A module of the ontology; people who have no wish get it as it is edited, in Turtle."""
        name, form = without_suffix(request.path_params["name"])
        chosen = choose(accepted(request), GRAPH_FORMATS)
        by_name = {each.name: each for each in DATA}
        form = form or (by_name[chosen.name] if chosen else TURTLE)
        triples = await module_triples(self._service.sources.ontology, name)
        headers = {"Content-Type": form.content_type, "Content-Location": f"{name}{form.suffix}"}
        return Response(await written(triples, form.name), headers=headers)

    async def _triples(self, found: Found, request: Request) -> list[ox.Triple]:
        if found.kind is Kind.ONTOLOGY:
            return await ontology_triples(self._service, request)
        if found.kind is Kind.GRAPH:
            return await constructed(self._service, WHOLE, request, (found.iri,))
        return await described(self._service, found.iri, request)


def _headers(prefix: str, found: Found, form: Form) -> dict[str, str]:
    """Where this form has an address of its own, and where the others are."""
    path = f"{prefix}{path_of(found.iri)}"
    others = [
        f'<{path}{other.suffix}>; rel="alternate"; type="{other.media_type}"'
        for other in THING
        if other is not form
    ]
    described_by = f'<{prefix}/.well-known/void>; rel="describedby"; type="text/turtle"'
    return {
        "Content-Location": f"{path}{form.suffix}",
        "Link": ", ".join([*others, described_by]),
    }
