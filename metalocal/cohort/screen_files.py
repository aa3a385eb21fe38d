"""Rows of counts, and verdicts of each patient, to CSV or Parquet files."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import astuple, fields
from itertools import repeat
from pathlib import Path
from typing import Any, Protocol, TextIO

import numpy as np
from numpy.typing import NDArray

from metalocal.answers import NOTICE, VERDICTS
from metalocal.cohort.groups import Group
from metalocal.cohort.records import Unread
from metalocal.cohort.screen_rows import CriterionRow, PopulationRow
from metalocal.cohort.writers import Origin, arrow, harmless

Table = Sequence[PopulationRow] | Sequence[CriterionRow]
"""Rows of one kind, at least one."""


def write_rows(path: Path, rows: Table, origin: Origin, *, parquet: bool) -> None:
    """Writes rows to a new file.

    Raises:
        MissingLibraryError: Parquet is asked for and pyarrow is not installed.
    """
    if not parquet:
        with path.open("w", encoding="utf-8", newline="") as file:
            return write_csv(file, rows, origin)
    library, files = arrow()
    names = [one.name for one in fields(rows[0])]
    columns = dict(zip(names, zip(*map(astuple, rows), strict=True), strict=True))
    tail = {"graph": [origin.graph] * len(rows), "notice": [NOTICE] * len(rows)}
    table = library.table({name: list(column) for name, column in {**columns, **tail}.items()})
    files.write_table(table.replace_schema_metadata(_said(origin)), path)
    return None


def write_csv(file: TextIO, rows: Table, origin: Origin) -> None:
    """Writes rows as CSV, the graph and the notice on each."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*(one.name for one in fields(rows[0])), "graph", "notice"])
    writer.writerows((*astuple(row), origin.graph, NOTICE) for row in rows)


def _said(origin: Origin) -> dict[str, str]:
    return {"notice": NOTICE, "metalocal_version": origin.version, "graph": origin.graph}


class VerdictFile(Protocol):
    """A file with a row for each patient and a column for each group."""

    def write(self, patients: Sequence[Unread], codes: NDArray[np.uint8]) -> None:
        """Adds patients; `codes` has a row for each group, a column for each patient."""
        ...

    def close(self) -> None:
        """Ends the file."""
        ...


class CsvVerdicts:
    """Verdicts as CSV: patient, line, and a word for each group."""

    def __init__(self, path: Path, groups: Sequence[Group]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(["patient", "line", *(group.name for group in groups)])

    def write(self, patients: Sequence[Unread], codes: NDArray[np.uint8]) -> None:
        """Adds patients; `codes` has a row for each group, a column for each patient."""
        words = VERDICTS.__getitem__
        self._writer.writerows(
            (harmless(row.id), row.line, *map(words, column.tobytes()))
            for row, column in zip(patients, np.ascontiguousarray(codes.T), strict=True)
        )

    def close(self) -> None:
        """Ends the file."""
        self._file.close()


class ParquetVerdicts:
    """Verdicts as Parquet: dictionaries of three words, a row group for each block.

    Raises:
        MissingLibraryError: pyarrow is not installed.
    """

    def __init__(self, path: Path, groups: Sequence[Group], origin: Origin) -> None:
        self._arrow, parquet = arrow()
        kind = self._arrow.dictionary(self._arrow.uint8(), self._arrow.string())
        start = [("patient", self._arrow.string()), ("line", self._arrow.int64())]
        columns = [*start, *zip((group.name for group in groups), repeat(kind), strict=False)]
        self._schema = self._arrow.schema(columns, metadata=_said(origin))
        self._file = parquet.ParquetWriter(path, self._schema)
        self._words = self._arrow.array(VERDICTS)

    def write(self, patients: Sequence[Unread], codes: NDArray[np.uint8]) -> None:
        """Adds patients; `codes` has a row for each group, a column for each patient."""
        columns: list[Any] = [[row.id for row in patients], [row.line for row in patients]]
        make = self._arrow.DictionaryArray.from_arrays
        columns += [make(self._arrow.array(row), self._words) for row in codes]
        self._file.write_table(self._arrow.table(columns, schema=self._schema))

    def close(self) -> None:
        """Ends the file."""
        self._file.close()
