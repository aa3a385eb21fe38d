"""`metalocal query`: a named query or a query file, with parameters, to rows."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as RichTable

from metalocal.answers import NOTICE
from metalocal.attributes import attributes_of, implications_of
from metalocal.catalogue import ID, ML, CatalogueError, NamedQuery, catalogue, find_query
from metalocal.commands.common import open_graph, read_text, write_out
from metalocal.endpoint.guard import inspect_query
from metalocal.graph import EvidenceGraph, Table
from metalocal.locations import locations
from metalocal.profiles import read_profile

_WIDEST = 8
"""Columns a table can have on a terminal; more are shown as records."""


def query(  # noqa: PLR0913  (each parameter is an option of the command line)
    name: Annotated[str | None, typer.Argument(help="Name of a query, or a .rq file.")] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="name=value of a parameter; repeatable.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="Profile for queries that take one.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="table, csv or json (SPARQL results).")
    ] = "table",
    text: Annotated[
        bool, typer.Option("--text", help="Print the query, parameters filled in, and stop.")
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here.")] = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="Ask this SPARQL endpoint.")
    ] = None,
) -> None:
    """Run a named query; without a name, list them all."""
    queries = locations().queries
    if name is None:
        for known in catalogue(queries).values():
            typer.echo(f"{known.name:<22}{known.summary}")
        return None
    found, graph = find_query(queries, name), open_graph(endpoint)
    if profile and "facts" not in {parameter.name for parameter in found.parameters}:
        takers = "verdicts, reasons and exclusions do"
        raise CatalogueError(f"query {found.name} takes no profile; {takers}")
    filled = found.bound(_values(found, param or [], profile, graph))
    if text:
        return write_out(filled, output)
    if endpoint is None:
        inspect_query(filled)  # nothing is fetched on a query's behalf: no SERVICE, no update
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the engine would not hear Ctrl-C
    return write_out(_written(graph.select(filled), form), output)


def _values(
    found: NamedQuery, params: list[str], profile: str | None, graph: EvidenceGraph
) -> dict[str, list[tuple[object, ...]]]:
    values: dict[str, list[tuple[object, ...]]] = {}
    for given in params:
        key, equals, value = given.partition("=")
        if not equals:
            raise CatalogueError(f"--param {given}: write name=value")
        values.setdefault(key, []).append(tuple(value.split(",")))
    if profile is not None:
        queries = locations().queries
        rules = implications_of(graph, queries)
        known = read_profile(read_text(profile), profile, attributes_of(graph, queries), rules)
        values |= known.rows()
    return values


def _written(table: Table, form: str) -> str:
    if form == "json":
        return _as_json(table)
    if form == "csv":
        return _as_csv(table)
    if form == "table":
        return _as_table(table)
    raise CatalogueError(f"--format {form} is not known: use table, csv or json")


def _as_json(table: Table) -> str:
    rows = []
    for row in table.rows:
        cells = {}
        for name, term in row.items():
            cell = {"type": "uri" if term.kind == "iri" else term.kind, "value": term.text}
            cell |= {"datatype": term.datatype} if term.datatype else {}
            cell |= {"xml:lang": term.language} if term.language else {}
            cells[name] = cell
        rows.append(cells)
    data = {"head": {"vars": list(table.columns)}, "results": {"bindings": rows}}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _as_csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([row.get(column, "") for column in table.columns] for row in table.texts())
    return out.getvalue()


def _as_table(table: Table) -> str:
    if len(table.columns) > _WIDEST:
        return _as_records(table)
    shown = RichTable(*table.columns, show_lines=False)
    for row in table.texts():
        shown.add_row(*(_short(row.get(column, "")) for column in table.columns))
    width = shutil.get_terminal_size((160, 50)).columns
    console = Console(file=io.StringIO(), width=width)
    console.print(shown)
    console.print(f"{len(table.rows)} rows. {NOTICE}")
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def _as_records(table: Table) -> str:
    """Rows too wide for a table: one column a line, a blank line between rows."""
    width = max(len(column) for column in table.columns)
    rows = [
        "\n".join(f"{name:<{width}}  {_short(row[name])}" for name in table.columns if name in row)
        for row in table.texts()
    ]
    notice = f"{len(table.rows)} rows. {NOTICE}"
    return "\n\n".join([*rows, notice]) + "\n"


def _short(text: str) -> str:
    """IRIs of ours by their prefix, as one would write them in a query."""
    return text.replace(ML, "ml:", 1).replace(ID, "mlid:", 1) if text.startswith("http") else text
