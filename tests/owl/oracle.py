"""HermiT as judge: is a profile in a population's class, in its complement, or is that open?

One profile at a time is put into the ontology and taken out again, and both questions are put as
entailments. Named complement classes are never made: HermiT does not finish realising them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from owl_api import XSD, LoadedFile
from profiles_by_hand import Facts
from rdflib import RDF, RDFS, Graph, URIRef

from graph_builder.attributes import Kind
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code

PROFILE = "https://w3id.org/metalocal/id/profile/asked"
JUDGED = {True: "included", False: "excluded", None: "indeterminate"}


def logic_of(ontology: Graph, populations: Graph) -> Graph:
    """What bears on membership: no annotations, no codes, no attributes and no implications.

    Implications stand among the populations as axioms.
    """
    records = {
        node
        for kind in (ML.Code, ML.Attribute, ML.Implication)
        for cls in ontology.transitive_subjects(RDFS.subClassOf, kind)
        for node in ontology.subjects(RDF.type, cls)
    }
    logic = Graph()
    for triple in ontology + populations:
        if triple[0] not in records:
            logic.add(triple)
    return logic


class Oracle:
    """Asks HermiT about profiles; `classes` maps a population to the class of its profiles."""

    def __init__(self, logic: Graph, terms: Terms, classes: Mapping[str, str]) -> None:
        self.file = LoadedFile(logic.serialize(format="xml", encoding="utf-8"))
        self.terms, self.factory = terms, self.file.factory
        self.reasoner = self.file.reasoner(buffered=True)
        named = self.factory.getOWLClass
        self.classes = {p: named(self.file.iri(cls)) for p, cls in classes.items()}
        self.asked = self.factory.getOWLNamedIndividual(self.file.iri(PROFILE))

    def verdicts(self, facts: Facts, expected: Mapping[str, str]) -> dict[str, str]:
        """Verdict for each population; what is `expected` only decides which side is asked first.

        Raises:
            ValueError: the facts contradict the ontology, which then entails anything.
        """
        axioms = self._axioms(facts)
        for axiom in axioms:
            self.file.manager.addAxiom(self.file.ontology, axiom)
        try:
            self.reasoner.flush()
            if not self.reasoner.isConsistent():
                raise ValueError(f"these facts contradict the ontology: {facts}")
            return {name: self._verdict(name, expected.get(name, "")) for name in self.classes}
        finally:
            for axiom in axioms:
                self.file.manager.removeAxiom(self.file.ontology, axiom)

    def _verdict(self, population: str, expected: str) -> str:
        inside = self.classes[population]
        outside = self.factory.getOWLObjectComplementOf(inside)
        sides = {"included": inside, "excluded": outside}
        for verdict in sorted(sides, key=lambda v: v != expected):
            question = self.factory.getOWLClassAssertionAxiom(sides[verdict], self.asked)
            if self.reasoner.isEntailed(question):
                return verdict
        return "indeterminate"

    def _axioms(self, facts: Facts) -> list[Any]:
        profile = self.factory.getOWLClass(self.file.iri(str(ML.Profile)))
        axioms = [self.factory.getOWLClassAssertionAxiom(profile, self.asked)]
        for name, holds in facts.values.items():
            relation = self._relation(name, holds)
            if relation is not None:
                axioms.append(self._link(relation, name))
        axioms += [self._number(key, number) for key, number in facts.numbers.items()]
        return axioms

    def _relation(self, name: str, holds: bool) -> URIRef | None:
        """The property that states the fact; that a one-of value is ruled out, none can state."""
        key = name.split("-")[0]
        if holds:
            return self._property(key, ML.factProperty)
        is_set = self.terms.attributes[key].kind is Kind.SET
        return self._property(key, ML.absenceProperty) if is_set else None

    def _property(self, key: str, relation: URIRef) -> URIRef:
        found = self.terms.graph.value(code(key), relation)
        assert isinstance(found, URIRef)
        return found

    def _link(self, relation: URIRef, name: str) -> Any:
        prop = self.factory.getOWLObjectProperty(self.file.iri(str(relation)))
        value = self.factory.getOWLNamedIndividual(self.file.iri(str(code(name))))
        return self.factory.getOWLObjectPropertyAssertionAxiom(prop, self.asked, value)

    def _number(self, key: str, number: Decimal) -> Any:
        prop = self.factory.getOWLDataProperty(
            self.file.iri(str(self._property(key, ML.factProperty)))
        )
        kind = "integer" if self.terms.attributes[key].whole_numbers else "decimal"
        literal = self.factory.getOWLLiteral(
            f"{number:f}", self.factory.getOWLDatatype(self.file.iri(XSD + kind))
        )
        return self.factory.getOWLDataPropertyAssertionAxiom(prop, self.asked, literal)
