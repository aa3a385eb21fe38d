"""What an answer consists of: verdicts with reasons, evidence with reports, unknowns, conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from metalocal.answers.unknowns import Unknown
from metalocal.findings import Finding
from metalocal.profiles import Profile

NOTICE = "metalocal informs; it does not advise."
SYNTHESIS, RANDOMISED = 0, 1
"""Ranks of design of reviews and meta-analyses, and of randomised controlled trials."""
VERDICTS = ("included", "indeterminate", "excluded")


@dataclass(frozen=True)
class Reason:
    """How the profile stands to one criterion: met, not met or unknown."""

    criterion: str
    status: str
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """One printing of an estimate.

    `value`, `low`, `high` and `level` (percent) are the printed digits, empty where there are none;
    `text` puts them together. `direction` is what a rule drew, `because` why, and `stated` what
    the authors said.
    """

    text: str
    value: str
    low: str
    high: str
    level: str
    p: str
    wording: str
    direction: str
    because: str
    stated: str
    source: str
    line: int
    place: str
    note: str


@dataclass(frozen=True)
class Evidence:
    """One estimate with all its reports.

    `answering`: it compares a treatment the question asks about with doing without it. `adjusted`:
    it is told to be adjusted for other factors. `role` is that of the arm, or of the first arm of a
    comparison; `family` names the kind of benefit or harm that the outcome tells of; codes are
    local names of the ontology.
    """

    id: str
    outcome: str
    family: str
    measure: str
    measure_code: str
    role: str
    reference_stated: bool
    answering: bool
    adjusted: bool
    time: str
    unit: str
    arm: str
    across: str
    versus: str
    is_outcome: bool
    note: str
    reports: tuple[Report, ...]

    @property
    def is_ratio(self) -> bool:
        """Whether it is a ratio of the two sides it compares."""
        return self.measure.endswith(" ratio")

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
    `limited`: its criteria limit how far metastatic disease extends. `patients`: how many are in
    it, as printed, joined by "or" where prints differ; empty where no source tells.
    """

    id: str
    label: str
    verdict: str
    depth: int
    status: str
    mixed: bool
    anyone: bool
    limited: bool
    patients: str
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
    def synthesis(self) -> bool:
        """Whether it is a review or meta-analysis, which tells what other studies found."""
        return self.rank == SYNTHESIS

    @property
    def whole(self) -> PopulationAnswer:
        """The widest population that anything is told of; the widest of all where nothing is."""
        told = [p for p in self.populations if p.evidence]
        return min(told or self.populations, key=lambda p: p.depth)

    @property
    def verdict(self) -> str:
        """The verdict on the whole."""
        return self.whole.verdict


@dataclass(frozen=True)
class Level:
    """A level of evidence (Oxford 2011), 1 the strongest, and why; none without a design."""

    value: int | None
    reason: str


@dataclass(frozen=True)
class EvidenceRow:
    """What one study found of one outcome in one of its populations.

    `directness`: 0 where the population includes the patient; 1 where it takes in other cancers
    or anyone with metastases too, or where patients were chosen and nothing tells how far disease
    extended in them; 2 where facts are missing; 3 where it excludes her. `direction` is that of
    the comparison of treatments, "mixed" where its reports disagree, empty where none is compared;
    `basis` is what the direction was drawn from.
    """

    study: StudyAnswer
    population: PopulationAnswer
    outcome: str
    family: str
    evidence: tuple[Evidence, ...]
    level: Level
    directness: int
    direction: str
    basis: str


@dataclass(frozen=True)
class Step:
    """A step of a certainty rating: how far it goes up or down in one domain, and why."""

    domain: str
    change: int
    reason: str


@dataclass(frozen=True)
class Certainty:
    """A computed sketch in the words of GRADE (high, moderate, low, very low), with its steps."""

    word: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Vote:
    """What one study says to a question: the row it speaks by, and its rows that say otherwise."""

    row: EvidenceRow
    otherwise: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class Judgement:
    """The one-line summary of a question, by the rule of docs/answer.md.

    `word`: supported, not supported, conflicting or no direct evidence. `tier`: randomised,
    observational or uncontrolled, the strongest kind of study with a vote, or, without votes, of
    the indirect rows. `hanging`: rows of randomised evidence whose population may include the
    patient. `indirect`: rows of wider populations: randomised ones, or, without votes, those of the
    strongest kind there is. With votes, both are of `family` and of the families before it.
    `covered`: syntheses without a vote, so that no study counts twice, by their first rows.
    """

    word: str
    tier: str
    family: str
    votes: tuple[Vote, ...]
    hanging: tuple[EvidenceRow, ...]
    indirect: tuple[EvidenceRow, ...]
    covered: tuple[EvidenceRow, ...]
    certainty: Certainty | None


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
class Question:
    """A clinical question; `family` names the outcomes that its summary looks at first.

    `unless`: attribute values, by label, that leave nothing to ask about in whom they hold.
    """

    code: str
    label: str
    local_therapy: bool
    family: str
    unless: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionAnswer:
    """One clinical question, the studies about it, their findings as ranked, and the summary.

    `moot`: what holds of the patient and leaves nothing to ask about, empty where the question
    arises.
    """

    question: str
    code: str
    local_therapy: bool
    moot: str
    studies: tuple[StudyAnswer, ...]
    rows: tuple[EvidenceRow, ...]
    judgement: Judgement

    def counts(self) -> dict[str, int]:
        """Number of studies by verdict."""
        found = [study.verdict for study in self.studies]
        return {verdict: found.count(verdict) for verdict in VERDICTS}


@dataclass(frozen=True)
class OpenTrial:
    """A trial that a source calls under way, and how the profile stands to it.

    `takes_in`: whether it took in patients by then: recruiting, not recruiting or not told.
    `status` is the state it is recorded in, `as_of` the year of the source that says so, `printed`
    what each source says with its year, source and line, `ends` the printed end. `verdict` is
    "not matched" where no criterion of it is known. `registry`: NCT numbers with their addresses.
    """

    id: str
    study: str
    registry: tuple[tuple[str, str], ...]
    takes_in: str
    status: str
    as_of: int
    printed: tuple[tuple[str, int, str], ...]
    ends: tuple[str, ...]
    design: str
    phase: str
    question: str
    countries: tuple[str, ...]
    cancers: str
    results: bool
    verdict: str
    reasons: tuple[Reason, ...]
    note: str


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
    trials: tuple[OpenTrial, ...]
    unknowns: tuple[Unknown, ...]
    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    notice: str = NOTICE
