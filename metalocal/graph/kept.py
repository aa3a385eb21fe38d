"""The file of kept rows beside a built graph, to the rows of its named queries; and the way back.

Reading a query's rows from it takes a twentieth of asking the graph, which need not be loaded. It
holds plain data: a line of JSON that says for which graph and which queries it was written and what
the rest hashes to; then a line a query, the SHA-256 of the query's file and JSON. Texts stand once
a query, cells are their numbers, column by column; the first text, null, stands in unbound cells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from metalocal.files import replacing

NAME = "rows.jsonl"
_FORM = 1
_DIGEST = 64  # hexadecimal digits of a SHA-256

Row = dict[str, str]


@dataclass(frozen=True)
class Kept:
    """Rows of queries that take no profile, by the SHA-256 of the query's file.

    `graph` is the SHA-256 of the graph they were asked of, `queries` that over all query files
    there were; both are empty where nothing is kept.
    """

    graph: str = ""
    queries: str = ""
    lines: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def rows(self, query: str) -> list[Row] | None:
        """The rows of the query whose file has this SHA-256; none where they are not kept."""
        line = self.lines.get(query)
        return None if line is None else _rows(json.loads(line))


NOTHING = Kept()


def kept_for(graph_file: Path, sha256: str) -> Kept:
    """What is kept beside a graph file for the graph of this SHA-256.

    Nothing where there is no such file, it is not whole, or it was written for another graph.
    """
    try:
        head, _, rest = (graph_file.parent / NAME).read_bytes().partition(b"\n")
        told = json.loads(head)
        whole = told["form"] == _FORM and told["rest"] == hashlib.sha256(rest).hexdigest()
        queries = str(told["queries"])
        if not whole or told["graph"] != sha256:
            return NOTHING
    except (OSError, ValueError, TypeError, KeyError):
        return NOTHING
    lines = {line[:_DIGEST].decode("ascii"): line[_DIGEST:] for line in rest.splitlines()}
    return Kept(sha256, queries, lines)


def kept_beside(graph_file: Path) -> Kept:
    """What is kept beside a graph file for the graph in it; its SHA-256 is taken to be sure."""
    if not (graph_file.parent / NAME).is_file():
        return NOTHING
    try:
        return kept_for(graph_file, sha256_of(graph_file))
    except OSError:  # whoever loads the graph tells what is wrong with it
        return NOTHING


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file's bytes.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_kept(
    graph_file: Path, sha256: str, queries: str, rows: Mapping[str, Sequence[Row]]
) -> None:
    """Keep rows, by the SHA-256 of each query's file, beside the graph file of this SHA-256.

    Raises:
        OSError: the folder cannot be written to; what stood there stays.
    """
    rest = b"".join(f"{query}{_line(found)}\n".encode() for query, found in rows.items())
    told = {
        "form": _FORM,
        "graph": sha256,
        "queries": queries,
        "rest": hashlib.sha256(rest).hexdigest(),
    }
    with replacing(graph_file.parent / NAME) as beside:
        beside.write_bytes(json.dumps(told).encode() + b"\n" + rest)


def _line(rows: Sequence[Row]) -> str:
    """Rows as one line of JSON, a column's name before its cells; ASCII, so no text ends a line."""
    number: dict[str | None, int] = {None: 0}
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [[number.setdefault(row.get(name), len(number)) for row in rows] for name in names]
    held = {"rows": len(rows), "columns": names, "texts": list(number), "cells": columns}
    return json.dumps(held, separators=(",", ":"))


def _rows(held: Mapping[str, Any]) -> list[Row]:
    names, texts = held["columns"], held["texts"]
    if not names:
        return [{} for _ in range(held["rows"])]
    columns = [[texts[number] for number in cells] for cells in held["cells"]]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    if all(all(cells) for cells in held["cells"]):
        return rows
    return [{name: text for name, text in row.items() if text is not None} for row in rows]
