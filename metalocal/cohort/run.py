"""A cohort, its answers and files to write to, to the files written and the tally of the run."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from graph_builder.problems import ProblemsFoundError
from metalocal.answers import Library
from metalocal.cohort.answering import Answers
from metalocal.cohort.json_lines import JsonLines
from metalocal.cohort.lines import Lines
from metalocal.cohort.records import BadRow, Cohort, Patient
from metalocal.cohort.table import Table
from metalocal.cohort.writers import RowWriter

_JSON_NAMES = (".jsonl", ".ndjson")


@dataclass
class Tally:
    """What a run has come to; `interrupted` where it was stopped before the end of the cohort.

    `lines` keeps the line each id was first seen on: the one thing that grows with the cohort.
    """

    answered: int = 0
    rows: int = 0
    rejected: int = 0
    last: Patient | None = None
    interrupted: bool = False
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Listeners:
    """Who is told while a run goes on: of bad rows, of ids seen before, of each row done."""

    bad_row: Callable[[BadRow], None]
    same_id: Callable[[Patient, int], None]
    progress: Callable[[Tally], None]


def cohort_of(lines: Lines, library: Library) -> Cohort:
    """The cohort in a file: JSON Lines by its name or where it begins with {, else a table.

    Raises:
        CohortError: it is empty.
        ProblemsFoundError: its header is wrong.
    """
    attributes, rules = library.attributes, library.rules
    if lines.name.endswith(_JSON_NAMES) or lines.first().lstrip().startswith("{"):
        return JsonLines(lines, attributes, rules)
    return Table(lines, attributes, rules)


def run(
    cohort: Cohort,
    answers: Answers,
    out: RowWriter,
    listeners: Listeners,
    *,
    stop_on_error: bool = False,
) -> Tally:
    """Answers patient after patient; what has been written is whole patients, however it ends.

    Raises:
        ProblemsFoundError: a row is bad, with `stop_on_error`.
    """
    tally = Tally()
    try:
        for entry in cohort:
            if isinstance(entry, Patient):
                _answer(entry, answers, out, tally, listeners)
            elif stop_on_error:
                raise ProblemsFoundError(entry.problems)
            else:
                with uninterrupted():
                    listeners.bad_row(entry)
                    tally.rejected += 1
            listeners.progress(tally)
    except KeyboardInterrupt:
        tally.interrupted = True
    return tally


def _answer(
    patient: Patient, answers: Answers, out: RowWriter, tally: Tally, listeners: Listeners
) -> None:
    first = tally.lines.setdefault(patient.id, patient.line)
    if first != patient.line:
        listeners.same_id(patient, first)
    rows = answers.rows(patient.profile)
    with uninterrupted():
        out.write(patient, rows)
        tally.answered += 1
        tally.rows += len(rows)
        tally.last = patient


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Lets a first Ctrl-C wait until the block is done; a second one does not wait."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def later(number: int, _: Any) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)

    before = signal.signal(signal.SIGINT, later)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt
