"""Every word a study file takes from the ontology is one the ontology has, of the right class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph_builder.problems import Problem, closest
from graph_builder.records import Noted, Record, Study
from graph_builder.terms import Terms

Asked = tuple[Record, str, str, str | None]
"""A record, its field, the class of codes the field takes, and the word it has."""


def problems(study: Study, terms: Terms) -> list[Problem]:
    """Words of `study` that are no codes of the class their field asks for."""
    return unknown_words(_words(study), terms)


def unknown_words(words: Iterable[Asked], terms: Terms) -> list[Problem]:
    """Those of `words` that are no codes of the class asked for."""
    found = []
    for record, field, cls, word in words:
        known = terms.codes.get(cls, {})
        if word is not None and word not in known:
            message = f"{field} {word} is not a known {_spaced(cls)}"
            found.append(
                Problem(record.place(field), message, "unknown-code", closest(word, known))
            )
    return found


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _words(study: Study) -> Iterator[Asked]:
    yield study, "design", "Design", study.design
    yield study, "status", "StudyStatus", study.status
    yield study, "question", "Question", study.question
    for arm in study.arms:
        yield arm, "role", "ArmRole", arm.role
        for intervention in arm.interventions:
            yield arm, "interventions", "Intervention", intervention
    for population in study.populations:
        yield population, "status", "PopulationStatus", population.status
        yield population, "cancers", "CancerMix", population.cancers
        for design in population.pooled_designs or []:
            yield population, "pooled_designs", "Design", design
    for fact in study.facts:
        yield fact, "property", "StudyProperty", fact.property
        yield fact, "unit", "Unit", fact.unit
    for estimate in study.estimates:
        yield estimate, "outcome", "Outcome", estimate.outcome
        yield estimate, "characteristic", "BaselineCharacteristic", estimate.characteristic
        yield estimate, "measure", "Measure", estimate.measure
        yield estimate, "unit", "Unit", estimate.unit
        yield estimate, "counts", "CountedEvent", estimate.counts
        for report in estimate.reported:
            yield report, "direction", "EffectDirection", report.direction
    for statement in study.statements:
        yield statement, "kind", "StatementKind", statement.kind
    noted: list[Noted] = [*study.facts, *study.estimates, *study.locators()]
    for doubted in noted:
        yield doubted, "doubt", "DoubtKind", doubted.doubt
