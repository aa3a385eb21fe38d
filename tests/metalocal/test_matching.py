"""The index of what groups ask tells what the published queries tell."""

from __future__ import annotations

from collections import Counter

import pytest
from random_profiles import random_profiles

from graph_builder.attributes import Attribute, Implication
from metalocal.answers import Library
from metalocal.answers.matching import Matching
from metalocal.answers.rows import reasons_of, verdicts_of
from metalocal.graph import LocalGraph
from metalocal.profiles import Profile


@pytest.fixture(scope="module")
def matching(library: Library) -> Matching:
    return library.matching


def test_verdicts_and_reasons_are_those_of_the_published_queries(
    library: Library,
    matching: Matching,
    attributes: dict[str, Attribute],
    rules: list[Implication],
) -> None:
    seen: Counter[str] = Counter()
    for given, profile in random_profiles(25, attributes, rules, seed=8):
        verdicts, reasons = matching.told(profile)
        assert verdicts == matching.verdicts(profile) == verdicts_of(library.rows, profile), given
        assert reasons == reasons_of(library.rows, profile), given
        seen.update(verdicts.values())
    assert set(seen) == {"included", "indeterminate", "excluded"}


def test_of_a_patient_of_whom_nothing_is_known_no_group_is_excluded(matching: Matching) -> None:
    standing = matching.standing(Profile())
    assert standing.excluded == 0
    both = (standing.included, standing.indeterminate)
    groups = [group for bits in both for group in matching.chosen(bits)]
    assert sorted(groups) == sorted(matching.groups)


def test_every_group_stands_in_one_way(
    matching: Matching, attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    for given, profile in random_profiles(10, attributes, rules, seed=9):
        standing = matching.standing(profile)
        sides = (standing.included, standing.indeterminate, standing.excluded)
        assert sum(side.bit_count() for side in sides) == len(matching.groups), given
        assert sides[0] | sides[1] | sides[2] == (1 << len(matching.groups)) - 1, given


def test_criteria_that_ask_the_same_have_their_clauses_in_common(
    library: Library, graph: LocalGraph
) -> None:
    rows = library.rows("clauses")
    alternatives: dict[str, set[tuple[str, ...]]] = {}
    for row in rows:
        asked = (row["how"], row["asked"], row.get("limit", ""))
        alternatives.setdefault(row["clause"], set()).add(asked)
    assert len({frozenset(one) for one in alternatives.values()}) == len(alternatives)
    used = graph.select(
        "PREFIX ml: <https://w3id.org/metalocal/ontology/>"
        "SELECT DISTINCT ?clause { ?criterion ml:hasClause ?clause }"
    ).texts()
    assert {row["clause"] for row in used} == set(alternatives)
    asking = Counter(row["clause"] for row in library.rows("criteria"))
    assert len(asking) * 5 < asking.total()  # judged once, asked for many times


def test_what_a_profile_is_judged_by_does_not_grow_with_the_groups(matching: Matching) -> None:
    twice = {f"{group}/again": asked for group, asked in matching.criteria.items()}
    size = len(matching.groups)
    larger = Matching(
        matching.each,
        {clause: bits | bits << size for clause, bits in matching.asking.items()},
        matching.criteria | twice,
    )
    assert len(larger.asking) == len(matching.asking)
    verdicts = larger.verdicts(Profile())
    assert {g: verdicts[f"{g}/again"] for g in matching.groups} == matching.verdicts(Profile())
