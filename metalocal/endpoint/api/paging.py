"""The text of a named query -> its columns, and the text that gives one page of its rows."""

from __future__ import annotations

from itertools import pairwise

from metalocal.catalogue import CatalogueError, NamedQuery
from metalocal.endpoint.tokens import Token, read_tokens

MOST_ROWS = 100_000
_DEEPER = {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}


def columns_of(query: NamedQuery) -> tuple[str, ...]:
    """The columns of a SELECT query in reading order.

    Raises:
        CatalogueError: it is no SELECT that names its columns, or no ORDER BY ends it.
    """
    outer = _outermost(query.text)
    words = [token.keyword for token in outer]
    if "SELECT" not in words or "WHERE" not in words[words.index("SELECT") :]:
        raise CatalogueError(f"query {query.name} is no SELECT ... WHERE; only rows can be paged")
    start = words.index("SELECT")
    end = words.index("WHERE", start)
    columns = [token.text[1:] for token in outer[start:end] if token.kind == "variable"]
    after = words[end:]
    ordered = ("ORDER", "BY") in pairwise(after)
    if not columns or not ordered or {"LIMIT", "OFFSET", "VALUES"} & set(after):
        raise CatalogueError(f"query {query.name} must name its columns and end with ORDER BY")
    return tuple(dict.fromkeys(columns))


def page(text: str, columns: tuple[str, ...], limit: int | None, offset: int) -> str:
    """The query for `limit` rows from row `offset` on; all of it where neither is asked for.

    Rows that the query's own ORDER BY leaves level are put in order by all their columns, so that
    pages neither overlap nor leave a row out, whatever order an engine finds rows in.
    """
    if limit is None and not offset:
        return text
    cut = "" if limit is None else f"LIMIT {limit} "
    return f"{text.rstrip()}\n{' '.join(f'?{name}' for name in columns)}\n{cut}OFFSET {offset}\n"


def _outermost(text: str) -> list[Token]:
    """Tokens outside all brackets, and the names that outermost `(... AS ?name)` give."""
    depth, found = 0, []
    before = Token("mark", "", 0)
    for token in (token for token in read_tokens(text) if token.kind != "comment"):
        named = token.kind == "variable" and before.keyword == "AS" and depth == 1
        if depth == 0 or named:
            found.append(token)
        depth += _DEEPER.get(token.text, 0) if token.kind == "mark" else 0
        before = token
    return found
