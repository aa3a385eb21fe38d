"""Rows kept beside a graph: the same as asked ones, and never those of another graph or query."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import metalocal.kept
from metalocal.answers import Library
from metalocal.attributes import attributes_of
from metalocal.catalogue import catalogue
from metalocal.graph import GraphError, LocalGraph, Table
from metalocal.graph.kept import NAME, NOTHING, kept_beside, kept_for, sha256_of, write_kept
from metalocal.kept import keep_beside, keep_rows, rows_of
from metalocal.locations import locations

QUERIES = locations().queries
STUDIES = "PREFIX ex: <https://example.org/> SELECT ?study ?note WHERE { ?study a ex:Study "
EDITED = STUDIES + "OPTIONAL { ?study ex:note ?note } } ORDER BY DESC(?study)\n"
ASKED = "#+ summary: Studies\n#+ description: All of them\n" + STUDIES
TEXT = ASKED + "OPTIONAL { ?study ex:note ?note } } ORDER BY ?study\n"
IS_A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
QUADS = f"""\
<https://example.org/a> {IS_A} <https://example.org/Study> <https://example.org/g> .
<https://example.org/b> {IS_A} <https://example.org/Study> <https://example.org/g> .
<https://example.org/b> <https://example.org/note> "≤ 3\\u2028\\nlesions" <https://example.org/g> .
"""
ROWS = [
    {"study": "https://example.org/a"},
    {"study": "https://example.org/b", "note": "≤ 3\u2028\nlesions"},
]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A graph file of two studies, with the rows of one query kept beside it."""
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "studies.rq").write_text(TEXT, "utf-8")
    (tmp_path / "graph.nq").write_text(QUADS, "utf-8")
    keep_beside(tmp_path / "graph.nq", tmp_path / "queries")
    assert (tmp_path / NAME).is_file()
    return tmp_path / "graph.nq"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that a graph in this process is asked from here on."""
    queries: list[str] = []
    select = LocalGraph.select

    def listening(graph: LocalGraph, query: str) -> Table:
        queries.append(query)
        return select(graph, query)

    monkeypatch.setattr(LocalGraph, "select", listening)
    return queries


def is_loaded(graph: LocalGraph) -> bool:
    return "store" in vars(graph)


def studies_of(file: Path) -> tuple[LocalGraph, list[dict[str, str]]]:
    graph = LocalGraph(file)
    return graph, rows_of(graph, file.parent / "queries", "studies")


def test_kept_rows_are_those_the_graph_gives_in_content_and_order(graph_file: Path) -> None:
    keep_rows(LocalGraph(graph_file), QUERIES)
    kept, graph = kept_beside(graph_file), LocalGraph(graph_file)
    named = {name: query for name, query in catalogue(QUERIES).items() if not query.parameters}
    assert len(named) > 30
    for name, query in named.items():
        rows = kept.rows(sha256_of(QUERIES / f"{name}.rq"))
        assert rows is not None, name
        assert rows == graph.select(query.text).texts(), name


def test_a_query_that_takes_a_profile_is_not_kept(graph_file: Path) -> None:
    keep_rows(LocalGraph(graph_file), QUERIES)
    kept = kept_beside(graph_file)
    for name, query in catalogue(QUERIES).items():
        assert (kept.rows(sha256_of(QUERIES / f"{name}.rq")) is None) == bool(query.parameters)


def test_what_no_profile_changes_is_read_without_loading_the_graph(
    graph_file: Path, asked: list[str]
) -> None:
    keep_rows(LocalGraph(graph_file), QUERIES)
    asked.clear()
    graph = LocalGraph(graph_file)
    library = Library(graph, QUERIES)
    assert library.populations
    assert library.evidence
    assert library.findings
    assert attributes_of(graph, QUERIES)
    assert asked == []
    assert not is_loaded(graph)


def test_an_unbound_cell_stays_unbound_and_a_text_keeps_its_line_ends(
    built: Path, asked: list[str]
) -> None:
    assert studies_of(built)[1] == ROWS
    assert asked == []


def test_an_edited_query_is_asked_anew(built: Path, asked: list[str]) -> None:
    (built.parent / "queries" / "studies.rq").write_text(ASKED.partition(STUDIES)[0] + EDITED)
    graph, rows = studies_of(built)
    assert rows == ROWS[::-1]
    assert asked == [EDITED]
    assert is_loaded(graph)


def test_rows_of_another_graph_are_not_taken(built: Path, asked: list[str]) -> None:
    built.write_text(QUADS.splitlines(keepends=True)[0], "utf-8")
    graph, rows = studies_of(built)
    assert rows == ROWS[:1]
    assert len(asked) == 1
    assert graph.kept is NOTHING


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9])


def _without_its_last_query(file: Path) -> None:
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])


def _with_another_text(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"example.org/a", b"example.org/c"))


def _of_a_later_form(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"form": 1', b'"form": 2'))


@pytest.mark.parametrize(
    "spoil",
    [
        _cut,
        _without_its_last_query,
        _with_another_text,
        _of_a_later_form,
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"\xff\xfe{}\n"),
        lambda file: file.write_bytes(b"[1]\n"),
        lambda file: file.write_bytes(b"{}\n"),
        Path.unlink,
    ],
)
def test_a_file_that_is_not_whole_is_as_none(
    spoil: Callable[[Path], None], built: Path, asked: list[str]
) -> None:
    spoil(built.parent / NAME)
    assert studies_of(built)[1] == ROWS
    assert len(asked) == 1


def test_a_folder_that_cannot_be_written_to_changes_nothing_but_the_pace(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built.parent / NAME).unlink()

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(metalocal.kept, "write_kept", refuse)
    graph = LocalGraph(built)
    keep_rows(graph, built.parent / "queries")
    assert rows_of(graph, built.parent / "queries", "studies") == ROWS
    assert not (built.parent / NAME).exists()


def test_nothing_is_kept_of_a_graph_that_changed_while_it_was_asked(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built.parent / NAME).unlink()
    graph = LocalGraph(built)
    select = LocalGraph.select

    def changing(graph: LocalGraph, query: str) -> Table:
        built.write_text(QUADS.splitlines(keepends=True)[0], "utf-8")
        return select(graph, query)

    monkeypatch.setattr(LocalGraph, "select", changing)
    keep_rows(graph, built.parent / "queries")
    assert not (built.parent / NAME).exists()


def test_of_a_large_graph_nothing_is_kept(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (built.parent / NAME).unlink()
    monkeypatch.setattr(metalocal.kept, "LARGEST_BYTES", built.stat().st_size - 1)
    keep_beside(built, built.parent / "queries")
    assert not (built.parent / NAME).exists()


def test_rows_are_asked_again_only_for_the_query_that_changed(
    built: Path, asked: list[str]
) -> None:
    shutil.copy(built.parent / "queries" / "studies.rq", built.parent / "queries" / "more.rq")
    (built.parent / "queries" / "studies.rq").write_text(ASKED.partition(STUDIES)[0] + EDITED)
    graph = LocalGraph(built)
    keep_rows(graph, built.parent / "queries")
    assert asked == [EDITED]  # more.rq has the bytes that studies.rq had
    asked.clear()
    assert studies_of(built)[1] == ROWS[::-1]
    assert asked == []


def test_a_query_that_cannot_be_read_stops_nobody_who_asks_another(
    built: Path, asked: list[str]
) -> None:
    (built.parent / "queries" / "broken.rq").write_text("SELECT")
    graph = LocalGraph(built)
    keep_rows(graph, built.parent / "queries")
    assert rows_of(graph, built.parent / "queries", "studies") == ROWS
    assert asked == []


def test_a_graph_that_cannot_be_read_is_told_when_it_is_opened(built: Path) -> None:
    built.write_text("this is no graph\n")
    with pytest.raises(GraphError, match=r"the built graph cannot be read .*build it anew"):
        LocalGraph(built)
    built.unlink()
    with pytest.raises(GraphError, match=r"graph.nq: the built graph cannot be read"):
        LocalGraph(built)


def test_a_graph_replaced_after_it_was_opened_is_not_mixed_with_rows_of_the_old_one(
    built: Path,
) -> None:
    graph = LocalGraph(built)
    built.write_text(QUADS.splitlines(keepends=True)[0], "utf-8")
    with pytest.raises(GraphError, match="built anew since it was opened"):
        graph.select(EDITED)


def test_rows_are_kept_for_the_graph_of_one_sha256(built: Path) -> None:
    assert kept_for(built, sha256_of(built)).graph == sha256_of(built)
    assert kept_for(built, "0" * 64) is NOTHING


def test_the_file_is_plain_json_by_lines(built: Path) -> None:
    head, line = (built.parent / NAME).read_text("ascii").splitlines()
    assert json.loads(head)["graph"] == sha256_of(built)
    assert line[:64] == sha256_of(built.parent / "queries" / "studies.rq")
    held = json.loads(line[64:])
    assert held["columns"] == ["study", "note"]
    cells = [[held["texts"][number] for number in column] for column in held["cells"]]
    assert cells == [[row["study"] for row in ROWS], [row.get("note") for row in ROWS]]


def test_no_rows_are_kept_as_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    file.write_text(QUADS, "utf-8")
    write_kept(file, sha256_of(file), "", {"0" * 64: [], "1" * 64: [{}, {}]})
    kept = kept_beside(file)
    assert kept.rows("0" * 64) == []
    assert kept.rows("1" * 64) == [{}, {}]
    assert kept.rows("2" * 64) is None
