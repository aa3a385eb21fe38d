"""Many patients completed at once: each is completed, or refused, as if it were the only one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from random_profiles import random_value
from random_profiles import told as profile_told
from worlds_by_one import known_in

from graph_builder.attributes import Attribute, Implication, Kind
from metalocal.profiles import Profile, profile_of
from metalocal.worlds import Scale, Worlds, bits_at, completed, with_count, worlds_of

Attributes = Mapping[str, Attribute]
Rules = Sequence[Implication]
Given = dict[str, Any]


def worlds_told(given: Sequence[Given], attributes: Attributes) -> Worlds:
    """What is told of each patient, as told: nothing that follows from it, nothing refused."""
    alone = {
        key: Attribute(key, one.kind, "", "", "", "", 1, one.values)
        for key, one in attributes.items()
    }
    return worlds_of([profile_of(one, alone, ()) for one in given])


def random_given(attributes: Attributes, random: Random, most: int) -> Given:
    """What may be told of a patient, sense or nonsense."""
    keys = random.sample(list(attributes), random.randint(0, min(most, len(attributes))))
    return {
        key: within_range(random_value(attributes[key], random), attributes[key]) for key in keys
    }


def within_range(value: Any, attribute: Attribute) -> Any:
    """The number, or the highest there may be; anything else as it is."""
    return min(value, attribute.highest) if attribute.highest is not None else value


def check_each(given: Sequence[Given], attributes: Attributes, rules: Rules) -> tuple[int, int]:
    """Compares each patient with `profile_of`; how many were admitted and refused."""
    worlds, refused = completed(worlds_told(given, attributes), attributes, rules)
    assert worlds.every & refused == 0
    assert worlds.every | refused == (1 << len(given)) - 1
    for place, one in enumerate(given):
        alone = profile_told(one, attributes, rules)
        assert bool(refused >> place & 1) == (alone is None), one
        known = (alone.facts, alone.numbers) if alone else ({}, {})
        assert known_in(worlds, place) == known, one
    return worlds.every.bit_count(), refused.bit_count()


@pytest.mark.parametrize("most", [5, 15, 30])
def test_each_of_many_patients_is_completed_as_if_alone(
    attributes: dict[str, Attribute], rules: list[Implication], most: int
) -> None:
    random = Random(most)
    given = [random_given(attributes, random, most) for _ in range(400)]
    admitted, refused = check_each(given, attributes, rules)
    assert admitted
    assert refused


def test_facts_that_rules_tie_together_are_completed_as_if_alone(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    tied = {v.partition("-")[0] for r in rules for v in r.conditions | r.consequences | r.ruled_out}
    few = {key: attributes[key] for key in attributes if key in tied}
    random = Random(11)
    given = [random_given(few, random, len(few)) for _ in range(1500)]
    admitted, refused = check_each(given, attributes, rules)
    assert admitted > 100
    assert refused > 100


def test_numbers_at_their_limits_are_refused_as_if_alone(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    sites = list(attributes["metastatic_sites"].values)
    given: list[Given] = [
        {"metastatic_sites": {how: sites[:present]}, key: count}
        for present in range(1, 5)
        for how in ("only", "present")
        for key in ("metastasis_count", "metastatic_organ_count")
        for count in range(1, 6)
    ]
    given += [
        {"metastasis_count": 3, key: count}
        for key in ("brain_metastasis_count", "liver_metastasis_count", "progressing_lesions")
        for count in (2, 3, 4)
    ]
    given += [
        {"presentation": word, "disease_free_interval_months": months}
        for word in ("de_novo", "recurrent")
        for months in ("0", "0.5", "720")
    ]
    given.append({"metastatic_sites": {"absent": sites}})
    admitted, refused = check_each(given, attributes, rules)
    assert admitted > 40
    assert refused > 20


def invented(random: Random) -> tuple[dict[str, Attribute], list[Implication]]:
    """Attributes of every kind and rules between them that no clinician would write."""
    words = dict.fromkeys("abc", "")
    attributes = {
        key: Attribute(key, kind, "", "", "", "", 1, words)
        for key, kind in zip("pqrst", [Kind.ONE_OF] * 3 + [Kind.SET] * 2, strict=True)
    }
    attributes["n"] = Attribute("n", Kind.NUMBER, "", "", "", "", 1, highest=4, count_of="s")
    tied = {"not_below_count_of": "t", "not_above": "n", "only_with": "p-a"}
    attributes["m"] = Attribute("m", Kind.NUMBER, "", "", "", "", 1, highest=4, **tied)
    values = [one.value_id(word) for one in attributes.values() for word in one.values]
    rules = []
    for label in range(random.randint(1, 8)):
        some = random.sample(values, random.randint(2, 5))
        cut, end = random.randint(0, 2), random.randint(2, len(some))
        parts = frozenset(some[:cut]), frozenset(some[cut:end]), frozenset(some[end:])
        rules.append(Implication(str(label), *parts))
    return attributes, rules


@pytest.mark.parametrize("seed", range(60))
def test_rules_of_any_form_complete_many_patients_as_if_each_were_alone(seed: int) -> None:
    random = Random(seed)
    attributes, rules = invented(random)
    given = [random_given(attributes, random, 5) for _ in range(120)]
    check_each(given, attributes, rules)


def test_the_order_of_the_rules_changes_nothing(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    random = Random(3)
    told = worlds_told([random_given(attributes, random, 20) for _ in range(200)], attributes)
    turned, refused = completed(told, attributes, rules[::-1])
    assert (turned, refused) == completed(told, attributes, rules)


def test_what_is_completed_is_complete(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    random = Random(4)
    told = worlds_told([random_given(attributes, random, 8) for _ in range(200)], attributes)
    worlds, refused = completed(told, attributes, rules)
    assert refused
    assert completed(worlds, attributes, rules) == (worlds, 0)


def test_a_value_told_to_hold_and_not_to_is_refused(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    told = Worlds(0b11, {"comorbidity-yes": 0b11}, {"comorbidity-yes": 0b10}, {})
    worlds, refused = completed(told, attributes, rules)
    assert (worlds.every, refused) == (0b01, 0b10)
    assert worlds.fails == {"comorbidity-no": 0b01}


def test_two_values_of_a_one_of_attribute_are_refused(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    told = Worlds(0b11, {"response-stable": 0b11, "response-partial": 0b10}, {}, {})
    assert completed(told, attributes, rules)[1] == 0b10


def test_without_worlds_nothing_is_known_and_nothing_refused(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    assert completed(worlds_of([]), attributes, rules) == (Worlds(0, {}, {}, {}), 0)


def test_numbers_without_worlds_lie_on_no_side_of_a_limit() -> None:
    scale = Scale([])
    assert (scale.told, scale.below(Decimal(3)), scale.at_most(Decimal(3))) == (0, 0, 0)


def test_profiles_with_the_same_number_share_an_entry() -> None:
    two, one = Decimal(2), Decimal("1.5")
    profiles = [Profile({"a-b": True}, {"n": n}) for n in (two, one, Decimal("2.0"))]
    worlds = worlds_of([*profiles, Profile({"a-b": False})])
    assert dict(worlds.numbers["n"]) == {two: 0b101, one: 0b010}
    assert (worlds.every, worlds.holds, worlds.fails) == (15, {"a-b": 0b111}, {"a-b": 0b1000})


def test_places_give_their_bits_whatever_the_number() -> None:
    places = [0, 7, 8, 100_000]
    assert bits_at(places) == sum(1 << place for place in places)
    assert bits_at([]) == 0


def test_every_world_has_one_count_of_members_present() -> None:
    random = Random(9)
    members, every = [random.getrandbits(64) for _ in range(6)], (1 << 64) - 1
    counts = with_count(members, every)
    for place in range(64):
        present = sum(bits >> place & 1 for bits in members)
        assert [bits >> place & 1 for bits in counts] == [int(n == present) for n in range(7)]


def test_a_rule_without_conditions_holds_where_nothing_is_told() -> None:
    attributes, _ = invented(Random(0))
    rule = Implication("always", frozenset(), frozenset({"p-a"}), frozenset({"s-b"}))
    check_each([{}, {"p": "b"}], attributes, [rule])
    worlds, refused = completed(worlds_told([{}], attributes), attributes, [rule])
    assert (worlds.holds, refused) == ({"p-a": 1}, 0)


def test_what_is_told_of_nobody_is_left_out(
    attributes: dict[str, Attribute], rules: list[Implication]
) -> None:
    beyond = Worlds(0b01, {"comorbidity-yes": 0b11}, {"comorbidity-yes": 0b10}, {})
    worlds, refused = completed(beyond, attributes, rules)
    assert (worlds.every, worlds.holds, refused) == (0b01, {"comorbidity-yes": 0b01}, 0)
