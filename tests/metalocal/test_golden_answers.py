"""The brief answer for each invented patient, reviewed as text: a change there is one of meaning.

METALOCAL_WRITE_GOLDEN=1 writes them anew; read the difference line by line before it is kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from metalocal.answers import Answer
from metalocal.locations import locations
from metalocal.render.text import as_markdown

ANSWERS = Path(__file__).parents[1] / "golden" / "answers"
PROFILES = sorted((locations().data / "profiles").glob("*.yaml"))
Brief = Callable[[Path], str]

WORDS = 1250
"""What a brief answer may have at most, places left out: two pages."""

FIRST = 400
"""What may stand before the evidence: profile, a line a question, where the patient stands."""


@pytest.fixture(scope="module")
def brief(example: Callable[[str], Answer]) -> Brief:
    """The brief answer to an example profile, by its file."""
    return lambda path: as_markdown(example(path.stem))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_brief_answer_is_the_one_reviewed(path: Path, brief: Brief) -> None:
    kept = ANSWERS / f"{path.stem}.md"
    found = brief(path)
    if os.environ.get("METALOCAL_WRITE_GOLDEN"):
        kept.write_text(found, "utf-8")
    assert found == kept.read_text("utf-8")


def test_no_reviewed_answer_is_left_without_its_profile() -> None:
    assert {path.stem for path in ANSWERS.glob("*.md")} == {path.stem for path in PROFILES}


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_brief_answer_is_short(path: Path, brief: Brief) -> None:
    told = re.sub(r"\{[^{}]*\}", "", brief(path))
    assert len(told.split()) <= WORDS


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_summary_comes_first_and_is_read_in_two_minutes(path: Path, brief: Brief) -> None:
    told = re.sub(r"\{[^{}]*\}", "", brief(path))
    parts = told.split("\n## ")
    assert parts[1].startswith("The evidence in one line a question")
    assert parts[2].startswith("Where this patient stands")
    assert len(" ".join(parts[:3]).split()) <= FIRST
