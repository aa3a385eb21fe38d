"""Queries and a graph file -> rows that Oxigraph visits to answer them, and rows it gives.

Oxigraph's program tells the plan of a query with the number of rows that each of its nodes gave;
rows visited are the sum of all. They are the same on any machine at any hour, as no time is.
The program comes with `pip install oxigraph`; it plans as pyoxigraph of the same version does.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_builder.examples import read_examples
from metalocal.catalogue import ID, NamedQuery, catalogue

SUFFIX = {"SELECT": "csv", "ASK": "csv", "CONSTRUCT": "nt", "DESCRIBE": "nt"}
_STUDY = re.compile(re.escape(f"{ID}study/") + r"[^/>]+")


class CountError(Exception):
    """Oxigraph's program is absent or refused; the message says how to mend it."""


@dataclass(frozen=True)
class Asked:
    """A query as it is counted; `form` is its first word."""

    name: str
    form: str
    text: str

    def of_study(self, study: str) -> Asked:
        """The same query about this study of ours, by id, wherever it names one."""
        return Asked(self.name, self.form, _STUDY.sub(f"{ID}study/{study}", self.text))


@dataclass(frozen=True)
class Count:
    """Rows of all nodes of the plan, rows of the answer, and seconds with counting (no measure)."""

    visited: int
    given: int
    seconds: float


def asked_queries(folder: Path) -> dict[str, Asked]:
    """Every named query with its example parameters, and every example, by name."""
    found = {
        name: Asked(name, "SELECT", _with_examples(query))
        for name, query in catalogue(folder).items()
    }
    for one in read_examples(folder / "examples"):
        found[f"examples/{one.name}"] = Asked(f"examples/{one.name}", one.form, one.text)
    return found


def _with_examples(query: NamedQuery) -> str:
    return query.bound({one.name: [tuple(one.example.split(","))] for one in query.parameters})


def oxigraph_program() -> str:
    """The path of Oxigraph's program: beside this Python, or wherever the shell finds it.

    Raises:
        CountError: it is at neither place.
    """
    found = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    found = found or shutil.which("oxigraph")
    if found is None:
        raise CountError("the program oxigraph is not there; pip install oxigraph")
    return found


class CountedGraph:
    """A graph file in a store of Oxigraph's program, in a folder that must not exist yet."""

    def __init__(self, graph_file: Path, folder: Path) -> None:
        self.program, self.folder, self.store = oxigraph_program(), folder, folder / "store"
        folder.mkdir(parents=True)
        self._run("load", "--location", str(self.store), "--file", str(graph_file))

    def count(self, asked: Asked) -> Count:
        """What a query costs over the union of all graphs.

        Raises:
            CountError: the query is refused.
        """
        plan = self.folder / "plan.json"
        rows = self.folder / f"rows.{SUFFIX[asked.form]}"
        options = ["--location", str(self.store), "--union-default-graph", "--query", asked.text]
        shown = ["--results-file", str(rows), "--explain-file", str(plan), "--stats"]
        self._run("query", *options, *shown)
        top = json.loads(plan.read_text("utf-8"))["plan"]
        return Count(_visited(top), top["number of results"], top["duration in seconds"])

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603  (our own program, no shell)
            [self.program, *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CountError(f"oxigraph {arguments[0]}: {done.stderr.strip()[:500]}")


def _visited(node: Mapping[str, Any]) -> int:
    return node.get("number of results", 0) + sum(map(_visited, node["children"]))
