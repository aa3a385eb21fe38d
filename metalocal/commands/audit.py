"""`metalocal audit`: what the sources print and does not fit, with what a reader should do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from metalocal.answers import NOTICE
from metalocal.attributes import local_name
from metalocal.commands.common import open_graph, write_out
from metalocal.findings import SEVERITIES, Finding, chosen, findings_of, known
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of
from metalocal.locations import locations
from metalocal.render.findings import as_csv, as_json

FORMATS = ("text", "md", "json", "csv")


def audit(  # noqa: PLR0913  (each parameter is an option of the command line)
    studies: Annotated[
        list[str] | None, typer.Argument(help="Ids of studies, such as abcsg-28; else all.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="One kind, such as ratio_against_arms; repeatable.")
    ] = None,
    severity: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(SEVERITIES)}; repeatable.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Ask this SPARQL endpoint.")] = None,
) -> None:
    """List what the sources print and does not fit: each finding with numbers, lines, advice."""
    known([form], FORMATS, "--format")
    known(severity or (), SEVERITIES, "--severity")
    graph = open_graph(endpoint)
    known(studies or (), _words(graph, "studies", "study"), "study")
    known(kind or (), _words(graph, "audit-kinds", "kind"), "--kind")
    found = chosen(
        findings_of(graph, locations().queries),
        studies=studies or (),
        kinds=kind or (),
        severities=severity or (),
    )
    writer = {"text": as_text, "md": as_markdown, "json": as_json, "csv": as_csv}[form]
    write_out(writer(found), output)


def _words(graph: EvidenceGraph, query: str, column: str) -> list[str]:
    rows = rows_of(graph, locations().queries, query)
    return [local_name(row[column]) for row in rows]


def as_text(found: Sequence[Finding]) -> str:
    """The findings by severity, five lines or more each, and how many there are."""
    lines = []
    for severity, group in _by_severity(found):
        lines += [f"{severity[:1].upper()}{severity[1:]}", ""]
        for one in group:
            lines += [f"  {one.study_label}: {one.kind_label}  [{one.id}]", f"    {one.text}"]
            lines += [f"    -> {one.advice}", *(f"      {line}" for line in _places(one)), ""]
    return "\n".join([*lines, _count(found), NOTICE]) + "\n"


def as_markdown(found: Sequence[Finding]) -> str:
    """The findings by severity as Markdown."""
    lines = ["# Audit of what the sources print", ""]
    for severity, group in _by_severity(found):
        lines += [f"## {severity[:1].upper()}{severity[1:]}", ""]
        for one in group:
            lines += [f"### {one.study_label}: {one.kind_label}", "", one.text, ""]
            lines += [f"_{one.advice}_", "", *(f"- {line}" for line in _places(one)), ""]
            lines += [f"`{one.id}`", ""]
    return "\n".join([*lines, _count(found), "", f"_{NOTICE}_"]) + "\n"


def _by_severity(found: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    for severity in SEVERITIES:
        group = [one for one in found if one.severity == severity]
        if group:
            yield severity, group


def _places(one: Finding) -> Iterator[str]:
    """What each item prints, and where: each different print once."""
    items: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for found in one.places:
        items[found.item][found.printed].append(found.place)
    for item, prints in items.items():
        told = "; ".join(
            f"{printed or 'named'} {{{', '.join(dict.fromkeys(places))}}}"
            for printed, places in prints.items()
        )
        yield f"{item}: {told}"


def _count(found: Sequence[Finding]) -> str:
    counts = Counter(one.severity for one in found)
    told = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES)
    findings = "1 finding" if len(found) == 1 else f"{len(found)} findings"
    studies = len({one.study for one in found})
    return f"{findings} on {studies} {'study' if studies == 1 else 'studies'}: {told}."
