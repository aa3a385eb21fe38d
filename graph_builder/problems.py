"""Places in files and the problems found there; what a user reads when something is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PLACES = "__places__"
"""Key under which each mapping read from YAML has the `Place` of its fields ("" for itself)."""


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: file, line and column, both counted from 1 (0: the whole file)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where, what, by which rule, and how to mend it."""

    place: Place
    message: str
    rule: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: error: {self.message} [{self.rule}]\n  mend: {self.mend}"


class ToldError(Exception):
    """What a person is told in words; `exit_code` is 2 where the input was wrong, 1 elsewhere."""

    exit_code = 2


class ProblemsFoundError(ToldError):
    """All problems found in one go, in the order of their places."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NoJavaError(ToldError):
    """HermiT needs a Java runtime and none was found."""

    exit_code = 1


def closest(word: str, known: Iterable[str]) -> str:
    """A hint naming the known words most like `word`, or the whole list where it is short.

    >>> closest("overal_survival", ["overall_survival", "age"])
    'did you mean overall_survival?'
    """
    from difflib import get_close_matches  # noqa: PLC0415  (only when something is wrong)

    words = sorted(known)
    near = get_close_matches(word, words, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(near)}?"
    shown = words if len(words) <= 12 else [*words[:12], "..."]
    return f"use one of: {', '.join(shown)}"
