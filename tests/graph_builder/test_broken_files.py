"""One small broken file a rule, with the problems a reader is told of beside it.

A broken file holds only the blocks that matter; the rest of EXAMPLE-2020 is put behind them, so
that lines and columns are those of the file. Its `.expected` names, for each problem in the order
of places, `line:column rule` and a piece of the message and of the mend.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import graph_builder
from graph_builder.checks import check
from graph_builder.problems import Problem
from graph_builder.reading import read_data
from graph_builder.terms import Terms

TESTS = Path(__file__).parents[1]
BROKEN = sorted((TESTS / "broken").glob("*.yaml"))


@dataclass(frozen=True)
class Expected:
    """A problem as its `.expected` file tells it."""

    line: int
    column: int
    rule: str
    message: str
    mend: str


def expected(path: Path) -> list[Expected]:
    found = []
    for block in path.read_text("utf-8").strip().split("\n\n"):
        where, message, mend = block.splitlines()
        place, rule = where.split()
        line, column = place.split(":")
        words = (message.removeprefix("message: "), mend.removeprefix("mend: "))
        found.append(Expected(int(line), int(column), rule, *words))
    return found


@pytest.fixture
def problems_of(
    tmp_path: Path, studies: Path, terms: Terms, completed: Callable[[str], str]
) -> Callable[[bytes], list[Problem]]:
    """Reads and checks a file as example-2020.yaml, beside EXAMPLE-2019 and the source."""

    def read_beside_the_others(data: bytes) -> list[Problem]:
        folder = tmp_path / "data"
        shutil.copytree(studies, folder)
        if re.search(rb"^\w+:", data, re.MULTILINE) and data.isascii():
            data = completed(data.decode()).encode()
        (folder / "trials" / "example-2020.yaml").write_bytes(data)
        records, problems = read_data(folder)
        return sorted([*problems, *check(records, terms)])

    return read_beside_the_others


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_told_by_place_rule_message_and_mend(
    path: Path, problems_of: Callable[[bytes], list[Problem]]
) -> None:
    found = problems_of(path.read_bytes())
    told = expected(path.with_suffix(".expected"))
    places = [(p.place.file, p.place.line, p.place.column, p.rule) for p in found]
    assert places == [("data/trials/example-2020.yaml", e.line, e.column, e.rule) for e in told]
    for problem, words in zip(found, told, strict=True):
        assert words.message in problem.message
        assert words.mend in problem.mend


def test_each_broken_file_has_its_expected_problems_and_none_is_left_over() -> None:
    files = {path.stem for path in (TESTS / "broken").iterdir()}
    assert files == {path.stem for path in BROKEN}
    assert all(path.with_suffix(".expected").is_file() for path in BROKEN)


def rules_of(tree: ast.AST) -> Iterator[str]:
    """Rule names in the third place of a problem, given there or by a function of this module."""
    for node in ast.walk(tree):
        name = None
        if isinstance(node, ast.Call) and ast.unparse(node.func).lower().endswith("problem"):
            name = node.args[2] if len(node.args) > 2 else None
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            name = node.value.elts[1] if len(node.value.elts) == 3 else None
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield name.value


def test_every_rule_the_builder_can_name_is_tested() -> None:
    folder = Path(graph_builder.__file__).parent
    rules = {
        rule for path in folder.rglob("*.py") for rule in rules_of(ast.parse(path.read_text()))
    }
    broken = {e.rule for path in BROKEN for e in expected(path.with_suffix(".expected"))}
    elsewhere = {
        node.value
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert len(rules) > 30
    assert rules <= broken | elsewhere, sorted(rules - broken - elsewhere)
