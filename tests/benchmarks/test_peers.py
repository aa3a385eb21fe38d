"""Engines beside each other: what counts as the same answer, the floor, and the tables."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import peers  # noqa: E402  (its folder is no package)
import peers_worker  # noqa: E402
import synthetic_studies  # noqa: E402
from peers_answers import Comparison, fault  # noqa: E402
from peers_engines import ENGINES  # noqa: E402
from peers_floor import Columns, columns_of, rows_of_groups  # noqa: E402
from peers_questions import NAMES, PARTS, Material, Question, material_of, questions  # noqa: E402
from peers_table import Cell, Loaded  # noqa: E402
from synthetic_graph import Compiler  # noqa: E402
from synthetic_profiles import ProfileSource, known_profiles, profiles  # noqa: E402

from metalocal.answers.library import Library  # noqa: E402
from metalocal.answers.rows import verdicts_of  # noqa: E402
from metalocal.catalogue import ML  # noqa: E402
from metalocal.graph import LocalGraph, Table, Term  # noqa: E402
from metalocal.profiles import Profile, profile_of  # noqa: E402

QUERIES = ROOT / "queries"
STUDIES = 20
ORDERED = "SELECT ?group ?number WHERE { } ORDER BY ?group"
PLAIN = Comparison(plain=True)
RECORDS = Comparison(plain=True, some_columns=True)
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


@pytest.fixture(scope="module")
def compiler() -> Compiler:
    return Compiler(synthetic_studies.reality(ROOT), 7)


@pytest.fixture(scope="module")
def graph_file(compiler: Compiler, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("peers") / "graph.nq"
    file.write_bytes(compiler.base_text(STUDIES) + compiler.chunk_text(0, STUDIES))
    return file


@pytest.fixture(scope="module")
def library(graph_file: Path) -> Library:
    return Library(LocalGraph(graph_file), QUERIES)


@pytest.fixture(scope="module")
def columns(library: Library) -> Columns:
    return columns_of(rows_of_groups(library), library.attributes)


@pytest.fixture(scope="module")
def material(library: Library) -> Material:
    return material_of(library.graph, QUERIES, ROOT / "data" / "profiles")


# the same answer


def row(group: str, number: int, kind: str = INTEGER) -> dict[str, Term]:
    return {"group": Term("iri", group), "number": Term("literal", str(number), kind)}


def table(*rows: dict[str, Term]) -> Table:
    return Table(("group", "number"), rows)


RIGHT = table(row("a", 1), row("b", 2), row("b", 3))


def test_an_answer_with_a_wrong_row_is_wrong_in_that_row() -> None:
    assert fault(RIGHT, table(row("a", 1), row("b", 2), row("b", 4)), ORDERED) == "1 of 3 rows"


def test_an_answer_without_a_row_or_with_one_twice_is_wrong() -> None:
    assert fault(RIGHT, table(*RIGHT.rows[:1]), ORDERED) == "2 of 3 rows"
    assert fault(RIGHT, table(*RIGHT.rows, row("a", 1)), ORDERED) == "1 of 3 rows"


def test_rows_that_order_by_does_not_tell_apart_may_change_places() -> None:
    assert fault(RIGHT, table(row("a", 1), row("b", 3), row("b", 2)), ORDERED) == ""


def test_rows_in_another_order_than_order_by_says_are_wrong() -> None:
    other = table(row("b", 2), row("b", 3), row("a", 1))
    assert fault(RIGHT, other, ORDERED) == "order, row 1"
    assert fault(RIGHT, other, "SELECT ?group ?number WHERE { }") == ""


def test_equal_numbers_are_equal_however_they_are_written() -> None:
    decimal = "http://www.w3.org/2001/XMLSchema#decimal"
    given = {"group": Term("iri", "a"), "number": Term("literal", "1.0", decimal)}
    assert fault(table(row("a", 1)), table(given), ORDERED) == ""


def test_a_value_of_another_datatype_is_wrong_but_where_an_engine_gives_none() -> None:
    words = Table(("word",), ({"word": Term("literal", "brain", "", "en")},))
    bare = Table(("word",), ({"word": Term("literal", "brain")},))
    assert fault(words, bare, "SELECT") == "1 of 1 rows"
    assert fault(words, bare, "SELECT", PLAIN) == ""


def test_a_missing_column_is_wrong_but_where_records_have_fewer() -> None:
    groups = Table(("group",), tuple({"group": one["group"]} for one in RIGHT.rows))
    assert fault(RIGHT, groups, ORDERED, PLAIN) == "3 of 3 rows"
    assert fault(RIGHT, groups, ORDERED, RECORDS) == ""
    fewer = Table(("group",), groups.rows[:2])
    assert fault(RIGHT, fewer, ORDERED, RECORDS) == "1 of 3 rows"


def test_the_first_wrong_table_of_an_answer_makes_it_wrong() -> None:
    question = Question("two", (ORDERED, ORDERED))
    wrong = peers.wrong_in([RIGHT, RIGHT], [RIGHT, table()], question, PLAIN)
    assert wrong == "3 of 3 rows"


# the floor


def test_the_floor_gives_the_verdicts_of_the_query_for_random_profiles(
    compiler: Compiler, library: Library, columns: Columns
) -> None:
    terms = compiler.real.known.terms
    source = ProfileSource(terms, known_profiles(ROOT, terms.attributes))
    seen = set()
    for given in profiles(source, 3, 50):
        profile = profile_of(given, library.attributes, library.rules)
        expected = verdicts_of(library.rows, profile)
        seen |= set(expected.values())
        assert columns.named(columns.verdicts(profile)) == expected
    assert seen == {"included", "indeterminate", "excluded"}


def limits(*rows: tuple[str, str, str]) -> Columns:
    """A group with one clause, of these alternatives."""
    given = [
        {"group": "g", "clause": "c", "how": f"{ML}{how}", "asked": f"{ML}{asked}"}
        | ({"limit": limit} if limit else {})
        for how, asked, limit in rows
    ]
    return columns_of(given, {})


@pytest.mark.parametrize(
    ("how", "below", "at", "above"),
    [
        ("atLeast", "excluded", "included", "included"),
        ("above", "excluded", "excluded", "included"),
        ("atMost", "included", "included", "excluded"),
        ("below", "included", "excluded", "excluded"),
    ],
)
def test_the_floor_takes_a_limit_as_its_side_says(
    how: str, below: str, at: str, above: str
) -> None:
    one = limits((how, "size", "0.3"))
    sizes = ("0.299999", "0.3", "0.300001")
    found = [one.named(one.verdicts(Profile(numbers={"size": Decimal(n)})))["g"] for n in sizes]
    assert found == [below, at, above]


def test_in_the_floor_unknown_is_never_no() -> None:
    one = limits(("accepts", "x-a", ""), ("rejects", "x-b", ""), ("atLeast", "size", "3"))
    none_met = Profile(facts={"x-a": False, "x-b": True})
    assert one.named(one.verdicts(none_met)) == {"g": "indeterminate"}
    told = Profile(facts=none_met.facts, numbers={"size": Decimal(2)})
    assert one.named(one.verdicts(told)) == {"g": "excluded"}
    assert one.named(one.verdicts(Profile(facts={"x-b": False}))) == {"g": "included"}


def test_the_floor_refuses_a_number_that_it_would_round() -> None:
    with pytest.raises(ValueError, match=r"0\.0000001 has more than six decimals"):
        limits(("atLeast", "size", "0.0000001"))


# questions


def test_every_question_runs_and_each_round_asks_about_something_else(
    library: Library, material: Material
) -> None:
    first, second = (questions(QUERIES, material, turn) for turn in (0, 1))
    assert [question.name for question in first] == list(NAMES)
    for one, other in zip(first, second, strict=True):
        assert (one.texts != other.texts) == (one.name != "aggregation")
        assert any(library.graph.select(text).rows for text in one.texts), one.name


def test_a_question_within_another_is_asked_before_it() -> None:
    assert all(NAMES.index(part) < NAMES.index(whole) for whole, part in PARTS.items())


# what counts


def test_the_first_answer_warms_and_its_time_does_not_count() -> None:
    cell = Cell()
    for seconds in (9.0, 0.002, 0.004, 0.003):
        peers.take(cell, seconds, "")
    assert cell.milliseconds == pytest.approx(3)
    assert not cell.is_done


def test_after_twenty_seconds_an_engine_is_not_asked_again_and_its_first_time_counts() -> None:
    cell = Cell()
    peers.take(cell, 20.5, "")
    assert cell.is_done
    assert cell.milliseconds == pytest.approx(20_500)


def test_an_answer_that_is_wrong_once_has_no_time() -> None:
    cell = Cell()
    peers.take(cell, 0.1, "")
    peers.take(cell, 0.1, "1 of 3 rows")
    assert cell.milliseconds is None
    assert cell.fault == "wrong (1 of 3 rows)"


def test_an_engine_that_is_dropped_keeps_what_it_answered() -> None:
    cells = {"lookup": Cell(first=0.1), "search": Cell(fault="> 60 s"), "verdicts": Cell()}
    peers.drop(cells)
    assert [cell.fault for cell in cells.values()] == ["", "> 60 s", "dropped"]
    assert all(cell.is_done for cell in cells.values())


class Fake:
    """An engine that gives the same table whatever it is asked, or raises."""

    version, renew, pid = "fake 1.0", True, os.getpid()

    def __init__(self, given: Table | Exception) -> None:
        self.given, self.asked, self.is_running = given, 0, True

    def ask(self, question: Question, seconds: float) -> tuple[float, list[Table]]:
        self.asked += 1
        if isinstance(self.given, Exception):
            raise self.given
        return 0.001, [self.given for _ in question.texts]

    def stop(self) -> None:
        self.is_running = False


def asked(given: Table | Exception, *names: str) -> tuple[peers.Runner, Fake]:
    """An engine that was asked questions of these names, whose right answer is RIGHT."""
    fake = Fake(given)
    loaded = Loaded("1.0", "here", 1.0, 0, None, None)
    cells = {name: Cell() for name in NAMES}
    runner = peers.Runner(ENGINES["pyoxigraph"], fake, loaded, cells, Path())
    for name in names:
        peers.ask(runner, Question(name, (ORDERED,)), [RIGHT], 60)
    return runner, fake


def test_a_wrong_answer_of_an_engine_is_shown_with_the_rows_that_are_wrong() -> None:
    runner, _ = asked(table(row("a", 1)), "search")
    assert runner.cells["search"].fault == "wrong (2 of 3 rows)"


def test_a_question_beyond_the_limit_is_said_to_be_and_its_whole_is_not_asked() -> None:
    runner, fake = asked(peers.TooLongError(), "verdicts", "verdicts and reasons")
    assert runner.cells["verdicts"].fault == "> 60 s"
    assert runner.cells["verdicts and reasons"].fault == "> 60 s"
    assert fake.asked == 1


def test_an_engine_that_refuses_a_question_has_an_error_with_its_reason() -> None:
    runner, _ = asked(peers.RefusedError("no such column"), "hierarchy")
    assert runner.cells["hierarchy"].fault == "error"
    assert runner.cells["hierarchy"].told == "no such column"


def test_an_engine_that_a_question_ended_and_nobody_starts_anew_is_not_asked_the_rest() -> None:
    runner, fake = asked(peers.TooLongError())
    fake.is_running = False
    peers.ask(runner, Question("search", (ORDERED,)), [RIGHT], 60)
    assert runner.cells["search"].fault == "> 60 s"
    assert runner.cells["all of a study"].fault == "dropped"
    assert all(cell.is_done for cell in runner.cells.values())


# files, and engines that are asked


def test_the_union_has_the_triple_of_every_quad(graph_file: Path, tmp_path: Path) -> None:
    union = tmp_path / "union.nt"
    quads = peers.write_union(graph_file, union)
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_load(path=union, format=ox.RdfFormat.N_TRIPLES)
    text = "SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }"
    whole = LocalGraph(graph_file)
    assert len(store) == len(whole.select(text).rows)
    assert quads == len(whole.store)


def test_a_library_that_raises_gives_its_reason_instead_of_rows() -> None:
    def ask(query: str) -> tuple[float, dict[str, object]]:
        raise ValueError(f"cannot read {query}")

    assert peers_worker.answered(ask, "x") == {"error": "ValueError: cannot read x"}


def test_unbound_cells_are_left_out_of_results() -> None:
    found = peers_worker.results_of(["a", "b"], [[{"type": "uri", "value": "x"}, None]])
    assert found["results"]["bindings"] == [{"a": {"type": "uri", "value": "x"}}]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--engines", "oxigrph"], "no engine oxigrph; there are metalocal"),
        (["--graph", "nowhere.nq"], "nowhere.nq is no file"),
        (["--graph", __file__, "--studies", "3"], "--graph or --studies, not both"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_starts(
    given: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["peers.py", *given])
    with pytest.raises(SystemExit):
        peers.main()
    assert told in capsys.readouterr().err


def test_metalocal_the_floor_and_pyoxigraph_agree_on_every_question(
    graph_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    told = tmp_path / "told.md"
    names = "metalocal,numpy floor,pyoxigraph"
    given = ["--graph", str(graph_file), "--rounds", "1", "--engines", names]
    monkeypatch.setattr(sys, "argv", ["peers.py", *given, "--markdown", str(told)])
    peers.main()
    text = told.read_text("utf-8")
    assert text in capsys.readouterr().out
    assert "Answers that did not count" not in text
    row_of_ours = next(line for line in text.splitlines() if line.startswith("| metalocal |"))
    assert len([cell for cell in row_of_ours.split("|") if cell.strip()]) == len(NAMES) + 1
    assert "–" not in row_of_ours
