"""Queries, a JSON line each, to seconds and results, a JSON line each, over one Python library.

Called by peers.py: `python peers_worker.py LIBRARY FILE`, LIBRARY being pyoxigraph, rdflib,
owlready2 or maplib. It imports nothing but the library, so that another environment than that of
metalocal can run it. The clock runs from the text of a query until all rows are there in the
library's own form; to write them as SPARQL results in JSON, for the comparison, comes after it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

Results = dict[str, Any]
Answer = tuple[float, Results]
Ask = Callable[[str], Answer]


def main(library: str, file: str) -> None:
    """Load the graph, tell the version, then answer until the input ends."""
    ask = LIBRARIES[library](file)
    tell({"ready": f"{library} {version(library)}"})
    for line in sys.stdin:
        tell(answered(ask, json.loads(line)))


def answered(ask: Ask, query: str) -> dict[str, object]:
    """Seconds and results of one query, or why there are none."""
    try:
        seconds, results = ask(query)
    except BaseException as error:  # some libraries raise their panics beside Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return {"error": f"{type(error).__name__}: {str(error)[:300]}"}
    return {"seconds": seconds, "results": results}


def tell(message: dict[str, object]) -> None:
    """One line out, at once."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _pyoxigraph(file: str) -> Ask:
    import pyoxigraph as ox  # noqa: PLC0415  (only where it is the library asked for)

    store = ox.Store()
    store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)

    def ask(query: str) -> Answer:
        start = time.perf_counter()
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        text = found.serialize(format=ox.QueryResultsFormat.JSON)
        return time.perf_counter() - start, json.loads(text or b"{}")

    return ask


def _rdflib(file: str) -> Ask:
    import rdflib  # noqa: PLC0415  (only where it is the library asked for)

    graph = rdflib.Graph()  # a Dataset whose default graph is the union is some ten times slower
    graph.parse(file, format="nt")

    def ask(query: str) -> Answer:
        start = time.perf_counter()
        found = graph.query(query)
        _ = found.bindings  # reads them to the end
        seconds = time.perf_counter() - start
        return seconds, json.loads(found.serialize(format="json") or b"{}")

    return ask


def _owlready2(file: str) -> Ask:
    import owlready2  # noqa: PLC0415  (only where it is the library asked for)

    world = owlready2.World()
    with Path(file).open("rb") as triples:
        ontology = world.get_ontology("https://w3id.org/metalocal/id/union#")
        ontology.load(fileobj=triples, only_local=True, format="ntriples")

    def ask(query: str) -> Answer:
        start = time.perf_counter()
        prepared = world.prepare_sparql(query, error_on_undefined_entities=False)
        rows = [tuple(row) for row in prepared.execute()]
        seconds = time.perf_counter() - start
        names = [name.removeprefix("?") for name in prepared.column_names]
        return seconds, results_of(names, [[_python_cell(cell) for cell in row] for row in rows])

    return ask


def _python_cell(value: object) -> dict[str, str] | None:
    """A Python object of owlready2 as a cell: a thing is its IRI, all else is text."""
    if value is None or value == "":
        return None
    iri = getattr(value, "iri", None)
    if iri:
        return {"type": "uri", "value": str(iri)}
    if isinstance(value, bool):
        return {"type": "literal", "value": str(value).lower()}
    return {"type": "literal", "value": str(value)}


def _maplib(file: str) -> Ask:
    import maplib  # noqa: PLC0415  (only where it is the library asked for)

    model = maplib.Model()
    model.read(file, format="ntriples")

    def ask(query: str) -> Answer:
        start = time.perf_counter()
        model.query(query)
        seconds = time.perf_counter() - start
        return seconds, json.loads(model.query(query, return_json=True))  # the same rows as text

    return ask


def results_of(names: list[str], rows: Iterable[list[dict[str, str] | None]]) -> Results:
    """SPARQL results of cells; None is unbound."""
    bindings = [
        {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        for row in rows
    ]
    return {"head": {"vars": names}, "results": {"bindings": bindings}}


LIBRARIES: dict[str, Callable[[str], Ask]] = {
    "pyoxigraph": _pyoxigraph,
    "rdflib": _rdflib,
    "owlready2": _owlready2,
    "maplib": _maplib,
}

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
