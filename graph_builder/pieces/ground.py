"""What every data file is compiled upon: ontology, sources, rules and shapes, and their digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import Graph, URIRef

from graph_builder.assembly import assemble
from graph_builder.conformance import Conformance, conformance
from graph_builder.examples import Example, read_examples
from graph_builder.inputs import Inputs
from graph_builder.mappings import MAPPINGS, mapping_graph
from graph_builder.nquads import Triple, lines_of, triples_of
from graph_builder.problems import Problem, ProblemsFoundError
from graph_builder.reading import Records, read_shared
from graph_builder.rules import Rules, read_rules
from graph_builder.shapes import read_shapes
from graph_builder.tally import types_in
from graph_builder.terms import Terms, as_one_ontology, read_ontology, terms_of
from graph_builder.vocabulary import thing

ONTOLOGY_GRAPH = thing("graph", "ontology")


@dataclass(frozen=True)
class Ground:
    """What is known before any study is read; `shared` holds the sources.

    `digest` changes with whatever a piece depends on beside its own file.
    """

    inputs: Inputs
    digest: str
    terms: Terms
    shared: Records
    problems: list[Problem]
    mappings: Graph = field(default_factory=Graph)
    examples: list[Example] = field(default_factory=list)

    @cached_property
    def source_ids(self) -> frozenset[str]:
        """The sources that files may cite."""
        return frozenset(source.id for source in self.shared.sources)

    @cached_property
    def ontology(self) -> Graph:
        """The modules under one ontology IRI."""
        return as_one_ontology(self.terms.graph)

    @cached_property
    def triples(self) -> Mapping[URIRef, list[Triple]]:
        """The named graphs of the ontology, the mappings and the sources."""
        graphs = {**assemble(self.shared, self.terms).graphs}
        graphs |= {ONTOLOGY_GRAPH: self.ontology, MAPPINGS: self.mappings}
        return {name: triples_of(graph) for name, graph in graphs.items()}

    @cached_property
    def types(self) -> Mapping[str, Sequence[str]]:
        """The classes of terms and sources."""
        return types_in(triple for triples in self.triples.values() for triple in triples)

    @cached_property
    def rules(self) -> Rules:
        """The rules, with ontology, mappings and sources around them."""
        lines = [line for name, found in self.triples.items() for line in lines_of(found, name)]
        return read_rules(self.inputs.ontology / "rules", "".join(lines).encode())

    @cached_property
    def shapes(self) -> Conformance | None:
        """The shapes for the quick answer; nothing where it does not know them all."""
        return conformance(read_shapes(self.inputs.ontology), self.triples[ONTOLOGY_GRAPH])


def read_ground(inputs: Inputs) -> Ground:
    """Reads what all files share; problems of sources, mappings and examples are in `problems`.

    Raises:
        ProblemsFoundError: the ontology cannot be read.
    """
    terms = terms_of(read_ontology(inputs.ontology))
    shared, problems = read_shared(inputs.data)
    mappings, examples = Graph(), list[Example]()
    try:
        mappings = mapping_graph(inputs.ontology, terms.graph)
    except ProblemsFoundError as error:
        problems += error.problems
    try:
        examples = read_examples(inputs.examples) if inputs.examples else []
    except ProblemsFoundError as error:
        problems += error.problems
    return Ground(inputs, inputs.ground(), terms, shared, problems, mappings, examples)
