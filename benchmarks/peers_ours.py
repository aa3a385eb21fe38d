"""Questions, a JSON line each, to seconds and tables, a JSON line each: metalocal, or the floor.

Called by peers.py: `python peers_ours.py metalocal|floor GRAPH.nq QUERIES`. metalocal is asked as
`metalocal ask` and the server ask it: in process, the graph loaded once. The floor gives verdicts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from peers_floor import columns_of, rows_of_groups
from peers_worker import results_of, tell

from metalocal.answers.library import Library
from metalocal.answers.records import Reason
from metalocal.graph import LocalGraph, Table
from metalocal.locations import version
from metalocal.profiles import Profile

Message = dict[str, Any]
Tables = list[dict[str, Any]]
Ask = Callable[[Message], tuple[float, Tables]]


def main(name: str, file: str, queries: str) -> None:
    """Load the graph, tell the version, then answer until the input ends."""
    graph = LocalGraph(Path(file))
    _ = graph.store  # loaded, also where rows are kept beside the file
    library = Library(graph, Path(queries))
    ask = _floor(library) if name == "floor" else _metalocal(library)
    tell({"ready": f"metalocal {version()}" if name == "metalocal" else f"numpy {np.__version__}"})
    for line in sys.stdin:
        tell(_answered(ask, json.loads(line)))


def _answered(ask: Ask, message: Message) -> dict[str, object]:
    try:
        seconds, tables = ask(message)
    except Exception as error:  # what is raised is the answer here
        return {"error": f"{type(error).__name__}: {error}"}
    return {"seconds": seconds, "tables": tables}


def _metalocal(library: Library) -> Ask:
    ways = {"verdicts": _verdicts, "verdicts and reasons": _both}
    _ = library.matching  # read once, whoever is asked about

    def ask(message: Message) -> tuple[float, Tables]:
        way = ways.get(message["name"])
        return way(library, message) if way else _selected(library, message)

    return ask


def _verdicts(library: Library, message: Message) -> tuple[float, Tables]:
    profile = profile_in(message)
    start = time.perf_counter()
    found = library.matching.verdicts(profile)
    return time.perf_counter() - start, [_verdict_table(found)]


def _both(library: Library, message: Message) -> tuple[float, Tables]:
    profile = profile_in(message)
    start = time.perf_counter()
    found, why = library.matching.told(profile)
    seconds = time.perf_counter() - start
    return seconds, [_verdict_table(found), _reason_table(why)]


def _selected(library: Library, message: Message) -> tuple[float, Tables]:
    start = time.perf_counter()
    found = [library.graph.select(text) for text in message["texts"]]
    return time.perf_counter() - start, [_results(table) for table in found]


def _floor(library: Library) -> Ask:
    columns = columns_of(rows_of_groups(library), library.attributes)

    def ask(message: Message) -> tuple[float, Tables]:
        profile = profile_in(message)
        start = time.perf_counter()
        found = columns.verdicts(profile)
        return time.perf_counter() - start, [_verdict_table(columns.named(found))]

    return ask


def profile_in(message: Message) -> Profile:
    """The profile that a message carries."""
    numbers = {key: Decimal(text) for key, text in message["numbers"].items()}
    return Profile(facts=message["facts"], numbers=numbers)


def _verdict_table(found: dict[str, str]) -> dict[str, Any]:
    return _table(["group", "verdict"], found.items())


def _reason_table(found: dict[str, list[Reason]]) -> dict[str, Any]:
    rows = (
        (group, reason.status, reason.criterion) for group, why in found.items() for reason in why
    )
    return _table(["group", "status", "criterionLabel"], rows)


def _table(names: list[str], rows: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """Texts as results; they come without datatype and language."""
    return results_of(names, ([{"type": "literal", "value": text} for text in row] for row in rows))


def _results(table: Table) -> dict[str, Any]:
    kinds = {"iri": "uri"}
    rows = [
        {
            name: {
                "type": kinds.get(term.kind, term.kind),
                "value": term.text,
                **({"datatype": term.datatype} if term.datatype else {}),
                **({"xml:lang": term.language} if term.language else {}),
            }
            for name, term in row.items()
        }
        for row in table.rows
    ]
    return {"head": {"vars": list(table.columns)}, "results": {"bindings": rows}}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
