"""The ontology, its version and its modules -> their triples.

The ontology as served is that of the built graph: the vocabulary with the classes of profiles by
value and by group. Its modules are the files it is edited in.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
from anyio import to_thread
from starlette.requests import Request

from metalocal.catalogue import ML
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.endpoint.store.protocol import WHOLE
from metalocal.endpoint.triples import constructed
from metalocal.pages.addresses import GRAPHS, PREFIXES

_PARTS = ("ontology", "mappings", "values", "populations", "target-groups", "model-groups")
_NAME = re.compile(r"[a-z]+")
_IS_ONTOLOGY = f"{PREFIXES['rdf']}type", f"{PREFIXES['owl']}Ontology"


async def ontology_triples(service: Service, request: Request) -> list[ox.Triple]:
    """The vocabulary, its mappings and the classes of profiles: what an OWL tool reads."""
    graphs = tuple(f"{GRAPHS}{part}" for part in _PARTS if f"{GRAPHS}{part}" in service.graphs)
    return await constructed(service, WHOLE, request, graphs)


async def module_triples(folder: Path | None, name: str) -> list[ox.Triple]:
    """The triples of the module called `name`.

    Raises:
        RefusedError: 404, there is no such module here.
    """
    path = folder / f"{name}.ttl" if folder and _NAME.fullmatch(name) else None
    triples = await to_thread.run_sync(_read, path) if path and path.is_file() else []
    head = ox.NamedNode(f"{ML}module/{name}") if triples else None
    if not any(t.subject == head and _declares(t) for t in triples):
        raise RefusedError(404, "There is no such module; /ontology/ has all of them in one.")
    return triples


def _declares(triple: ox.Triple) -> bool:
    value = triple.object
    return isinstance(value, ox.NamedNode) and (triple.predicate.value, value.value) == _IS_ONTOLOGY


def _read(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]
