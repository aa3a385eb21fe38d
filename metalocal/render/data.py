"""The answer as JSON (versioned, with a published schema) and CSV, for programs and sheets."""

from __future__ import annotations

from metalocal.answers import Answer
from metalocal.render.document import SCHEMA, Maker, document_of
from metalocal.render.json_text import indented
from metalocal.render.spreadsheet import CSV_COLUMNS, as_csv

__all__ = ["CSV_COLUMNS", "SCHEMA", "Maker", "as_csv", "as_json"]


def as_json(answer: Answer, maker: Maker | None = None) -> str:
    """The answer as JSON, as docs/schemas/answer-2.schema.json describes it.

    The same answer by the same maker gives the same text: there is no date in it.
    """
    return indented(document_of(answer, maker or Maker())) + "\n"
