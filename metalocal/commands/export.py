"""`metalocal export`: OWL for Protégé, GraphML for graph tools, CSV for spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from metalocal.commands.common import built_graph, open_graph
from metalocal.locations import locations

export = typer.Typer(help="Write the graph in other forms.", no_args_is_help=True)
Endpoint = Annotated[str | None, typer.Option("--endpoint", help="Read this SPARQL endpoint.")]


@export.command()
def owl(
    file: Annotated[Path, typer.Argument(help="metalocal.owl (RDF/XML) or metalocal.ttl.")],
    *,
    classes: Annotated[
        bool, typer.Option("--classes", help="Only ontology and groups: small, to reason with.")
    ] = False,
) -> None:
    """Write one self-contained OWL 2 DL file; Protégé opens it."""
    from metalocal.owl import write_owl  # noqa: PLC0415  (only this command)

    write_owl(built_graph(), file, classes_only=classes)
    typer.echo(f"wrote {file}: open it in Protégé with File > Open")


@export.command()
def graphml(
    file: Annotated[Path, typer.Argument(help="metalocal.graphml.")], endpoint: Endpoint = None
) -> None:
    """Write a property graph for Gephi, yEd, Cytoscape or networkx."""
    from metalocal.network import write_graphml  # noqa: PLC0415  (only this command)

    nodes, edges = write_graphml(open_graph(endpoint), file)
    typer.echo(f"wrote {file}: {nodes} nodes, {edges} edges")


@export.command()
def tables(
    folder: Annotated[Path, typer.Argument(help="Folder for the CSV files.")],
    endpoint: Endpoint = None,
) -> None:
    """Write estimates.csv, study_facts.csv and statements.csv."""
    from metalocal.tables import write_tables  # noqa: PLC0415  (only this command)

    for name, rows in write_tables(open_graph(endpoint), locations().queries, folder).items():
        typer.echo(f"wrote {folder / name}: {rows} rows")
