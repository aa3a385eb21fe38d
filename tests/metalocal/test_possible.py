"""Answers to an open question: each world is the profile that tells the answer too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from random_profiles import random_profiles
from worlds_by_one import known_in, with_fact

from graph_builder.attributes import Attribute, Kind
from metalocal.answers import Library
from metalocal.answers.possible import Asker, Possible, Round
from metalocal.answers.spans import spans_of
from metalocal.profiles import Profile

LIMITS = tuple(map(Decimal, (0, 1, 3, 5)))


def rounds(profile: Profile, library: Library, keys: Sequence[str] = ()) -> list[Round]:
    """Every question that the profile leaves open, or these, tried."""
    asker = Asker(profile, library.attributes, library.rules)
    unknown = [
        one
        for key, one in library.attributes.items()
        if not profile.knows(one) and (key in keys or not keys)
    ]
    return list(asker.rounds(unknown, dict.fromkeys(library.attributes, LIMITS)))


def questions(profile: Profile, library: Library) -> dict[str, tuple[Round, Possible]]:
    """The same by the attribute that is asked about."""
    found = rounds(profile, library)
    return {one.attribute.key: (tried, one) for tried in found for one in tried.questions}


def answers_to(attribute: Attribute, profile: Profile) -> Iterator[Any]:
    """Everything that may be told of an attribute, a set told whole; numbers at some limits."""
    if attribute.kind is Kind.NUMBER:
        yield from (one.number for one in spans_of(attribute, LIMITS))
    elif attribute.kind is Kind.SET:
        known = [profile.facts.get(attribute.value_id(word)) for word in attribute.values]
        for held in product(*((False, True) if one is None else (one,) for one in known)):
            present = [w for w, is_held in zip(attribute.values, held, strict=True) if is_held]
            yield {"present": present, "absent": sorted(set(attribute.values) - set(present))}
    else:
        yield from (w for w in attribute.values if attribute.value_id(w) not in profile.facts)


def told_of(attribute: Attribute, facts: dict[str, bool], numbers: dict[str, Any]) -> Any:
    """What a world tells of an attribute, as `answers_to` writes it."""
    if attribute.kind is Kind.NUMBER:
        return numbers[attribute.key]
    present = [word for word in attribute.values if facts[attribute.value_id(word)]]
    if attribute.kind is Kind.SET:
        return {"present": present, "absent": sorted(set(attribute.values) - set(present))}
    return present[0]


def check_worlds(tried: Round, one: Possible, profile: Profile, library: Library) -> int:
    """Compares some worlds with the profile that tells the answer too; how many there are."""
    places = [p for p in range(tried.worlds.every.bit_length()) if one.bits >> p & 1]
    for place in places[:: 1 + len(places) // 40]:
        known = known_in(tried.worlds, place)
        more = with_fact(profile, one.attribute.key, told_of(one.attribute, *known), library)
        assert more is not None, (one.attribute.key, known)
        assert known == (more.facts, more.numbers)
        assert {*known[0], *known[1]} - {*profile.facts, *profile.numbers} <= one.tells
    return len(places)


@pytest.mark.parametrize("seed", range(3))
def test_each_world_is_what_the_profile_with_the_answer_knows(library: Library, seed: int) -> None:
    for given, profile in random_profiles(3, library.attributes, library.rules, seed=300 + seed):
        found = questions(profile, library)
        assert found, given
        for tried, one in found.values():
            check_worlds(tried, one, profile, library)


def test_every_answer_that_is_not_refused_is_tried(
    library: Library, profile: Callable[..., Profile]
) -> None:
    start = profile(
        presentation="de_novo", her2_status="low", metastasis_count=2, response="stable"
    )
    found = questions(start, library)
    for key, attribute in library.attributes.items():
        if start.knows(attribute) or key in ("metastatic_sites", "progressing_sites"):
            continue
        told = [with_fact(start, key, value, library) for value in answers_to(attribute, start)]
        admitted = sum(one is not None for one in told)
        if attribute.kind is Kind.NUMBER and key in found:
            assert check_worlds(*found[key], start, library) >= admitted
        else:
            count = check_worlds(*found[key], start, library) if key in found else 0
            assert count == admitted, key


def test_a_question_without_an_admissible_answer_is_left_out(
    library: Library, profile: Callable[..., Profile]
) -> None:
    start = profile(presentation="de_novo")
    assert "disease_free_interval_months" not in questions(start, library)
    assert "subtype" in questions(start, library)


def test_the_count_of_metastases_bounds_the_sites(
    library: Library, profile: Callable[..., Profile]
) -> None:
    start = profile(metastasis_count=1, metastatic_sites=["bone"])
    (tried,) = rounds(start, library, ["metastatic_sites"])
    words = {said.words for said in tried.questions[0].answers}
    assert "bone only" in words
    assert not any(word.endswith("among them") for word in words)
    assert tried.questions[0].bits.bit_count() == 1


def test_a_set_that_is_never_empty_is_not_told_empty_and_another_may_be(
    library: Library, profile: Callable[..., Profile]
) -> None:
    found = questions(profile(), library)
    words = {key: [said.words for said in one.answers] for key, (_, one) in found.items()}
    assert "none" not in words["metastatic_sites"]
    assert "none" in words["imaging"]
    assert found["metastatic_sites"][1].bits.bit_count() == 2**11 - 1
    assert found["imaging"][1].bits.bit_count() == 2**5


def test_members_that_a_rule_denies_leave_fewer_ways_to_tell_a_set(
    library: Library, profile: Callable[..., Profile]
) -> None:
    start = profile(isolated_sternal_metastasis=True)
    (tried,) = rounds(start, library, ["metastatic_sites"])
    denied = sum(
        holds is False for v, holds in start.facts.items() if v.startswith("metastatic_sites")
    )
    assert denied == 7
    assert tried.questions[0].bits.bit_count() == 2**4 - 1


def test_questions_side_by_side_tell_what_they_tell_alone(
    library: Library, profile: Callable[..., Profile]
) -> None:
    start = profile(presentation="recurrent", metastasis_count=4)
    together = questions(start, library)
    for key in ("subtype", "progressing_lesions", "primary_status", "imaging"):
        (alone,) = rounds(start, library, [key])
        assert alone.questions[0].tells == together[key][1].tells
        assert [s.words for s in alone.questions[0].answers] == [
            s.words for s in together[key][1].answers
        ]
