"""`metalocal overlap`: which meta-analyses share primary studies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from metalocal.answers import NOTICE
from metalocal.commands.common import open_graph, write_out
from metalocal.locations import locations
from metalocal.overlap import Overlap, OverlapError, overlaps
from metalocal.render.overlap import as_csv, as_json

FORMATS = ("text", "csv", "json")


def overlap(
    question: Annotated[str, typer.Option(help="One question, by its word; else all.")] = "",
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Ask this SPARQL endpoint.")] = None,
) -> None:
    """Show which meta-analyses share primary studies, as far as their lists are known."""
    if form not in FORMATS:
        raise OverlapError(f"--format {form} is not known: use {', '.join(FORMATS)}")
    found = overlaps(open_graph(endpoint), locations().queries, question)
    writer = {"text": as_text, "csv": as_csv, "json": as_json}[form]
    write_out(writer(found), output)


def as_text(found: tuple[Overlap, ...]) -> str:
    """The overlap of each question as plain text."""
    lines = [line for one in found for line in _lines(one)]
    return "\n".join([*lines, NOTICE]) + "\n"


def _lines(one: Overlap) -> Iterator[str]:
    yield one.question_label[:1].upper() + one.question_label[1:]
    if one.known:
        yield from _matrix(one)
    if one.covered is None:
        known = "one list is" if one.known else "no list is"
        yield f"  overlap unknown: {known} known, and it takes two"
    else:
        yield f"  corrected covered area: {100 * one.covered:.1f}%, {one.band} overlap"
    for pair in one.pairs:
        names = f"{one.labels[pair.one]} and {one.labels[pair.two]}"
        shared = ", ".join(one.labels[study] for study in pair.shared) or "nothing known"
        yield f"    {names}: {100 * pair.covered:.1f}%, {pair.band}; share {shared}"
    if one.pairs:
        yield "    counted over studies that sources name; whole lists may share more or less"
    yield from _lists(one)
    yield ""


def _matrix(one: Overlap) -> Iterator[str]:
    wide = max(len(one.labels[study]) for study in one.studies)
    heads = [review.label for review in one.known]
    yield f"  {'':<{wide}}  {'  '.join(heads)}"
    for study in one.studies:
        cells = [
            ("x" if study in review.listed else "-").center(len(head))
            for review, head in zip(one.known, heads, strict=True)
        ]
        yield f"  {one.labels[study]:<{wide}}  {'  '.join(cells)}".rstrip()


def _lists(one: Overlap) -> Iterator[str]:
    if one.known:
        yield "  lists known, in part or whole:"
        yield from (f"    {review.label}: {review.completeness}" for review in one.known)
    if one.unknown:
        yield "  lists that no source gives, so that their overlap is unknown:"
        yield from (f"    {review.label}: {review.completeness}" for review in one.unknown)
