"""A cohort and groups to counts: block after block, all patients of a block at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graph_builder.attributes import Attribute, Implication
from graph_builder.problems import ProblemsFoundError
from metalocal.answers import Library
from metalocal.cohort.bits import BlockReader, Known, flags
from metalocal.cohort.counting import Counts, counted, nobody, standings, verdict_codes
from metalocal.cohort.groups import Groups
from metalocal.cohort.limits import limits_of
from metalocal.cohort.records import BadRow, Cohort, Rows, Unread

BLOCK = 16_384
"""Rows judged at a time: memory goes with it and not with the cohort."""


@dataclass(frozen=True)
class Screen:
    """All that is needed to hold patients against groups; it goes to other processes whole."""

    found: Groups
    attributes: Mapping[str, Attribute]
    rules: tuple[Implication, ...]

    @classmethod
    def of(cls, library: Library, found: Groups) -> Screen:
        """The groups, with what a library knows of attributes."""
        return cls(found, library.attributes, tuple(library.rules))

    def reader(self) -> BlockReader:
        """What reads rows as far as these groups ask."""
        return BlockReader(self.attributes, self.rules, limits_of(self.found.clauses))


class Verdicts(Protocol):
    """A file of the verdict of each group on each patient."""

    def write(self, patients: Sequence[Unread], codes: NDArray[np.uint8]) -> None:
        """Adds patients; `codes` has a row for each group and a column for each patient."""
        ...


class Told(Protocol):
    """Who is told while a cohort is read."""

    def bad_row(self, row: BadRow) -> None:
        """A row is wrong, and set aside."""
        ...

    def same_id(self, row: Unread, first: int) -> None:
        """The id of a patient was seen on that line before."""
        ...

    def progress(self, patients: int, rejected: int) -> None:
        """So many rows have been read."""
        ...


@dataclass
class Screening:
    """Counts of the rows read so far; `lines` has the line that each id was first seen on."""

    counts: Counts
    rejected: int = 0
    lines: dict[str, int] = field(default_factory=dict)


def screened(
    cohort: Cohort,
    screen: Screen,
    told: Told,
    verdicts: Verdicts | None = None,
    *,
    stop_on_error: bool = False,
) -> Screening:
    """How a cohort stands to the groups; it is read once.

    Raises:
        ProblemsFoundError: a row is wrong, with `stop_on_error`.
    """
    run = Screening(nobody(screen.found.groups))
    for entries, known in blocks_of(cohort, screen.reader()):
        rows = [entry for entry in entries if isinstance(entry, Unread)]
        _set_aside(_wrong(cohort, entries, rows, known), run, told, stop_on_error=stop_on_error)
        patients = good_rows(rows, known)
        _tell_same_ids(patients, run, told)
        found = list(standings(screen.found, known.worlds))
        run.counts += counted(known.worlds, found)
        if verdicts is not None:
            verdicts.write(patients, verdict_codes(known.worlds, known.size, found))
        told.progress(run.counts.patients, run.rejected)
    return run


def blocks_of(cohort: Cohort, reader: BlockReader) -> Iterator[tuple[list[Unread | BadRow], Known]]:
    """The rows of a cohort, so many at a time, and what is known of those that are whole."""
    entries = cohort.unread()
    while block := list(islice(entries, BLOCK)):
        yield block, reader.known(cohort, [one for one in block if isinstance(one, Unread)])


def good_rows(rows: Sequence[Unread], known: Known) -> list[Unread]:
    """The rows that can be judged."""
    good = flags(known.worlds.every, known.size)
    return [row for row, judged in zip(rows, good.tolist(), strict=True) if judged]


def _tell_same_ids(patients: Sequence[Unread], run: Screening, told: Told) -> None:
    for row in patients:
        first = run.lines.setdefault(row.id, row.line)
        if first != row.line:
            told.same_id(row, first)


def _wrong(
    source: Rows, entries: Sequence[Unread | BadRow], rows: Sequence[Unread], known: Known
) -> Iterator[BadRow]:
    """The wrong rows of a block in order, those of no whole row among them."""
    refused = {rows[place].line for place in known.refused()}
    for entry in entries:
        if isinstance(entry, BadRow):
            yield entry
        elif entry.line in refused:
            yield refusal(source, entry)


def refusal(source: Rows, row: Unread) -> BadRow:
    """What is wrong with a row that was refused when many were read at once."""
    found = source.read(row)
    assert isinstance(found, BadRow), f"line {row.line} is refused, and nothing is wrong with it"
    return found


def _set_aside(wrong: Iterator[BadRow], run: Screening, told: Told, *, stop_on_error: bool) -> None:
    for row in wrong:
        if stop_on_error:
            raise ProblemsFoundError(row.problems)
        told.bad_row(row)
        run.rejected += 1
