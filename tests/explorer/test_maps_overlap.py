"""Overlap as page: the matrix tells listed, not named and unknown apart; areas as computed."""

from __future__ import annotations

import re

import pytest

from metalocal.commands.common import open_graph
from metalocal.explorer.maps.matrix import LISTED, NOT_NAMED, UNKNOWN, matrix_of, state_of
from metalocal.locations import locations
from metalocal.overlap import Overlap, Review, overlaps
from metalocal.render import overlap as written
from tests.endpoint.conftest import Endpoint

PATH = "/maps/overlap"


@pytest.fixture(scope="module")
def found() -> tuple[Overlap, ...]:
    """The overlap of each question, computed without a server."""
    return overlaps(open_graph(None), locations().queries)


def review(listed: tuple[str, ...]) -> Review:
    return Review("r", "R", "q", "Q", listed, ())


def test_silence_about_a_study_is_not_the_same_as_no_list() -> None:
    assert state_of(review(("a",)), "a") == LISTED
    assert state_of(review(("a",)), "b") == NOT_NAMED
    assert state_of(review(()), "b") == UNKNOWN


def test_the_picture_has_a_square_for_each_study_and_review(
    site: Endpoint, found: tuple[Overlap, ...]
) -> None:
    page = site.client.get(PATH).text
    squares = re.findall(r'<g class="square ([a-z-]+)">', page)
    wanted = [
        state_of(one_review, study).replace(" ", "-")
        for one in found
        for study in one.studies
        for one_review in (*one.known, *one.unknown)
    ]
    assert squares == wanted
    assert {"listed", "not-named", "unknown"} == set(squares)


def test_the_covered_area_and_its_word_are_those_of_the_overlap(
    site: Endpoint, found: tuple[Overlap, ...]
) -> None:
    known = [one for one in found if one.covered is not None]
    assert known
    for one in known:
        page = site.client.get(PATH, params={"question": one.question}).text
        assert f"<strong>{100 * (one.covered or 0):.1f}%</strong>" in page
        assert f"<strong>{one.band}</strong> overlap" in page
        assert f"/explore?overlap={one.question}" in page


def test_a_question_without_two_lists_says_that_its_overlap_is_unknown(
    site: Endpoint, found: tuple[Overlap, ...]
) -> None:
    one = next(one for one in found if one.covered is None)
    page = site.client.get(PATH, params={"question": one.question}).text
    assert "Overlap <strong>unknown</strong>" in page
    assert page.count("<section aria-labelledby") == 1


def test_the_file_is_the_one_of_the_command(site: Endpoint, found: tuple[Overlap, ...]) -> None:
    assert site.client.get(f"{PATH}.csv").text == written.as_csv(found)


def test_squares_do_not_lie_upon_each_other(found: tuple[Overlap, ...]) -> None:
    drawn = matrix_of(found[0])
    corners = [(square.x, square.y) for line in drawn.lines for square in line.squares]
    assert len(corners) == len(set(corners)) == len(drawn.lines) * len(drawn.columns)


def test_an_unknown_question_is_refused(site: Endpoint) -> None:
    answer = site.client.get(PATH, params={"question": "resection_of_metastasis"})
    assert answer.status_code == 400
    assert "resection_of_metastases" in answer.text
