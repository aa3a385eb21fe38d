"""The brief answer for each invented patient, reviewed as text: a change there is one of meaning.

METALOCAL_WRITE_GOLDEN=1 writes them anew; read the difference line by line before it is kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from graph_builder.attributes import Implication
from metalocal.answers import Library, answer
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.profiles import read_profile
from metalocal.render.text import as_markdown

ANSWERS = Path(__file__).parents[1] / "golden" / "answers"
PROFILES = sorted((locations().data / "profiles").glob("*.yaml"))
WORDS = 1250
"""What a brief answer may have at most, places left out: two pages."""

FIRST = 400
"""What may stand before the evidence: profile, a line a question, where the patient stands."""


@pytest.fixture(scope="module")
def library(graph: LocalGraph) -> Library:
    return Library(graph, locations().queries)


def brief(path: Path, library: Library, rules: list[Implication]) -> str:
    given = path.read_text("utf-8")
    return as_markdown(answer(read_profile(given, path.name, library.attributes, rules), library))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_brief_answer_is_the_one_reviewed(
    path: Path, library: Library, rules: list[Implication]
) -> None:
    kept = ANSWERS / f"{path.stem}.md"
    found = brief(path, library, rules)
    if os.environ.get("METALOCAL_WRITE_GOLDEN"):
        kept.write_text(found, "utf-8")
    assert found == kept.read_text("utf-8")


def test_no_reviewed_answer_is_left_without_its_profile() -> None:
    assert {path.stem for path in ANSWERS.glob("*.md")} == {path.stem for path in PROFILES}


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_brief_answer_is_short(path: Path, library: Library, rules: list[Implication]) -> None:
    told = re.sub(r"\{[^{}]*\}", "", brief(path, library, rules))
    assert len(told.split()) <= WORDS


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_summary_comes_first_and_is_read_in_two_minutes(
    path: Path, library: Library, rules: list[Implication]
) -> None:
    told = re.sub(r"\{[^{}]*\}", "", brief(path, library, rules))
    parts = told.split("\n## ")
    assert parts[1].startswith("The evidence in one line a question")
    assert parts[2].startswith("Where this patient stands")
    assert len(" ".join(parts[:3]).split()) <= FIRST
