"""Queries, a JSON line each, to results, a JSON line each, over rdflib with a store of choice.

Called by compatibility.py: `python compatibility_worker.py rdflib|oxrdflib GRAPH.nq`.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import rdflib


def main(store: str, file: str) -> None:
    """Load the graph, tell the version, then answer until the input ends."""
    dataset = rdflib.Dataset(
        store="Oxigraph" if store == "oxrdflib" else "default", default_union=True
    )
    dataset.parse(data=Path(file).read_text("utf-8"), format="nquads")
    tell({"ready": f"{store} {version(store)}"})
    for line in sys.stdin:
        tell(answer(dataset, json.loads(line)))


def answer(dataset: rdflib.Dataset, query: str) -> dict[str, object]:
    """Result of one query in SPARQL results JSON, or why there is none."""
    try:
        found = dataset.query(query).serialize(format="json")
        return {"results": json.loads(found or b"{}")}
    except Exception as error:  # whatever the engine raises is its answer here
        return {"error": f"{type(error).__name__}: {error}"}


def tell(message: dict[str, object]) -> None:
    """One line out, at once."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
