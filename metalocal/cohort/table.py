"""A table of patients in CSV to patients and rows set aside, one at a time."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_builder.attributes import Attribute, Implication
from graph_builder.problems import Place, Problem
from metalocal.cohort.cell_rows import CellRows
from metalocal.cohort.columns import columns_of
from metalocal.cohort.lines import Lines
from metalocal.cohort.records import BECAUSE, PATIENT, BadRow, CohortError, Patient, Unread

_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class _Row:
    """The cells of a row, and the place where it begins; `broken` where they are no whole row."""

    place: Place
    cells: tuple[str, ...]
    broken: Problem | None = None


class Table(CellRows):
    """A table of patients whose columns are attributes, read once from its beginning.

    Raises:
        CohortError: it has no header.
        ProblemsFoundError: the header has columns that are not known, or stand twice.
    """

    ending = ".csv"

    def __init__(
        self, lines: Lines, attributes: Mapping[str, Attribute], rules: Sequence[Implication]
    ) -> None:
        self.lines = lines
        self.delimiter = _delimiter(lines)
        self._reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        place = Place(lines.name, lines.start(), 1)
        names = self._header(place)
        columns = columns_of(names, attributes, place)
        self._because = names.index(BECAUSE) if BECAUSE in names else None
        self._columns = tuple(column for column in columns if column.name != BECAUSE)
        self.names = tuple(column.name for column in self._columns)
        self._id = self.names.index(PATIENT) if PATIENT in self.names else None
        comma = self.delimiter == ";"
        super().__init__(lines.name, self._columns, attributes, rules, decimal_comma=comma)

    def _header(self, place: Place) -> list[str]:
        try:
            return [name.strip() for name in next(self._reader, [])]
        except csv.Error as error:
            message = f"{place}: the header is no line of CSV ({error})"
            raise CohortError(f"{message}; check its quotation marks") from error

    def __iter__(self) -> Iterator[Patient | BadRow]:
        """Its rows in order, each answerable or not; a row of empty cells is no patient."""
        for row in self.unread():
            yield row if isinstance(row, BadRow) else self.read(row)

    def unread(self) -> Iterator[Unread | BadRow]:
        """Its rows in order, unread; those that are no whole row as bad ones."""
        for number, row in enumerate(self._rows(), start=1):
            yield self._whole(row, number)

    def rejects(self, path: Path) -> RejectedTable:
        """A table for rows set aside, with the columns, delimiter and encoding of this one."""
        return RejectedTable(path, self)

    def _rows(self) -> Iterator[_Row]:
        while True:
            place = Place(self.lines.name, self.lines.start(), 1)
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                yield self._broken(place, f"this is no row of CSV ({error})")
                continue
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self._row(place, cells)

    def _row(self, place: Place, cells: list[str]) -> _Row:
        kept = self._without_reason(cells)
        wrong = self._wrong_shape(kept)
        if not wrong:
            return _Row(place, kept)
        if len(self.lines.taken) > 1:
            return self._broken(place, wrong)
        return _Row(place, kept, _shape_problem(place, wrong))

    def _wrong_shape(self, cells: Sequence[str]) -> str:
        if len(cells) != len(self.names):
            return f"the row has {len(cells)} cells, the header {len(self.names)}"
        if self._id is not None and not cells[self._id].isprintable():
            return "the id of the patient holds a line break or another character without a shape"
        return ""

    def _broken(self, place: Place, message: str) -> _Row:
        """The first line alone: a stray quotation mark must not take the next patients along."""
        cells = self.lines.keep_first().rstrip("\r\n").split(self.delimiter)
        return _Row(place, self._without_reason(cells), _shape_problem(place, message))

    def _without_reason(self, cells: Sequence[str]) -> tuple[str, ...]:
        if self._because is None:
            return tuple(cells)
        return (*cells[: self._because], *cells[self._because + 1 :])

    def _whole(self, row: _Row, number: int) -> Unread | BadRow:
        name = str(number)
        if self._id is not None:
            name = row.cells[self._id].strip() if self._id < len(row.cells) else ""
        if row.broken:
            return BadRow(name, row.place.line, row.cells, (row.broken,))
        return Unread(name, row.place.line, row.cells)


def _delimiter(lines: Lines) -> str:
    """Semicolon where the header has more of them than commas, and comma otherwise."""
    first = lines.first()
    if not first:
        message = f"{lines.name} is empty"
        raise CohortError(f"{message}; its first line names the columns, such as patient,age")
    bare = _QUOTED.sub("", first)
    return ";" if bare.count(";") > bare.count(",") else ","


def _shape_problem(place: Place, message: str) -> Problem:
    mend = "give each cell its column; a cell with the separator or a line break goes in quotes"
    return Problem(place, message, "row-form", mend)


class RejectedTable:
    """Rows set aside as a table: what is wrong, then the cells as they were.

    Patients without an id get the number of their row as id, so that it is kept.
    """

    def __init__(self, path: Path, table: Table) -> None:
        encoding = "utf-8-sig" if table.lines.bom else "utf-8"
        self._numbered = PATIENT not in table.names
        self._file = path.open("w", encoding=encoding, errors="surrogateescape", newline="")
        self._writer = csv.writer(self._file, delimiter=table.delimiter, lineterminator="\n")
        self._writer.writerow([BECAUSE, *([PATIENT] if self._numbered else []), *table.names])

    def write(self, row: BadRow) -> None:
        """Adds a row, with what is wrong with it."""
        name = [row.id] if self._numbered else []
        self._writer.writerow([row.because, *name, *row.cells])

    def close(self) -> None:
        """Ends the file."""
        self._file.close()
