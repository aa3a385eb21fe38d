"""What commands over files of patients share: files to write, rows set aside, what is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from graph_builder.problems import Place, Problem, ProblemsFoundError
from metalocal.cohort.placing import free_name, partial_of, put_in_place
from metalocal.cohort.records import BadRow, Cohort, Rejects
from metalocal.cohort.writers import Origin
from metalocal.commands.common import errors
from metalocal.locations import locations, version

FORMS = (".csv", ".parquet")
"""Endings of the files that are written."""
SOME_REJECTED = 3
"""Exit code where rows have been set aside."""
INTERRUPTED = 130
SHOWN = 100
"""Bad rows, and repeated ids, that are told one by one; all are counted, and kept."""


def refusal(name: str, what: str, mend: str) -> ProblemsFoundError:
    """What is wrong with an option."""
    flag = f"--{name.replace('_', '-')}"
    return ProblemsFoundError([Problem(Place(flag), f"{flag} {what}", "options", mend)])


def check_files(cohort: str, written: Mapping[str, Path | None]) -> None:
    """Checks that the files to be written, by option, can be, and that none overwrites another.

    Raises:
        ProblemsFoundError: one cannot, or is the cohort or another of them.
    """
    taken = {Path(cohort).resolve()} if cohort != "-" else set()
    for name, path in written.items():
        if path is None:
            continue
        if path.is_dir() or not path.parent.is_dir():
            raise refusal(name, f"{path} is no file that can be written", "name a file")
        if {path.resolve(), partial_of(path).resolve()} & taken:
            raise refusal(name, f"{path} would overwrite another file", "name another file")
        taken |= {path.resolve(), partial_of(path).resolve()}


def origin_of(endpoint: str | None) -> Origin:
    """What answers: the endpoint, or the built graph by version and hash."""
    return Origin(version(), endpoint or _graph_version())


def _graph_version() -> str:
    manifest = json.loads((locations().graph / "manifest.json").read_text("utf-8"))
    return f"metalocal {manifest['version']}, graph sha256:{manifest['sha256'][:16]}"


class SetAside:
    """The file of rows set aside, opened with the first of them, or at once where it was named.

    Where it is not named it stands in `folder`, with a name like the cohort's that no file has.
    """

    def __init__(self, cohort: Cohort, file: str, folder: Path, named: Path | None) -> None:
        self._cohort = cohort
        stem = "cohort" if file == "-" else Path(file).stem
        self.path = named or free_name(folder / f"{stem}.rejected{cohort.ending}")
        self._file: Rejects | None = self._open() if named else None

    def _open(self) -> Rejects:
        return self._cohort.rejects(partial_of(self.path))

    def write(self, row: BadRow) -> None:
        """Adds a row."""
        self._file = self._file or self._open()
        self._file.write(row)

    def close(self) -> None:
        """Ends the file, still under its partial name."""
        if self._file:
            self._file.close()

    def put_in_place(self) -> None:
        """Gives the file its name, if there is one."""
        if self._file:
            put_in_place(self.path)

    def discard(self) -> None:
        """Removes what was written."""
        if self._file:
            partial_of(self.path).unlink(missing_ok=True)


class Few:
    """Says the first of many things, and then that there are more."""

    def __init__(self, kind: str) -> None:
        self._kind, self._said = kind, 0

    def say(self, text: str) -> None:
        """Says it, if few have been said."""
        self._said += 1
        if self._said <= SHOWN:
            say(text)
        elif self._said == SHOWN + 1:
            say(f"further {self._kind} are counted, and not told one by one")


def say(text: str) -> None:
    """Tells on standard error."""
    errors().print(text, markup=False)


def rows_counted(number: int) -> str:
    """A number of rows in words."""
    return "1 row" if number == 1 else f"{number:,} rows"
