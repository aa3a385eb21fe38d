"""Which meta-analyses share studies: the area, its bands, and what is not known."""

from __future__ import annotations

import csv
import io
import json

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metalocal.answers import NOTICE
from metalocal.commands.overlap import as_text
from metalocal.graph import LocalGraph
from metalocal.locations import locations
from metalocal.overlap import (
    OverlapError,
    Review,
    band_of,
    corrected_covered_area,
    overlap_of,
    overlaps,
)
from metalocal.render.overlap import as_csv, as_json

PRIMARY = "local_therapy_of_primary"
LISTS = st.dictionaries(
    st.sampled_from(["m1", "m2", "m3", "m4"]),
    st.sets(st.sampled_from("abcdefg"), min_size=1),
    min_size=2,
)


def citations(lists: dict[str, set[str]]) -> nx.Graph:
    return nx.Graph((review, study) for review, studies in lists.items() for study in studies)


def area(lists: dict[str, set[str]]) -> float | None:
    return corrected_covered_area(citations(lists), lists)


def test_the_area_is_that_of_pieper() -> None:
    # three reviews of five studies with eight inclusions: (8 - 5) / (5 * 3 - 5)
    assert area({"m1": {"a", "b", "c"}, "m2": {"c", "d", "e"}, "m3": {"a", "c"}}) == 0.3


@given(LISTS)
def test_the_area_lies_between_none_and_all(lists: dict[str, set[str]]) -> None:
    covered = area(lists)
    assert covered is not None
    assert 0 <= covered <= 1
    assert (covered == 1) == (len({frozenset(studies) for studies in lists.values()}) == 1)


def test_reviews_that_share_nothing_cover_nothing() -> None:
    assert area({"m1": {"a", "b"}, "m2": {"c"}}) == 0


def test_one_review_has_no_overlap_to_tell() -> None:
    assert area({"m1": {"a"}}) is None


@pytest.mark.parametrize(
    ("covered", "band"),
    [(0, "slight"), (0.054, "slight"), (0.06, "moderate"), (0.11, "high"), (0.151, "high"),
     (0.16, "very high"), (1, "very high")],
)  # fmt: skip
def test_the_bands_are_those_in_use(covered: float, band: str) -> None:
    assert band_of(covered) == band


def test_meta_analyses_of_surgery_of_the_primary_share_three_trials(graph: LocalGraph) -> None:
    (found,) = overlaps(graph, locations().queries, PRIMARY)
    assert [one.id for one in found.known] == ["gera-2020", "reinhorn-2021", "tsukioki-2020"]
    assert found.studies == ("abcsg-28", "e2108", "mf07-01", "tata")
    assert found.covered == (10 - 4) / (4 * 3 - 4)
    areas = {(pair.one, pair.two): pair.covered for pair in found.pairs}
    assert areas["gera-2020", "tsukioki-2020"] == 1
    assert areas["gera-2020", "reinhorn-2021"] == 0.75


def test_a_list_no_source_gives_is_unknown_and_not_an_empty_one(graph: LocalGraph) -> None:
    (found,) = overlaps(graph, locations().queries, PRIMARY)
    assert "lu-2018" in {one.id for one in found.unknown}
    paired = {name for pair in found.pairs for name in (pair.one, pair.two)}
    assert "lu-2018" not in paired


def test_how_much_of_a_list_is_known_is_told(graph: LocalGraph) -> None:
    (found,) = overlaps(graph, locations().queries, PRIMARY)
    by_id = {one.id: one.completeness for one in (*found.known, *found.unknown)}
    assert by_id["gera-2020"].startswith("3 known of 42")
    assert by_id["lu-2018"].startswith("none known of 19")
    assert by_id["petrelli-2012"] == "none known, of a number no source prints"


def test_a_question_with_one_known_list_has_no_overlap_to_tell() -> None:
    reviews = [Review("m1", "M 1", "q", "Q", ("a",), ()), Review("m2", "M 2", "q", "Q", (), ())]
    found = overlap_of(reviews, {"a": "A"})
    assert found.covered is None
    assert "overlap unknown" in as_text((found,))


def test_every_form_tells_known_and_unknown_lists(graph: LocalGraph) -> None:
    found = overlaps(graph, locations().queries, PRIMARY)
    assert as_text(found).endswith(f"{NOTICE}\n")
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert {row["listed"] for row in rows} == {"yes", "not named", "unknown"}
    (data,) = json.loads(as_json(found))["questions"]
    assert data["band"] == "very high"
    by_id = {one["id"]: one["studies"] for one in data["reviews"]}
    assert by_id["lu-2018"] is None


def test_a_question_without_reviews_is_told(graph: LocalGraph) -> None:
    with pytest.raises(OverlapError, match="did you mean local_therapy_of_primary"):
        overlaps(graph, locations().queries, "local_therapy_of_primry")
