"""`metalocal export`: OWL for Protégé, GraphML for graph tools, CSV for spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from metalocal.commands.common import built_graph, graph_file, open_graph
from metalocal.commands.site import site
from metalocal.locations import locations

export = typer.Typer(help="Write the graph in other forms.", no_args_is_help=True)
export.command()(site)
Endpoint = Annotated[str | None, typer.Option("--endpoint", help="Read this SPARQL endpoint.")]


@export.command()
def owl(
    out: Annotated[
        Path,
        typer.Argument(help="metalocal.owl (RDF/XML), metalocal.ttl, or a new folder of modules."),
    ],
    *,
    classes: Annotated[
        bool, typer.Option("--classes", help="Ontology and groups, no studies: small.")
    ] = False,
    schema: Annotated[bool, typer.Option("--schema", help="The hand-written terms alone.")] = False,
    question: Annotated[
        str | None,
        typer.Option(
            "--question", help="Only what is on this question: ablation_of_metastases ..."
        ),
    ] = None,
    endpoint: Endpoint = None,
) -> None:
    """Write one self-contained OWL 2 DL file, or a folder of modules; Protégé opens both."""
    from metalocal.owl import write_folder, write_owl  # noqa: PLC0415  (only this command)
    from metalocal.owl_parts import CLASSES, SCHEMA, Part  # noqa: PLC0415  (only this command)

    chosen = [classes, schema, question is not None]
    folder = out.is_dir() or not out.suffix
    if sum(chosen) > 1 or (any(chosen) and folder):
        raise typer.BadParameter(
            "give one of --classes, --schema and --question, with the name of a file"
        )
    if folder:
        _refuse_endpoint(endpoint)
        names = write_folder(built_graph(), locations().ontology, out)
        typer.echo(f"wrote {len(names)} files to {out}: open metalocal-all.ttl in Protégé")
        return
    part = SCHEMA if schema else CLASSES if classes else Part(question=question)
    with graph_file(endpoint) as source:
        write_owl(source, out, part=part)
    typer.echo(f"wrote {out}: open it in Protégé with File > Open")


def _refuse_endpoint(endpoint: str | None) -> None:
    """Tells that a folder of modules is made from the checkout or the installation alone."""
    if endpoint:
        raise typer.BadParameter(
            "a folder of modules holds hand-written files too, which no endpoint has; name a file "
            "such as metalocal.owl, or leave --endpoint out"
        )


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


@export.command()
def nquads(
    file: Annotated[Path, typer.Argument(help="metalocal.nq, or metalocal.nq.gz to compress.")],
    endpoint: Endpoint = None,
) -> None:
    """Write the whole dataset with its named graphs, byte for byte as built."""
    from metalocal.dumps import write_nquads  # noqa: PLC0415  (only this command)

    with graph_file(endpoint) as source:
        typer.echo(f"wrote {file}: {write_nquads(source, file)} quads")


@export.command()
def jsonld(
    file: Annotated[Path | None, typer.Argument(help="metalocal.jsonld.")] = None,
    *,
    study: Annotated[
        list[str] | None,
        typer.Option("--study", help="Only this study, as a tree; may be given again."),
    ] = None,
    context: Annotated[
        Path | None, typer.Option("--context", help="Write the context alone to this file.")
    ] = None,
    endpoint: Endpoint = None,
) -> None:
    """Write JSON-LD that carries its context: the whole dataset, or single studies as trees."""
    from metalocal.jsonld import write_context, write_jsonld  # noqa: PLC0415  (only this command)

    if file is None and context is None:
        raise typer.BadParameter("name a file to write, or give --context FILE")
    with graph_file(endpoint) as source:
        if context is not None:
            typer.echo(f"wrote {context}: {write_context(source, context)} entries")
        if file is not None:
            typer.echo(f"wrote {file}: {write_jsonld(source, file, study or [])} triples")


@export.command()
def skos(
    file: Annotated[Path, typer.Argument(help="metalocal-skos.ttl, .rdf or .jsonld.")],
    endpoint: Endpoint = None,
) -> None:
    """Write outcomes and interventions as SKOS concept schemes."""
    from metalocal.skos import write_skos  # noqa: PLC0415  (only this command)

    with graph_file(endpoint) as source:
        typer.echo(f"wrote {file}: {write_skos(source, file)} concepts")
