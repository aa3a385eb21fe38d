"""Guidance and decision models to named graphs, one a source, one a model."""

from __future__ import annotations

from collections.abc import Sequence

from rdflib import Literal, URIRef

from graph_builder.assembly.studies import population_id
from graph_builder.assembly.writer import Assembly, Writer, named_criteria
from graph_builder.guidance import DecisionModel, Figure, Guidance, GuidanceStatement, ModelGroup
from graph_builder.records import Criterion
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, thing


def target_id(guidance: str, statement: str) -> URIRef:
    """The individual that stands for the patients a guidance statement is about."""
    return thing("guidance", guidance, statement, "patients")


def group_id(model: str, group: str) -> URIRef:
    """The individual that stands for a group of a decision model."""
    return thing("model", model, "group", group)


class _GroupWriter(Writer):
    """Writes groups by criteria and figures."""

    def group(self, node: URIRef, label: str, criteria: Sequence[Criterion]) -> None:
        """The criteria of a group."""
        for name, criterion in named_criteria(criteria):
            self.graph.add((node, ML.hasCriterion, self.criterion(node, name, label, criterion)))

    def figures(self, owner: URIRef, label: str, figures: Sequence[Figure]) -> None:
        """The printed numbers that belong to a statement or group."""
        for number, figure in enumerate(figures, 1):
            node = URIRef(f"{owner}/figure/{number}")
            words = f"{label}: {figure.name} ({number})"
            self.thing(node, ML.Figure, words, figure)
            self.words(node, ML.shortLabel, figure.name)
            self.graph.add((owner, ML.hasFigure, node))
            self.graph.add((node, ML.sequence, Literal(number)))
            self.code(node, ML.unit, figure.unit)
            self.reports(node, words, figure.reported, figure.value)


class GuidanceWriter(_GroupWriter):
    """Writes what one source says of patients in general."""

    def __init__(self, assembly: Assembly, guidance: Guidance, terms: Terms) -> None:
        super().__init__(assembly, thing("graph", "guidance", guidance.id), terms)
        self.guidance = guidance

    def write(self) -> None:
        """Every statement of the guidance file."""
        for number, statement in enumerate(self.guidance.statements, 1):
            self._statement(statement, number)

    def _statement(self, statement: GuidanceStatement, number: int) -> None:
        label = f"{self.guidance.label}: {statement.label} [{statement.id}]"
        node = thing("guidance", self.guidance.id, statement.id)
        self.thing(node, ML.GuidanceStatement, label, statement)
        self.words(node, ML.shortLabel, statement.label)
        self.words(node, ML.wording, statement.text)
        self.graph.add((node, ML.statedBy, thing("source", self.guidance.id)))
        self.graph.add((node, ML.sequence, Literal(number)))
        self.code(node, ML.guidanceKind, statement.kind)
        self.code(node, ML.onQuestion, statement.question)
        self.code(node, ML.position, statement.position)
        self.code(node, ML.factorDirection, statement.direction)
        self.code(node, ML.aboutOutcome, statement.outcome)
        for intervention in statement.interventions:
            self.code(node, ML.aboutIntervention, intervention)
        for predicate, text in (
            (ML.forWhom, statement.for_whom),
            (ML.factor, statement.factor),
            (ML.strength, statement.strength),
            (ML.lineOfTherapy, statement.line_of_therapy),
        ):
            if text:
                self.graph.add((node, predicate, Literal(text)))
        if statement.study:
            self.graph.add((node, ML.restsOn, thing("study", statement.study)))
        if statement.criteria:
            self._target(node, label, statement)
        self.figures(node, label, statement.figures)
        self.reports(node, label, statement.reported)

    def _target(self, node: URIRef, label: str, statement: GuidanceStatement) -> None:
        target = target_id(self.guidance.id, statement.id)
        words = f"patients of {label}"
        self.thing(target, ML.TargetGroup, words, statement)
        self.graph.add((node, ML.hasTarget, target))
        self.group(target, words, statement.criteria)


class ModelWriter(_GroupWriter):
    """Writes one decision model."""

    def __init__(self, assembly: Assembly, model: DecisionModel, terms: Terms) -> None:
        super().__init__(assembly, thing("graph", "model", model.id), terms)
        self.model = model

    def write(self) -> None:
        """The model and its groups."""
        model = self.model
        node = self.thing(thing("model", model.id), ML.DecisionModel, model.label, model)
        self.words(node, ML.wording, model.text)
        self.code(node, ML.onQuestion, model.question)
        self.graph.add((node, ML.completeness, Literal(model.completeness)))
        if model.study:
            self.graph.add((node, ML.restsOn, thing("study", model.study)))
        self.reports(node, model.label, model.reported)
        for number, group in enumerate(model.groups, 1):
            self._group(node, group, number)

    def _group(self, model: URIRef, group: ModelGroup, number: int) -> None:
        label = f"{self.model.label}: {group.label}"
        node = self.thing(group_id(self.model.id, group.id), ML.ModelGroup, label, group)
        self.graph.add((model, ML.hasModelGroup, node))
        self.words(node, ML.shortLabel, group.label)
        self.words(node, ML.wording, group.text)
        self.graph.add((node, ML.sequence, Literal(number)))
        if group.criteria:
            self.group(node, label, group.criteria)
        if group.population and self.model.study:
            held = population_id(self.model.study, group.population)
            self.graph.add((node, ML.resultsIn, held))
        self.figures(node, label, group.figures)
        self.reports(node, label, group.reported)
