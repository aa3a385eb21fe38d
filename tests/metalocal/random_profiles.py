"""Profiles of random facts, as the attributes and rules allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.problems import ProblemsFoundError
from metalocal.profiles import Profile, profile_of


def random_value(attribute: Attribute, random: Random) -> Any:
    """A value the attribute may have: a set may be told in part."""
    if attribute.kind is Kind.NUMBER:
        low, high = attribute.lowest or 0, min(attribute.highest or 30, 30)
        number = random.randint(low, max(low, high))
        return number if attribute.whole_numbers else number + random.choice((0, 0.25, 0.5))
    words = list(attribute.values)
    if attribute.kind is not Kind.SET:
        return random.choice(words)
    some = random.sample(words, random.randint(1, 3))
    return random.choice(({"only": some}, {"present": some}, {"absent": some}))


def told(
    given: Mapping[str, Any],
    attributes: Mapping[str, Attribute],
    rules: Sequence[Implication],
) -> Profile | None:
    """The profile, or none where it is refused."""
    try:
        return profile_of(given, attributes, rules)
    except ProblemsFoundError:
        return None


def random_profiles(
    count: int, attributes: Mapping[str, Attribute], rules: Sequence[Implication], seed: int
) -> Iterator[tuple[dict[str, Any], Profile]]:
    """What is given of each of `count` patients, one to fourteen facts, and the profile."""
    random = Random(seed)
    for _ in range(count):
        given: dict[str, Any] = {}
        for key in random.sample(list(attributes), random.randint(1, 14)):
            more = {**given, key: random_value(attributes[key], random)}
            if told(more, attributes, rules) is not None:
                given = more
        profile = told(given, attributes, rules)
        assert profile is not None
        yield given, profile
