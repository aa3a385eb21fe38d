"""Groups by criteria as OWL 2 DL defined classes of profiles, implications as class axioms."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import SKOS
from rdflib.term import Node

from graph_builder.assembly import group_id, population_id, profiles_of, target_id
from graph_builder.attributes import Implication, Kind
from graph_builder.criteria import All, AnyOf, BoundTest, Formula, formula, sentence
from graph_builder.labels import Labels
from graph_builder.reading import Records
from graph_builder.records import Criterion, Population, Study
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

POPULATIONS = thing("graph", "populations")

_FACET = {
    "min": XSD.minInclusive,
    "max": XSD.maxInclusive,
    "above": XSD.minExclusive,
    "below": XSD.maxExclusive,
}


def population_classes(records: Records, terms: Terms) -> Graph:
    """A defined class for each group by criteria, and an axiom for each implication."""
    writer = _ClassWriter(terms)
    for study in records.studies:
        for population in filter(lambda p: p.is_matched, study.populations):
            writer.population(study, population)
    for guidance in records.guidance:
        for statement in guidance.statements:
            if statement.criteria:
                label = f"the patients of {guidance.label}: {statement.label} [{statement.id}]"
                writer.group(target_id(guidance.id, statement.id), label, statement.criteria)
    for model in records.models:
        for group in model.groups:
            if group.criteria:
                label = f"{model.label}: {group.label}"
                writer.group(group_id(model.id, group.id), label, group.criteria)
    for implication in terms.implications:
        writer.implication(implication)
    return writer.graph


class _ClassWriter:
    """Writes class expressions; blank nodes are numbered, so the same input gives the same text."""

    def __init__(self, terms: Terms) -> None:
        self.graph, self.terms, self.count = Graph(), terms, 0

    def population(self, study: Study, population: Population) -> None:
        lineage = Labels(study, self.terms).lineage(population)
        criteria = [criterion for ancestor in lineage for criterion in ancestor.criteria]
        group = population_id(study.id, population.id)
        self.group(group, f"{study.label}: {population.label}", criteria)
        for ancestor in lineage[:-1][-1:]:
            parent = profiles_of(population_id(study.id, ancestor.id))
            self.graph.add((profiles_of(group), RDFS.subClassOf, parent))

    def group(self, group: URIRef, label: str, criteria: Sequence[Criterion]) -> None:
        """The class of the profiles that meet all criteria of a group."""
        attributes, node = self.terms.attributes, profiles_of(group)
        words = "; ".join(sentence(criterion, attributes) for criterion in criteria)
        definition = f"A profile that meets: {words}."
        self.graph.add((node, RDF.type, OWL.Class))
        self.graph.add((node, RDFS.label, Literal(f"profiles that fit {label}", lang="en")))
        self.graph.add((node, SKOS.definition, Literal(definition, lang="en")))
        found = [self.expression(formula(criterion, attributes)) for criterion in criteria]
        parts = [part for part in found if part != OWL.Thing]
        whole: Node = ML.Profile
        if parts:
            whole = self._boolean(OWL.intersectionOf, [ML.Profile, *parts])
        self.graph.add((node, OWL.equivalentClass, whole))

    def implication(self, implication: Implication) -> None:
        conditions: list[Node] = [self._has(value) for value in sorted(implication.conditions)]
        left = conditions[0]
        if len(conditions) > 1:
            left = self._boolean(OWL.intersectionOf, conditions)
        for value in sorted(implication.consequences):
            self.graph.add((left, RDFS.subClassOf, self._has(value)))
        for value in sorted(implication.ruled_out):
            key, word = value.split("-")
            self.graph.add((left, RDFS.subClassOf, self._without(key, word)))

    def expression(self, node: Formula) -> Node:
        """The class of the profiles for which a formula holds."""
        if isinstance(node, All | AnyOf):
            relation = OWL.intersectionOf if isinstance(node, All) else OWL.unionOf
            return self._boolean(relation, [self.expression(part) for part in node.parts])
        if isinstance(node, BoundTest):
            return OWL.Thing if self._met_by_all(node) else self._within_bound(node)
        if node.present:
            return self._has(f"{node.attribute}-{node.value}")
        return self._without(node.attribute, node.value)

    def _without(self, key: str, word: str) -> Node:
        """The class of the profiles known to be without a value."""
        if self.terms.attributes[key].kind is Kind.SET:
            absent = self._property(key, ML.absenceProperty)
            return self._restriction(absent, OWL.hasValue, code(f"{key}-{word}"))
        return self._one_of_others(key, word)

    def _met_by_all(self, test: BoundTest) -> bool:
        """Whether every profile keeps to the limit, even if nobody knows its number."""
        attribute = self.terms.attributes[test.attribute]
        lowest = attribute.lowest
        inside = lowest is not None and test.side == "min" and Decimal(test.limit) <= lowest
        return attribute.in_every_profile and inside

    def _has(self, value: str) -> Node:
        key = value.split("-")[0]
        return self._restriction(self._property(key), OWL.hasValue, code(value))

    def _one_of_others(self, key: str, left_out: str) -> Node:
        words = [word for word in self.terms.attributes[key].values if word != left_out]
        values = self._blank(OWL.Class)
        self.graph.add((values, OWL.oneOf, self._list([code(f"{key}-{w}") for w in words])))
        return self._restriction(self._property(key), OWL.someValuesFrom, values)

    def _within_bound(self, test: BoundTest) -> Node:
        whole = self.terms.attributes[test.attribute].whole_numbers and "." not in test.limit
        datatype = XSD.integer if whole else XSD.decimal
        facet = BNode(self._name())
        self.graph.add((facet, _FACET[test.side], Literal(test.limit, datatype=datatype)))
        values = self._blank(RDFS.Datatype)
        self.graph.add((values, OWL.onDatatype, datatype))
        self.graph.add((values, OWL.withRestrictions, self._list([facet])))
        return self._restriction(self._property(test.attribute), OWL.someValuesFrom, values)

    def _property(self, key: str, relation: URIRef = ML.factProperty) -> Node:
        found = self.terms.graph.value(code(key), relation)
        if found is None:
            raise LookupError(f"the ontology gives attribute {key} no {relation}")
        return found

    def _restriction(self, on: Node, kind: URIRef, value: Node) -> Node:
        node = self._blank(OWL.Restriction)
        self.graph.add((node, OWL.onProperty, on))
        self.graph.add((node, kind, value))
        return node

    def _boolean(self, relation: URIRef, parts: Sequence[Node]) -> Node:
        node = self._blank(OWL.Class)
        self.graph.add((node, relation, self._list(parts)))
        return node

    def _list(self, items: Sequence[Node]) -> Node:
        head: Node = RDF.nil
        for item in reversed(items):
            cell = BNode(self._name())
            self.graph.add((cell, RDF.first, item))
            self.graph.add((cell, RDF.rest, head))
            head = cell
        return head

    def _blank(self, kind: URIRef) -> BNode:
        node = BNode(self._name())
        self.graph.add((node, RDF.type, kind))
        return node

    def _name(self) -> str:
        self.count += 1
        return f"p{self.count}"
