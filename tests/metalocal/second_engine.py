"""Rows of a query as rdflib gives them, written as Oxigraph writes them."""

from __future__ import annotations

from decimal import Decimal

from rdflib import Dataset, Literal
from rdflib.term import Identifier


def rdflib_rows(dataset: Dataset, text: str) -> list[dict[str, str]]:
    return [
        {str(name): _text(value) for name, value in row.asdict().items()}
        for row in dataset.query(text)
    ]


def _text(value: Identifier) -> str:
    """A term as text; a decimal without the noughts at its end, which Oxigraph does not keep."""
    number = value.toPython() if isinstance(value, Literal) else None
    return f"{number.normalize():f}" if isinstance(number, Decimal) else str(value)
