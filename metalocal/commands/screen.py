"""`metalocal screen`: how many patients of a cohort each population takes in, and why not more."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from graph_builder.problems import Place
from metalocal.answers import NOTICE, Library
from metalocal.cohort.groups import KINDS, Groups, chosen, groups_of
from metalocal.cohort.lines import Lines, open_lines
from metalocal.cohort.records import BadRow, Cohort, Unread
from metalocal.cohort.run import cohort_of
from metalocal.cohort.screen_files import (
    CsvVerdicts,
    ParquetVerdicts,
    VerdictFile,
    write_csv,
    write_rows,
)
from metalocal.cohort.screen_rows import PopulationRow, criterion_rows, population_rows
from metalocal.cohort.screening import Screen, Screening, screened
from metalocal.commands.common import errors, open_graph
from metalocal.commands.patients import (
    FORMS,
    SOME_REJECTED,
    Few,
    SetAside,
    check_files,
    origin_of,
    refusal,
    rows_counted,
    say,
)
from metalocal.files import replacing
from metalocal.locations import locations

MOST = 40
"""Groups that a terminal shows; files have all."""

Patients = Annotated[
    str, typer.Argument(help="CSV or JSON Lines file of patients, - for standard input.")
]
Studies = Annotated[
    list[str] | None,
    typer.Option("--study", help="Only this study, by id or label. Repeatable."),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--of", help=f"{', '.join(KINDS.values())} or all; population by default."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write a row for each population: .csv or .parquet."),
]
Criteria = Annotated[
    Path | None,
    typer.Option("--criteria", help="Write a row for each criterion: .csv or .parquet."),
]
VerdictsOf = Annotated[
    Path | None,
    typer.Option("--verdicts", help="Write the verdicts on each patient: .parquet or .csv."),
]
Rejected = Annotated[
    Path | None, typer.Option("--rejected", help="Set rows with errors aside here.")
]
StopOnError = Annotated[bool, typer.Option("--stop-on-error", help="Stop at the first wrong row.")]
Endpoint = Annotated[str | None, typer.Option(help="Ask this SPARQL endpoint.")]


def screen(  # noqa: PLR0913  (each parameter is an option of the command line)
    patients: Patients,
    study: Studies = None,
    of: Kinds = None,
    output: Output = None,
    criteria: Criteria = None,
    verdicts: VerdictsOf = None,
    rejected: Rejected = None,
    stop_on_error: StopOnError = False,
    endpoint: Endpoint = None,
) -> None:
    """Count whom of a file of patients each population takes in, and what shuts them out."""
    files = {"output": output, "criteria": criteria, "verdicts": verdicts, "rejected": rejected}
    _check(patients, files, of or ["population"])
    wish = _Wish(patients, files, endpoint, stop_on_error)
    library = Library(open_graph(endpoint), locations().queries)
    kinds = set(KINDS.values()) if "all" in (of or ()) else set(of or ["population"])
    found = chosen(groups_of(library, kinds), study or ())
    with closing(open_lines(patients)) as lines:
        aside = _screen(wish, lines, cohort_of(lines, library), Screen.of(library, found))
    if aside:
        raise typer.Exit(SOME_REJECTED)


@dataclass(frozen=True)
class _Wish:
    """What is asked for: the cohort, the files to write by option, where the graph is."""

    cohort: str
    files: Mapping[str, Path | None]
    endpoint: str | None
    stop_on_error: bool

    @property
    def folder(self) -> Path:
        """Where rows set aside stand if no file is named for them."""
        output = self.files["output"]
        return output.parent if output is not None else Path()


def _check(cohort: str, files: Mapping[str, Path | None], kinds: list[str]) -> None:
    check_files(cohort, files)
    for name in ("output", "criteria", "verdicts"):
        path = files[name]
        if path is not None and path.suffix not in FORMS:
            raise refusal(name, f"{path} is no form known", "name it .csv or .parquet")
    for kind in kinds:
        if kind not in (*KINDS.values(), "all"):
            raise refusal("of", f"{kind} is not known", f"use {', '.join(KINDS.values())} or all")


def _screen(wish: _Wish, lines: Lines, cohort: Cohort, screen: Screen) -> int:
    """Screens the cohort and writes what is asked for; the number of rows set aside."""
    aside = SetAside(cohort, wish.cohort, wish.folder, wish.files["rejected"])
    try:
        with ExitStack() as stack:
            verdicts = stack.enter_context(_verdicts(wish, screen.found))
            with closing(aside), _telling(lines, aside) as telling:
                run = screened(cohort, screen, telling, verdicts, stop_on_error=wish.stop_on_error)
            _write(wish, screen.found, run)
        aside.put_in_place()
    finally:
        aside.discard()
    if wish.files["output"] is None:
        _print(wish, screen.found, run)  # when all files are in place, whoever stops reading it
    _tell(wish, screen.found, run, aside)
    return run.rejected


@contextmanager
def _verdicts(wish: _Wish, found: Groups) -> Iterator[VerdictFile | None]:
    """The file of verdicts, which takes its place when it is whole; none if none is asked for."""
    path = wish.files["verdicts"]
    if path is None:
        yield None
        return
    with replacing(path) as beside:
        file: VerdictFile = (
            ParquetVerdicts(beside, found.groups, origin_of(wish.endpoint))
            if path.suffix == ".parquet"
            else CsvVerdicts(beside, found.groups)
        )
        with closing(file):
            yield file


def _write(wish: _Wish, found: Groups, run: Screening) -> None:
    origin = origin_of(wish.endpoint)
    rows = population_rows(found.groups, run.counts)
    for name, table in (("output", rows), ("criteria", criterion_rows(found.groups, run.counts))):
        path = wish.files[name]
        if path is not None:
            with replacing(path) as beside:
                write_rows(beside, table, origin, parquet=path.suffix == ".parquet")


def _print(wish: _Wish, found: Groups, run: Screening) -> None:
    rows = population_rows(found.groups, run.counts)
    if sys.stdout.isatty():
        show(rows, Console(highlight=False))
    else:
        write_csv(sys.stdout, rows, origin_of(wish.endpoint))


def show(rows: list[PopulationRow], console: Console) -> None:
    """The groups on a terminal, those first that include, or may include, most patients."""
    shown = sorted(rows, key=lambda row: (-row.included, -row.indeterminate, row.population_label))
    table = Table(box=None, pad_edge=False)
    for name in ("population", "included", "open", "excluded", "shuts out most", "unknown most"):
        table.add_column(
            name, justify="right" if name in ("included", "open", "excluded") else "left"
        )
    for row in shown[:MOST]:
        table.add_row(
            row.population_label,
            *(f"{number:,}" for number in (row.included, row.indeterminate, row.excluded)),
            _most(row.excludes_most, row.excludes_most_patients),
            _most(row.unknown_most, row.unknown_most_patients),
        )  # fmt: skip
    console.print(table, markup=False)
    if len(rows) > MOST:
        console.print(f"and {len(rows) - MOST:,} more: -o FILE.csv has all, --study NAME has one")


def _most(criterion: str, patients: int) -> str:
    return f"{criterion} ({patients:,})" if criterion else ""


class _Telling:
    """Tells of wrong rows and repeated ids, sets the former aside, and moves a bar on."""

    def __init__(self, lines: Lines, aside: SetAside, bar: Progress) -> None:
        self._lines, self._aside, self._bar = lines, aside, bar
        self._bad, self._same = Few("rows with errors"), Few("ids that stand twice")
        self._task = bar.add_task("", total=lines.size() or None, good=0, bad=0)

    def bad_row(self, row: BadRow) -> None:
        self._aside.write(row)
        self._bad.say("\n".join(str(problem) for problem in row.problems))

    def same_id(self, row: Unread, first: int) -> None:
        place = Place(self._lines.name, row.line, 1)
        what = f"{place}: note: patient {row.id} stands in line {first} too"
        self._same.say(f"{what}; both are counted")

    def progress(self, patients: int, rejected: int) -> None:
        done = self._lines.characters
        self._bar.update(self._task, completed=done, good=patients, bad=rejected)


@contextmanager
def _telling(lines: Lines, aside: SetAside) -> Iterator[_Telling]:
    counts = TextColumn("{task.fields[good]} judged, {task.fields[bad]} set aside")
    columns = (BarColumn(), counts, TimeRemainingColumn())
    hidden = not errors().is_terminal
    with Progress(*columns, console=errors(), transient=True, disable=hidden) as bar:
        yield _Telling(lines, aside, bar)


def _tell(wish: _Wish, found: Groups, run: Screening, aside: SetAside) -> None:
    patients = "1 patient" if run.counts.patients == 1 else f"{run.counts.patients:,} patients"
    say(f"{patients} held against {len(found.groups):,} groups")
    for name in ("output", "criteria", "verdicts"):
        if wish.files[name] is not None:
            say(f"wrote {wish.files[name]}")
    if run.rejected:
        say(f"{rows_counted(run.rejected)} set aside in {aside.path}; mend there what is wrong")
    elif wish.files["rejected"] is not None:
        say(f"no row was wrong; {aside.path} holds none")
    say(NOTICE)
