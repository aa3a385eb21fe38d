"""The graph and the axes to the map: which study stands in which cell, and how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from metalocal.answers.open_trials import NOT_TOLD, OPEN_STATUSES
from metalocal.answers.rows import Row
from metalocal.attributes import attributes_of, implications_of, local_name
from metalocal.catalogue import ID, find_query
from metalocal.evidence_map.axes import Axes, AxisValue, read_axes
from metalocal.evidence_map.findings import Finding, comparisons_of, findings_of
from metalocal.evidence_map.records import (
    DIRECT,
    NOT_STATED,
    ONGOING,
    PARTLY,
    PRIMARY,
    RELATIONS,
    STATE_UNKNOWN,
    SYNTHESIS,
    WIDER,
    Cell,
    Entry,
    EvidenceMap,
    Panel,
)
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of

AXES_FILE = "evidence-map.yaml"
_EXCLUDED = "excluded"
_WORDS = {"within": DIRECT, "wider": WIDER, "partly": PARTLY, "excluded": _EXCLUDED}
_LAST_SYNTHESIS, _LAST_PRIMARY = 0, 6
"""Ranks of design: systematic reviews stand first; opinions and animals after primary studies."""


@dataclass(frozen=True)
class Population:
    """A population that profiles are matched to; `ancestors` are those it lies within."""

    id: str
    label: str
    mixed: bool
    matched_subset: bool
    ancestors: tuple[str, ...]
    findings: tuple[Finding, ...]
    level: int | None


@dataclass(frozen=True)
class Study:
    """A study about local therapy with the populations that profiles are matched to."""

    id: str
    label: str
    design: str
    rank: int
    state: str
    question: str
    populations: tuple[Population, ...]
    has_results: bool

    def roles(self) -> list[str]:
        """What it can stand in a cell as."""
        found = []
        if self.has_results and self.rank <= _LAST_PRIMARY:
            found.append(SYNTHESIS if self.rank <= _LAST_SYNTHESIS else PRIMARY)
        takes_in = OPEN_STATUSES.get(self.state, "")
        if takes_in == NOT_TOLD:
            found += [] if self.has_results else [STATE_UNKNOWN]
        elif takes_in:
            found.append(ONGOING)
        return found


Relate = Callable[[Population], str]


def evidence_map(graph: EvidenceGraph, queries: Path) -> EvidenceMap:
    """The map over all questions about local therapy.

    Raises:
        ProblemsFoundError: the file of the axes has problems.
    """
    file = queries / AXES_FILE
    attributes, rules = attributes_of(graph, queries), implications_of(graph, queries)
    axes = read_axes(file.read_text("utf-8"), file.name, attributes, rules)

    def rows(name: str, **parameters: list[tuple[object, ...]]) -> list[Row]:
        if not parameters:
            return rows_of(graph, queries, name)
        return graph.select(find_query(queries, name).bound(parameters)).texts()

    families = {row["outcome"]: row["familyLabel"] for row in rows("outcomes")}
    labels = {row["family"]: row["familyLabel"] for row in rows("outcomes")}
    relations = {
        (row["axisValue"], row["population"]): _WORDS[row["relation"]]
        for parameters in axes.questions_to_ask()
        for row in rows("evidence-map", **parameters)
    }
    answering = {row["estimate"] for row in rows("comparisons")}
    findings = findings_of(rows("evidence-map-results"), families, answering)
    levels = {row["population"]: row["level"] for row in rows("levels") if "level" in row}
    studies = _studies(rows("evidence-map-populations"), findings, levels)
    questions = {row["question"]: row for row in rows("questions")}  # a row for each `unless`
    panels = tuple(
        _panel(row, labels.get(row.get("family", ""), ""), axes, studies, relations)
        for row in questions.values()
        if row["isAboutLocalTherapy"] == "true"
    )
    return EvidenceMap(axes, panels)


def _studies(
    rows: Sequence[Row], findings: Mapping[str, tuple[Finding, ...]], levels: Mapping[str, str]
) -> list[Study]:
    within = {row["population"]: row["within"] for row in rows if "within" in row}
    by_study: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_study[row["study"]].append(row)
    return [_study(found, within, findings, levels) for found in by_study.values()]


def _study(
    rows: Sequence[Row],
    within: Mapping[str, str],
    findings: Mapping[str, tuple[Finding, ...]],
    levels: Mapping[str, str],
) -> Study:
    first = rows[0]
    populations = [
        Population(
            id=row["population"],
            label=row["populationLabel"],
            mixed=local_name(row["cancers"]) == "mixed_cancers",
            matched_subset=local_name(row["populationStatus"]) == "matched_subset",
            ancestors=tuple(_ancestors(row["population"], within)),
            findings=findings.get(row["population"], ()),
            level=int(levels[row["population"]]) if row["population"] in levels else None,
        )
        for row in rows
        if row["isMatched"] == "true"
    ]
    return Study(
        id=first["study"],
        label=first["studyLabel"],
        design=first["design"],
        rank=int(first["designRank"]),
        state=local_name(first["status"]),
        question=first["question"],
        populations=tuple(populations),
        has_results=any(row["population"] in findings for row in rows),
    )


def _ancestors(population: str, within: Mapping[str, str]) -> Iterable[str]:
    while population in within:
        population = within[population]
        yield population


def _panel(
    question: Row,
    family: str,
    axes: Axes,
    studies: Iterable[Study],
    relations: Mapping[tuple[str, str], str],
) -> Panel:
    code = local_name(question["question"])
    patterns = tuple(p for p in axes.patterns if not p.questions or code in p.questions)
    asked = [study for study in studies if study.question == question["question"]]
    cells = tuple(
        _cell(pattern, subtype, family, asked, relations)
        for pattern in patterns
        for subtype in axes.subtypes
    )
    return Panel(code, question["label"], family, patterns, cells)


def _cell(
    pattern: AxisValue,
    subtype: AxisValue,
    family: str,
    studies: Iterable[Study],
    relations: Mapping[tuple[str, str], str],
) -> Cell:
    def relate(population: Population) -> str:
        sides = [_on_axis(value, population, relations) for value in (pattern, subtype)]
        return joined(sides, mixed=population.mixed)

    found = [_entry(study, role, relate) for study in studies for role in study.roles()]
    entries = [entry for entry in found if entry is not None]
    order = {relation: number for number, relation in enumerate(RELATIONS)}
    entries.sort(key=lambda e: (order[e.relation], e.level or 9, e.label))
    return Cell(pattern, subtype, family, tuple(entries))


def _on_axis(
    value: AxisValue, population: Population, relations: Mapping[tuple[str, str], str]
) -> str:
    if value.takes_everybody:
        return DIRECT
    return relations.get((value.id, population.id), NOT_STATED)


def joined(sides: Iterable[str], *, mixed: bool) -> str:
    """How a population stands to a cell, from how it stands on each axis.

    >>> joined(["direct", "not stated"], mixed=False)
    'not stated'
    >>> joined(["direct", "direct"], mixed=True)
    'wider'
    """
    found = list(sides)
    if _EXCLUDED in found:
        return _EXCLUDED
    farthest = max(found, key=RELATIONS.index)
    return WIDER if mixed and farthest == DIRECT else farthest


def _entry(study: Study, role: str, relate: Relate) -> Entry | None:
    """The study in a cell, by its populations that stand closest; none where all are excluded."""
    with_results = role in (PRIMARY, SYNTHESIS)
    related = {
        population.id: relate(population)
        for population in study.populations
        if population.findings or not with_results
    }
    open_ = [relation for relation in related.values() if relation != _EXCLUDED]
    if not open_:
        return None
    closest = min(open_, key=RELATIONS.index)
    chosen = [p for p in study.populations if related.get(p.id) == closest]
    shown = chosen if with_results else []
    return Entry(
        study=study.id.removeprefix(ID),
        label=study.label,
        design=study.design,
        role=role,
        relation=closest,
        level=min((p.level for p in shown if p.level is not None), default=None),
        populations=tuple(population.label for population in chosen),
        comparisons=comparisons_of(_widest(shown)) if closest == DIRECT else (),
        sources=tuple(sorted({source for p in shown for f in p.findings for source in f.sources})),
    )


def _widest(populations: Sequence[Population]) -> dict[str, tuple[Finding, ...]]:
    """By label, the findings of populations that none of the others holds within itself.

    A comparison counts for a subgroup only where no population it lies within tells it. A matched
    subset is the same patients counted more fairly, so it stands beside the whole it is taken from.
    """
    by_id = {population.id: population for population in populations}
    kept: dict[str, tuple[Finding, ...]] = {}
    for population in populations:
        wider = [by_id[a] for a in population.ancestors if a in by_id]
        told = {f.what for one in wider for f in one.findings if f.contrast}
        mine = [f for f in population.findings if population.matched_subset or f.what not in told]
        kept[population.label] = tuple(mine)
    return kept
