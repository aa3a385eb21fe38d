"""`metalocal check`: whether the data are right, and stand in their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph_builder.problems import ProblemsFoundError
from metalocal.commands.common import built_graph, inputs_of, write_out
from metalocal.locations import locations

if TYPE_CHECKING:
    from graph_builder.reading import Records

check = typer.Typer(help="Check data and ontology.", invoke_without_command=True)


def _records() -> Records:
    """All data files, read and found without fault."""
    from graph_builder.build import checked  # noqa: PLC0415  (slow to import)

    here = locations()
    return checked(inputs_of(here)).records


@check.callback()
def data(context: typer.Context) -> None:
    """Read every file and report all problems at once; `check provenance` looks into the texts."""
    if context.invoked_subcommand is not None:
        return
    known = _records()
    statements = sum(len(guidance.statements) for guidance in known.guidance)
    typer.echo(
        f"{len(known.studies)} studies, {statements} guidance statements, "
        f"{len(known.models)} decision models, {len(known.sources)} sources: no problem"
    )


@check.command()
def provenance(
    sources: Annotated[Path, typer.Option("--sources", help="Folder of the source texts.")],
) -> None:
    """Prove that the printed digits of every report stand on the cited line of its source."""
    from graph_builder.provenance import check_provenance  # noqa: PLC0415  (slow to import)

    result = check_provenance(_records(), sources)
    if result.problems:
        raise ProblemsFoundError(result.problems)
    typer.echo(f"{result.checked} printed numbers stand on their cited lines")


@check.command()
def coverage(
    sources: Annotated[Path, typer.Option("--sources", help="Folder of the source texts.")],
) -> None:
    """Prove that every number the sources print is in the graph or listed as not entered."""
    from graph_builder.coverage import check_coverage  # noqa: PLC0415  (slow to import)

    result = check_coverage(_records(), sources)
    if result.problems:
        raise ProblemsFoundError(result.problems)
    typer.echo(
        f"{result.printed} numbers printed: {result.entered} in the graph, "
        f"{result.left_out} listed as not entered"
    )


@check.command()
def ontology(
    *,
    graph: Annotated[
        Path | None, typer.Option("--graph", help="Folder of a built graph; else our own.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="text, md or json.")] = "text",
    out: Annotated[Path | None, typer.Option("--out", help="Write the report there.")] = None,
    reasoning: Annotated[
        bool, typer.Option(help="Also ask the OWL API, HermiT and Pellet; needs Java.")
    ] = True,
) -> None:
    """Print the release report: every check of ontology/checks, the logic, the FOOPS score."""
    from graph_builder.release import FORMATS, release_report  # noqa: PLC0415  (slow to import)
    from metalocal.owl import owl_triples  # noqa: PLC0415  (only this command)
    from metalocal.owl_parts import CLASSES  # noqa: PLC0415  (only this command)

    if format_ not in FORMATS:
        raise typer.BadParameter(f"{format_!r}; use {', '.join(FORMATS)}", param_hint="--format")
    file = graph / "graph.nq" if graph else built_graph()
    whole, classes = owl_triples(file), owl_triples(file, CLASSES)
    report = release_report(whole, classes, locations().ontology / "checks", reasoning=reasoning)
    write_out(FORMATS[format_](report), out)
    if report.stops:
        raise typer.Exit(1)


@check.command()
def schema(
    folder: Annotated[
        Path, typer.Argument(help="Folder for study.json, guidance.json and the others.")
    ],
) -> None:
    """Write the JSON Schemas that editors use for the data files."""
    from graph_builder.json_schema import schemas  # noqa: PLC0415  (slow to import)

    folder.mkdir(parents=True, exist_ok=True)
    for name, found in schemas(locations().ontology).items():
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        write_out(text, folder / f"{name}.json")
