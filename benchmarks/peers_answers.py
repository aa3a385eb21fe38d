"""An engine's answer beside the right one -> right, or what is wrong with it.

Rows are compared as multisets: numbers by value, blank nodes as one. Then the order, as far as
ORDER BY decides it. An answer that is wrong in a row or in the order has no time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from compatibility import key_of, order_of

from metalocal.graph import Table, Term

Key = Callable[[Term | None], str]


@dataclass(frozen=True)
class Comparison:
    """How far an engine's rows can be compared.

    `plain`: it gives values without datatype and language, so texts are compared (numbers by
    value). `some_columns`: it gives only some columns of the query, so these are compared.
    """

    plain: bool = False
    some_columns: bool = False


FULL = Comparison()


def fault(expected: Table, found: Table, text: str, comparison: Comparison = FULL) -> str:
    """Nothing where the answer is right, else "3 of 755 rows" or "order, row 4".

    The count is of rows missing or, where that is more, of rows that should not be there.
    """
    columns = expected.columns
    if comparison.some_columns:
        columns = tuple(name for name in columns if name in found.columns)
        assert columns, "no column to compare"
    key = plain_key if comparison.plain else key_of
    right, given = _rows(expected, columns, key), _rows(found, columns, key)
    missing, more = Counter(right) - Counter(given), Counter(given) - Counter(right)
    if missing or more:
        return f"{max(missing.total(), more.total())} of {len(right)} rows"
    ordered = [columns.index(name) for name in order_of(text) if name in columns]
    if comparison.some_columns and len(ordered) < len(order_of(text)):
        return ""  # what it is ordered by is not all there
    for number, (one, other) in enumerate(zip(right, given, strict=True), 1):
        if [one[place] for place in ordered] != [other[place] for place in ordered]:
            return f"order, row {number}"
    return ""


def _rows(table: Table, columns: tuple[str, ...], key: Key) -> list[tuple[str, ...]]:
    return [tuple(key(row.get(name)) for name in columns) for row in table.rows]


def plain_key(term: Term | None) -> str:
    """A term as text in which equal numbers are equal, without datatype and language."""
    if term is None:
        return "unbound"
    if term.kind == "bnode":
        return "_:"
    try:
        number = Decimal(term.text)
    except InvalidOperation:
        return term.text
    return f"{number.normalize():.12g}" if number.is_finite() else term.text
