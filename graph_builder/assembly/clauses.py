"""Clauses of criteria to a graph in which each stands once, whoever asks for it.

So a profile is judged against a few hundred clauses, however many populations there are, and the
graph itself is the index from an attribute and its values to the groups that ask about them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from graph_builder.attributes import Attribute, Kind
from graph_builder.criteria import BoundTest, ValueTest, limit_words
from graph_builder.criteria import Literal as Alternative
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

CLAUSES = thing("graph", "clauses")
LONGEST_NAME = 120
"""Characters of the name of a clause; a longer one ends in a digest of what it leaves out."""

_SIDES = {"min": "at-least", "max": "at-most", "above": "above", "below": "below"}
_BOUND = {"min": ML.atLeast, "max": ML.atMost, "above": ML.above, "below": ML.below}


def write_clause(graph: Graph, alternatives: Sequence[Alternative], terms: Terms) -> URIRef:
    """The clause that one of these alternatives meets, written unless it is there already."""
    node = thing("clause", _name(alternatives))
    if (node, RDF.type, ML.Clause) in graph:
        return node
    words = [_words(test, terms.attributes[test.attribute]) for test in alternatives]
    _individual(graph, node, ML.Clause, f"clause: {' or '.join(words)}")
    for test in alternatives:
        if isinstance(test, BoundTest):
            graph.add((node, ML.hasBound, _write_bound(graph, test, terms)))
        else:
            relation = ML.accepts if test.present else ML.rejects
            graph.add((node, relation, code(f"{test.attribute}-{test.value}")))
    return node


def _write_bound(graph: Graph, test: BoundTest, terms: Terms) -> URIRef:
    node = thing("bound", _alternative_name(test))
    words = _words(test, terms.attributes[test.attribute])
    _individual(graph, node, ML.Bound, f"limit: {words}")
    graph.add((node, ML.onAttribute, code(test.attribute)))
    graph.add((node, _BOUND[test.side], Literal(test.limit, datatype=XSD.decimal)))
    return node


def _individual(graph: Graph, node: URIRef, kind: URIRef, label: str) -> None:
    graph.add((node, RDF.type, kind))
    graph.add((node, RDF.type, OWL.NamedIndividual))
    graph.add((node, RDFS.label, Literal(label, lang="en")))


def _name(alternatives: Sequence[Alternative]) -> str:
    """The same for the same alternatives and no others.

    >>> _name([BoundTest("age", "below", "55"), ValueTest("presentation", "de_novo", True)])
    'age-below-55.or.presentation-de_novo'
    """
    name = ".or.".join(map(_alternative_name, alternatives))
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"{_alternative_name(alternatives[0])}.or.{len(alternatives) - 1}-more.{digest}"


def _alternative_name(test: Alternative) -> str:
    if isinstance(test, BoundTest):
        return f"{test.attribute}-{_SIDES[test.side]}-{test.limit}"
    return f"{'' if test.present else 'not.'}{test.attribute}-{test.value}"


def _words(test: ValueTest | BoundTest, attribute: Attribute) -> str:
    """An alternative in English, such as "metastatic sites: no liver"."""
    if isinstance(test, BoundTest):
        return f"{attribute.label} {limit_words(test, attribute)}"
    if attribute.kind is Kind.YES_NO:
        return (
            attribute.label if test.present == (test.value == "yes") else f"not {attribute.label}"
        )
    without = "no " if attribute.kind is Kind.SET else "other than "
    return f"{attribute.label}: {'' if test.present else without}{attribute.values[test.value]}"
