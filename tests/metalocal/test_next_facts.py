"""What to find out next: a fact that is said to settle a verdict does settle it, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from random import Random
from typing import Any

import pytest
from patients import BONE
from random_profiles import random_profiles
from random_profiles import told as profile_told
from worlds_by_one import told, with_fact

from graph_builder.attributes import Attribute, Implication, Kind
from metalocal.answers import Library, Unknown
from metalocal.answers.next_facts import WEIGHTS, next_facts
from metalocal.answers.rows import verdicts_of
from metalocal.profiles import Profile

Facts = Callable[..., tuple[Unknown, ...]]


@pytest.fixture(scope="session")
def facts(library: Library, profile: Callable[..., Profile]) -> Facts:
    def found(**given: object) -> tuple[Unknown, ...]:
        one = profile(**given)
        return next_facts(one, verdicts_of(library.rows, one), library)

    return found


def fact(found: tuple[Unknown, ...], attribute: str) -> Unknown:
    return next(one for one in found if one.attribute == attribute)


def counting(library: Library, verdicts: dict[str, str]) -> set[str]:
    """Open populations of studies about local therapy that have results."""
    about = {r["study"] for r in library.rows("studies") if r["isAboutLocalTherapy"] == "true"}
    return {
        group
        for group, row in library.populations.items()
        if verdicts.get(group) == "indeterminate"
        and row["study"] in about
        and any(one.is_outcome for one in library.evidence.get(group, ()))
    }


def values_to_try(attribute: Attribute, profile: Profile, random: Random) -> Iterator[Any]:
    """Answers in full: every value of a one-of, some numbers, some whole sets."""
    if attribute.kind is Kind.NUMBER:
        low, high = attribute.lowest or 0, attribute.highest or 60
        yield from (low, high, *(random.randint(low, min(high, 30)) for _ in range(4)))
        if not attribute.whole_numbers:
            yield from (low + 0.1, random.uniform(low, min(high, 30)))
    elif attribute.kind is Kind.SET:
        for _ in range(5):
            words = {w: profile.facts.get(attribute.value_id(w)) for w in attribute.values}
            held = {
                w: random.random() < 0.4 if known is None else known for w, known in words.items()
            }
            if any(held.values()):
                yield {"only": [word for word, is_held in held.items() if is_held]}
    else:
        yield from attribute.values


def test_python_and_sparql_agree_on_random_profiles(
    library: Library, attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    for given, profile in random_profiles(30, attributes, rules, seed=5):
        assert library.clauses.verdicts(profile) == verdicts_of(library.rows, profile), given


def test_telling_again_what_a_profile_knows_gives_the_same_profile(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    for given, profile in random_profiles(200, attributes, rules, seed=6):
        again = profile_told(told(profile, attributes), attributes, rules)
        assert again is not None, given
        assert (again.facts, again.numbers) == (profile.facts, profile.numbers), given


@pytest.mark.parametrize("seed", range(4))
def test_a_fact_that_settles_whatever_the_answer_does_settle(library: Library, seed: int) -> None:
    random = Random(seed)
    for given, profile in random_profiles(2, library.attributes, library.rules, seed=100 + seed):
        found = next_facts(profile, verdicts_of(library.rows, profile), library)
        sure = [one for one in found if one.settles]
        for one in random.sample(sure, min(2, len(sure))):
            attribute = library.attributes[one.attribute]
            for value in values_to_try(attribute, profile, random):
                more = with_fact(profile, one.attribute, value, library)
                if more is None:
                    continue  # this answer contradicts what is known
                verdicts = verdicts_of(library.rows, more)
                left = [s.id for s in one.settles if verdicts[s.id] == "indeterminate"]
                assert left == [], (given, one.attribute, value)


@pytest.mark.parametrize("seed", range(4))
def test_a_fact_settles_no_verdict_it_is_not_named_with(library: Library, seed: int) -> None:
    for given, profile in random_profiles(3, library.attributes, library.rules, seed=200 + seed):
        verdicts = verdicts_of(library.rows, profile)
        found = {one.attribute: one for one in next_facts(profile, verdicts, library)}
        still_open = counting(library, verdicts)
        for key, attribute in library.attributes.items():
            if profile.knows(attribute) or attribute.kind in (Kind.NUMBER, Kind.SET):
                continue
            told_more = [with_fact(profile, key, word, library) for word in attribute.values]
            after = [library.clauses.verdicts(more) for more in told_more if more is not None]
            settles, may = settled_by(after, still_open)
            named = found.get(key)
            counted = [named.settles, named.may_settle] if named else [(), ()]
            sure, possible = ({s.id for s in side} & still_open for side in counted)
            assert (sure, possible) == (settles, may), (given, key)


def settled_by(after: list[dict[str, str]], still_open: set[str]) -> tuple[set[str], set[str]]:
    """Groups that all of these verdicts decide, and those that only some decide."""
    times = {g: sum(one[g] != "indeterminate" for one in after) for g in still_open}
    every = {group for group, count in times.items() if after and count == len(after)}
    return every, {group for group, count in times.items() if count} - every


def test_a_set_told_whole_settles_what_each_of_its_answers_settles(
    library: Library, profile: Callable[..., Profile]
) -> None:
    start = profile(presentation="de_novo", metastasis_count=3, metastatic_sites=["bone"])
    sites = library.attributes["metastatic_sites"]
    verdicts = verdicts_of(library.rows, start)
    still_open = counting(library, verdicts)
    after = []
    others = [word for word in sites.values if word != "bone"]
    for present in product((False, True), repeat=len(others)):
        words = ["bone", *(w for w, held in zip(others, present, strict=True) if held)]
        more = with_fact(start, "metastatic_sites", {"only": words}, library)
        assert (more is None) == (len(words) > 3)  # more sites than metastases
        if more is not None:
            after.append(library.clauses.verdicts(more))
    named = fact(next_facts(start, verdicts, library), "metastatic_sites")
    settles, may = settled_by(after, still_open)
    assert {one.id for one in named.settles} & still_open == settles
    assert {one.id for one in named.may_settle} & still_open == may
    assert settles


@pytest.mark.parametrize("key", ["prior_lines", "months_to_metastasis", "progressing_lesions"])
def test_a_number_settles_what_each_of_its_values_settles(
    library: Library, profile: Callable[..., Profile], key: str
) -> None:
    start = profile(presentation="recurrent", metastasis_count=4, progressing=True)
    verdicts = verdicts_of(library.rows, start)
    still_open = counting(library, verdicts)
    attribute = library.attributes[key]
    step, last = (1, 30) if attribute.whole_numbers else (0.25, 40)
    values = [n * step for n in range(int(last / step) + 1)]
    tried = [with_fact(start, key, value, library) for value in [*values, attribute.highest]]
    after = [library.clauses.verdicts(more) for more in tried if more is not None]
    settles, may = settled_by(after, still_open)
    named = [one for one in next_facts(start, verdicts, library) if one.attribute == key]
    assert {s.id for one in named for s in one.settles} & still_open == settles
    assert {s.id for one in named for s in one.may_settle} & still_open == may
    assert settles | may


def test_facts_come_by_the_weight_of_what_they_settle_then_of_what_they_may(facts: Facts) -> None:
    found = facts(**BONE)
    keys = [(-one.weight, -one.possible_weight) for one in found]
    assert keys == sorted(keys)
    assert all(one.weight == sum(s.weight for s in one.settles) for one in found)
    assert {s.weight for one in found for s in one.settles} <= set(WEIGHTS.values())


def test_a_randomised_trial_weighs_more_than_a_case_series(facts: Facts) -> None:
    settled = {s.study: s for one in facts() for s in (*one.settles, *one.may_settle)}
    assert settled["SABR-COMET"].level == 2
    assert settled["SABR-COMET"].weight > settled["Trovo 2018"].weight


def test_response_to_systemic_therapy_says_whether_tata_takes_her_in(facts: Facts) -> None:
    response = fact(facts(**BONE), "response")
    assert "TATA" in {one.study for one in response.settles}
    by_answer = {one.answer: one for one in response.tellings}
    assert "TATA" in {one.study for one in by_answer["partial response"].included}
    assert "TATA" in {one.study for one in by_answer["stable disease"].excluded}
    assert "E2108" in {one.study for one in by_answer["progression"].excluded}


def test_what_is_told_is_not_asked_and_nothing_that_contradicts_it(facts: Facts) -> None:
    keys = {one.attribute for one in facts(**BONE)}
    assert not keys & set(BONE)
    assert "disease_free_interval_months" not in keys  # it needs a recurrence
    assert "subtype" not in keys  # it follows from the two receptors


def test_the_subtype_tells_the_receptors_too(facts: Facts) -> None:
    subtype = fact(facts(presentation="de_novo"), "subtype")
    assert {"hr_status", "her2_status"} <= set(subtype.also_tells)


def test_neighbouring_numbers_that_settle_the_same_are_told_as_one(facts: Facts) -> None:
    lesions = fact(facts(**{**BONE, "metastasis_count": 9}), "progressing_lesions")
    answers = {one.answer for one in lesions.tellings}
    assert "0" in answers
    assert any(answer.endswith("or more") for answer in answers)


def test_where_everything_is_open_a_patient_with_nothing_told_is_asked_the_presentation_first(
    facts: Facts,
) -> None:
    first = facts()[0]
    assert first.attribute == "presentation"
    assert "MF07-01" in {one.study for one in (*first.settles, *first.may_settle)}
