"""What a cohort is read into and answered with: patients, rows set aside, rows of the answer."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from graph_builder.problems import Problem, ToldError
from metalocal.profiles import Profile

PATIENT = "patient"
"""Column and key of the id of a patient."""
BECAUSE = "rejected_because"
"""Column and key of what is wrong with a row set aside; ignored where it is read."""


class CohortError(ToldError):
    """The cohort cannot be read or its answers not be written as asked; the message says why."""


class MissingLibraryError(ToldError):
    """A library that one form of output needs is not installed."""

    exit_code = 1


@dataclass(frozen=True)
class Patient:
    """A patient of the cohort: her id, the line of the file she stands on, what is known."""

    id: str
    line: int
    profile: Profile


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be answered: its cells as they were, and all that is wrong with it.

    `cells` of JSON Lines is the line itself.
    """

    id: str
    line: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def because(self) -> str:
        """What is wrong and how to mend it, on one line."""
        return " | ".join(
            f"line {one.place.line}, column {one.place.column}: {one.message}; {one.mend}"
            for one in self.problems
        )


class Unread(NamedTuple):
    """A row whose cells are still to be read: `source` is what its cohort reads it from."""

    id: str
    line: int
    source: Any


class Rows(Protocol):
    """Rows that can be read one by one, or attribute by attribute for many at once."""

    def written(self, rows: Sequence[Unread]) -> Mapping[str, Sequence[Hashable]]:
        """What each of these rows writes of each attribute; the same is written the same."""
        ...

    def part(self, key: str, row: Unread) -> Profile:
        """What a row tells of one attribute.

        Raises:
            ProblemsFoundError: it is wrong.
        """
        ...

    def read(self, row: Unread) -> Patient | BadRow:
        """The patient of a row, or all that is wrong with it."""
        ...


class Rejects(Protocol):
    """A file of rows set aside, in the form they came in."""

    def write(self, row: BadRow) -> None:
        """Adds a row with what is wrong with it."""
        ...

    def close(self) -> None:
        """Ends the file."""
        ...


class Cohort(Rows, Protocol):
    """A file of patients, read once from its beginning."""

    @property
    def ending(self) -> str:
        """How the name of its file of rejected rows ends: .csv or .jsonl."""
        ...

    def __iter__(self) -> Iterator[Patient | BadRow]:
        """Its rows in order, each answerable or not."""
        ...

    def unread(self) -> Iterator[Unread | BadRow]:
        """Its rows in order, unread; those that are no whole row, or have no id, as bad ones."""
        ...

    def rejects(self, path: Path) -> Rejects:
        """A file for rows set aside that can be mended and read like the cohort itself."""
        ...


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """What the graph says to one question about local therapy for one patient.

    The fields are the columns of the output, told in docs/cohort.md. Counts of votes are of
    studies; `hanging_facts` has for each of `hanging_trials` the attributes it hangs on.
    """

    question: str
    question_label: str
    verdict: str
    tier: str
    outcome_family: str
    votes_for: int
    votes_no_difference: int
    votes_against: int
    votes_mixed: int
    voting_studies: tuple[str, ...]
    studies_including: int
    studies_may_include: int
    studies_excluding: int
    populations_including: int
    populations_may_include: int
    populations_excluding: int
    hanging_trials: tuple[str, ...]
    hanging_facts: tuple[str, ...]
    certainty: str
    find_out_next: tuple[str, ...]
    open_trials: tuple[str, ...]
