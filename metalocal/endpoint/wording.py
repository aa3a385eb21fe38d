"""The engine's messages -> sentences for the person who wrote the query."""

from __future__ import annotations

import re

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_KEYWORD_OR_SIGN = re.compile(r'"([^"\s]{1,3})"|\b([A-Z]{2,})\b')
_FUNCTION = re.compile(r"custom (?:aggregate )?function (<[^>]*>)")
_MOST_EXPECTATIONS = 8

_KNOWN = {
    "Prefix not found": "a prefix is not declared; add its PREFIX line at the head of the query",
    "contains a variable that is unbound": (
        "SELECT names a variable that is neither in GROUP BY nor inside COUNT, SUM or the like"
    ),
    "Duplicated variable name": "SELECT gives two columns the same name; rename one",
    "IRI parsing failed": (
        "an IRI is not valid; if it is relative, add a BASE line or write it in full"
    ),
    "language tag parsing failed": "a language tag is not valid; write it like @en or @pt-BR",
}


def parse_error(query: str, message: str) -> str:
    r"""Say why and where the engine cannot read a query.

    >>> parse_error("ASK { }\n LIMIT x", "error at 2:8: expected ['0'..='9']")[:72]
    "The query could not be read at line 2, column 8: reading stopped at 'x',"
    """
    found = _PLACE.search(message)
    if not found:
        return "The query could not be read; check its brackets, quotes and keywords."
    line, column = int(found[1]), int(found[2])
    known = next((words for sign, words in _KNOWN.items() if sign in found[3]), None)
    reason = known or _unexpected(query, line, column) + _expectations(found[3])
    return f"The query could not be read at line {line}, column {column}: {reason}."


def evaluation_error(message: str) -> str | None:
    """Say why a query that was read has no answer; None if the query is not to blame."""
    function = _FUNCTION.search(message)
    if function:
        return f"The function {function[1]} is not one of SPARQL's and not known here; replace it."
    return None


def _unexpected(query: str, line: int, column: int) -> str:
    lines = query.split("\n")
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    if not rest.strip() and line >= len(lines):
        found = "the end of the query"
    else:
        found = f"'{rest.split()[0][:30]}'" if rest.strip() else "the end of the line"
    return f"reading stopped at {found}, and the mistake is there or just before"


def _expectations(listed: str) -> str:
    """Keywords and signs that would fit, if they are few; else nothing."""
    outside_classes = re.sub(r"\[[^\]]*\]", "", listed)
    fitting = ["".join(pair) for pair in _KEYWORD_OR_SIGN.findall(outside_classes)]
    if not 1 < len(fitting) <= _MOST_EXPECTATIONS:
        return ""
    return f"; expected one of: {' '.join(fitting)}"
