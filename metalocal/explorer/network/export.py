"""Chosen things -> GraphML, Turtle or the text of a query, each as a file to download."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from graph_builder.problems import closest
from metalocal.catalogue import term
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.endpoint.triples import constructed, written
from metalocal.explorer.network.asked import MOST_NODES, known
from metalocal.explorer.network.records import PROFILE, Network
from metalocal.pages.addresses import BASE

_LARGEST_BODY = 1_000_000
_BATCH = 250
_FORMATS = {
    "graphml": ("graphml", "application/graphml+xml"),
    "turtle": ("ttl", "text/turtle; charset=utf-8"),
    "sparql": ("rq", "application/sparql-query; charset=utf-8"),
}
_FORM = "application/x-www-form-urlencoded"
_QUERY = """\
# What the graph says of {count} chosen things; the graph was of version {version}.
CONSTRUCT {{ ?thing ?property ?value }}
WHERE {{
  VALUES ?thing {{
{things}
  }}
  ?thing ?property ?value
}}
"""


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was sent.

    Raises:
        RefusedError: 400, 413 or 415, with the way to mend it.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _FORM:
        raise RefusedError(415, f"What is to be exported comes as a form, {_FORM}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise RefusedError(413, f"The form is larger than {_LARGEST_BODY} bytes; choose less.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20
        )
    except ValueError as error:  # a UnicodeDecodeError is one
        raise RefusedError(
            400, "The form is not UTF-8 in percent-encoding, or has over 20 fields."
        ) from error
    return dict(pairs)


def chosen(network: Network, ids: str) -> list[str]:
    """The things of a list with commas, each once, without the patient.

    Raises:
        RefusedError: 400, too many or none; 404, one is not in the network.
    """
    given = [one.strip() for one in ids.split(",") if one.strip() and one.strip() != PROFILE]
    if not given:
        raise RefusedError(400, "'ids' names nothing to export; list ids with commas between them.")
    if len(given) > MOST_NODES:
        raise RefusedError(400, f"'ids' names {len(given)} things; {MOST_NODES} is the most.")
    return list(dict.fromkeys(known(network, one) for one in given))


def format_asked(form: dict[str, str]) -> str:
    """The format a form asks for.

    Raises:
        RefusedError: 400, there is none of that name.
    """
    name = form.get("format", "")
    if name not in _FORMATS:
        raise RefusedError(400, f"'format' is none there is; {closest(name, _FORMATS)}")
    return name


def download(body: bytes, form: str, name: str, version: str) -> Response:
    """A file with the version of the graph in its name."""
    ending, media_type = _FORMATS[form]
    file = f"metalocal-{plain(name) or 'things'}-{plain(version) or 'unversioned'}.{ending}"
    headers = {"Content-Type": media_type, "Content-Disposition": f'attachment; filename="{file}"'}
    return Response(body, headers=headers)


def plain(name: str) -> str:
    """A name that every file system takes.

    >>> plain("TATA: overall/survival é")
    'tata-overall-survival'
    """
    return re.sub(r"[^a-z0-9.]+", "-", name.lower())[:60].strip("-.")


def graphml(network: Network, things: Sequence[str]) -> bytes:
    """The things and the relations among them, for Gephi, yEd or Cytoscape."""
    import networkx as nx  # noqa: PLC0415  (slow to import)

    found = nx.MultiDiGraph()
    for thing in things:
        node = network.nodes[thing]
        words = {name: _text(value) for name, value in node.data.items()}
        found.add_node(BASE + thing, **words, label=node.label, type=node.type)
    for edge in network.among(things):
        ends = BASE + edge.source, BASE + edge.target
        derived = bool(edge.data.get("derived"))
        found.add_edge(*ends, relation=edge.relation, label=edge.label, derived=derived)
    text = io.BytesIO()
    nx.write_graphml(found, text)
    return text.getvalue()


def _text(value: object) -> str:
    words = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(sign for sign in words if sign.isprintable() or sign in "\t\n")


def query_text(network: Network, things: Sequence[str], most: int) -> bytes:
    """A query that gives what the graph says of the things.

    Raises:
        RefusedError: 400, it would be longer than a query may be here.
    """
    lines = "\n".join(f"    {term(BASE + thing, 'iri')}" for thing in things)
    text = _QUERY.format(count=len(things), version=network.version or "unknown", things=lines)
    if len(text) > most:
        raise RefusedError(
            400,
            f"A query about {len(things)} things would be longer than the {most} characters this "
            "endpoint takes; choose fewer, or take Turtle.",
        )
    return text.encode()


async def turtle(service: Service, things: Sequence[str], request: Request) -> bytes:
    """What the graph says of the things, unnamed parts followed to their end."""
    triples: list[ox.Triple] = []
    for iris in _batches(things):
        query = f"DESCRIBE ?thing WHERE {{ VALUES ?thing {{ {iris} }} }}"
        triples += await constructed(service, query, request)
    return await written(triples, "turtle")


def _batches(things: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(things), _BATCH):
        yield " ".join(term(BASE + thing, "iri") for thing in things[start : start + _BATCH])
