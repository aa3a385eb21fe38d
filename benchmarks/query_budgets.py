"""Counts of queries and answers -> the table of budgets that the tests hold, and back.

Written by `python benchmarks/query_growth.py --record`. A budget is what was counted; the tests
say how much more is allowed (test_query_growth.py and test_answer_calls.py in tests/metalocal).
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml
from answer_counts import Cost, answer_costs
from query_counts import CountedGraph, asked_queries, oxigraph_program

from metalocal.commands.common import built_graph
from metalocal.files import replacing
from metalocal.graph import LocalGraph
from metalocal.locations import locations

BUDGETS = Path(__file__).resolve().parents[1] / "tests" / "golden" / "counts" / "budgets.yaml"

_HEAD = """\
# Rows that each query visits on the built graph, and Python calls and SPARQL queries of a warm
# answer. Written by `python benchmarks/query_growth.py --record`; look at the difference before it
# is kept: a query or an answer that costs more wants a reason.
"""


@dataclass(frozen=True)
class Budgets:
    """Rows visited by query, on a graph of so many quads, and the cost of answers by profile."""

    quads: int
    visited: dict[str, int]
    answers: dict[str, Cost]


def budgets(path: Path = BUDGETS) -> Budgets:
    """The budgets on record."""
    found = yaml.safe_load(path.read_text("utf-8"))
    costs = {name: Cost(**cost) for name, cost in found["answers"].items()}
    return Budgets(found["quads"], found["visited"], costs)


def quads_of(graph_file: Path) -> int:
    """The number of quads of a file of N-Quads."""
    with graph_file.open("rb") as lines:
        return sum(1 for _ in lines)


def record(path: Path) -> Path:
    """Counts all anew on the built graph and writes the budgets; gives the path back."""
    file, queries = built_graph(), locations().queries
    with tempfile.TemporaryDirectory() as folder:
        graph = CountedGraph(file, Path(folder) / "real")
        visited = {name: graph.count(one).visited for name, one in asked_queries(queries).items()}
    answers = answer_costs(LocalGraph(file), queries)
    written = {
        "oxigraph": _version(),
        "quads": quads_of(file),
        "visited": visited,
        "answers": {name: vars(cost) for name, cost in answers.items()},
    }
    with replacing(path) as beside:
        beside.write_text(_HEAD + yaml.safe_dump(written, sort_keys=False), "utf-8")
    return path


def _version() -> str:
    command = [oxigraph_program(), "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  (our own)
    return told.stdout.split()[-1]
