"""The named graphs of a remote endpoint to a graph file with its manifest, as after a build."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from metalocal.graph.records import GraphError
from metalocal.graph.remote import GRAPHS, Held, RemoteGraph


def write_fetched(remote: RemoteGraph, held: Held, folder: Path) -> Path:
    """Write graph.nq and manifest.json of what an endpoint holds of us; gives the graph file.

    Lines are sorted and blank nodes named by content. The bytes are not those of the build: it also
    names blank nodes by their file, and the endpoint may write 0.3 where the build has 0.30.

    Raises:
        GraphError: it has no named graphs of ours, cuts results short, or gives no answer.
    """
    sizes = {name: n for name, n in remote.sizes().items() if name.startswith(GRAPHS)}
    if not sizes:
        raise GraphError(
            f"{remote.url} keeps the evidence graph without its named graphs, which this needs; "
            "load them with `metalocal load --to URL`, or use the built graph without --endpoint"
        )
    dataset = ox.Dataset(
        quad for name, size in sizes.items() for quad in _quads(remote, name, size)
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    data = _sorted_nquads(dataset)
    manifest = {
        "graphs": sizes,
        "sha256": hashlib.sha256(data).hexdigest(),
        "version": held.version,
    }
    file = folder / "graph.nq"
    file.write_bytes(data)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return file


def _quads(remote: RemoteGraph, name: str, size: int) -> list[ox.Quad]:
    graph = ox.NamedNode(name)
    try:
        found = {
            ox.Quad(quad.subject, quad.predicate, quad.object, graph)
            for quad in ox.parse(
                remote.triples(name), format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True
            )
        }
    except SyntaxError as error:
        raise GraphError(f"{remote.url} sends broken N-Triples for {name}: {error}") from error
    if len(found) != size:
        message = f"{remote.url} sends {len(found)} of the {size} triples of {name}"
        raise GraphError(f"{message}: it cuts results short; raise its limit of rows")
    return list(found)


def _sorted_nquads(dataset: Iterable[ox.Quad]) -> bytes:
    data = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(data.splitlines(keepends=True)))
