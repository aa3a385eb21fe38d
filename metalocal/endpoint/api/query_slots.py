"""A named query -> the slots of a request for it: values, page, format."""

from __future__ import annotations

from collections.abc import Mapping

from metalocal.catalogue import NamedQuery, Parameter
from metalocal.endpoint.api.fields import Slot
from metalocal.endpoint.api.paging import MOST_ROWS
from metalocal.endpoint.api.problems import told
from metalocal.endpoint.api.results import BY_NAME
from metalocal.endpoint.api.values import (
    Check,
    from_body,
    from_query,
    number,
    row_from_body,
    row_from_query,
    typed,
)
from metalocal.endpoint.formats import Format

_PROFILE = {
    "facts": {"value": "iri", "truth": "integer"},
    "numbers": {"attribute": "iri", "number": "decimal"},
}
_LARGEST_OFFSET = 10_000_000


def takes_profile(query: NamedQuery) -> bool:
    """Whether the query is asked about a patient."""
    columns = {parameter.name: dict(parameter.columns) for parameter in query.parameters}
    return all(columns.get(name) == kinds for name, kinds in _PROFILE.items())


def own_parameters(query: NamedQuery) -> list[Parameter]:
    """The parameters of a query apart from those that a profile fills."""
    profile = _PROFILE if takes_profile(query) else {}
    return [parameter for parameter in query.parameters if parameter.name not in profile]


def url_slots(query: NamedQuery, words: Mapping[str, list[str]]) -> list[Slot]:
    """Slots of a URL; `words` are the closed lists of values of parameters, by name."""
    return [
        Slot(
            parameter.name,
            from_query(_kind(parameter), words.get(parameter.name, ()))
            if len(parameter.columns) == 1
            else row_from_query(parameter.columns),
            _described(parameter),
            many=True,
            example=[_word(parameter.example)] if parameter.example else None,
        )
        for parameter in own_parameters(query)
    ]


def body_slots(query: NamedQuery, words: Mapping[str, list[str]]) -> list[Slot]:
    """Slots of a JSON body; see `url_slots`."""
    return [
        Slot(
            parameter.name,
            from_body(_kind(parameter), words.get(parameter.name, ()))
            if len(parameter.columns) == 1
            else row_from_body(parameter.columns),
            _described(parameter),
            many=True,
        )
        for parameter in own_parameters(query)
    ]


def format_slot(formats: Mapping[str, Format]) -> Slot:
    """The slot that names a format, for clients that send no Accept header."""
    schema = {"type": "string", "enum": list(formats)}
    said = "Format of the answer; without it the Accept header decides."
    return Slot("format", typed(_among(list(formats)), schema), said)


def page_slots() -> list[Slot]:
    """Slots of a URL that say which rows, and in which format."""
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}
    offset = {"type": "integer", "minimum": 0, "maximum": _LARGEST_OFFSET}
    return [
        Slot("limit", typed(_whole(1, MOST_ROWS), limit), "Rows of a page; all without it."),
        Slot("offset", typed(_whole(0, _LARGEST_OFFSET), offset), "Rows to pass over; 0 without."),
        format_slot(BY_NAME),
    ]


def _kind(parameter: Parameter) -> str:
    return next(iter(parameter.columns.values()))


def _described(parameter: Parameter) -> str:
    columns = ", ".join(f"{name} ({kind})" for name, kind in parameter.columns.items())
    return f"{parameter.description}. A row of {columns}; repeatable."


def _word(example: str) -> str:
    return example.removeprefix("ml:")


def _among(words: list[str]) -> Check:
    def check(found: object) -> object:
        if found not in words:
            raise told("is not known", f"use one of: {', '.join(words)}")
        return found

    return check


def _whole(low: int, high: int) -> Check:
    def check(found: object) -> int:
        value = number(found)
        if value != value.to_integral_value() or not low <= value <= high:
            raise told("does not fit", f"write a whole number from {low} to {high}")
        return int(value)

    return check
