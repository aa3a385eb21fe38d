"""What reports say of the effect of a treatment to one direction, by the rule of docs/answer.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

FAVOURS, AGAINST = "favours intervention", "favours comparator"
NO_DIFFERENCE = "no difference shown"
TREATMENT_DIRECTIONS = (FAVOURS, AGAINST, NO_DIFFERENCE)
MIXED = "mixed"

IN_WORDS = "authors' words"
BASES = ("ratio with interval", "p value", "number without interval", IN_WORDS)
"""What a direction can rest on, the strongest first."""


def basis_of(low: str, p: str, value: str) -> str:
    """What the direction of a report rests on, by what it prints; each is empty where it is not.

    >>> basis_of("0.49", "0.005", "0.66"), basis_of("", "", "")
    ('ratio with interval', "authors' words")
    """
    printed = (low, p, value, IN_WORDS)
    return next(basis for basis, what in zip(BASES, printed, strict=True) if what)


def strongest_direction(said: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """The direction that the strongest kind of report gives, and that kind.

    A ratio with its interval goes before a p value, a p value before a number without either, and
    that before words. Reports of one kind that disagree make the direction mixed; both are empty
    where no report has a direction of treatments.

    Args:
        said: what each report rests on, and its direction.

    >>> strongest_direction([("p value", NO_DIFFERENCE), (IN_WORDS, FAVOURS)])
    ('no difference shown', 'p value')
    """
    told: dict[str, set[str]] = defaultdict(set)
    for basis, direction in said:
        if direction in TREATMENT_DIRECTIONS:
            told[basis].add(direction)
    for basis in BASES:
        if told[basis]:
            return (told[basis].pop() if len(told[basis]) == 1 else MIXED), basis
    return "", ""
