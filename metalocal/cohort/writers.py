"""Rows of the answer to CSV or Parquet, whole patients at a time."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TextIO

from metalocal.answers import NOTICE
from metalocal.cohort.records import MissingLibraryError, Patient, QuestionRow

COLUMNS = ("patient", "line", *(one.name for one in fields(QuestionRow)), "graph", "notice")
"""Columns of the output, in order."""
ROW_GROUP = 20_000
"""Rows that a row group of Parquet holds; so many are in memory at a time."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COUNTS = ("votes_", "studies_", "populations_")
_LISTS = ("voting_studies", "hanging_trials", "hanging_facts", "find_out_next", "open_trials")
_NO_WORD = ("tier", "outcome_family", "certainty")


class RowWriter(Protocol):
    """A file of answers; whatever has been written when it is closed can be read."""

    def write(self, patient: Patient, rows: Sequence[QuestionRow]) -> None:
        """Adds all rows of a patient."""
        ...

    def close(self) -> None:
        """Ends the file."""
        ...


@dataclass(frozen=True)
class Origin:
    """What answered: the version of the package and the graph, named on every row."""

    version: str
    graph: str


class CsvWriter:
    """Answers as CSV; lists are joined with "; ", and what is not there is empty."""

    def __init__(self, file: TextIO, origin: Origin, *, keep_open: bool = False) -> None:
        self._file, self._origin, self._keep_open = file, origin, keep_open
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def write(self, patient: Patient, rows: Sequence[QuestionRow]) -> None:
        """Adds all rows of a patient."""
        name = harmless(patient.id)
        tail = (self._origin.graph, NOTICE)
        self._writer.writerows([(name, patient.line, *_texts(row), *tail) for row in rows])
        self._file.flush()

    def close(self) -> None:
        """Ends the file, unless it is standard output."""
        if not self._keep_open:
            self._file.close()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("MBC-014")
    ("'=1+1", 'MBC-014')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(row: QuestionRow) -> tuple[Any, ...]:
    return tuple(getattr(row, one.name) for one in fields(row))


def _texts(row: QuestionRow) -> list[object]:
    return ["; ".join(cell) if isinstance(cell, tuple) else cell for cell in _cells(row)]


class ParquetWriter:
    """Answers as Parquet: lists are lists, counts integers, words that are not there null.

    Raises:
        MissingLibraryError: pyarrow is not installed.
    """

    def __init__(self, path: Path, origin: Origin) -> None:
        self._arrow, parquet = arrow()
        self._origin = origin
        said = {"notice": NOTICE, "metalocal_version": origin.version, "graph": origin.graph}
        self._schema = self._arrow.schema(
            [(name, self._type(name)) for name in COLUMNS], metadata=said
        )
        self._file = parquet.ParquetWriter(path, self._schema)
        self._rows: list[tuple[Any, ...]] = []

    def _type(self, name: str) -> Any:
        if name == "line" or name.startswith(_COUNTS):
            return self._arrow.int32()
        text = self._arrow.string()
        return self._arrow.list_(text) if name in _LISTS else text

    def write(self, patient: Patient, rows: Sequence[QuestionRow]) -> None:
        """Adds all rows of a patient."""
        tail = (self._origin.graph, NOTICE)
        self._rows += [(patient.id, patient.line, *_cells(row), *tail) for row in rows]
        if len(self._rows) >= ROW_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        columns = zip(*self._rows, strict=True)
        data = {
            name: [None if cell == "" and name in _NO_WORD else cell for cell in column]
            for name, column in zip(COLUMNS, columns, strict=True)
        }
        self._file.write_table(self._arrow.table(data, schema=self._schema))
        self._rows = []

    def close(self) -> None:
        """Ends the file."""
        if self._rows:
            self._write_group()
        self._file.close()


def arrow() -> tuple[ModuleType, ModuleType]:
    """The library pyarrow, and its part for Parquet.

    Raises:
        MissingLibraryError: it is not installed.
    """
    try:
        import pyarrow  # noqa: PLC0415  (slow, and an extra)
        from pyarrow import parquet  # noqa: PLC0415  (slow, and an extra)
    except ImportError as error:
        message = "writing Parquet needs the library pyarrow, which is not installed"
        raise MissingLibraryError(
            f"{message}; pip install 'metalocal[parquet]', or name a .csv file"
        ) from error
    return pyarrow, parquet
