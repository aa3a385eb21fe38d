"""A profile to what to find out next: facts ranked by the verdicts that knowing them would settle.

The rule is in docs/next-facts.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph_builder.attributes import Attribute
from metalocal.answers.library import Library
from metalocal.answers.possible import Asker, Possible, Round, Said
from metalocal.answers.spans import span_words
from metalocal.answers.stakes import WEIGHTS, Stakes, stakes_of
from metalocal.answers.unknowns import Settled, Telling, Unknown
from metalocal.profiles import Profile

__all__ = ["WEIGHTS", "next_facts"]


class _Alike(NamedTuple):
    """Groups that are decided in the same worlds: those that include, those that exclude.

    `ranks`: the places of those groups that count among what is at stake.
    """

    included: int
    excluded: int
    groups: Sequence[str]
    ranks: Sequence[int]


def next_facts(
    profile: Profile, verdicts: Mapping[str, str], library: Library
) -> tuple[Unknown, ...]:
    """Facts nobody has told that would settle a verdict, the one that settles most first.

    The order: the weight of what is settled whatever the answer, then of what may be, then the
    order in which facts are asked.
    """
    still_open = frozenset(g for g, verdict in verdicts.items() if verdict == "indeterminate")
    search = _Search(profile, library, still_open, stakes_of(library))
    found = {fact.attribute: fact for fact in search.facts()}
    in_order = [found[key] for key in library.attributes if key in found]
    return tuple(sorted(in_order, key=lambda fact: (-fact.weight, -fact.possible_weight)))


@dataclass(frozen=True)
class _Search:
    """One profile, the groups still open for it, and what is at stake."""

    profile: Profile
    library: Library
    still_open: frozenset[str]
    stakes: Stakes

    def facts(self) -> Iterator[Unknown]:
        """What knowing each attribute would settle, of those where an answer settles something."""
        asker = Asker(self.profile, self.library.attributes, self.library.rules)
        limits = self.library.clauses.limits(self.still_open)
        for tried in asker.rounds([*self._questions()], limits):
            yield from self._facts_of(tried)

    def _questions(self) -> Iterator[Attribute]:
        """What the profile does not tell and an open group asks about, or what may follow from."""
        counted = defaultdict(list)
        for attribute in self.library.attributes.values():
            counted[attribute.count_of].append(attribute.key)
        for key, attribute in self.library.attributes.items():
            ids = (key, *counted[key], *map(attribute.value_id, attribute.values))
            reached = key in self.stakes.in_rules or any(self._asking(one) for one in ids)
            if reached and not self.profile.knows(attribute):
                yield attribute

    def _asking(self, asked: str) -> frozenset[str]:
        """The open groups that ask about a value, or about a number attribute."""
        return self.library.clauses.asking.get(asked, frozenset()) & self.still_open

    def _facts_of(self, tried: Round) -> Iterator[Unknown]:
        touched = [self._touched(question) for question in tried.questions]
        decided = self.library.clauses.decided(frozenset().union(*touched), tried.worlds)
        for question, groups in zip(tried.questions, touched, strict=True):
            alike = self._alike(question, {group: decided[group] for group in groups})
            fact = self._fact(question, alike)
            if fact.settles or fact.may_settle:
                yield fact

    def _touched(self, question: Possible) -> frozenset[str]:
        """The open groups that ask about something an answer makes known."""
        return frozenset().union(*map(self._asking, question.tells))

    def _alike(self, question: Possible, decided: Mapping[str, tuple[int, int]]) -> list[_Alike]:
        """The groups that some answer decides, those decided in the same worlds together."""
        found: dict[tuple[int, int], list[str]] = defaultdict(list)
        for group, (included, excluded) in decided.items():
            found[included & question.bits, excluded & question.bits].append(group)
        ranks = self.stakes.ranks
        return [
            _Alike(*sides, groups, [ranks[group] for group in groups if group in ranks])
            for sides, groups in found.items()
            if any(sides)
        ]

    def _fact(self, question: Possible, alike: Sequence[_Alike]) -> Unknown:
        """What an answer to the question would settle."""
        attribute = question.attribute
        sure = [one for one in alike if one.included | one.excluded == question.bits]
        may = [one for one in alike if one.included | one.excluded != question.bits]
        settles, may_settle = self._heaviest(sure), self._heaviest(may)
        kinds = Counter(
            self.stakes.kinds[group]
            for one in sure
            for group in one.groups
            if group in self.stakes.kinds
        )
        return Unknown(
            attribute=attribute.key,
            label=attribute.label,
            question=attribute.question,
            settles=settles,
            may_settle=may_settle,
            weight=sum(one.weight for one in settles),
            possible_weight=sum(one.weight for one in may_settle),
            tellings=self._tellings(question, alike),
            also_tells=self._also_tells(question),
            statements=kinds["statement"],
            model_groups=kinds["model"],
        )

    def _heaviest(self, alike: Iterable[_Alike]) -> tuple[Settled, ...]:
        return self.stakes.heaviest([rank for one in alike for rank in one.ranks])

    def _tellings(self, question: Possible, alike: Sequence[_Alike]) -> tuple[Telling, ...]:
        """What each answer settles, the heaviest first; those that settle nothing are left out."""
        counting = [one for one in alike if one.ranks]
        answers = _neighbours_joined(question, alike)
        tellings = [self._telling(said, counting) for said in answers]
        told = [one for one in tellings if one.included or one.excluded]
        return tuple(
            sorted(told, key=lambda one: -sum(s.weight for s in one.included + one.excluded))
        )

    def _telling(self, said: Said, alike: Sequence[_Alike]) -> Telling:
        bits = said.bits
        inside = [one for one in alike if bits & one.included == bits]
        outside = [one for one in alike if bits & one.excluded == bits]
        return Telling(said.words, self._heaviest(inside), self._heaviest(outside))

    def _also_tells(self, question: Possible) -> tuple[str, ...]:
        told = {one.partition("-")[0] for one in question.tells} - {question.attribute.key}
        return tuple(key for key in self.library.attributes if key in told)


def _neighbours_joined(question: Possible, alike: Iterable[_Alike]) -> list[Said]:
    """The answers; neighbouring numbers that settle the same are told as one."""
    spans, answers = question.spans, question.answers
    if not spans:
        return list(answers)
    sides = {bits for one in alike for bits in (one.included, one.excluded)}
    starts = [
        place
        for place, (said, before) in enumerate(zip(answers, (None, *answers), strict=False))
        if before is None or not _same(sides, said.bits, before.bits)
    ]
    joined = []
    for start, end in zip(starts, [*starts[1:], len(answers)], strict=True):
        lowest, highest = start == 0, end == len(answers)
        words = span_words(spans[start], spans[end - 1], lowest=lowest, highest=highest)
        joined.append(Said(words, sum(said.bits for said in answers[start:end])))
    return joined


def _same(sides: Iterable[int], one: int, two: int) -> bool:
    return all(bool(bits & one) == bool(bits & two) for bits in sides)
