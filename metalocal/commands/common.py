"""What several commands do: open the graph (building it where it is stale), write an answer."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from graph_builder.inputs import Inputs
from graph_builder.problems import Place, Problem, ProblemsFoundError
from metalocal.files import replacing
from metalocal.graph import EvidenceGraph, GraphError, LocalGraph
from metalocal.kept import keep_beside, keep_rows
from metalocal.locations import Locations, locations, version

if TYPE_CHECKING:
    from rich.console import Console

    from metalocal.commands.building import Plan
    from metalocal.graph import Held, RemoteGraph


@cache
def errors() -> Console:
    """The console on standard error."""
    from rich.console import Console  # noqa: PLC0415  (slow; most commands tell no errors)

    return Console(stderr=True, highlight=False, soft_wrap=True)


def open_graph(endpoint: str | None = None) -> EvidenceGraph:
    """The graph at `endpoint`, or the built graph, made anew first where its inputs changed.

    One command opens a graph once.

    Raises:
        GraphError: nothing answers at `endpoint`, or what answers holds no evidence graph.
    """
    return _remote(endpoint)[0] if endpoint else _built()


@contextmanager
def graph_file(endpoint: str | None = None) -> Iterator[Path]:
    """The N-Quads file of the built graph, or of the graph at `endpoint`, fetched for the while.

    Raises:
        GraphError: as `open_graph`, or the endpoint does not give all of its named graphs.
    """
    if endpoint is None:
        yield built_graph()
        return
    with tempfile.TemporaryDirectory() as folder:
        with errors().status("fetching the graph"):
            from metalocal.graph import write_fetched  # noqa: PLC0415  (speaks HTTP)

            remote, held = _remote(endpoint)
            file = write_fetched(remote, held, Path(folder))
        yield file


def _remote(endpoint: str) -> tuple[RemoteGraph, Held]:
    from metalocal.graph import RemoteGraph  # noqa: PLC0415  (speaks HTTP)

    remote = RemoteGraph(endpoint)
    held = remote.find_graph()
    if held.version != version():
        what = f"note: {endpoint} holds the graph of version {held.version}, this is {version()}"
        errors().print(f"{what}; some answers may differ, or fail", markup=False)
    if not held.in_union:
        what = f"note: the default graph of {endpoint} is not the union of the named ones, so that"
        mend = "where that is slow, see docs/engines.md"
        errors().print(f"{what} each query names them all; {mend}", markup=False)
    return remote, held


@cache
def _built() -> LocalGraph:
    graph, here = LocalGraph(built_graph()), locations()
    if here.checkout:
        keep_rows(graph, here.queries)
    return graph


def built_graph() -> Path:
    """The N-Quads file of the built graph; in a checkout it is built when stale or missing.

    Raises:
        GraphError: an installed package came without its graph.
        ProblemsFoundError: the checkout's data or ontology has problems.
    """
    here = locations()
    if here.checkout:
        if not is_fresh(here):
            _rebuild(here)
    elif not here.graph_file.is_file():
        message = f"{here.graph_file} is missing from the installation"
        raise GraphError(f"{message}; install metalocal again")
    return here.graph_file


def _rebuild(here: Locations) -> None:
    from metalocal.commands.building import Plan  # noqa: PLC0415  (seldom needed)

    try:
        build_graph(Plan(inputs_of(here), here.graph, asked=False))
    except OSError as error:
        message = f"data or ontology changed, and the graph cannot be built in {here.graph}"
        raise GraphError(f"{message}: {error.strerror}; make that folder writable") from error


def inputs_of(here: Locations) -> Inputs:
    """What the graph is built from."""
    return Inputs(here.ontology, here.data, here.queries / "examples")


def is_fresh(here: Locations) -> bool:
    """Whether the built graph was made from the inputs as they are."""
    manifest = here.graph / "manifest.json"
    if not (manifest.is_file() and here.graph_file.is_file()):
        return False
    try:
        known = json.loads(manifest.read_text("utf-8")).get("inputs")
    except ValueError:
        return False
    return bool(known == inputs_of(here).fingerprint())


def build_graph(plan: Plan) -> dict[str, int]:
    """Builds the graph and tells how far it is; gives the number of triples by graph name."""
    from metalocal.commands.building import (  # noqa: PLC0415  (slow, and seldom needed)
        build_as_planned,
    )

    with build_as_planned(plan, version(), errors()) as (sizes, tell):
        tell("keeping rows of queries", 0, 0)
        keep_beside(plan.folder / "graph.nq", locations().queries)
    return sizes


def read_text(file: str) -> str:
    """The text of a file; of standard input where the name is -.

    Raises:
        ProblemsFoundError: it cannot be read or is not UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        problem = Problem(Place(file), f"cannot be read: {reason}", "file", "give a text file")
        raise ProblemsFoundError([problem]) from error


def write_out(text: str, output: Path | None) -> None:
    """Writes text to a file, whole or not at all, or to the terminal."""
    if output is None:
        sys.stdout.write(text)
        return
    if output.is_dir() or not output.parent.is_dir():
        why = (
            "is a folder" if output.is_dir() else f"has no folder {output.parent} to be written to"
        )
        problem = Problem(Place(str(output)), f"the output file {why}", "file", "name a file")
        raise ProblemsFoundError([problem])
    with replacing(output) as beside:
        beside.write_text(text, encoding="utf-8")
    errors().print(f"wrote {output}")
