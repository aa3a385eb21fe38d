"""The named queries -> links for a list, and each one's text at an address of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph_builder.problems import closest
from metalocal.catalogue import NamedQuery, catalogue
from metalocal.endpoint.api.query_slots import own_parameters, takes_profile
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.pages.addresses import Link, prefix_of

_PATH = "/sparql/queries/"


@dataclass(frozen=True)
class Named:
    """A named query as a list shows it; one about a patient leads to the page that asks for it."""

    link: Link
    name: str
    tag: str
    parameters: tuple[str, ...]
    is_about_a_patient: bool


def named_queries(service: Service) -> list[Named]:
    """The named queries that are served, by name; none where there is no folder of them."""
    return [_named(query) for query in _queries(service).values()]


def named_routes(service: Service) -> list[Route]:
    """`/sparql/queries/NAME`, which leads to the query in the editor, with its result."""

    async def respond(request: Request) -> Response:
        queries, name = _queries(service), request.path_params["name"]
        if name not in queries:
            raise RefusedError(404, f"There is no query {name[:80]!r}: {closest(name, queries)}.")
        asked = urlencode({"query": queries[name].text.strip()})
        return Response(
            status_code=303, headers={"Location": f"{prefix_of(request)}/sparql?{asked}"}
        )

    return [Route(_PATH + "{name}", respond)] if service.sources.queries else []


def _queries(service: Service) -> dict[str, NamedQuery]:
    folder = service.sources.queries
    return _read(folder) if folder else {}


_read = lru_cache(maxsize=4)(catalogue)


def _named(query: NamedQuery) -> Named:
    is_about_a_patient = takes_profile(query)
    path = "/ask" if is_about_a_patient else _PATH + query.name
    return Named(
        Link(query.summary, path, query.description),
        query.name,
        query.tags[0] if query.tags else "",
        tuple(parameter.name for parameter in own_parameters(query)),
        is_about_a_patient,
    )
