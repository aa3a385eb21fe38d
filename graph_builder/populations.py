"""Groups by criteria as OWL 2 DL defined classes of profiles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rdflib import OWL, Graph, URIRef
from rdflib.term import Node

from graph_builder.assembly import group_id, population_id, profiles_of, target_id
from graph_builder.axioms import Axioms, ClassWriter
from graph_builder.bound_classes import BoundClasses
from graph_builder.criteria import All, AnyOf, BoundTest, Formula, formula, sentence
from graph_builder.guidance import DecisionModel, Guidance
from graph_builder.labels import Labels
from graph_builder.reading import Records
from graph_builder.records import Criterion, Locator, Study
from graph_builder.terms import Terms
from graph_builder.value_classes import VALUES, present, value_classes, without
from graph_builder.vocabulary import GROUP_GRAPHS, ML, thing

POPULATIONS, TARGETS, MODELS = (thing("graph", name) for name in GROUP_GRAPHS)
CLASS_GRAPHS = (VALUES, POPULATIONS, TARGETS, MODELS)
"""Named graphs of generated classes: of attribute values, and of each kind of group."""
_FITS = thing("profiles", "groups")


@dataclass(frozen=True)
class _Group:
    """A group by criteria: what its class is called, stands below and is defined by.

    `within`: groups it is part of, the nearest first; where none has a class, the class stands in
    `folder`, a word and what is gathered under it.
    """

    node: URIRef
    name: str
    criteria: Sequence[Criterion]
    folder: tuple[str, str]
    sources: Iterable[str]
    within: Sequence[URIRef] = ()


def profile_classes(records: Records, terms: Terms) -> dict[URIRef, Graph]:
    """A class for each attribute value and each group by criteria, in the graphs CLASS_GRAPHS."""
    axioms = Axioms()
    groups, limits = group_classes(records, terms, axioms)
    return {VALUES: value_graph(terms, limits, axioms), **groups}


def value_graph(terms: Terms, limits: Iterable[BoundTest], axioms: Axioms | None = None) -> Graph:
    """The classes of attribute values and of the limits that groups ask for.

    `axioms` keep the blank nodes apart from those of other graphs.
    """
    axioms = axioms or Axioms()
    values = axioms.within(VALUES)
    value_classes(terms, values)
    values.named(
        _FITS,
        "profile that fits a group",
        "A profile that meets all criteria of a group by criteria.",
        ML.Profile,
    )
    bounds = BoundClasses(terms, values)
    for test in limits:
        bounds.of(test)
    bounds.write()
    return axioms.graphs[VALUES]


def group_classes(
    records: Records, terms: Terms, axioms: Axioms | None = None
) -> tuple[dict[URIRef, Graph], frozenset[BoundTest]]:
    """The classes of groups by criteria, by named graph, and the limits that the groups ask for.

    `axioms` keep the blank nodes apart from those of other graphs.
    """
    axioms = axioms or Axioms()
    bounds = BoundClasses(terms, axioms.within(VALUES))
    populations = _GroupClasses(terms, axioms.within(POPULATIONS), bounds)
    for study in records.studies:
        populations.study(study)
    targets = _GroupClasses(terms, axioms.within(TARGETS), bounds)
    for guidance in records.guidance:
        targets.guidance(guidance)
    models = _GroupClasses(terms, axioms.within(MODELS), bounds)
    for model in records.models:
        models.model(model)
    graphs = {name: axioms.graphs[name] for name in (POPULATIONS, TARGETS, MODELS)}
    return graphs, frozenset(test for tests in bounds.asked.values() for test in tests)


def _sources(reported: Iterable[Locator]) -> list[str]:
    return sorted({locator.source for locator in reported})


class _GroupClasses:
    """Writes the classes of one kind of group."""

    def __init__(self, terms: Terms, writer: ClassWriter, bounds: BoundClasses) -> None:
        self.terms, self.writer, self.bounds = terms, writer, bounds
        self.written: dict[URIRef, URIRef] = {}

    def study(self, study: Study) -> None:
        """The populations of a study, subgroups below what they are within."""
        question = self.terms.labels[study.question]
        labels = Labels(study, self.terms)
        for population in filter(lambda p: p.is_matched, study.populations):
            lineage = labels.lineage(population)
            self.write(
                _Group(
                    population_id(study.id, population.id),
                    f"{study.label}: {population.label}",
                    [criterion for ancestor in lineage for criterion in ancestor.criteria],
                    (study.question, f"a population of a study on {question}"),
                    _sources(locator for p in lineage for locator in p.reported),
                    [population_id(study.id, p.id) for p in lineage[-2::-1]],
                )
            )

    def guidance(self, guidance: Guidance) -> None:
        """The patients that the statements of a guidance file are about."""
        folder = (guidance.id, f"a statement of {guidance.label}")
        for statement in guidance.statements:
            name = f"the patients of {guidance.label}: {statement.label} [{statement.id}]"
            node, sources = target_id(guidance.id, statement.id), [guidance.id]
            self.write(_Group(node, name, statement.criteria, folder, sources))

    def model(self, model: DecisionModel) -> None:
        """The groups of a decision model."""
        folder = (model.id, f"a group of {model.label}")
        for group in model.groups:
            name, node = f"{model.label}: {group.label}", group_id(model.id, group.id)
            sources = _sources(group.reported or model.reported)
            self.write(_Group(node, name, group.criteria, folder, sources))

    def write(self, group: _Group) -> None:
        """The class of the profiles that meet all criteria; all profiles where every one does."""
        attributes, graph = self.terms.attributes, self.writer.graph
        found = [self._expression(formula(c, attributes)) for c in group.criteria]
        parts = [part for part in found if part != OWL.Thing]
        if not group.criteria:
            return
        node = profiles_of(group.node) if parts else ML.Profile
        self.written[group.node] = node
        graph.add((group.node, ML.criteriaClass, node))
        if not parts:
            return
        words = "; ".join(sentence(criterion, attributes) for criterion in group.criteria)
        sources = [thing("source", source) for source in group.sources]
        definition = f"A profile that meets the criteria of {group.name}: {words}."
        label = f"profile that fits {group.name}"
        self.writer.named(node, label, definition, self._above(group), sources)
        whole = self.writer.intersection([ML.Profile, *parts])
        graph.add((node, OWL.equivalentClass, whole))

    def _above(self, group: _Group) -> URIRef:
        for outer in group.within:
            found = self.written.get(outer, ML.Profile)
            if found != ML.Profile:
                return found
        word, what = group.folder
        return self.writer.named(
            thing("profiles", "groups", word),
            f"profile that fits {what}",
            f"A profile that meets all criteria of {what}.",
            _FITS,
        )

    def _expression(self, node: Formula) -> Node:
        """The class of the profiles for which a formula holds."""
        if isinstance(node, All | AnyOf):
            parts = [self._expression(part) for part in node.parts]
            join = self.writer.intersection if isinstance(node, All) else self.writer.union
            return join(parts)
        if isinstance(node, BoundTest):
            return OWL.Thing if self._met_by_all(node) else self.bounds.of(node)
        attribute = self.terms.attributes[node.attribute]
        if node.present:
            return present(attribute.value_id(node.value))
        return without(attribute, node.value, self.writer)

    def _met_by_all(self, test: BoundTest) -> bool:
        """Whether every profile keeps to the limit, even if nobody knows its number."""
        attribute = self.terms.attributes[test.attribute]
        lowest = attribute.lowest
        inside = lowest is not None and test.side == "min" and Decimal(test.limit) <= lowest
        return attribute.in_every_profile and inside
