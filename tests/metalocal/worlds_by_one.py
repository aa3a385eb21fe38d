"""What is known in one world, and with one more fact: one patient at a time."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from random_profiles import told as profile_told

from graph_builder.attributes import Attribute, Kind
from metalocal.answers import Library
from metalocal.profiles import Profile
from metalocal.worlds import Worlds


def known_in(worlds: Worlds, place: int) -> tuple[dict[str, bool], dict[str, Decimal]]:
    """Facts and numbers of the world at a place."""
    facts = {
        value: holds
        for holds, side in ((True, worlds.holds), (False, worlds.fails))
        for value, bits in side.items()
        if bits >> place & 1
    }
    numbers = {
        key: number
        for key, found in worlds.numbers.items()
        for number, bits in found
        if bits >> place & 1
    }
    return facts, numbers


def told(profile: Profile, attributes: Mapping[str, Attribute]) -> dict[str, Any]:
    """What a profile knows, as it would be given: telling it again completes to the same."""
    given: dict[str, Any] = dict(profile.numbers)
    for key, attribute in attributes.items():
        known = {word: profile.facts.get(attribute.value_id(word)) for word in attribute.values}
        present = [word for word, held in known.items() if held]
        absent = [word for word, held in known.items() if held is False]
        if attribute.kind is Kind.SET and (present or absent):
            given[key] = {"present": present, "absent": absent}
        elif attribute.kind is not Kind.SET and present:
            given[key] = present[0]
    return given


def with_fact(profile: Profile, key: str, value: object, library: Library) -> Profile | None:
    known = told(profile, library.attributes)
    return profile_told({**known, key: value}, library.attributes, library.rules)
