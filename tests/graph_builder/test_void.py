"""What the dataset says of itself is what a query over it counts."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from rdflib import OWL, RDF, RDFS, VOID, Graph, Literal

from graph_builder.nquads import RDF_TYPE, triples_of
from graph_builder.tally import count, types_in
from graph_builder.vocabulary import ML, thing
from graph_builder.void import DATASET, VOID_GRAPH, Dataset, Subset, void_triples
from metalocal.commands.common import built_graph
from tests.whole_graphs import quads_of

ROOT = Path(__file__).parents[2]
PREFIXES = """
PREFIX ml: <https://w3id.org/metalocal/ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
DATASET_IRI = f"<{DATASET}>"


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(tuple(getattr(value, "value", "") for value in row) for row in found)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """The built graph."""
    found = ox.Store()
    found.bulk_load(path=built_graph(), format=ox.RdfFormat.N_QUADS)
    return found


def of_dataset(store: ox.Store, said: str) -> list[str]:
    return [row[0] for row in rows(store, f"SELECT ?o {{ {DATASET_IRI} {said} ?o }}")]


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("void:triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("void:distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("void:properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        ("void:classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
        (
            "void:entities",
            "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o ."
            " FILTER(STRSTARTS(STR(?s), 'https://w3id.org/metalocal/')) }",
        ),
    ],
)
def test_a_total_is_what_a_query_counts_the_description_itself_included(
    said: str, query: str, store: ox.Store
) -> None:
    assert of_dataset(store, said) == [rows(store, query)[0][0]]


def test_a_named_graph_is_a_subset_with_its_triples_and_a_label(store: ox.Store) -> None:
    told = rows(
        store,
        f"SELECT ?g ?n {{ {DATASET_IRI} void:subset ?g ."
        " ?g a void:Dataset ; rdfs:label ?label ; void:triples ?n }",
    )
    assert told == rows(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")


def test_a_class_has_its_instances_counted(store: ox.Store) -> None:
    told = rows(
        store,
        f"SELECT ?c ?n {{ {DATASET_IRI} void:classPartition ?p ."
        " ?p void:class ?c ; void:entities ?n }",
    )
    assert told == rows(store, "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c")


def test_a_property_has_its_triples_counted(store: ox.Store) -> None:
    told = rows(
        store,
        f"SELECT ?p ?n {{ {DATASET_IRI} void:propertyPartition ?x ."
        " ?x void:property ?p ; void:triples ?n }",
    )
    assert told == rows(store, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")


CLASS = (
    f"{DATASET_IRI} void:classPartition ?cp . ?cp void:class ?c ; void:propertyPartition ?pp ."
    " ?pp void:property ?p ."
)


def test_a_property_of_a_class_has_its_triples_counted(store: ox.Store) -> None:
    told = rows(store, f"SELECT ?c ?p ?n {{ {CLASS} ?pp void:triples ?n }}")
    counted = rows(
        store,
        "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c . FILTER(?c != owl:NamedIndividual) ?s ?p ?o }"
        " GROUP BY ?c ?p",
    )
    assert told == counted


def test_a_property_of_a_class_tells_the_classes_it_leads_to(store: ox.Store) -> None:
    told = rows(
        store,
        f"SELECT ?c ?p ?to ?n {{ {CLASS} ?pp void:classPartition ?tp ."
        " ?tp void:class ?to ; void:triples ?n }",
    )
    counted = rows(
        store,
        "SELECT ?c ?p ?to (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . ?o a ?to ."
        " FILTER(?c != owl:NamedIndividual && ?to != owl:NamedIndividual) } GROUP BY ?c ?p ?to",
    )
    assert told == counted


def test_a_property_of_a_class_tells_the_datatypes_of_its_values(store: ox.Store) -> None:
    told = rows(
        store,
        f"SELECT ?c ?p ?d ?n {{ {CLASS} ?pp void-ext:datatypePartition ?dp ."
        " ?dp void-ext:datatype ?d ; void:triples ?n }",
    )
    counted = rows(
        store,
        "SELECT ?c ?p ?d (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o ."
        " FILTER(?c != owl:NamedIndividual && ISLITERAL(?o)) BIND(DATATYPE(?o) AS ?d) }"
        " GROUP BY ?c ?p ?d",
    )
    assert told == counted


def test_an_editor_that_completes_by_class_finds_properties_kinds_and_labels(
    store: ox.Store,
) -> None:
    """The form in which the editor of the SIB asks: a graph and labels where there are such."""
    found = rows(
        store,
        """SELECT DISTINCT ?subjectClassLabel ?prop ?objectClass ?objectDatatype ?triples WHERE {
          {
            OPTIONAL { ?graph sd:graph ?graphDesc . ?graphDesc void:classPartition ?cp . }
            ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
            OPTIONAL { ?subjectClass rdfs:label ?subjectClassLabel }
            ?pp void:property ?prop .
            OPTIONAL { ?pp void:triples ?triples }
            OPTIONAL {
              { ?pp void:classPartition [ void:class ?objectClass ] . }
              UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] . }
            }
          } UNION {
            ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
              void:objectsTarget [ void:class ?objectClass ] .
          }
        }""",
    )
    studies = {row[1:4] for row in found if row[0] == "study"}
    string, ml = "http://www.w3.org/2001/XMLSchema#string", str(ML.Study).removesuffix("Study")
    assert (f"{ml}hasArm", f"{ml}Arm", "") in studies
    assert (f"{ml}nctNumber", "", string) in studies


def test_the_description_says_who_made_the_dataset_as_the_citation_file_does(
    store: ox.Store,
) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    (author,) = (person["name"] for person in citation["authors"])
    assert of_dataset(store, "dcterms:creator") == [author]
    assert of_dataset(store, "dcterms:publisher") == [author]
    assert of_dataset(store, "dcterms:issued") == [citation["date-released"]]
    assert of_dataset(store, "owl:versionInfo") == [citation["version"]]
    assert of_dataset(store, "dcterms:license") == ["https://creativecommons.org/licenses/by/4.0/"]


def test_every_namespace_of_a_class_or_property_is_a_vocabulary(store: ox.Store) -> None:
    terms = rows(store, "SELECT DISTINCT ?t { { ?s ?t ?o } UNION { ?s a ?t } }")
    vocabularies = of_dataset(store, "void:vocabulary")
    assert [term for (term,) in terms if not term.startswith(tuple(vocabularies))] == []


NAME = thing("graph", "study", "x")


def little() -> Graph:
    graph = Graph()
    study = thing("study", "x")
    graph.add((study, RDF.type, ML.Study))
    graph.add((study, RDF.type, OWL.NamedIndividual))
    graph.add((study, RDFS.label, Literal("EXAMPLE", lang="en")))
    return graph


def described(graph: Graph) -> Graph:
    triples = triples_of(graph)
    types = types_in(triples)
    subsets = (Subset(NAME, len(graph), "EXAMPLE"),)
    void = void_triples(Dataset("1", subsets, count(triples, types), types, Graph()))
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in void)
    return Graph().parse(data=lines, format="nt")


def test_a_graph_of_a_study_is_called_by_the_label_of_the_study() -> None:
    label = described(little()).value(NAME, RDFS.label)
    assert str(label) == "study: EXAMPLE"


def test_the_description_of_a_little_dataset_counts_itself_as_well() -> None:
    graph = little()
    void = described(graph)
    every = ox.Store()
    every.bulk_extend(quads_of({NAME: graph, VOID_GRAPH: void}))
    assert int(str(void.value(DATASET, VOID.triples))) == len(every)


def test_what_every_individual_is_is_counted_and_not_taken_apart() -> None:
    void = described(little())
    (part,) = void.subjects(VOID["class"], OWL.NamedIndividual)
    assert str(void.value(part, VOID.entities)) == "1"
    assert void.value(part, VOID.propertyPartition) is None


def test_what_leads_to_things_of_other_files_is_counted_once_their_classes_are_known() -> None:
    pools = [("<a:review>", RDF_TYPE, "<a:Study>"), ("<a:review>", "<a:pools>", "<a:trial>")]
    tally = count(pools, types_in(pools))
    assert not tally.to_class
    tally.settle({"<a:trial>": ["<a:Study>", "<a:Trial>"]})
    assert tally.to_class == {
        "<a:Study> <a:pools> <a:Study>": 1,
        "<a:Study> <a:pools> <a:Trial>": 1,
    }


def test_counts_of_parts_add_up_to_those_of_the_whole() -> None:
    one = [("<a:x>", RDF_TYPE, "<a:Arm>"), ("<a:x>", "<a:label>", '"x"@en')]
    two = [("<a:y>", RDF_TYPE, "<a:Arm>"), ("<a:y>", "<a:beside>", "<a:x>")]
    parts = count(one, types_in(one))
    parts.add(count(two, types_in(two)))
    whole = count([*one, *two], types_in([*one, *two]))
    types = types_in([*one, *two])
    parts.settle(types)
    whole.settle(types)
    assert parts == whole
