"""`metalocal map`: the evidence gap map, whole or of one question, to text, file or picture."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from graph_builder.problems import Place, Problem, ProblemsFoundError, closest
from metalocal.answers import NOTICE
from metalocal.commands.common import errors, open_graph, write_out
from metalocal.evidence_map import EvidenceMap, evidence_map
from metalocal.locations import locations

FORMATS = ("text", "csv", "svg", "html", "json")


def map_command(
    question: Annotated[
        str | None, typer.Option(help="Only this question, by its word or label.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "text",
    studies: Annotated[
        bool, typer.Option("--studies", help="In CSV: a row for each study in each cell.")
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here.")] = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="Ask this SPARQL endpoint.")
    ] = None,
) -> None:
    """Show where evidence is and where it is missing: subtype by metastatic pattern, by question.

    Each cell counts the studies of just such patients, their best level and what they found, those
    that merely do not exclude them, syntheses and ongoing studies.
    """
    if form not in FORMATS:
        _refuse("--format", f"format {form} is not known", "unknown-format", closest(form, FORMATS))
    if studies and form != "csv":
        mend = "add --format csv, or leave --studies out"
        _refuse("--studies", f"format {form} has no rows of studies", "wrong-form", mend)
    found = evidence_map(open_graph(endpoint), locations().queries)
    if question is not None:
        found = _only(found, question)
    write_out(_written(found, form, studies=studies), output)
    if form == "csv":  # a table has no room for it
        errors().print(NOTICE)


def _refuse(where: str, message: str, rule: str, mend: str) -> None:
    raise ProblemsFoundError([Problem(Place(where), message, rule, mend)])


def _only(found: EvidenceMap, question: str) -> EvidenceMap:
    panels = tuple(p for p in found.panels if question in (p.question, p.label))
    if not panels:
        mend = closest(question, [panel.question for panel in found.panels])
        _refuse("--question", f"question {question} is not on the map", "unknown-question", mend)
    return replace(found, panels=panels)


def _written(found: EvidenceMap, form: str, *, studies: bool) -> str:
    from metalocal.evidence_map import data, page, picture, text  # noqa: PLC0415  (only one is used)

    if form == "csv":
        return data.as_csv(found, studies=studies)
    if form == "json":
        return data.as_json(found, NOTICE)
    if form == "svg":
        return picture.as_svg(found, NOTICE)
    if form == "html":
        return page.as_html(found, NOTICE)
    return text.as_text(found, NOTICE, max(100, min(shutil.get_terminal_size().columns, 160)))
