"""Lines written here are those that Oxigraph writes; the graph that is written is rdflib's."""

from __future__ import annotations

import re

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDFS, XSD

from graph_builder.nquads import canonical_lines, lines_of, merged, triple_of, triples_of
from graph_builder.triples import gathering_graph

THING, NAME = URIRef("https://example.org/thing"), "https://example.org/graph"


def written_by_oxigraph(lines: list[str]) -> list[str]:
    quads = ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return [f"{line}\n" for line in data.decode().split("\n") if line]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_text_of_any_characters_is_written_as_oxigraph_writes_it(text: str) -> None:
    graph = Graph()
    for literal in (Literal(text), Literal(text, lang="en"), Literal(text, datatype=XSD.anyURI)):
        graph.add((THING, RDFS.label, literal))
    lines = lines_of(triples_of(graph), NAME)
    assert written_by_oxigraph(lines) == lines
    assert [triple_of(line[:-1]) for line in lines] == triples_of(graph)


def test_numbers_keep_their_text_and_datatype() -> None:
    graph = Graph()
    for number in (7, True, Literal("0.70", datatype=XSD.decimal)):
        graph.add((THING, RDFS.comment, Literal(number)))
    objects = sorted(value for _, _, value in triples_of(graph))
    assert objects == [
        f'"0.70"^^<{XSD.decimal}>',
        f'"7"^^<{XSD.integer}>',
        f'"true"^^<{XSD.boolean}>',
    ]


BLANK = ['_:a <urn:p> "1, _:c <urn:g>" <urn:g> .\n', "_:b <urn:q> _:a <urn:g> .\n"]


def test_blank_nodes_are_named_by_a_prefix_and_by_what_is_said_of_them() -> None:
    found = canonical_lines(BLANK, "trial-")
    told, other = sorted(found, key=lambda line: "urn:q" in line)
    name = told.split()[0]
    assert re.fullmatch(r"_:trial-c14n\d", name)
    assert told == f'{name} <urn:p> "1, _:c <urn:g>" <urn:g> .\n'
    assert re.fullmatch(rf"_:trial-c14n\d <urn:q> {name} <urn:g> \.\n", other)
    renamed = [line.replace("_:a ", "_:x ").replace("_:b ", "_:a ") for line in BLANK]
    assert renamed != BLANK
    assert canonical_lines(reversed(renamed), "trial-") == found


def test_blank_nodes_are_named_alike_whatever_quads_stand_beside_them() -> None:
    beside = "<urn:s> <urn:p> <urn:o> <urn:g> .\n"
    assert canonical_lines([*BLANK, beside]) == sorted([*canonical_lines(BLANK), beside])


@given(
    st.lists(st.lists(st.text("abc", min_size=1, max_size=3), min_size=1)), st.sets(st.text("abc"))
)
def test_parts_that_overlap_are_merged_in_order(parts: list[list[str]], whole: set[str]) -> None:
    sets = sorted(sorted({*part} - whole) for part in parts)
    lines = [[f"{word}\n".encode() for word in part] for part in sets if part]
    common = sorted(f"{word}\n".encode() for word in whole)
    found = b"".join(merged(common, lines))
    assert found == b"".join(sorted([*common, *(line for part in lines for line in part)]))


def test_a_gathered_graph_answers_as_any_other_graph() -> None:
    gathered, plain = gathering_graph(), Graph()
    for graph in (gathered, plain):
        graph.add((THING, RDFS.label, Literal("a")))
        graph.add((THING, RDFS.label, Literal("a")))
        graph.add((THING, RDFS.seeAlso, BNode("b")))
    assert len(gathered) == len(plain) == 2
    assert set(gathered) == set(plain)
    assert gathered.value(THING, RDFS.label) == Literal("a")
    gathered.remove((THING, RDFS.label, None))
    gathered.add((THING, RDFS.comment, Literal("c")))
    assert {predicate for _, predicate, _ in gathered} == {RDFS.seeAlso, RDFS.comment}
    assert (THING, RDFS.comment, None) in gathered
    assert len(gathered) == 2
