"""`metalocal ask --cohort`: a file of patients to rows of answers, in files or on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from graph_builder.problems import Place, Problem, ProblemsFoundError, ToldError
from metalocal.answers import NOTICE, Library
from metalocal.cohort.answering import Answers
from metalocal.cohort.lines import Lines, open_lines
from metalocal.cohort.placing import free_name, partial_of, put_in_place
from metalocal.cohort.records import BadRow, Cohort, Patient, Rejects
from metalocal.cohort.run import Listeners, Tally, cohort_of, run, uninterrupted
from metalocal.cohort.writers import CsvWriter, Origin, ParquetWriter, RowWriter
from metalocal.commands.common import ERRORS, open_graph
from metalocal.locations import locations, version

SOME_REJECTED = 3
"""Exit code where rows have been set aside."""
INTERRUPTED = 130
SHOWN = 100
"""Bad rows, and repeated ids, that are told one by one; all are counted, and kept."""

OPTIONS: dict[str, tuple[Any, Any]] = {
    "cohort": (
        Annotated[
            str | None,
            typer.Option(
                "--cohort",
                help="Answer for every patient of this CSV or JSON Lines file, - for standard "
                "input: a row per patient and question, as CSV or, with -o NAME.parquet, Parquet.",
            ),
        ],
        None,
    ),
    "rejected": (
        Annotated[
            Path | None,
            typer.Option("--rejected", help="With --cohort: set rows with errors aside here."),
        ],
        None,
    ),
    "stop_on_error": (
        Annotated[
            bool,
            typer.Option("--stop-on-error", help="With --cohort: stop at the first wrong row."),
        ],
        False,
    ),
}
"""The options of a cohort: annotation and default of each."""


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
                raise _refusal(name, "goes with --cohort", "add --cohort FILE, or leave it out")
        return None
    for name, value in options.items():
        if value and name not in (*OPTIONS, "output", "endpoint", "format"):
            mend = "leave it out; facts about patients are columns of the cohort"
            raise _refusal(name, "does not go with --cohort", mend)
    if options["format"] not in ("text", "csv"):
        mend = "leave it out for CSV; name the output NAME.parquet for Parquet"
        raise _refusal("format", f"{options['format']} is no form for a cohort", mend)
    names = ("cohort", "output", "rejected", "endpoint", "stop_on_error")
    wish = Wish(**{name: options[name] for name in names})
    _check_files(wish)
    return wish


def _refusal(name: str, what: str, mend: str) -> ProblemsFoundError:
    flag = f"--{name.replace('_', '-')}"
    return ProblemsFoundError([Problem(Place(flag), f"{flag} {what}", "options", mend)])


def _check_files(wish: Wish) -> None:
    taken = {Path(wish.cohort).resolve()} if wish.cohort != "-" else set()
    for name, path in (("output", wish.output), ("rejected", wish.rejected)):
        if path is None:
            continue
        if path.is_dir() or not path.parent.is_dir():
            raise _refusal(name, f"{path} is no file that can be written", "name a file")
        if {path.resolve(), partial_of(path).resolve()} & taken:
            raise _refusal(name, f"{path} would overwrite another file", "name another file")
        taken |= {path.resolve(), partial_of(path).resolve()}
    if wish.output is not None and wish.output.suffix not in (".csv", ".parquet"):
        raise _refusal("output", f"{wish.output} is no form known", "name it .csv or .parquet")


def run_cohort(wish: Wish) -> None:
    """Answers for a cohort and tells what came of it; exit code 3 where rows were set aside."""
    answers = Answers(Library(open_graph(wish.endpoint), locations().queries))
    with closing(open_lines(wish.cohort)) as lines:
        _answer_all(wish, lines, answers)


def _answer_all(wish: Wish, lines: Lines, answers: Answers) -> None:
    cohort = cohort_of(lines, answers)
    out = _writer(wish)
    rejected = _Rejected(cohort, wish)
    try:
        with _progress(lines, wish) as advance:
            listeners = _listeners(lines, rejected, advance)
            tally = run(cohort, answers, out, listeners, stop_on_error=wish.stop_on_error)
    except ToldError:
        if wish.output is not None:
            _say(f"the answers so far stand in {partial_of(wish.output)}")
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
    origin = Origin(version(), wish.endpoint or _graph_version())
    if wish.output is None:
        return CsvWriter(sys.stdout, origin, keep_open=True)
    path = partial_of(wish.output)
    if wish.output.suffix == ".parquet":
        return ParquetWriter(path, origin)
    return CsvWriter(path.open("w", encoding="utf-8", newline=""), origin)


def _graph_version() -> str:
    manifest = json.loads((locations().graph / "manifest.json").read_text("utf-8"))
    return f"metalocal {manifest['version']}, graph sha256:{manifest['sha256'][:16]}"


class _Rejected:
    """The file of rows set aside, opened with the first of them, or at once where it was named."""

    def __init__(self, cohort: Cohort, wish: Wish) -> None:
        self._cohort = cohort
        stem = "cohort" if wish.cohort == "-" else Path(wish.cohort).stem
        folder = wish.output.parent if wish.output is not None else Path()
        beside = free_name(folder / f"{stem}.rejected{cohort.ending}")
        self.path = wish.rejected or beside
        self._file: Rejects | None = self._open() if wish.rejected else None

    def _open(self) -> Rejects:
        return self._cohort.rejects(partial_of(self.path))

    def write(self, row: BadRow) -> None:
        self._file = self._file or self._open()
        self._file.write(row)

    def close(self) -> None:
        if self._file:
            self._file.close()

    def put_in_place(self) -> None:
        if self._file:
            put_in_place(self.path)


def _say(text: str) -> None:
    ERRORS.print(text, markup=False)


@contextmanager
def _progress(lines: Lines, wish: Wish) -> Iterator[Callable[[Tally], None]]:
    """A bar on a terminal that answers do not go to, and what moves it on; else nothing."""
    if not ERRORS.is_terminal or (wish.output is None and sys.stdout.isatty()):
        yield lambda tally: None
        return
    counts = TextColumn("{task.fields[good]} answered, {task.fields[bad]} set aside")
    with Progress(
        BarColumn(), counts, TimeRemainingColumn(), console=ERRORS, transient=True
    ) as bar:
        task = bar.add_task("", total=lines.size() or None, good=0, bad=0)
        yield lambda tally: bar.update(
            task, completed=lines.characters, good=tally.answered, bad=tally.rejected
        )


def _listeners(lines: Lines, rejected: _Rejected, advance: Callable[[Tally], None]) -> Listeners:
    bad, same = _Few("rows with errors"), _Few("ids that stand twice")

    def bad_row(row: BadRow) -> None:
        rejected.write(row)
        bad.say("\n".join(str(problem) for problem in row.problems))

    def same_id(patient: Patient, first: int) -> None:
        place = Place(lines.name, patient.line, 1)
        what = f"{place}: note: patient {patient.id} stands in line {first} too"
        same.say(f"{what}; both are answered, and the column line tells them apart")

    return Listeners(bad_row, same_id, advance)


class _Few:
    """Says the first of many things, and then that there are more."""

    def __init__(self, kind: str) -> None:
        self._kind, self._said = kind, 0

    def say(self, text: str) -> None:
        self._said += 1
        if self._said <= SHOWN:
            _say(text)
        elif self._said == SHOWN + 1:
            _say(f"further {self._kind} are counted, and not told one by one")


def _tell_interruption(wish: Wish, tally: Tally, rejected: _Rejected) -> None:
    at = f"stopped after patient {tally.last.id} (line {tally.last.line})" if tally.last else ""
    where = partial_of(wish.output) if wish.output is not None else "the output"
    _say(f"{at or 'stopped before the first patient'}: {_counted(tally)} stand whole in {where}")
    if tally.rejected:
        _say(f"{_rows(tally.rejected)} with errors set aside in {partial_of(rejected.path)}")


def _tell_end(wish: Wish, tally: Tally, rejected: _Rejected) -> None:
    where = f" in {wish.output}" if wish.output is not None else ""
    _say(f"wrote {_counted(tally)}{where}")
    if tally.rejected:
        again = f"metalocal ask --cohort {rejected.path}"
        aside = f"{_rows(tally.rejected)} set aside in {rejected.path}"
        _say(f"{aside}; mend there what is wrong, then: {again}")
    elif wish.rejected:
        _say(f"no row was wrong; {rejected.path} holds none")
    _say(NOTICE)


def _counted(tally: Tally) -> str:
    patients = "1 patient" if tally.answered == 1 else f"{tally.answered:,} patients"
    return f"{patients} ({_rows(tally.rows)})"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
