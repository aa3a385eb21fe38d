"""A profile and the graph to the answer: verdicts with reasons, evidence with sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from graph_builder.attributes import Attribute
from metalocal.attributes import attributes_of, local_name
from metalocal.catalogue import find_query
from metalocal.graph import EvidenceGraph
from metalocal.profiles import Profile

NOTICE = "metalocal informs; it does not advise."
VERDICTS = ("included", "indeterminate", "excluded")
Row = dict[str, str]


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
    """Whether the profile fits one population, why, and what was found in it."""

    id: str
    label: str
    verdict: str
    depth: int
    status: str
    mixed: bool
    note: str
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]

    def open_criteria(self, status: str) -> list[str]:
        """The criteria of one status."""
        return [reason.criterion for reason in self.reasons if reason.status == status]


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
    phase: str
    note: str
    populations: tuple[PopulationAnswer, ...]
    statements: tuple[Statement, ...]

    @property
    def verdict(self) -> str:
        """The verdict on the widest population that results are given for."""
        widest = min((p for p in self.populations), key=lambda p: p.depth)
        randomised = [p for p in self.populations if p.evidence]
        return min(randomised, key=lambda p: p.depth, default=widest).verdict


@dataclass(frozen=True)
class QuestionAnswer:
    """One clinical question and the studies about it."""

    question: str
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
    questions: tuple[QuestionAnswer, ...]
    unknowns: tuple[Unknown, ...]
    conflicts: tuple[Conflict, ...]
    notice: str = NOTICE


@dataclass
class _Rows:
    """Rows of the named queries, fetched once."""

    graph: EvidenceGraph
    queries: Path
    fetched: dict[str, list[Row]] = field(default_factory=dict)

    def __call__(self, name: str, profile: Profile | None = None) -> list[Row]:
        if name not in self.fetched:
            query = find_query(self.queries, name)
            text = query.bound(profile.rows()) if profile else query.text
            self.fetched[name] = self.graph.select(text).texts()
        return self.fetched[name]


def answer(profile: Profile, graph: EvidenceGraph, queries: Path) -> Answer:
    """What evidence there is for a patient with this profile.

    Studies come per question, those that include the profile first, then by strength of design.
    """
    rows = _Rows(graph, queries)
    attributes = attributes_of(graph, queries)
    populations = _populations(rows, profile)
    statements = _statements(rows)
    questions: dict[str, list[StudyAnswer]] = {}
    for row in rows("studies"):
        study = _study(row, populations[row["study"]], statements[row["study"]])
        questions.setdefault(row["question"], []).append(study)
    return Answer(
        profile=profile,
        sentence=profile_sentence(profile, attributes),
        questions=tuple(QuestionAnswer(q, _ordered(found)) for q, found in questions.items()),
        unknowns=_unknowns(populations, profile, attributes),
        conflicts=_conflicts(rows),
    )


def profile_sentence(profile: Profile, attributes: dict[str, Attribute]) -> str:
    """The facts given, in the order in which they are asked."""
    parts = []
    for key, attribute in attributes.items():
        if key in profile.given:
            words = ", ".join(_label(attribute, w) for w in profile.given[key].split(", "))
            unit = (
                f" {attribute.unit}" if attribute.unit in ("years", "months", "centimetres") else ""
            )
            parts.append(f"{attribute.label}: {words}{unit}")
    return "; ".join(parts) or "nothing is known"


def _label(attribute: Attribute, word: str) -> str:
    bare = word.removesuffix(" only").removeprefix("no ")
    return word.replace(bare, attribute.values.get(bare, bare))


def _ordered(studies: Iterable[StudyAnswer]) -> tuple[StudyAnswer, ...]:
    return tuple(sorted(studies, key=lambda study: VERDICTS.index(study.verdict)))


def _study(
    row: Row, populations: list[PopulationAnswer], statements: list[Statement]
) -> StudyAnswer:
    ordered = sorted(populations, key=_directness)
    return StudyAnswer(
        id=row["study"],
        label=row["label"],
        design=row["design"],
        phase=row.get("phase", ""),
        note=row.get("note", ""),
        populations=tuple(ordered),
        statements=tuple(statements),
    )


def _directness(population: PopulationAnswer) -> tuple[int, bool, int, str]:
    rank = VERDICTS.index(population.verdict)
    return rank, population.mixed, -len(population.reasons), population.label


def _populations(rows: _Rows, profile: Profile) -> dict[str, list[PopulationAnswer]]:
    reasons = _reasons(rows, profile)
    evidence = _evidence(rows)
    verdicts = {row["population"]: row["verdict"] for row in rows("verdicts", profile)}
    found: dict[str, list[PopulationAnswer]] = defaultdict(list)
    seen: set[str] = set()
    for row in rows("populations"):
        population = row["population"]
        if population in seen or population not in verdicts:
            continue
        seen.add(population)
        one = PopulationAnswer(
            id=population,
            label=row["label"],
            verdict=verdicts[population],
            depth=int(row["depth"]),
            status=row["status"],
            mixed=local_name(row["cancers"]) == "mixed_cancers",
            note=row.get("note", ""),
            reasons=tuple(reasons[population]),
            evidence=tuple(evidence[population]),
        )
        found[row["study"]].append(one)
    return found


def _reasons(rows: _Rows, profile: Profile) -> dict[str, list[Reason]]:
    asked: dict[str, list[str]] = defaultdict(list)
    for row in rows("criteria-attributes"):
        asked[row["criterion"]].append(local_name(row["attribute"]))
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for row in rows("reasons", profile):
        keys = tuple(asked[row["criterion"]])
        reasons[row["population"]].append(Reason(row["criterionLabel"], row["status"], keys))
    return reasons


def _evidence(rows: _Rows) -> dict[str, list[Evidence]]:
    reports: dict[str, list[Report]] = defaultdict(list)
    first: dict[str, Row] = {}
    for row in rows("estimates"):
        first.setdefault(row["estimate"], row)
        reports[row["estimate"]].append(_report(row))
    found: dict[str, list[Evidence]] = defaultdict(list)
    for estimate, row in first.items():
        found[row["population"]].append(_estimate(row, tuple(reports[estimate])))
    return found


def _estimate(row: Row, reports: tuple[Report, ...]) -> Evidence:
    return Evidence(
        outcome=row["outcomeLabel"],
        measure=row["measureLabel"],
        time=f"{row['timeValue']} {row['timeUnit']}" if "timeValue" in row else "",
        unit=row.get("unit", ""),
        arm=row.get("armLabel", ""),
        versus=row.get("versusLabel", ""),
        is_outcome=row["kind"] == "outcome",
        note=row.get("note", ""),
        reports=reports,
    )


def _report(row: Row) -> Report:
    text = row.get("value", "")
    if "low" in row:
        text += f" ({row['level']}% CI {row['low']} to {row['high']})"
    return Report(
        text=text,
        p=row.get("p", ""),
        wording=row.get("wording", ""),
        direction=row.get("direction", ""),
        source=local_name(row["source"]),
        line=int(row["line"]),
        place=row.get("place", ""),
        note=row.get("reportNote", ""),
    )


def _statements(rows: _Rows) -> dict[str, list[Statement]]:
    locators: dict[str, list[str]] = defaultdict(list)
    first: dict[str, Row] = {}
    for row in rows("statements"):
        first.setdefault(row["statement"], row)
        locators[row["statement"]].append(f"{local_name(row['source'])}:{row['line']}")
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement, row in first.items():
        limitation = row["isLimitation"] == "true"
        one = Statement(row["kindLabel"], row["text"], limitation, tuple(locators[statement]))
        found[row["study"]].append(one)
    return found


def _unknowns(
    populations: dict[str, list[PopulationAnswer]],
    profile: Profile,
    attributes: dict[str, Attribute],
) -> tuple[Unknown, ...]:
    hang: dict[str, list[str]] = defaultdict(list)
    for study in populations.values():
        for population in study:
            if population.verdict == "indeterminate":
                for key in _open_attributes(population, profile, attributes):
                    hang[key].append(population.id)
    ranked = sorted(hang, key=lambda key: (-len(hang[key]), attributes[key].order))
    return tuple(Unknown(key, attributes[key].question, tuple(hang[key])) for key in ranked)


def _open_attributes(
    population: PopulationAnswer, profile: Profile, attributes: dict[str, Attribute]
) -> list[str]:
    keys = {k for r in population.reasons if r.status == "unknown" for k in r.attributes}
    return sorted(key for key in keys if not profile.knows(attributes[key]))


def _conflicts(rows: _Rows) -> tuple[Conflict, ...]:
    prints: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    first: dict[tuple[str, str], Row] = {}
    for row in rows("conflicts"):
        key = (row["item"], row["what"])
        first.setdefault(key, row)
        for side in ("one", "two"):
            place = f"{local_name(row[f'{side}Source'])}:{row[f'{side}Line']}"
            prints[key].add((row[side], place))
    return tuple(
        Conflict(
            study=row["study"],
            item=row["itemLabel"],
            what=row["what"],
            prints=tuple(sorted(prints[key])),
            note=row.get("note", ""),
        )
        for key, row in first.items()
    )
