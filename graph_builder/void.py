"""Counts of what the named graphs hold to the VoID description of the dataset.

The description is a named graph too and counts itself: its numbers are those that a query over the
graph as served gives. To get there it is written, counted and written anew until nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, VOID, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Identifier, Node

from graph_builder.nquads import Triple, triples_of
from graph_builder.tally import SPACE, Tally, Types, count, types_in
from graph_builder.triples import gathering_graph
from graph_builder.vocabulary import ENDPOINT, ONTOLOGY, thing

VOID_GRAPH = thing("graph", "void")
DATASET = thing("dataset", "metalocal")
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
VOID_EXT = Namespace("http://ldf.fi/void-ext#")

_PARTITION = "partition"
_ROUNDS = 10
_TITLES = {
    "audit": "what is printed and does not fit",
    "clauses": "clauses of criteria, each once, whoever asks for it",
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


@dataclass(frozen=True)
class Subset:
    """A named graph: how many triples it holds, and the label of the thing it is about, if any."""

    name: URIRef
    triples: int
    about: str | None = None


@dataclass(frozen=True)
class Dataset:
    """What the description tells: named graphs, their counts, and what the ontology says of itself.

    `example`: a study to look at; `types`: of what the description points to.
    """

    version: str
    subsets: tuple[Subset, ...]
    tally: Tally
    types: Types
    ontology: Graph
    example: URIRef | None = None


def void_triples(dataset: Dataset) -> list[Triple]:
    """The description of the dataset that these named graphs and the description make up."""
    fixed = triples_of(_fixed(dataset))
    types = types_in(fixed)
    others = dataset.tally.copy()
    void: list[Triple] = []
    for _ in range(_ROUNDS):
        every = others.copy()
        every.add(count(void, {**dataset.types, **types, **types_in(void)}))
        fresh = {*fixed, *triples_of(_counted(every, len(void)))}
        if fresh == set(void):
            return void
        void = list(fresh)
    raise AssertionError(f"the description still changes after {_ROUNDS} rounds")


def _fixed(dataset: Dataset) -> Graph:
    """What stays the same while the description counts itself."""
    void = gathering_graph()
    _add_head(void, dataset)
    for subset in dataset.subsets:
        _add_subset(void, subset.name, subset.about)
        void.add((subset.name, VOID.triples, Literal(subset.triples)))
    _add_subset(void, VOID_GRAPH, None)
    return void


def _add_subset(void: Graph, name: URIRef, about: str | None) -> None:
    void.add((DATASET, VOID.subset, name))
    void.add((name, RDF.type, VOID.Dataset))
    void.add((name, RDFS.label, Literal(_title(name, about), lang="en")))


def _counted(tally: Tally, own: int) -> Graph:
    """Numbers of all graphs, and of the description itself."""
    void = gathering_graph()
    void.add((VOID_GRAPH, VOID.triples, Literal(own)))
    _add_totals(void, tally)
    _add_partitions(void, tally)
    return void


def _add_head(void: Graph, dataset: Dataset) -> None:
    """What the dataset is; who made it, when and what for is said of the ontology already."""
    void.add((DATASET, RDF.type, VOID.Dataset))
    void.add((DATASET, DCTERMS.title, Literal("metalocal evidence graph", lang="en")))
    void.add((DATASET, RDFS.label, Literal("metalocal evidence graph", lang="en")))
    void.add((DATASET, DCTERMS.license, LICENCE))
    void.add((DATASET, DCTERMS.identifier, Literal(dataset.version)))
    void.add((DATASET, OWL.versionInfo, Literal(dataset.version)))
    void.add((DATASET, VOID.uriSpace, Literal(SPACE)))
    void.add((DATASET, VOID.sparqlEndpoint, URIRef(ENDPOINT)))
    for said in (DCTERMS.description, DCTERMS.creator, DCTERMS.publisher, DCTERMS.issued):
        for value in dataset.ontology.objects(URIRef(ONTOLOGY), said):
            void.add((DATASET, said, value))
    if dataset.example:
        void.add((DATASET, VOID.exampleResource, dataset.example))


def _add_totals(void: Graph, tally: Tally) -> None:
    totals = {
        VOID.triples: tally.triples,
        VOID.entities: tally.entities,
        VOID.distinctSubjects: tally.subjects,
        VOID.classes: len(tally.classes),
        VOID.properties: len(tally.properties),
    }
    for said, number in totals.items():
        void.add((DATASET, said, Literal(number)))
    for (term,) in (*_paths(tally.classes), *_paths(tally.properties)):
        void.add((DATASET, VOID.vocabulary, URIRef(_namespace(term))))


def _paths(counted: Iterable[str]) -> list[tuple[URIRef, ...]]:
    """The terms of each key of a count."""
    return [tuple(URIRef(term[1:-1]) for term in key.split(" ")) for key in counted]


def _namespace(term: Node) -> str:
    iri = str(term)
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _title(name: URIRef, about: str | None) -> str:
    """What a named graph holds: the study, model or source it is about has a label."""
    kind, _, rest = str(name).removeprefix(str(thing("graph", ""))).partition("/")
    if not rest:
        return _TITLES.get(kind, kind)
    return f"{kind}: {about or rest}"


def _add_partitions(void: Graph, tally: Tally) -> None:
    of_property = (VOID.propertyPartition, VOID.property, VOID.triples)
    of_class = (VOID.classPartition, VOID["class"], VOID.triples)
    of_datatype = (VOID_EXT.datatypePartition, VOID_EXT.datatype, VOID.triples)
    for counted, names in (
        (tally.properties, of_property),
        (tally.classes, (VOID.classPartition, VOID["class"], VOID.entities)),
        (tally.of_class, of_property),
        (tally.to_class, of_class),
        (tally.to_datatype, of_datatype),
    ):
        for path, number in zip(_paths(counted), counted.values(), strict=True):
            _add_part(void, path, names, number)


def _add_part(
    void: Graph, path: tuple[Node, ...], names: tuple[URIRef, URIRef, URIRef], number: int
) -> None:
    """The part at the end of `path` (class, property, class or datatype) below the one before."""
    partition, named, counted = names
    whole = _part(path[:-1]) if path[1:] else DATASET
    part = _part(path)
    void.add((whole, partition, part))
    void.add((part, named, path[-1]))
    void.add((part, counted, Literal(number)))


def _part(path: tuple[Node, ...]) -> Identifier:
    """An IRI: a blank node would be named anew in each build whose counts differ."""
    return thing(_PARTITION, *(_word(term) for term in path))


def _word(term: Node) -> str:
    """The local name of a term, with its vocabulary where that is not ours."""
    namespace, local = _namespace(term), str(term)[len(_namespace(term)) :]
    if namespace == f"{ONTOLOGY}/":
        return local
    return f"{namespace.rstrip('#/').rpartition('/')[2]}.{local}"
