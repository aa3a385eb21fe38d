from __future__ import annotations

import pytest

from metalocal.endpoint.guard import inspect_query, refuse_unknown_graphs
from metalocal.endpoint.refusal import RefusedError

PREFIXES = "PREFIX ex: <http://example.org/> PREFIX service: <http://example.org/s#> PREFIX : <u:> "


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ex:service ?service }",
        "SELECT * { ?s service:of ?load . ?s :load ex:load }",
        "SELECT * { ?s ?p 'SERVICE <http://example.org/> { }' }",
        "SELECT * { ?s ?p 'it\\'s a SERVICE' } # no SERVICE <http://example.org/> { ?s ?p ?o }",
        'SELECT * { ?s ?p """a "LOAD" of SERVICE""" }',
        "SELECT * { ?s a <http://www.w3.org/ns/sparql-service-description#Service> }",
        "SELECT * { ?s ?p ?o FILTER(?o = <http://example.org/x#service>) } # the service",
        r"SELECT * { ?s ?p 'caf\u00E9' . ?s ?q <http://example.org/caf\u00E9> }",
        "SELECT * { ?s ?p ?o FILTER(?o<5 && ?o>2) } # C:\\users",
        r"SELECT * { ?s ?p ?o } # an escape in a comment, \u0078",
    ],
)
def test_the_word_passes_where_it_is_no_keyword(query: str) -> None:
    assert not inspect_query(PREFIXES + query).has_dataset


def test_an_iri_behind_another_passes_in_a_query_that_calls_nothing() -> None:
    inspect_query("SELECT * { VALUES (?a ?b) { (<http://a.org/#1> <http://a.org/#2>) } }")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://example.org/>{ ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE<http://example.org/>{ ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE<http://example.org/>{ ?s ?p ?o } }",
        "SELECT * { ?s ?p true.SERVICE#\n<http://example.org/>{ ?s ?p ?o } }",
        "SELECT * { service:x { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o #\rSERVICE <http://example.org/> { ?s ?p ?o }\n}",
        "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE#>\n<http://example.org/>{ ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c FILTER(?a<'>')SERVICE<http://a.org/>{ ?s ?p ?o } FILTER(?b='x') }",
        "SELECT * { <<?s?p'>'>> ?b ?c SERVICE<http://a.org/>{ ?s ?p ?o } FILTER(?b='x') }",
        "SELECT * { ?a ?b ?c FILTER(?a<?b#>'''\n)SERVICE<http://a.org/>{ ?s ?p ?o } #'''\n }",
    ],
)
def test_a_service_clause_is_refused_in_every_spelling(query: str) -> None:
    with pytest.raises(RefusedError, match="SERVICE") as refused:
        inspect_query(PREFIXES + query)
    assert refused.value.status == 403


def test_a_service_glued_to_its_name_is_found_inside_the_prefix() -> None:
    with pytest.raises(RefusedError, match="SERVICE at line 1, column 42 is refused"):
        inspect_query("PREFIX ex: <http://example.org/> SELECT*{SERVICEex:x{ ?s ?p ?o } }")


def test_the_refusal_of_a_service_clause_gives_its_place() -> None:
    with pytest.raises(RefusedError, match="SERVICE at line 3, column 3 is refused"):
        inspect_query("SELECT *\n{\n  SERVICE <http://example.org/> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    ("query", "escape"),
    [
        (r"SELECT * { \u0053ERVICE <http://example.org/> { } }", r"\u0053"),
        (r"SELECT * { S\U00000045RVICE <http://example.org/> { } }", r"\U00000045"),
        (r"SELECT * { ?s ?p 'x\u0027 SERVICE' }", r"\u0027"),
        (r"SELECT * { ?s ?p 'x\\u0027 SERVICE' }", r"\u0027"),
        (r"SELECT * { ?s ?p 'x\u005C' }", r"\u005C"),
        (r"SELECT * { ?s ?p 'x\u000A' }", r"\u000A"),
        (r"SELECT * { ?s ?p <http://example.org/\u003E> }", r"\u003E"),
        (r"SELECT * { ?s ?p <http://example.org/\u0020> }", r"\u0020"),
        ("SELECT * { ?s ?p ?o } # \\u000A", r"\u000A"),
        ("SELECT * { ?s ?p ?o } # \\u0078 \\U0000000D", r"\U0000000D"),
        ("SELECT * { ?s ?p ?o } # \\u005Cu000A", r"\u005C"),
    ],
)
def test_an_escape_that_could_move_a_boundary_is_refused(query: str, escape: str) -> None:
    with pytest.raises(RefusedError) as refused:
        inspect_query(query)
    assert refused.value.status == 400
    assert f"The escape {escape} in the" in refused.value.text


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://a.org/> <http://a.org/> 1 }",
        "PREFIX ex: <http://example.org/>\ndelete where { ?s ?p ?o }",
        "# harmless\nLOAD <http://example.org/>",
        "BASE <http://example.org/> CLEAR ALL",
        "WITH <http://a.org/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_told_that_the_endpoint_is_read_only(update: str) -> None:
    with pytest.raises(RefusedError, match="This endpoint is read-only") as refused:
        inspect_query(update)
    assert refused.value.status == 403


def test_load_is_refused_in_the_middle_of_a_query_too() -> None:
    with pytest.raises(RefusedError, match="LOAD at line 1, column 12 is refused"):
        inspect_query("SELECT * { load <http://example.org/> }")


def test_an_undeclared_prefix_is_named_with_its_place() -> None:
    with pytest.raises(RefusedError, match="'ev:' at line 2, column 6 is not declared"):
        inspect_query("ASK {\n  ?s ev:outcome ?o }")


def test_an_address_without_its_brackets_is_told_to_wear_them() -> None:
    with pytest.raises(RefusedError, match="write a whole address between < and >"):
        inspect_query("ASK { ?s ?p http://example.org/a }")


def test_brackets_nested_past_the_stack_of_the_engine_are_refused() -> None:
    with pytest.raises(RefusedError, match="nested more than 200 deep"):
        inspect_query("ASK " + "{" * 300 + "}" * 300)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://example.org/g> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://example.org/g> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROMNAMED<http://example.org/g> { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX ex: <http://example.org/> SELECT * FROM ex:g { ?s ?p ?o }",
        "BASE <http://example.org/x> SELECT * from <g> { ?s ?p ?o }",
        r"SELECT * FROM <http://example.org/\u0067> { ?s ?p ?o }",
    ],
)
def test_the_graphs_of_from_are_found_in_every_spelling(query: str) -> None:
    found = inspect_query(query)
    assert [graph for graph, _ in found.named_by_from] == ["http://example.org/g"]
    refuse_unknown_graphs(query, found, frozenset({"http://example.org/g"}))


def test_a_graph_that_is_not_in_the_store_is_named_with_its_place() -> None:
    query = "SELECT *\nFROM <http://example.org/other> { ?s ?p ?o }"
    with pytest.raises(RefusedError) as refused:
        refuse_unknown_graphs(query, inspect_query(query), frozenset())
    assert refused.value.status == 400
    assert refused.value.text.startswith(
        "The graph <http://example.org/other> (FROM at line 2, column 1) is not in this store, "
        "and nothing is fetched"
    )


@pytest.mark.parametrize(
    ("base", "written", "meant"),
    [
        ("http://example.org/a/b?c#d", "../g", "http://example.org/g"),
        ("http://example.org/a/b", "", "http://example.org/a/b"),
        ("http://example.org/a/b", "?q", "http://example.org/a/b?q"),
        ("urn:example:a", "#g", "urn:example:a#g"),
        ("ex://host/a", "g", "ex://host/g"),
        ("http://example.org/", "http://[broken", "http://[broken"),
        ("http://[broken", "g", "g"),
    ],
)
def test_a_graph_is_resolved_against_the_base(base: str, written: str, meant: str) -> None:
    found = inspect_query(f"BASE <{base}> SELECT * FROM <{written}> {{ ?s ?p ?o }}")
    assert [graph for graph, _ in found.named_by_from] == [meant]


def test_a_prefix_with_an_impossible_address_is_left_to_the_engine() -> None:
    inspect_query("PREFIX ex: <http://[.org/> SELECT * { ?s ex:p ?o }")
