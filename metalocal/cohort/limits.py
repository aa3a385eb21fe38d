"""The limits that criteria set for numbers to the places between them, all a verdict can see."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal

from graph_builder.attributes import Attribute
from metalocal.answers.clauses import Clauses


def limits_of(clauses: Clauses) -> dict[str, list[Decimal]]:
    """The limits that any criterion sets for each number attribute, from the lowest."""
    found = clauses.limits(clauses.of_group)
    return {attribute: sorted(limits) for attribute, limits in found.items()}


def independent_numbers(attributes: Mapping[str, Attribute]) -> set[str]:
    """Number attributes that are compared with limits alone, never with another number or a set."""
    tied = {
        key
        for attribute in attributes.values()
        if attribute.count_of or attribute.not_below_count_of or attribute.not_above
        for key in (attribute.key, attribute.not_above)
    }
    return set(attributes) - tied


def between(number: Decimal, limits: Sequence[Decimal]) -> tuple[int, int]:
    """Of the sorted limits, how many lie below the number and how many do not lie above it.

    >>> between(Decimal(50), [Decimal(50), Decimal(70)])
    (0, 1)
    >>> between(Decimal(55), [Decimal(50), Decimal(70)])
    (1, 1)
    """
    return bisect_left(limits, number), bisect_right(limits, number)
