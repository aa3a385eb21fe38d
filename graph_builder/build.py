"""From data/ and ontology/ to the built graph; the steps in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, URIRef

from graph_builder.assembly import Assembly, assemble
from graph_builder.audit import AUDIT, audit_graph, findings_of
from graph_builder.checks import check
from graph_builder.examples import EXAMPLES, Example, example_graph, read_examples
from graph_builder.export import nquads_of, quads_of, write_graph
from graph_builder.inputs import Inputs
from graph_builder.mappings import MAPPINGS, mapping_graph
from graph_builder.populations import CLASS_GRAPHS, profile_classes
from graph_builder.problems import Problem, ProblemsFoundError
from graph_builder.reading import Records, read_data
from graph_builder.reasoning import INFERRED, classify, unsatisfiable_problems
from graph_builder.rules import DERIVED, derived_graph
from graph_builder.shapes import shape_problems
from graph_builder.terms import Terms, as_one_ontology, read_ontology, terms_of
from graph_builder.vocabulary import thing
from graph_builder.void import VOID_GRAPH, void_graph

ONTOLOGY_GRAPH = thing("graph", "ontology")


@dataclass(frozen=True)
class Checked:
    """What is known once everything has been read and nothing is wrong with it."""

    terms: Terms
    records: Records
    mappings: Graph
    examples: list[Example]


def checked(inputs: Inputs) -> Checked:
    """Reads and checks everything.

    Raises:
        ProblemsFoundError: all problems of all files at once.
    """
    terms = terms_of(read_ontology(inputs.ontology))
    records, problems = read_data(inputs.data)
    problems += check(records, terms)
    mappings, examples = Graph(), list[Example]()
    try:
        mappings = mapping_graph(inputs.ontology, terms.graph)
    except ProblemsFoundError as error:
        problems += error.problems
    try:
        examples = read_examples(inputs.examples) if inputs.examples else []
    except ProblemsFoundError as error:
        problems += error.problems
    if problems:
        raise ProblemsFoundError(problems)
    return Checked(terms, records, mappings, examples)


def build(
    inputs: Inputs,
    folder: Path,
    version: str,
    *,
    reason: bool = False,
    tell: Callable[[str], None] = lambda step: None,
) -> dict[URIRef, int]:
    """Builds the graph into `folder`; gives the number of triples of each named graph.

    Raises:
        ProblemsFoundError: something is wrong with the inputs; nothing is written.
        NoJavaError: `reason` was asked for and there is no Java.
    """
    fingerprint = inputs.fingerprint()
    tell("reading and checking")
    known = checked(inputs)
    tell("assembling")
    assembly = assemble(known.records, known.terms)
    graphs = _asserted(assembly, known)
    tell("checking shapes")
    _refuse(shape_problems(_union(graphs), inputs.ontology, assembly.places))
    tell("deriving effect directions")
    graphs[DERIVED] = derived_graph(quads_of(graphs), inputs.ontology / "rules")
    tell("auditing")
    graphs[AUDIT] = audit_graph(findings_of(known.records.studies, known.terms), known.terms)
    if reason:
        tell("reasoning")
        graphs[INFERRED] = _inferred(graphs, inputs)
    if known.examples:
        graphs[EXAMPLES] = example_graph(known.examples)
    tell("describing")
    graphs[VOID_GRAPH] = void_graph(graphs, version)
    tell("writing")
    sizes = {name: len(graph) for name, graph in sorted(graphs.items())}
    manifest = {"version": version, "inputs": fingerprint, "graphs": sizes}
    write_graph(folder, nquads_of(graphs), manifest)
    return sizes


def _asserted(assembly: Assembly, known: Checked) -> dict[URIRef, Graph]:
    graphs = dict(assembly.graphs)
    graphs[ONTOLOGY_GRAPH] = as_one_ontology(known.terms.graph)
    graphs[MAPPINGS] = known.mappings
    graphs.update(profile_classes(known.records, known.terms))
    return graphs


def _union(graphs: dict[URIRef, Graph]) -> Graph:
    union = Graph()
    for graph in graphs.values():
        union += graph
    return union


def _inferred(graphs: dict[URIRef, Graph], inputs: Inputs) -> Graph:
    schema = _union({name: graphs[name] for name in (ONTOLOGY_GRAPH, *CLASS_GRAPHS)})
    inferred, unsatisfiable = classify(schema)
    _refuse(unsatisfiable_problems(unsatisfiable, inputs.data))
    return inferred


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise ProblemsFoundError(problems)
