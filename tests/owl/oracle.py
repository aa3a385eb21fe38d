"""HermiT as judge: is a profile in a population's class, in its complement, or is that open?

One profile at a time is put into the ontology and taken out again, and both questions are put as
entailments. Named complement classes are never made: HermiT does not finish realising them.
Questions are put for many populations at once where one answer settles all of them: membership
of an intersection is membership of each part, and what is not in a union is in no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from owl_api import XSD, LoadedFile, java_set
from profiles_by_hand import Facts
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from graph_builder.attributes import Kind
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code

PROFILE = "https://w3id.org/metalocal/id/profile/asked"


def logic_of(ontology: Graph, populations: Graph, terms: Terms) -> Graph:
    """What bears on membership: the words the populations ask for, with all axioms on them.

    Left out are annotations and records (implications stand among the populations as axioms), and
    attributes that no class names: the fewer values there are to tell apart, the faster HermiT is.
    """
    logic = Graph()
    silent = _records(ontology) | _words(terms.attributes.keys() - asked(populations, terms), terms)
    different = set(ontology.subjects(RDF.type, OWL.AllDifferent))
    for triple in ontology + populations:
        if not silent.intersection(triple) and triple[0] not in different:
            logic.add(triple)
    for node in different:
        head = ontology.value(node, OWL.distinctMembers)
        kept = [value for value in Collection(ontology, head) if (value, None, None) in logic]
        if len(kept) > 1:
            logic.add((node, RDF.type, OWL.AllDifferent))
            logic.add((node, OWL.distinctMembers, Collection(logic, BNode(), kept).uri))
    return logic


def asked(populations: Graph, terms: Terms) -> set[str]:
    """Keys of the attributes that the class of some population or an implication names."""
    named = set(populations.objects(None, OWL.onProperty))
    return {key for key in terms.attributes if named & _properties(key, terms)}


def _properties(key: str, terms: Terms) -> set[Node]:
    relations = (ML.factProperty, ML.absenceProperty)
    return {p for relation in relations for p in terms.graph.objects(code(key), relation)}


def _words(keys: Iterable[str], terms: Terms) -> set[Node]:
    """The properties, value classes and values of attributes."""
    found: set[Node] = set()
    for key in keys:
        properties = _properties(key, terms)
        found |= properties | {code(f"{key}-{word}") for word in terms.attributes[key].values}
        ranges = {r for p in properties for r in terms.graph.objects(p, RDFS.range)}
        found |= {r for r in ranges if not str(r).startswith(XSD)}
    return found


def _records(ontology: Graph) -> set[Node]:
    return {
        node
        for kind in (ML.Code, ML.Attribute, ML.Implication)
        for cls in ontology.transitive_subjects(RDFS.subClassOf, kind)
        for node in ontology.subjects(RDF.type, cls)
    }


class Oracle:
    """Asks HermiT about profiles; `classes` maps a population to the class of its profiles."""

    def __init__(self, logic: Graph, terms: Terms, classes: Mapping[str, str]) -> None:
        self.file = LoadedFile(logic.serialize(format="xml", encoding="utf-8"))
        self.terms, self.factory = terms, self.file.factory
        self.known = {str(p) for p in logic.subjects(RDFS.range)}
        self.reasoner = self.file.reasoner(buffered=True)
        named = self.factory.getOWLClass
        self.classes = {p: named(self.file.iri(cls)) for p, cls in classes.items()}
        self.asked = self.factory.getOWLNamedIndividual(self.file.iri(PROFILE))

    def verdicts(self, facts: Facts, expected: Mapping[str, str]) -> dict[str, str]:
        """Verdict for each population; what is `expected` only decides what is asked first.

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
            return self._judge(expected)
        finally:
            for axiom in axioms:
                self.file.manager.removeAxiom(self.file.ontology, axiom)

    def _judge(self, expected: Mapping[str, str]) -> dict[str, str]:
        inside = self.classes
        outside = {p: self.factory.getOWLObjectComplementOf(c) for p, c in inside.items()}
        included = {p for p in inside if expected[p] == "included"}
        excluded = {p for p in inside if expected[p] == "excluded"}
        sides = [inside[p] for p in sorted(included)] + [outside[p] for p in sorted(excluded)]
        if sides and not self._entails(self._joined("getOWLObjectIntersectionOf", sides)):
            included, excluded = set(), set()
        still_open = sorted(set(inside) - included - excluded)
        included |= self._among(still_open, inside)
        excluded |= self._among(still_open, outside)
        return {p: _word(p in included, p in excluded) for p in inside}

    def _among(self, populations: list[str], classes: Mapping[str, Any]) -> set[str]:
        """Those of which membership follows: none where that of the union does not."""
        if not populations:
            return set()
        union = self._joined("getOWLObjectUnionOf", [classes[p] for p in populations])
        if not self._entails(union):
            return set()
        if len(populations) == 1:
            return set(populations)
        half = len(populations) // 2
        return self._among(populations[:half], classes) | self._among(populations[half:], classes)

    def _joined(self, how: str, classes: list[Any]) -> Any:
        if len(classes) == 1:
            return classes[0]
        joined = java_set(classes)
        return getattr(self.factory, how)(joined)

    def _entails(self, cls: Any) -> bool:
        question = self.factory.getOWLClassAssertionAxiom(cls, self.asked)
        return bool(self.reasoner.isEntailed(question))

    def _axioms(self, facts: Facts) -> list[Any]:
        profile = self.factory.getOWLClass(self.file.iri(str(ML.Profile)))
        axioms = [self.factory.getOWLClassAssertionAxiom(profile, self.asked)]
        for name, holds in facts.values.items():
            relation = self._relation(name, holds)
            if relation is not None and str(relation) in self.known:
                axioms.append(self._link(relation, name))
        for key, number in facts.numbers.items():
            if str(self._property(key, ML.factProperty)) in self.known:
                axioms.append(self._number(key, number))
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


def _word(included: bool, excluded: bool) -> str:
    assert not (included and excluded), "the ontology is consistent, yet both follow"
    return "included" if included else "excluded" if excluded else "indeterminate"
