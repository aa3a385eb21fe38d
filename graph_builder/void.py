"""Named graphs to their VoID description: what the dataset is, and what it holds how often.

The description is a named graph too and counts itself: its numbers are those that a query over the
graph as served gives. To get there it is written, counted and written anew until nothing changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from rdflib import OWL, RDF, RDFS, VOID, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Identifier, Node

from graph_builder.vocabulary import ENDPOINT, ML, ONTOLOGY, thing

VOID_GRAPH = thing("graph", "void")
DATASET = thing("dataset", "metalocal")
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
VOID_EXT = Namespace("http://ldf.fi/void-ext#")
URI_SPACE = ONTOLOGY.removesuffix("ontology")

_PARTITION = "partition"
_ROUNDS = 10
_NOT_TAKEN_APART = OWL.NamedIndividual
"""Every individual has it beside its own class: its partitions would say all things twice."""

_TITLES = {
    "audit": "what is printed and does not fit",
    "derived": "effect directions and levels of evidence, drawn by rules",
    "examples": "example queries",
    "inferred": "subsumptions that the reasoner found",
    "mappings": "our terms to those of other vocabularies",
    "model-groups": "classes of profiles: groups of decision models",
    "ontology": "ontology",
    "populations": "classes of profiles: populations of studies",
    "provenance": "source, line and place of each report",
    "sources": "sources",
    "target-groups": "classes of profiles: patients of guidance",
    "values": "classes of profiles: attribute values and limits",
    "void": "description of the dataset",
}


@dataclass
class Tally:
    """What some graphs hold, counted; the graphs of one tally share no triple."""

    triples: int = 0
    types: dict[Node, set[Node]] = field(default_factory=lambda: defaultdict(set))
    subjects: set[Node] = field(default_factory=set)
    properties: Counter[Node] = field(default_factory=Counter)
    of_class: Counter[tuple[Node, Node]] = field(default_factory=Counter)
    to_class: Counter[tuple[Node, Node, Node]] = field(default_factory=Counter)
    to_datatype: Counter[tuple[Node, Node, Node]] = field(default_factory=Counter)

    def classes(self) -> Counter[Node]:
        """Each class with the number of its instances."""
        return Counter(kind for kinds in self.types.values() for kind in kinds)

    def copy(self) -> Tally:
        """The same counts, to go on from."""
        return Tally(
            self.triples,
            defaultdict(set, {subject: set(kinds) for subject, kinds in self.types.items()}),
            set(self.subjects),
            Counter(self.properties),
            Counter(self.of_class),
            Counter(self.to_class),
            Counter(self.to_datatype),
        )


def void_graph(graphs: Mapping[URIRef, Graph], version: str) -> Graph:
    """The description of the dataset that these named graphs and the description make up."""
    void, others = Graph(), Tally()
    count(others, graphs)
    for _ in range(_ROUNDS):
        every = others.copy()
        count(every, {VOID_GRAPH: void})
        fresh = _description({**graphs, VOID_GRAPH: void}, every, version)
        if set(fresh) == set(void):
            return void
        void = fresh
    raise AssertionError(f"the description still changes after {_ROUNDS} rounds")


def count(tally: Tally, graphs: Mapping[URIRef, Graph]) -> None:
    """Adds what the graphs hold to a tally that knows the types of all they point to."""
    for subject, _, kind in _triples(graphs, RDF.type):
        tally.types[subject].add(kind)
    for subject, predicate, value in _triples(graphs):
        tally.triples += 1
        tally.subjects.add(subject)
        tally.properties[predicate] += 1
        _count_by_class(tally, subject, predicate, value)


def _triples(
    graphs: Mapping[URIRef, Graph], predicate: URIRef | None = None
) -> Iterator[tuple[Node, Node, Node]]:
    for graph in graphs.values():
        yield from graph.triples((None, predicate, None))


def _count_by_class(tally: Tally, subject: Node, predicate: Node, value: Node) -> None:
    kinds = [kind for kind in tally.types.get(subject, ()) if kind != _NOT_TAKEN_APART]
    for kind in kinds:
        tally.of_class[kind, predicate] += 1
    if isinstance(value, Literal):
        datatype = value.datatype or (RDF.langString if value.language else XSD.string)
        for kind in kinds:
            tally.to_datatype[kind, predicate, datatype] += 1
    else:
        for kind, other in product(kinds, tally.types.get(value, ())):
            if other != _NOT_TAKEN_APART:
                tally.to_class[kind, predicate, other] += 1


def _description(graphs: Mapping[URIRef, Graph], tally: Tally, version: str) -> Graph:
    void = Graph()
    _add_head(void, graphs, version)
    _add_totals(void, tally)
    for name, graph in graphs.items():
        void.add((DATASET, VOID.subset, name))
        void.add((name, RDF.type, VOID.Dataset))
        void.add((name, RDFS.label, Literal(_title(name, graph), lang="en")))
        void.add((name, VOID.triples, Literal(len(graph))))
    _add_partitions(void, tally)
    return void


def _add_head(void: Graph, graphs: Mapping[URIRef, Graph], version: str) -> None:
    """What the dataset is; who made it, when and what for is said of the ontology already."""
    void.add((DATASET, RDF.type, VOID.Dataset))
    void.add((DATASET, DCTERMS.title, Literal("metalocal evidence graph", lang="en")))
    void.add((DATASET, RDFS.label, Literal("metalocal evidence graph", lang="en")))
    void.add((DATASET, DCTERMS.license, LICENCE))
    void.add((DATASET, DCTERMS.identifier, Literal(version)))
    void.add((DATASET, OWL.versionInfo, Literal(version)))
    void.add((DATASET, VOID.uriSpace, Literal(URI_SPACE)))
    void.add((DATASET, VOID.sparqlEndpoint, URIRef(ENDPOINT)))
    ontology = graphs.get(thing("graph", "ontology"), Graph())
    for said in (DCTERMS.description, DCTERMS.creator, DCTERMS.publisher, DCTERMS.issued):
        for value in ontology.objects(URIRef(ONTOLOGY), said):
            void.add((DATASET, said, value))
    studies = {s for graph in graphs.values() for s in graph.subjects(RDF.type, ML.Study)}
    if studies:
        void.add((DATASET, VOID.exampleResource, min(studies, key=str)))


def _add_totals(void: Graph, tally: Tally) -> None:
    ours = [s for s in tally.subjects if isinstance(s, URIRef) and s.startswith(URI_SPACE)]
    totals = {
        VOID.triples: tally.triples,
        VOID.entities: len(ours),
        VOID.distinctSubjects: len(tally.subjects),
        VOID.classes: len(tally.classes()),
        VOID.properties: len(tally.properties),
    }
    for said, number in totals.items():
        void.add((DATASET, said, Literal(number)))
    for term in {*tally.classes(), *tally.properties}:
        void.add((DATASET, VOID.vocabulary, URIRef(_namespace(term))))


def _namespace(term: Node) -> str:
    iri = str(term)
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _title(name: URIRef, graph: Graph) -> str:
    """What a named graph holds: the study, model or source it is about has a label."""
    kind, _, rest = str(name).removeprefix(str(thing("graph", ""))).partition("/")
    if not rest:
        return _TITLES.get(kind, kind)
    about = graph.value(thing(kind, rest), RDFS.label)
    return f"{kind}: {about or rest}"


def _add_partitions(void: Graph, tally: Tally) -> None:
    for predicate, number in tally.properties.items():
        _add_part(void, (predicate,), VOID.propertyPartition, VOID.property, (VOID.triples, number))
    for kind, number in tally.classes().items():
        _add_part(void, (kind,), VOID.classPartition, VOID["class"], (VOID.entities, number))
    for path, number in tally.of_class.items():
        _add_part(void, path, VOID.propertyPartition, VOID.property, (VOID.triples, number))
    for to, number in tally.to_class.items():
        _add_part(void, to, VOID.classPartition, VOID["class"], (VOID.triples, number))
    for to, number in tally.to_datatype.items():
        said = (VOID_EXT.datatypePartition, VOID_EXT.datatype)
        _add_part(void, to, *said, (VOID.triples, number))


def _add_part(
    void: Graph,
    path: tuple[Node, ...],
    partition: URIRef,
    names: URIRef,
    counted: tuple[URIRef, int],
) -> None:
    """The part at the end of `path` (class, property, class or datatype) below the one before."""
    whole = _part(path[:-1]) if path[1:] else DATASET
    part = _part(path)
    void.add((whole, partition, part))
    void.add((part, names, path[-1]))
    void.add((part, counted[0], Literal(counted[1])))


def _part(path: tuple[Node, ...]) -> Identifier:
    """An IRI: a blank node would be named anew in each build whose counts differ."""
    return thing(_PARTITION, *(_word(term) for term in path))


def _word(term: Node) -> str:
    """The local name of a term, with its vocabulary where that is not ours."""
    namespace, local = _namespace(term), str(term)[len(_namespace(term)) :]
    if namespace == f"{ONTOLOGY}/":
        return local
    return f"{namespace.rstrip('#/').rpartition('/')[2]}.{local}"
