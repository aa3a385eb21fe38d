"""What a check is, what it found, and which of it is accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs: an unaccepted error or warning stops a release."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Finding:
    """One place where a check found its fault: the IRI it is about, and what is seen there."""

    term: str
    detail: str


@dataclass(frozen=True)
class Check:
    """A rule: `origin` names the public rules it restates, `mend` what to do about a finding."""

    id: str
    title: str
    level: Level
    origin: str
    mend: str


@dataclass(frozen=True)
class Result:
    """A check and what came of it; `not_run` tells why it was not put to the test."""

    check: Check
    open: tuple[Finding, ...] = ()
    accepted: tuple[tuple[Finding, str], ...] = ()
    not_run: str = ""

    @property
    def stops(self) -> bool:
        """Whether this keeps the ontology from being released."""
        return bool(self.open) and self.check.level is not Level.INFO

    @property
    def word(self) -> str:
        """The result in a word."""
        if self.not_run:
            return "not run"
        if self.open:
            return self.check.level.value
        return "accepted" if self.accepted else "passed"


@dataclass(frozen=True)
class FoopsTest:
    """A test of FOOPS that a file alone can answer: parts passed of parts asked."""

    id: str
    title: str
    passed: int
    asked: int
    detail: str = ""


@dataclass(frozen=True)
class ReleaseReport:
    """All checks on one ontology, and its FOOPS tests."""

    ontology: str
    version: str
    triples: int
    results: tuple[Result, ...]
    foops: tuple[FoopsTest, ...] = field(default=())

    @property
    def stops(self) -> bool:
        """Whether an error or warning is left that nobody accepted."""
        return any(result.stops for result in self.results)


def result(check: Check, findings: Iterable[Finding]) -> Result:
    """A check with its findings in order, none of them accepted yet."""
    return Result(check, tuple(sorted(set(findings))))
