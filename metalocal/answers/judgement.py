"""The ranked rows of a question to its one-line summary, by a written rule (docs/answer.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from metalocal.answers.certainty import AGREE, certainty_of
from metalocal.answers.directions import (
    FAVOURS,
    IN_WORDS,
    MIXED,
    NO_DIFFERENCE,
    TREATMENT_DIRECTIONS,
)
from metalocal.answers.ranking import DIRECT, OPEN, RANDOMISED_LEVELS, WIDER
from metalocal.answers.records import EvidenceRow, Judgement, Question, Vote

Rows = tuple[EvidenceRow, ...]

SUPPORTED, NOT_SUPPORTED = "supported", "not supported"
CONFLICTING, NO_DIRECT_EVIDENCE = "conflicting", "no direct evidence"

TIERS = {"randomised": RANDOMISED_LEVELS, "observational": (3,), "uncontrolled": (4, 5)}
"""Kinds of evidence by their levels, the strongest first."""

HARM = "harm of treatment"
HALF = 0.5
"""Share of its studies from which a synthesis is counted through them."""

NOT_DECIDING = (HARM, "finding of another kind")
"""Families of outcomes that decide no question, unless it asks about them first."""


def judged(
    question: Question,
    rows: Sequence[EvidenceRow],
    families: Sequence[str],
    pooled: Mapping[str, frozenset[str]],
) -> Judgement:
    """The summary of a question for a patient.

    Args:
        question: with the family of outcomes it is decided by first.
        rows: all its rows, in rank order.
        families: labels of all families of outcomes, in the order they are looked at.
        pooled: for each synthesis, the studies it is known to pool.
    """
    order = _deciding(question, families)
    comparing = [row for row in rows if row.direction in (*TREATMENT_DIRECTIONS, MIXED)]
    drawn: set[str] = set()  # families that randomised evidence tells of, open or of wider groups
    for tier, levels in TIERS.items():
        of_tier = [row for row in comparing if row.level.value in levels]
        for at, family in enumerate(order):
            if family in drawn:
                continue
            direct = [r for r in of_tier if r.directness == DIRECT and r.family == family]
            covered = covered_syntheses(direct, pooled)
            votes = _votes([row for row in direct if row.study.id not in covered])
            if votes:
                hanging = _randomised(comparing, order[: at + 1], OPEN)
                indirect = _randomised(comparing, order[: at + 1], WIDER)
                unheard = _each_once(row for row in direct if row.study.id in covered)
                directions = [vote.row.direction for vote in votes]
                word = word_of(directions, safety=family == HARM)
                certainty = certainty_of(tier, votes, hanging)
                return Judgement(word, tier, family, votes, hanging, indirect, unheard, certainty)
            if any(_randomised(comparing, [family], how) for how in (OPEN, WIDER)):
                drawn.add(family)
    tier, family, indirect = _wider(comparing, order, pooled)
    hanging = next((some for one in order if (some := _randomised(comparing, [one], OPEN))), ())
    return Judgement(NO_DIRECT_EVIDENCE, tier, family, (), hanging, indirect, (), None)


def _wider(
    rows: Sequence[EvidenceRow], order: Sequence[str], pooled: Mapping[str, frozenset[str]]
) -> tuple[str, str, Rows]:
    """Kind, family and rows of the strongest evidence of wider populations, each study once."""
    for tier, levels in TIERS.items():
        for family in order:
            found = _speaking(rows, family, WIDER, levels)
            if found:
                covered = covered_syntheses(found, pooled)
                return tier, family, tuple(r for r in found if r.study.id not in covered)
    return "", "", ()


def _deciding(question: Question, families: Sequence[str]) -> list[str]:
    rest = [family for family in families if family not in NOT_DECIDING]
    return list(dict.fromkeys([question.family, *rest] if question.family else rest))


def word_of(directions: Sequence[str], *, safety: bool = False) -> str:
    """The verdict of these votes; where they are about `safety`, no difference is what is hoped.

    >>> word_of(["favours intervention"])
    'supported'
    >>> word_of(["favours intervention", "no difference shown"])
    'conflicting'
    >>> word_of(["no difference shown", "favours comparator"])
    'not supported'
    >>> word_of(["no difference shown"], safety=True)
    'supported'
    """
    hoped = (FAVOURS, NO_DIFFERENCE) if safety else (FAVOURS,)
    for_it = sum(one in hoped for one in directions) / len(directions)
    not_for_it = sum(one not in (*hoped, MIXED) for one in directions) / len(directions)
    if for_it >= AGREE:
        return SUPPORTED
    return NOT_SUPPORTED if not_for_it >= AGREE else CONFLICTING


def covered_syntheses(
    rows: Sequence[EvidenceRow], pooled: Mapping[str, frozenset[str]]
) -> set[str]:
    """Syntheses among the rows that would count studies twice.

    One that pools nothing, as far as known, that another does not pool (of two that pool the same,
    the one ranked first stays); and one of whose known studies half or more are among the rows.
    """
    ranks = {study: number for number, study in enumerate(dict.fromkeys(r.study.id for r in rows))}
    known = {study: pooled[study] for study in ranks if study in pooled}
    within = {
        one
        for one, studies in known.items()
        for other, more in known.items()
        if one != other and (studies < more or (studies == more and ranks[other] < ranks[one]))
    }
    by_its_studies = {
        one for one, studies in known.items() if len(studies & set(ranks)) >= HALF * len(studies)
    }
    return within | by_its_studies


def _each_once(rows: Iterable[EvidenceRow]) -> Rows:
    """The first row of each study."""
    found: dict[str, EvidenceRow] = {}
    for row in rows:
        found.setdefault(row.study.id, row)
    return tuple(found.values())


def _votes(rows: Sequence[EvidenceRow]) -> tuple[Vote, ...]:
    """One vote a study, by the row that speaks for it."""
    by_study: dict[str, list[EvidenceRow]] = {}
    for row in rows:
        by_study.setdefault(row.study.id, []).append(row)
    votes = []
    for found in by_study.values():
        speaking = min(found, key=speaking_order)
        otherwise = tuple(row for row in found if row.direction != speaking.direction)
        votes.append(Vote(speaking, otherwise))
    return tuple(votes)


def speaking_order(row: EvidenceRow) -> tuple[bool, bool, int]:
    """Which row speaks for a study: breast cancer alone, then a number, then the widest group."""
    return row.population.mixed, row.basis == IN_WORDS, row.population.depth


def _randomised(rows: Sequence[EvidenceRow], families: Iterable[str], directness: int) -> Rows:
    """Randomised rows that are so direct, and no more, one a study, of the first family it has."""
    levels = TIERS["randomised"]
    found = (_speaking(rows, family, directness, levels) for family in families)
    return _each_once(row for some in found for row in some)


def _speaking(
    rows: Sequence[EvidenceRow], family: str, directness: int, levels: Sequence[int]
) -> Rows:
    """The rows of a family and of such levels that are so direct, and no more, one a study."""
    found: dict[str, list[EvidenceRow]] = {}
    nearer = {row.study.id for row in rows if row.directness < directness}
    for row in rows:
        fits = row.level.value in levels and row.family == family
        if fits and row.directness == directness and row.study.id not in nearer:
            found.setdefault(row.study.id, []).append(row)
    return tuple(min(one, key=speaking_order) for one in found.values())
