"""Triples from the engine and back into a format, with prefixes and in a steady order."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from anyio import to_thread
from starlette.requests import Request

from metalocal.endpoint.engine.worker import RDF_FORMATS
from metalocal.endpoint.service import Service, own_job
from metalocal.pages.addresses import PREFIXES


async def constructed(
    service: Service, query: str, request: Request, graphs: tuple[str, ...] = ()
) -> list[ox.Triple]:
    """Triples of a CONSTRUCT or DESCRIBE of ours, over the union or the graphs named."""
    job = own_job(query, graphs=graphs, graph_format="n-triples")
    answer = await service.answer(job, request)
    return await to_thread.run_sync(_read, answer.body)


async def written(triples: Iterable[ox.Triple], format_name: str) -> bytes:
    """Triples in one of `RDF_FORMATS`, subject by subject; equal ones once."""
    return await to_thread.run_sync(_write, list(triples), format_name)


def _read(body: bytes) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]


def _write(triples: list[ox.Triple], format_name: str) -> bytes:
    ordered = sorted(set(triples), key=_order)
    return ox.serialize(ordered, format=RDF_FORMATS[format_name], prefixes=PREFIXES) or b""


def _order(triple: ox.Triple) -> tuple[bool, str, str, str]:
    """Named things before unnamed, types first."""
    unnamed = isinstance(triple.subject, ox.BlankNode)
    predicate = triple.predicate.value
    is_type = predicate == f"{PREFIXES['rdf']}type"
    return unnamed, str(triple.subject), "" if is_type else predicate, str(triple.object)
