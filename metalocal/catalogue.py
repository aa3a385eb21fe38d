"""Query files to named queries: header, parameters, text; binds parameters as terms.

A parameter is a VALUES block: `VALUES (?outcome) { (ml:overall_survival) }` holds the default and
makes the file run as it stands on any endpoint; binding replaces what is between the braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from graph_builder.problems import PLACES, ToldError, closest

ML = "https://w3id.org/metalocal/ontology/"
ID = "https://w3id.org/metalocal/id/"

_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*$")


class CatalogueError(ToldError):
    """A query or parameter is not there or has the wrong form; the message says how to mend it."""


@dataclass(frozen=True)
class Parameter:
    """A VALUES block: `columns` maps each variable to iri, integer, decimal or text.

    `example` is one row as `metalocal query --param` takes it: values with commas between.
    """

    name: str
    columns: Mapping[str, str]
    description: str
    example: str = ""


@dataclass(frozen=True)
class NamedQuery:
    """A question the graph can answer: one line of summary, and what it gives in full."""

    name: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    tags: tuple[str, ...] = ()

    def bound(self, values: Mapping[str, Iterable[Sequence[object]]]) -> str:
        """The query text with the rows given for each parameter named in `values`.

        Raises:
            CatalogueError: a parameter is not known or a value is no term of its type.
        """
        text = self.text
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, rows in values.items():
            if name not in known:
                hint = closest(name, known) if known else "it has none"
                raise CatalogueError(f"query {self.name} has no parameter {name}: {hint}")
            text = _replaced(text, known[name], rows)
        return text


def read_query(path: Path) -> NamedQuery:
    """A query file; one without a proper header is an error.

    Raises:
        CatalogueError: the file is no UTF-8 text.
        ProblemsFoundError: no header, or one with a key that is unknown, missing or ill formed.
    """
    from graph_builder.headers import query_header  # noqa: PLC0415  (slow: it reads YAML)

    header = query_header(_text(path), path.name)
    fields = header.fields
    parameters = tuple(
        _parameter(name, given)
        for name, given in fields.get("parameters", {}).items()
        if name != PLACES
    )
    tags = tuple(fields.get("tags", ()))
    description = fields["description"].strip()
    return NamedQuery(path.stem, fields["summary"], description, parameters, header.body, tags)


def _parameter(name: str, given: Mapping[str, Any]) -> Parameter:
    columns = {column: kind for column, kind in given["columns"].items() if column != PLACES}
    return Parameter(name, columns, given["description"], given.get("example", ""))


def catalogue(folder: Path) -> dict[str, NamedQuery]:
    """All named queries of a folder by name."""
    return {path.stem: read_query(path) for path in sorted(folder.glob("*.rq"))}


def find_query(folder: Path, name: str) -> NamedQuery:
    """The named query, or the query in the file of that name.

    Raises:
        CatalogueError: there is neither.
    """
    if (folder / f"{name}.rq").is_file():
        return read_query(folder / f"{name}.rq")
    path = Path(name)
    if not path.is_file():
        known = [found.stem for found in folder.glob("*.rq")]
        raise CatalogueError(f"there is no query {name}, and no such file: {closest(name, known)}")
    text = _text(path)
    return read_query(path) if "#+" in text else NamedQuery(path.stem, "", "", (), text)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise CatalogueError(f"{path} is not UTF-8 text; give a SPARQL query") from None


def _replaced(text: str, parameter: Parameter, rows: Iterable[Sequence[object]]) -> str:
    names = list(parameter.columns)
    rows = [tuple(row) for row in rows]
    for row in rows:
        if len(row) != len(names):
            shown = ", ".join(names)
            message = f"parameter {parameter.name} takes {len(names)} values ({shown})"
            raise CatalogueError(f"{message}, not {len(row)}: write {parameter.name}={shown}")
    head = "VALUES (" + " ".join(f"?{name}" for name in names) + ") {"
    terms = [
        "("
        + " ".join(term(v, t) for v, t in zip(row, parameter.columns.values(), strict=True))
        + ")"
        for row in rows
    ]
    if not terms:  # rdflib cannot run an empty block; this row names nothing there is
        nothing = [
            term("nothing" if kind == "iri" else "0", kind) for kind in parameter.columns.values()
        ]
        terms = ["(" + " ".join(nothing) + ")"]
    pieces = text.split(head)
    if len(pieces) == 1:
        raise CatalogueError(f"parameter {parameter.name}: the query has no block {head}...}}")
    ends = [piece.partition("}")[2] for piece in pieces[1:]]
    return pieces[0] + "".join(f"{head} {' '.join(terms)} }}{end}" for end in ends)


def term(value: object, kind: str) -> str:
    """A value as SPARQL term, or a refusal: nothing is ever pasted into a query as it came.

    >>> term("overall_survival", "iri")
    '<https://w3id.org/metalocal/ontology/overall_survival>'
    """
    text = str(value)
    if kind == "iri":
        return f"<{_iri(text)}>"
    if kind in ("integer", "decimal"):
        return _number(text, kind)
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    )
    return f'"{escaped}"'


def _iri(text: str) -> str:
    for prefix, base in (("ml:", ML), ("mlid:", ID)):
        if text.startswith(prefix):
            text = base + text.removeprefix(prefix)
    if re.fullmatch(r"[A-Za-z0-9_-]+", text):
        text = ML + text
    if not _IRI.match(text):
        raise CatalogueError(f"{text!r} is no IRI; write a word of the ontology or a full IRI")
    return text


def _number(text: str, kind: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CatalogueError(f"{text!r} is no number") from None
    if not number.is_finite() or (kind == "integer" and number != number.to_integral_value()):
        raise CatalogueError(f"{text!r} is no {kind}")
    return f"{number:f}"
