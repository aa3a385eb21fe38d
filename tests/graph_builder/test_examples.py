"""Example queries become sh:SPARQLExecutable; a file that is none is told with place and mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SDO, SH, Graph, Literal

from graph_builder.examples import SPEX, example_graph, read_examples
from graph_builder.headers import TAGS, header_of, query_header
from graph_builder.inputs import Inputs
from graph_builder.problems import ProblemsFoundError
from graph_builder.vocabulary import thing

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "queries" / "examples"
HEAD = "#+ summary: Is there anything?\n#+ description: The simplest one.\n#+ tags: [studies]\n"
PREFIX = "PREFIX ml: <https://w3id.org/metalocal/ontology/>\n"


def folder_of(tmp_path: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (tmp_path / f"{name.replace('_', '-').lstrip('n')}.rq").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def graph() -> Graph:
    return example_graph(read_examples(FOLDER))


@pytest.mark.parametrize(
    ("query", "kind", "holds"),
    [
        ("ASK { ?s ?p ?o }", SH.SPARQLAskExecutable, SH.ask),
        ("SELECT * { ?s ?p ?o }", SH.SPARQLSelectExecutable, SH.select),
        ("CONSTRUCT WHERE { ?s ?p ?o }", SH.SPARQLConstructExecutable, SH.construct),
        ("DESCRIBE ml:Study", SPEX.SPARQLDescribeExecutable, SPEX.describe),
    ],
)
def test_a_query_is_held_whole_by_the_property_of_its_form(
    query: str, kind: object, holds: object, tmp_path: Path
) -> None:
    text = f"{PREFIX}# a word on it: SELECT\n{query}\n"
    graph = example_graph(read_examples(folder_of(tmp_path, n001_x=HEAD + text)))
    node = thing("example", "001-x")
    assert set(graph.objects(node, RDF.type)) == {SH.SPARQLExecutable, kind}
    assert graph.value(node, holds) == Literal(text)
    assert graph.value(node, RDFS.comment) == Literal("Is there anything?", lang="en")
    assert set(graph.objects(node, SDO.keywords)) == {Literal("studies")}


def test_the_prefixes_of_all_examples_are_declared_for_each(graph: Graph) -> None:
    declared = {
        str(prefix): str(namespace)
        for node in graph.objects(thing("prefixes"), SH.declare)
        for prefix in graph.objects(node, SH.prefix)
        for namespace in graph.objects(node, SH.namespace)
    }
    assert declared["ml"] == "https://w3id.org/metalocal/ontology/"
    for example in read_examples(FOLDER):
        assert example.prefixes().items() <= declared.items()
        assert graph.value(thing("example", example.name), SH.prefixes) == thing("prefixes")


def test_a_client_that_asks_for_examples_gets_a_question_and_a_text_for_each_file(
    graph: Graph,
) -> None:
    """The query of the editor and the chat of the SIB."""
    found = graph.query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
        SELECT DISTINCT ?sq ?comment ?query WHERE {
          ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
            sh:select|sh:ask|sh:construct|spex:describe ?query .
        } ORDER BY ?sq"""
    )
    names = [str(row[0]).rpartition("/")[2] for row in found]
    assert names == [path.stem for path in sorted(FOLDER.glob("*.rq"))]


def test_examples_are_at_least_25_and_numbered_without_a_gap() -> None:
    numbers = [int(example.name[:3]) for example in read_examples(FOLDER)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 25


def test_an_example_asks_a_question_in_a_sentence_and_orders_its_rows() -> None:
    for example in read_examples(FOLDER):
        assert example.question.endswith("?"), example.name
        assert example.tags, example.name
        assert ("ORDER BY" in example.text) == (example.form == "SELECT"), example.name


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"x": HEAD + "ASK {}"}, r"x\.rq:1:1: error: the name is not three digits and words"),
        ({"n001_x": "ASK {}"}, r"001-x\.rq:1:1: error: there is no header"),
        ({"n001_x": HEAD + PREFIX}, "the query begins with nothing"),
        ({"n001_x": HEAD + "INSERT DATA {}"}, "the query begins with INSERT"),
        (
            {"n001_x": HEAD + PREFIX + "ASK {}", "n002_y": HEAD + "PREFIX ml: <urn:x>\nASK {}"},
            r"002-y\.rq:1:1: error: prefix ml stands for urn:x, elsewhere for https://w3id",
        ),
    ],
)
def test_a_file_that_is_no_example_is_told(
    texts: dict[str, str], told: str, tmp_path: Path
) -> None:
    with pytest.raises(ProblemsFoundError, match=told):
        read_examples(folder_of(tmp_path, **texts))


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (HEAD + "#+ titel: x\n", r"q\.rq:4:4: error: key titel is not known in a header"),
        ("#+ summary: x\n", r"q\.rq:1:1: error: key description is missing"),
        (HEAD + "#+ method: POST\n", r"q\.rq:4:4: error: method does not have its form.*\n.*GET"),
        (HEAD + "#+ endpoint_in_url: True\n", "endpoint_in_url does not have its form"),
        (HEAD.replace("[studies]", "[study]"), r"q\.rq:3:4: error: tags .*\n.*words of: audit,"),
        (HEAD.replace("[studies]", "[{a: b}]"), "tags does not have its form"),
        (HEAD + "#+ parameters: {x: {columns: {x: word}, description: y}}\n", "parameters does"),
        (HEAD + "#+ parameters: {x: {columns: {x: iri}}}\n", "parameters does not have its form"),
        (HEAD + "#+ parameters: {x: {default: y}}\n", "parameters does not have its form"),
        (HEAD + "#+ summary: again\n", r"q\.rq:4:4: error: key summary stands twice"),
        ("#+ - a list\n", "the header is no mapping"),
        ("#+ a: b: c\n", r"q\.rq:1:\d+: error: this is not YAML"),
    ],
)
def test_what_is_wrong_in_a_header_is_told_with_its_line_and_how_to_mend_it(
    header: str, told: str
) -> None:
    with pytest.raises(ProblemsFoundError, match=told) as raised:
        query_header(header + "ASK {}\n", "q.rq")
    assert "mend: " in str(raised.value)


def test_all_that_is_wrong_in_a_header_is_told_at_once() -> None:
    with pytest.raises(ProblemsFoundError) as raised:
        query_header("#+ sumary: x\n#+ method: PUT\nASK {}\n", "q.rq")
    assert len(raised.value.problems) == 4


def test_a_place_in_a_header_below_a_comment_is_the_place_in_the_file() -> None:
    with pytest.raises(ProblemsFoundError, match=r"q\.rq:3:4: error: key nonsense"):
        query_header("# a comment first\n#+ summary: x\n#+ nonsense: y\nASK {}\n", "q.rq")


def test_the_query_is_what_the_header_leaves() -> None:
    assert header_of(f"{HEAD}ASK {{}}\n# end\n", "q.rq").body == "ASK {}\n# end\n"


def test_every_tag_is_used_by_some_query() -> None:
    paths = (ROOT / "queries").rglob("*.rq")
    headers = [query_header(path.read_text("utf-8"), path.name) for path in paths]
    assert {tag for header in headers for tag in header.fields["tags"]} == set(TAGS)


def test_a_changed_example_changes_the_fingerprint(
    ontology: Path, studies: Path, tmp_path: Path
) -> None:
    inputs = Inputs(ontology, studies, folder_of(tmp_path, n001_x=HEAD + "ASK {}"))
    before = inputs.fingerprint()
    folder_of(tmp_path, n001_x=HEAD + "ASK { ?s ?p ?o }")
    assert inputs.fingerprint() != before
    assert before != Inputs(ontology, studies).fingerprint()
