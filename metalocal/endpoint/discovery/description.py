"""`GET /sparql` without a query -> the service description: triples, or the page to query from."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from metalocal.endpoint.discovery.console import base_of, console_page, described_by
from metalocal.endpoint.discovery.holdings import holdings_of
from metalocal.endpoint.discovery.service_description import describe_service
from metalocal.endpoint.formats import GRAPH_FORMATS, accepted, choose, prefers_page
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service, not_acceptable
from metalocal.endpoint.triples import written


async def service_answer(service: Service, request: Request) -> Response:
    """The service description in the form the client takes.

    Raises:
        RefusedError: 406 for an Accept header with nothing we write, 400 for an odd Host.
    """
    accept = accepted(request)
    if prefers_page(accept):
        return await console_page(service, request)
    chosen = choose(accept, GRAPH_FORMATS)
    if chosen is None:
        raise not_acceptable()
    holdings = await holdings_of(service, request)
    try:
        triples = describe_service(base_of(request), holdings, service.limits)
    except ValueError as error:
        raise RefusedError(400, "The address of this request makes no IRI.") from error
    headers = {"Content-Type": chosen.content_type, **described_by(request)}
    return Response(await written(triples, chosen.name), headers=headers)
