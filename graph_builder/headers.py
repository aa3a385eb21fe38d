"""Text of a query file to its header, the YAML behind `#+`, and the query that stays.

The keys that our query files share are those that grlc reads (summary, description, tags, method,
endpoint_in_url) and one of ours, `parameters`, which grlc leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from graph_builder.problems import Place, Problem, ProblemsFoundError, closest
from graph_builder.yaml_tree import PLACES, read_yaml

TAGS = (
    *("audit", "guidance", "interventions", "map", "models", "ontology", "populations", "profile"),
    *("provenance", "results", "studies", "synthesis"),
)
"""The words that query files are tagged with."""

_MARK = "#+"
_RULE = "query-header"
_KINDS = ("iri", "integer", "decimal", "text")


@dataclass(frozen=True)
class Header:
    """What stands behind `#+`: its fields, and the query without those lines."""

    file: str
    fields: Mapping[str, Any]
    body: str

    def problem(self, key: str, message: str, mend: str) -> Problem:
        """A problem at the line of a key, or at the head of the file where the key is absent."""
        places = self.fields.get(PLACES, {})
        place = places.get(f"key {key}") or Place(self.file, 1, 1)
        return Problem(place, message, _RULE, mend)


def header_of(text: str, file: str) -> Header:
    """The header and the query of a file, whatever keys the header has.

    Raises:
        ProblemsFoundError: there is no header, or it is no YAML mapping.
    """
    lines = text.splitlines(keepends=True)
    body = "".join(line for line in lines if not line.startswith(_MARK))
    if not any(line.startswith(_MARK) for line in lines):
        message, mend = "there is no header", "begin the file with `#+ summary: ...`"
        raise ProblemsFoundError([Problem(Place(file, 1, 1), message, _RULE, mend)])
    # lines of the query become empty ones, so that a place in the YAML is the place in the file
    fields, problems = read_yaml("".join(map(_header_line, lines)), file)
    if problems:
        raise ProblemsFoundError(problems)
    if not isinstance(fields, dict):
        message, mend = "the header is no mapping", "write `#+ key: value` lines"
        raise ProblemsFoundError([Problem(Place(file, 1, 1), message, _RULE, mend)])
    return Header(file, fields, body)


def _header_line(line: str) -> str:
    """The YAML of a line, its mark made blank; an empty line where it has none."""
    return "  " + line.removeprefix(_MARK) if line.startswith(_MARK) else "\n"


def query_header(text: str, file: str) -> Header:
    """The header of a query of ours, with its fields as they must be.

    Raises:
        ProblemsFoundError: a key is not known or missing, or what it holds has the wrong form.
    """
    header = header_of(text, file)
    fields = {key: value for key, value in header.fields.items() if key != PLACES}
    problems = [
        header.problem(key, f"key {key} is not known in a header", closest(key, _FORMS))
        for key in fields
        if key not in _FORMS
    ]
    problems += [
        header.problem(key, f"key {key} is missing", f"write `#+ {key}: ...`")
        for key in ("summary", "description")
        if key not in fields
    ]
    for key in _FORMS.keys() & fields.keys():
        fits, mend = _FORMS[key]
        if not fits(fields[key]):
            problems.append(header.problem(key, f"{key} does not have its form", mend))
    if problems:
        raise ProblemsFoundError(problems)
    return header


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\n" not in value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_tags(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(tag in TAGS for tag in value)


def _are_parameters(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _is_parameter(given) for name, given in value.items() if name != PLACES
    )


def _is_parameter(value: Any) -> bool:
    if not isinstance(value, dict) or not _has_only(value, {"columns", "description", "example"}):
        return False
    columns = value.get("columns")
    return (
        isinstance(columns, dict)
        and _has_only(columns, {name for name in columns if columns[name] in _KINDS})
        and _is_line(value.get("description"))
        and isinstance(value.get("example", ""), str)
    )


def _has_only(value: Mapping[str, Any], known: Collection[str]) -> bool:
    return all(key in known for key in value if key != PLACES)


_FORMS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "summary": (_is_line, "write one line of text"),
    "description": (_is_text, "write text; behind `>-` it may run over lines"),
    "tags": (_are_tags, f"write [a, b] with words of: {', '.join(TAGS)}"),
    "method": (lambda value: value == "GET", "write GET: the graph is only read"),
    "endpoint_in_url": (lambda value: value is False, "write False: grlc asks our endpoint"),
    "parameters": (
        _are_parameters,
        "write name: {columns: {variable: kind}, description: text, example: values with commas"
        f" between}}; a kind is one of {', '.join(_KINDS)}",
    ),
}
"""Key to the form of what it holds, and how to mend what has another."""
