"""What an answer consists of: verdicts with reasons, evidence with reports, unknowns, conflicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from metalocal.profiles import Profile

NOTICE = "metalocal informs; it does not advise."
RANDOMISED = 1
"""Rank of design of randomised controlled trials."""
VERDICTS = ("included", "indeterminate", "excluded")


@dataclass(frozen=True)
class Reason:
    """How the profile stands to one criterion: met, not met or unknown."""

    criterion: str
    status: str
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """One printing of an estimate."""

    text: str
    p: str
    wording: str
    direction: str
    source: str
    line: int
    place: str
    note: str


@dataclass(frozen=True)
class Evidence:
    """One estimate with all its reports."""

    outcome: str
    measure: str
    time: str
    unit: str
    arm: str
    across: str
    versus: str
    is_outcome: bool
    note: str
    reports: tuple[Report, ...]

    @property
    def directions(self) -> tuple[str, ...]:
        """The effect directions the reports lead to, each once."""
        return tuple(sorted({report.direction for report in self.reports if report.direction}))

    @property
    def printed(self) -> tuple[str, ...]:
        """The different texts that sources print, the most frequent first."""
        texts = [report.text for report in self.reports if report.text]
        return tuple(sorted(set(texts), key=lambda text: (-texts.count(text), text)))


@dataclass(frozen=True)
class PopulationAnswer:
    """Whether the profile fits one population, why, and what was found in it.

    `anyone`: its criteria ask for no more than metastatic disease, which every profile has.
    """

    id: str
    label: str
    verdict: str
    depth: int
    status: str
    mixed: bool
    anyone: bool
    note: str
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]

    def open_criteria(self, status: str) -> list[str]:
        """The criteria of one status."""
        return criteria_of(self.reasons, status)


def criteria_of(reasons: Iterable[Reason], status: str) -> list[str]:
    """The criteria of one status, in order."""
    return [reason.criterion for reason in reasons if reason.status == status]


@dataclass(frozen=True)
class Statement:
    """A limitation or conclusion and where it is said."""

    kind: str
    text: str
    limitation: bool
    locators: tuple[str, ...]


@dataclass(frozen=True)
class StudyAnswer:
    """A study, how the profile stands to its populations, and what limits it.

    Populations: the most direct first, that is fitting before open before not fitting, breast
    cancer alone before mixed cancers, and more criteria before fewer.
    """

    id: str
    label: str
    design: str
    rank: int
    phase: str
    status: str
    nct: tuple[str, ...]
    note: str
    populations: tuple[PopulationAnswer, ...]
    statements: tuple[Statement, ...]

    @property
    def anyone(self) -> bool:
        """Whether it fits only by populations that ask for metastatic disease alone."""
        fitting = [p for p in self.populations if p.verdict == "included"]
        return bool(fitting) and all(p.anyone for p in fitting)

    @property
    def randomised(self) -> bool:
        """Whether it is a randomised trial."""
        return self.rank == RANDOMISED

    @property
    def verdict(self) -> str:
        """The verdict on the widest population that results are given for."""
        widest = min((p for p in self.populations), key=lambda p: p.depth)
        randomised = [p for p in self.populations if p.evidence]
        return min(randomised, key=lambda p: p.depth, default=widest).verdict


@dataclass(frozen=True)
class ModelAnswer:
    """How the profile stands to one group of a decision model.

    `wider`: two or more other groups of the model lie within it. `deciding`: labels of the
    attributes, not fully told, that its open criteria ask about, in the order they are asked in.
    """

    model: str
    group: str
    text: str
    verdict: str
    whole: bool
    wider: bool
    reasons: tuple[Reason, ...]
    deciding: tuple[str, ...]
    note: str
    locators: tuple[str, ...]


@dataclass(frozen=True)
class GuidanceAnswer:
    """A guidance statement and how the profile stands to whom it is about.

    `verdict` is "not matched" where the source does not say in terms of the profile whom.
    """

    id: str
    kind: str
    question: str
    label: str
    text: str
    position: str
    direction: str
    factor: str
    for_whom: str
    line_of_therapy: str
    figures: tuple[str, ...]
    verdict: str
    reasons: tuple[Reason, ...]
    note: str
    locators: tuple[str, ...]


@dataclass(frozen=True)
class QuestionAnswer:
    """One clinical question and the studies about it."""

    question: str
    local_therapy: bool
    studies: tuple[StudyAnswer, ...]

    def counts(self) -> dict[str, int]:
        """Number of studies by verdict."""
        found = [study.verdict for study in self.studies]
        return {verdict: found.count(verdict) for verdict in VERDICTS}


@dataclass(frozen=True)
class Unknown:
    """A fact nobody has told, and the populations whose verdict hangs on it."""

    attribute: str
    question: str
    populations: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """One number that sources print differently."""

    study: str
    item: str
    what: str
    prints: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True)
class Answer:
    """Everything the graph says for one profile."""

    profile: Profile
    sentence: str
    models: tuple[ModelAnswer, ...]
    questions: tuple[QuestionAnswer, ...]
    guidance: tuple[GuidanceAnswer, ...]
    unknowns: tuple[Unknown, ...]
    conflicts: tuple[Conflict, ...]
    notice: str = NOTICE
