"""`metalocal ask --cohort`: a file of patients to rows of answers, in files or on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from graph_builder.problems import Place, ToldError
from metalocal.answers import NOTICE, Library
from metalocal.cohort.answering import Answers
from metalocal.cohort.lines import Lines, open_lines
from metalocal.cohort.placing import partial_of, put_in_place
from metalocal.cohort.records import BadRow, Patient
from metalocal.cohort.run import Listeners, Tally, cohort_of, run, uninterrupted
from metalocal.cohort.writers import CsvWriter, ParquetWriter, RowWriter
from metalocal.commands.cohort_options import OPTIONS
from metalocal.commands.common import errors, open_graph
from metalocal.commands.patients import (
    FORMS,
    INTERRUPTED,
    SOME_REJECTED,
    Few,
    SetAside,
    check_files,
    origin_of,
    refusal,
    rows_counted,
    say,
)
from metalocal.locations import locations


@dataclass(frozen=True)
class Wish:
    """What the options of a cohort ask for; without `output` answers go to standard output."""

    cohort: str
    output: Path | None
    rejected: Path | None
    endpoint: str | None
    stop_on_error: bool


def wish_of(options: Mapping[str, Any]) -> Wish | None:
    """What is asked for a cohort; none without --cohort.

    Raises:
        ProblemsFoundError: options that do not go together, or files that cannot be written.
    """
    if options.get("cohort") is None:
        for name in ("rejected", "stop_on_error"):
            if options.get(name):
                raise refusal(name, "goes with --cohort", "add --cohort FILE, or leave it out")
        return None
    for name, value in options.items():
        if value and name not in (*OPTIONS, "output", "endpoint", "format"):
            mend = "leave it out; facts about patients are columns of the cohort"
            raise refusal(name, "does not go with --cohort", mend)
    if options["format"] not in ("text", "csv"):
        mend = "leave it out for CSV; name the output NAME.parquet for Parquet"
        raise refusal("format", f"{options['format']} is no form for a cohort", mend)
    names = ("cohort", "output", "rejected", "endpoint", "stop_on_error")
    wish = Wish(**{name: options[name] for name in names})
    _check_files(wish)
    return wish


def _check_files(wish: Wish) -> None:
    check_files(wish.cohort, {"output": wish.output, "rejected": wish.rejected})
    if wish.output is not None and wish.output.suffix not in FORMS:
        raise refusal("output", f"{wish.output} is no form known", "name it .csv or .parquet")


def run_cohort(wish: Wish) -> None:
    """Answers for a cohort and tells what came of it; exit code 3 where rows were set aside."""
    answers = Answers(Library(open_graph(wish.endpoint), locations().queries))
    with closing(open_lines(wish.cohort)) as lines:
        _answer_all(wish, lines, answers)


def _answer_all(wish: Wish, lines: Lines, answers: Answers) -> None:
    cohort = cohort_of(lines, answers.library)
    out = _writer(wish)
    folder = wish.output.parent if wish.output is not None else Path()
    rejected = SetAside(cohort, wish.cohort, folder, wish.rejected)
    try:
        with _progress(lines, wish) as advance:
            listeners = _listeners(lines, rejected, advance)
            tally = run(cohort, answers, out, listeners, stop_on_error=wish.stop_on_error)
    except ToldError:
        if wish.output is not None:
            say(f"the answers so far stand in {partial_of(wish.output)}")
        raise
    finally:
        with uninterrupted():
            out.close()
            rejected.close()
    if tally.interrupted:
        _tell_interruption(wish, tally, rejected)
        raise typer.Exit(INTERRUPTED)
    if wish.output is not None:
        put_in_place(wish.output)
    rejected.put_in_place()
    _tell_end(wish, tally, rejected)
    if tally.rejected:
        raise typer.Exit(SOME_REJECTED)


def _writer(wish: Wish) -> RowWriter:
    origin = origin_of(wish.endpoint)
    if wish.output is None:
        return CsvWriter(sys.stdout, origin, keep_open=True)
    path = partial_of(wish.output)
    if wish.output.suffix == ".parquet":
        return ParquetWriter(path, origin)
    return CsvWriter(path.open("w", encoding="utf-8", newline=""), origin)


@contextmanager
def _progress(lines: Lines, wish: Wish) -> Iterator[Callable[[Tally], None]]:
    """A bar on a terminal that answers do not go to, and what moves it on; else nothing."""
    console = errors()
    if not console.is_terminal or (wish.output is None and sys.stdout.isatty()):
        yield lambda tally: None
        return
    counts = TextColumn("{task.fields[good]} answered, {task.fields[bad]} set aside")
    with Progress(
        BarColumn(), counts, TimeRemainingColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("", total=lines.size() or None, good=0, bad=0)
        yield lambda tally: bar.update(
            task, completed=lines.characters, good=tally.answered, bad=tally.rejected
        )


def _listeners(lines: Lines, rejected: SetAside, advance: Callable[[Tally], None]) -> Listeners:
    bad, same = Few("rows with errors"), Few("ids that stand twice")

    def bad_row(row: BadRow) -> None:
        rejected.write(row)
        bad.say("\n".join(str(problem) for problem in row.problems))

    def same_id(patient: Patient, first: int) -> None:
        place = Place(lines.name, patient.line, 1)
        what = f"{place}: note: patient {patient.id} stands in line {first} too"
        same.say(f"{what}; both are answered, and the column line tells them apart")

    return Listeners(bad_row, same_id, advance)


def _tell_interruption(wish: Wish, tally: Tally, rejected: SetAside) -> None:
    at = f"stopped after patient {tally.last.id} (line {tally.last.line})" if tally.last else ""
    where = partial_of(wish.output) if wish.output is not None else "the output"
    say(f"{at or 'stopped before the first patient'}: {_counted(tally)} stand whole in {where}")
    if tally.rejected:
        say(f"{rows_counted(tally.rejected)} with errors set aside in {partial_of(rejected.path)}")


def _tell_end(wish: Wish, tally: Tally, rejected: SetAside) -> None:
    where = f" in {wish.output}" if wish.output is not None else ""
    say(f"wrote {_counted(tally)}{where}")
    if tally.rejected:
        again = f"metalocal ask --cohort {rejected.path}"
        aside = f"{rows_counted(tally.rejected)} set aside in {rejected.path}"
        say(f"{aside}; mend there what is wrong, then: {again}")
    elif wish.rejected:
        say(f"no row was wrong; {rejected.path} holds none")
    say(NOTICE)


def _counted(tally: Tally) -> str:
    patients = "1 patient" if tally.answered == 1 else f"{tally.answered:,} patients"
    return f"{patients} ({rows_counted(tally.rows)})"
