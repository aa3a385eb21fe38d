"""A page of rows -> JSON of typed values or a SPARQL result format, and what each looks like."""

from __future__ import annotations

import json
import math
from typing import Any

from starlette.requests import Request

from metalocal.answers import NOTICE
from metalocal.endpoint.formats import Chosen, Format, accepted, choose, listing
from metalocal.endpoint.refusal import none_accepted
from metalocal.graph import Table, Term

ROW_FORMATS = (
    Format("rows", ("application/json",)),
    Format("json", ("application/sparql-results+json",)),
    Format("csv", ("text/csv",), is_text=True),
    Format("tsv", ("text/tab-separated-values",), is_text=True),
    Format("xml", ("application/sparql-results+xml",)),
)
BY_NAME = {
    "json": ROW_FORMATS[0],
    "sparql-json": ROW_FORMATS[1],
    "csv": ROW_FORMATS[2],
    "tsv": ROW_FORMATS[3],
    "xml": ROW_FORMATS[4],
}
"""What `format=` of a URL can ask for, for clients that send no Accept header."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_CELL = {"type": ["string", "number", "boolean", "null"]}


def chosen(request: Request, name: str | None, formats: dict[str, Format]) -> Chosen:
    """The format that `format=` names, or else the one the client likes best.

    Raises:
        RefusedError: 406, the client takes none of them.
    """
    if name is not None:
        found = choose(formats[name].media_types[0], (formats[name],))
    else:
        found = choose(accepted(request), tuple(formats.values()))
    if found is None:
        raise none_accepted(listing(tuple(formats.values())))
    return found


def rows_document(name: str, table: Table, next_offset: int | None) -> bytes:
    """Rows as JSON: columns in order, each row with every column, numbers as numbers."""
    document = {
        "query": name,
        "columns": list(table.columns),
        "rows": [
            {column: _plain(row.get(column)) for column in table.columns} for row in table.rows
        ],
        "next_offset": next_offset,
        "notice": NOTICE,
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()


def result_content(columns: tuple[str, ...]) -> dict[str, Any]:
    """What an OpenAPI document says of the formats rows come in."""
    row = {
        "type": "object",
        "required": list(columns),
        "additionalProperties": False,
        "properties": dict.fromkeys(columns, _CELL),
    }
    properties = {
        "query": {"type": "string"},
        "columns": {"type": "array", "items": {"type": "string", "enum": list(columns)}},
        "rows": {"type": "array", "items": row},
        "next_offset": {
            "type": ["integer", "null"],
            "description": "The offset of the next page; null on the last one.",
        },
        "notice": {"type": "string", "const": NOTICE},
    }
    rows = {"type": "object", "required": list(properties), "properties": properties}
    sparql = {"type": "object", "required": ["head", "results"]}
    return {
        "application/json": {"schema": rows},
        "application/sparql-results+json": {"schema": sparql},
        "text/csv": {"schema": {"type": "string"}},
        "text/tab-separated-values": {"schema": {"type": "string"}},
        "application/sparql-results+xml": {"schema": {"type": "string"}},
    }


def answer_content() -> dict[str, Any]:
    """What an OpenAPI document says of the formats an answer comes in."""
    schema = {
        "type": "object",
        "required": ["$schema", "notice", "profile", "questions"],
        "description": "As https://w3id.org/metalocal/schema/answer-2.json says.",
    }
    return {
        "application/json": {"schema": schema},
        "text/plain": {"schema": {"type": "string"}},
        "text/markdown": {"schema": {"type": "string"}},
    }


def _plain(term: Term | None) -> str | int | float | bool | None:
    """The value of a term in JSON; null where the column is unbound."""
    if term is None:
        return None
    kind = term.datatype.removeprefix(_XSD)
    if kind == "boolean":
        return term.text in ("true", "1")
    if kind in ("integer", "decimal", "double", "float"):
        return _number(term.text, whole=kind == "integer")
    return term.text


def _number(text: str, *, whole: bool) -> str | int | float:
    """The number, or the text where it is none that JSON has (INF, NaN, an ill-formed literal)."""
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text
