"""Guidance and decision models: words, criteria and references that can be followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from graph_builder.checks.codes import Asked, unknown_words
from graph_builder.checks.criteria import criterion_problems
from graph_builder.checks.references import repeated
from graph_builder.guidance import (
    DecisionModel,
    Figure,
    Guidance,
    GuidanceStatement,
    ModelGroup,
)
from graph_builder.problems import Problem, closest
from graph_builder.reading import Records
from graph_builder.records import Locator, Record, decimal_of
from graph_builder.terms import Terms


def problems(records: Records, terms: Terms) -> list[Problem]:
    """All problems of all guidance and model files."""
    studies = {study.id: {p.id for p in study.populations} for study in records.studies}
    return [*problems_within(records, terms), *unknown_studies(records, studies)]


def problems_within(records: Records, terms: Terms) -> list[Problem]:
    """Problems of guidance and model files for which no study needs to be known."""
    found = unknown_words(_codes(records), terms)
    for part in parts(records):
        for criterion in part.criteria:
            found += criterion_problems(criterion, terms)
        for figure in part.figures:
            found += _figure(figure)
    for guidance in records.guidance:
        found += repeated("statement", guidance.statements)
        found += _source_of(guidance, records)
    for model in records.models:
        found += repeated("group", model.groups)
    return found


def parts(records: Records) -> Iterator[GuidanceStatement | ModelGroup]:
    """Every guidance statement and every model group."""
    for guidance in records.guidance:
        yield from guidance.statements
    for model in records.models:
        yield from model.groups


def locators(record: Guidance | DecisionModel) -> Iterator[Locator]:
    """Every place in a source that a guidance or model file cites."""
    members: Sequence[GuidanceStatement | ModelGroup]
    if isinstance(record, DecisionModel):
        yield from record.reported
        members = record.groups
    else:
        members = record.statements
    for member in members:
        yield from member.reported
        for figure in member.figures:
            yield from figure.reported


def _codes(records: Records) -> Iterator[Asked]:
    for guidance in records.guidance:
        for statement in guidance.statements:
            yield statement, "kind", "GuidanceKind", statement.kind
            yield statement, "question", "Question", statement.question
            yield statement, "position", "Position", statement.position
            yield statement, "direction", "FactorDirection", statement.direction
            yield statement, "outcome", "Outcome", statement.outcome
            for intervention in statement.interventions:
                yield statement, "interventions", "Intervention", intervention
    for model in records.models:
        yield model, "question", "Question", model.question
    for part in parts(records):
        for figure in part.figures:
            yield figure, "unit", "Unit", figure.unit


def _figure(figure: Figure) -> Iterator[Problem]:
    if decimal_of(figure.value) is not None and figure.unit is None:
        message = f"figure {figure.name}: a number needs a unit"
        mend = "add `unit: gray` or what the number counts"
        yield Problem(figure.place(), message, "no-unit", mend)


def _source_of(guidance: Guidance, records: Records) -> Iterator[Problem]:
    known = {source.id for source in records.sources}
    if guidance.id not in known:
        message = f"guidance {guidance.id} has no source of this id in data/sources"
        mend = closest(guidance.id, known)
        yield Problem(guidance.place("id"), message, "unknown-source", mend)


def unknown_studies(records: Records, studies: Mapping[str, Set[str]]) -> Iterator[Problem]:
    """References to studies and populations that are none; `studies` to their populations."""
    cited: list[tuple[Record, str | None]] = [
        (pooled, pooled.study) for study in records.studies for pooled in study.pools
    ]
    cited += [(s, s.study) for guidance in records.guidance for s in guidance.statements]
    cited += [(model, model.study) for model in records.models]
    for record, name in cited:
        if name is not None and name not in studies:
            message = f"study {name} is not in data/trials"
            mend = closest(name, studies)
            yield Problem(record.place("study"), message, "unknown-study", mend)
    for model in records.models:
        if model.study is not None and model.study in studies:
            yield from _unknown_populations(model, studies[model.study])


def _unknown_populations(model: DecisionModel, known: Set[str]) -> Iterator[Problem]:
    for group in model.groups:
        if group.population is not None and group.population not in known:
            message = f"population {group.population} is no population of study {model.study}"
            mend = closest(group.population, known)
            yield Problem(group.place("population"), message, "unknown-population", mend)
