"""HermiT as judge: is a profile in a group's class, in its complement, or is that open?

A profile becomes a class: what is known of it, joined. With no individual in any axiom the two
questions are put as classes too: it is included where "what is known, and not the group" is empty,
excluded where "what is known, and the group" is. These classes are asked one by one; HermiT is
never made to classify them, which named complements would keep it from finishing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from profiles_by_hand import Facts
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

from graph_builder.attributes import Kind
from graph_builder.axioms import Axioms
from graph_builder.owl_api import LoadedFile
from graph_builder.terms import Terms
from graph_builder.value_classes import VALUES, absent, present
from graph_builder.vocabulary import ML, code, thing

AT_ONCE = 10
"""Profiles put into one ontology: more make each question slower, fewer mean more loading."""


class Oracle:
    """Asks HermiT about profiles; `classes` maps a group to the class of its profiles."""

    def __init__(self, logic: Graph, terms: Terms, classes: Mapping[str, str]) -> None:
        self.logic, self.terms, self.classes = logic, terms, classes

    def verdicts(self, given: Mapping[str, Facts]) -> dict[tuple[str, str], str]:
        """Verdict for each pair of profile and group.

        Raises:
            ValueError: the facts of a profile contradict the ontology, which then entails anything.
        """
        left, found = iter(given.items()), {}
        while chunk := dict(islice(left, AT_ONCE)):
            found.update(self._chunk(chunk))
        return found

    def _chunk(self, given: Mapping[str, Facts]) -> Iterator[tuple[tuple[str, str], str]]:
        graph = Graph()
        for name, facts in given.items():
            graph += self._questions(name, facts)
        file = LoadedFile((self.logic + graph).serialize(format="xml", encoding="utf-8"))
        reasoner = file.reasoner()

        def possible(cls: URIRef) -> bool:
            return bool(reasoner.isSatisfiable(file.factory.getOWLClass(file.iri(str(cls)))))

        for name, facts in given.items():
            if not possible(_asked(name)):
                raise ValueError(f"these facts contradict the ontology: {facts}")
            for number, group in enumerate(self.classes):
                if not possible(_asked(name, number, "inside")):
                    yield (name, group), "excluded"
                else:
                    outside = possible(_asked(name, number, "outside"))
                    yield (name, group), "indeterminate" if outside else "included"

    def _questions(self, name: str, facts: Facts) -> Graph:
        """The class of the profile, and for each group its parts inside and outside the group."""
        writer = Axioms().within(VALUES)
        graph, known = writer.graph, _asked(name)
        graph.add((known, RDF.type, OWL.Class))
        for part in self._known(facts, graph):
            graph.add((known, RDFS.subClassOf, part))
        for number, cls in enumerate(self.classes.values()):
            complement = BNode()
            graph.add((complement, RDF.type, OWL.Class))
            graph.add((complement, OWL.complementOf, URIRef(cls)))
            for side, part in (("inside", URIRef(cls)), ("outside", complement)):
                node = _asked(name, number, side)
                graph.add((node, RDF.type, OWL.Class))
                graph.add((node, RDFS.subClassOf, known))
                graph.add((node, RDFS.subClassOf, part))
        return graph

    def _known(self, facts: Facts, graph: Graph) -> Iterator[URIRef | BNode]:
        yield ML.Profile
        for name, holds in facts.values.items():
            if holds:
                yield present(name)
            elif self.terms.attributes[name.split("-")[0]].kind is Kind.SET:
                yield absent(name)  # that a one-of value is ruled out, nobody states
        for key, number in facts.numbers.items():
            kind = XSD.integer if self.terms.attributes[key].whole_numbers else XSD.decimal
            node, prop = BNode(), self.terms.graph.value(code(key), ML.factProperty)
            assert prop is not None
            graph.add((node, RDF.type, OWL.Restriction))
            graph.add((node, OWL.onProperty, prop))
            graph.add((node, OWL.hasValue, Literal(f"{number:f}", datatype=kind)))
            yield node


def _asked(name: str, *parts: object) -> URIRef:
    return thing("asked", name, *parts)
