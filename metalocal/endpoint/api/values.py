"""Column kinds of the catalogue (iri, text, integer, decimal) -> pydantic types with JSON Schema.

A type refuses what it does not take in words. What it lets through is put into a query by
`metalocal.catalogue.term` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from graph_builder.problems import closest
from metalocal.catalogue import ML
from metalocal.endpoint.api.problems import told

LONGEST_TEXT = 500
LARGEST_NUMBER = 10**9
DECIMALS = 6

_CHARACTER = r"[A-Za-z0-9._~:@!$&'()*+;=/-]|%[0-9A-Fa-f]{2}"
_PATTERNS = {
    "iri": (
        r"[A-Za-z0-9_-]+|ml(id)?:[A-Za-z0-9._/-]+"
        rf"|https?://[A-Za-z0-9.-]+(:[0-9]{{1,5}})?(/({_CHARACTER})*)?"
        rf"([?]({_CHARACTER})*)?(#({_CHARACTER})*)?"
    ),
    "text": r"[^\u0000-\u001f\u007f\\]+",
    "integer": r"-?[0-9]{1,9}",
    "decimal": r"-?[0-9]{1,9}([.][0-9]{1,6})?",
}
_WRONG = {
    "iri": (
        "is no IRI that can be here",
        "write a word of the ontology, mlid:study/..., or a full http IRI in ASCII without commas",
    ),
    "text": (
        "holds a backslash, a control character or half a character",
        "leave that out: no text of the graph has one",
    ),
    "integer": ("is no whole number of at most 9 digits", "write digits only, such as 12"),
    "decimal": (
        "is no number of at most 9 digits before the point",
        "write digits with a decimal point, such as 4.5",
    ),
}

Check = Callable[[Any], Any]


def typed(check: Check, schema: Mapping[str, Any]) -> Any:
    """Type whose values pass `check`, described by `schema`."""
    return Annotated[Any, AfterValidator(check), WithJsonSchema(dict(schema))]


def from_query(kind: str, words: Collection[str] = ()) -> Any:
    """Type of one value of `kind` in a URL; `words` are the only ones taken, if there are any."""
    if words:
        return typed(_one_of(words), {"type": "string", "enum": sorted(words)})
    return typed(lambda found: _checked(kind, found), _schema_in_query(kind))


def from_body(kind: str, words: Collection[str] = ()) -> Any:
    """Type of one value of `kind` in a JSON body: numbers are numbers, all else is text."""
    if words or kind in ("iri", "text"):
        return from_query(kind, words)
    return typed(lambda found: _from_json(kind, found), _number_schema(kind))


def row_from_query(columns: Mapping[str, str]) -> Any:
    """Type of a row of several columns in a URL: values with commas between."""

    def check(found: object) -> tuple[Any, ...]:
        values = str(found).split(",")
        if len(values) != len(columns):
            names = ",".join(columns)
            raise told(f"has {len(values)} values, not {len(columns)}", f"write {names}")
        pairs = zip(columns.items(), values, strict=True)
        return tuple(_cell(name, _checked, kind, value) for (name, kind), value in pairs)

    pattern = ",".join(f"({_without_comma(kind)})" for kind in columns.values())
    return typed(check, {"type": "string", "pattern": f"^{pattern}$", "maxLength": LONGEST_TEXT})


def row_from_body(columns: Mapping[str, str]) -> Any:
    """Type of a row of several columns in a JSON body: an object with one value a column."""

    def check(found: object) -> tuple[Any, ...]:
        if not isinstance(found, dict) or set(found) != set(columns):
            raise told("is no row of this parameter", f"give an object of {', '.join(columns)}")
        return tuple(_cell(name, _from_json, kind, found[name]) for name, kind in columns.items())

    properties = {
        name: _schema_in_query(kind) if kind in ("iri", "text") else _number_schema(kind)
        for name, kind in columns.items()
    }
    schema = {
        "type": "object",
        "required": list(columns),
        "additionalProperties": False,
        "properties": properties,
    }
    return typed(check, schema)


def _cell(column: str, check: Callable[[str, Any], Any], kind: str, found: object) -> Any:
    """The value of one column of a row; what is wrong with it names the column."""
    try:
        return check(kind, found)
    except PydanticCustomError as error:
        context = error.context or {}
        raise told(f"in column {column} {context['what']}", context["mend"]) from None


def number(found: object) -> Decimal:
    """The number in a text or a JSON value, rounded to `DECIMALS` decimals.

    Raises:
        PydanticCustomError: it is none, or too large.
    """
    try:
        known = isinstance(found, str | int | float) and not isinstance(found, bool)
        value = Decimal(str(found)) if known and str(found).isascii() else Decimal("nan")
    except InvalidOperation:
        value = Decimal("nan")
    if "_" in str(found) or not value.is_finite() or value.copy_abs() >= LARGEST_NUMBER:
        raise told(*_WRONG["decimal"])
    rounded = round(value, DECIMALS)
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded


def _checked(kind: str, found: object) -> Any:
    if kind in ("integer", "decimal"):
        return _whole_or_decimal(kind, found)
    text = found if isinstance(found, str) else ""
    if len(text) > LONGEST_TEXT:
        raise told(f"is longer than {LONGEST_TEXT} characters", "shorten it")
    halves = any("\ud800" <= character <= "\udfff" for character in text)
    if halves or not re.fullmatch(_PATTERNS[kind], text):
        raise told(*_WRONG[kind]) if text else told("is no text", "write it as text, not empty")
    return text


def _whole_or_decimal(kind: str, found: object) -> Decimal:
    value = number(found)
    if kind == "integer" and value != value.to_integral_value():
        raise told(*_WRONG["integer"])
    return value


def _from_json(kind: str, found: object) -> Any:
    if kind in ("integer", "decimal") and isinstance(found, str):
        raise told("has a number in quotes", "write the number without quotes")
    return _checked(kind, found)


def _one_of(words: Collection[str]) -> Check:
    def check(found: object) -> str:
        word = str(found).removeprefix("ml:").removeprefix(ML)
        if word not in words:
            raise told("is not among the words taken here", closest(word, words))
        return word

    return check


def _without_comma(kind: str) -> str:
    return _PATTERNS[kind].replace(r"[^\u0000", r"[^,\u0000")


def _schema_in_query(kind: str) -> dict[str, Any]:
    if kind in ("integer", "decimal"):
        return _number_schema(kind)
    pattern = f"^({_PATTERNS[kind]})$"
    return {"type": "string", "pattern": pattern, "minLength": 1, "maxLength": LONGEST_TEXT}


def _number_schema(kind: str) -> dict[str, Any]:
    return {
        "type": "integer" if kind == "integer" else "number",
        "exclusiveMinimum": -LARGEST_NUMBER,
        "exclusiveMaximum": LARGEST_NUMBER,
    }
