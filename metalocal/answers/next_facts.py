"""A profile to what to find out next: facts ranked by the verdicts that knowing them would settle.

The rule is in docs/next-facts.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from graph_builder.attributes import Attribute
from metalocal.answers.clauses import Worlds
from metalocal.answers.library import Library
from metalocal.answers.open_trials import OPEN_STATUSES
from metalocal.answers.possible import Asker, Possible, Said, span_words
from metalocal.answers.records import Level
from metalocal.answers.unknowns import Settled, Telling, Unknown
from metalocal.attributes import local_name
from metalocal.profiles import Profile

WEIGHTS = {1: 5, 2: 4, 3: 3, 4: 2, 5: 1}
"""Weight of a population by its level of evidence; one without a level weighs as the lowest."""

Decided = Mapping[str, tuple[int, int]]
"""For each group, the worlds in which it includes the patient and those in which it excludes."""


def next_facts(
    profile: Profile, verdicts: Mapping[str, str], library: Library
) -> tuple[Unknown, ...]:
    """Facts nobody has told that would settle a verdict, the one that settles most first.

    The order: the weight of what is settled whatever the answer, then of what may be, then the
    order in which facts are asked.
    """
    still_open = [group for group, verdict in verdicts.items() if verdict == "indeterminate"]
    search = _Search(profile, library, tuple(still_open), _counting(still_open, library))
    unknown = [one for one in library.attributes.values() if not profile.knows(one)]
    found = [fact for attribute in unknown if (fact := search.fact(attribute))]
    return tuple(sorted(found, key=lambda fact: (-fact.weight, -fact.possible_weight)))


def _counting(groups: Iterable[str], library: Library) -> dict[str, Settled]:
    """Of these groups the populations that count: of local therapy, with results or to enter."""
    studies = {row["study"]: row for row in library.rows("studies")}
    opened = {
        row["study"]
        for row in library.rows("study-status")
        if local_name(row["status"]) in OPEN_STATUSES
    }
    found = {}
    for group in groups:
        row = library.populations.get(group)
        if row is None or studies[row["study"]]["isAboutLocalTherapy"] != "true":
            continue
        to_enter = row["study"] in opened
        results = any(one.is_outcome for one in library.evidence.get(group, ()))
        if results or (to_enter and row["depth"] == "0"):
            level = library.levels.get(group, Level(None, "")).value
            weight = WEIGHTS.get(level or 0, 1)
            label = studies[row["study"]]["label"]
            whole = library.widest.get(row["study"], group) == group
            found[group] = Settled(group, label, row["label"], level, weight, to_enter, whole)
    return found


@dataclass(frozen=True)
class _Search:
    """One profile, the groups still open for it, and those of them that count."""

    profile: Profile
    library: Library
    still_open: tuple[str, ...]
    counting: Mapping[str, Settled]

    def fact(self, attribute: Attribute) -> Unknown | None:
        """What knowing the attribute would settle; none where no answer settles what counts."""
        if not self._reaches(attribute):
            return None
        possible = self.asker.possible(attribute, self.limits.get(attribute.key, ()))
        if possible is None:
            return None
        decided = self.library.clauses.decided(self._touched(possible.worlds), possible.worlds)
        every = possible.worlds.every
        settled = {g for g, (inside, outside) in decided.items() if inside | outside == every}
        may = [
            g for g, (inside, outside) in decided.items() if inside | outside and g not in settled
        ]
        settles, may_settle = self._heaviest(settled), self._heaviest(may)
        if not settles and not may_settle:
            return None
        kinds = Counter(self.kinds[group] for group in settled if group in self.kinds)
        return Unknown(
            attribute=attribute.key,
            label=attribute.label,
            question=attribute.question,
            settles=settles,
            may_settle=may_settle,
            weight=sum(one.weight for one in settles),
            possible_weight=sum(one.weight for one in may_settle),
            tellings=self._tellings(possible, decided),
            also_tells=self._also_tells(attribute, possible.worlds),
            statements=kinds["statement"],
            model_groups=kinds["model"],
        )

    @cached_property
    def asker(self) -> Asker:
        return Asker(self.profile, self.library.attributes, self.library.rules)

    @cached_property
    def asked(self) -> dict[str, set[str]]:
        """What open groups ask about, a value or an attribute, to the groups that ask."""
        found: dict[str, set[str]] = defaultdict(set)
        for group in self.still_open:
            for clause in self.library.clauses.of_group[group]:
                for alternative in clause:
                    found[alternative.asked].add(group)
        return found

    @cached_property
    def limits(self) -> dict[str, set[Decimal]]:
        """What open groups compare each number with."""
        return self.library.clauses.limits(self.still_open)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Groups of guidance statements and of decision models, and which of the two they are."""
        statements = {
            row["target"]: "statement" for row in self.library.rows("guidance") if "target" in row
        }
        return {row["group"]: "model" for row in self.library.rows("models")} | statements

    @cached_property
    def in_rules(self) -> set[str]:
        """Attributes that a rule draws something from."""
        rules = self.library.rules
        return {
            value.partition("-")[0]
            for rule in rules
            for value in rule.conditions | rule.consequences | rule.ruled_out
        }

    def _reaches(self, attribute: Attribute) -> bool:
        """Whether an open group asks about it, or about what may follow from it."""
        counts = [
            one.key for one in self.library.attributes.values() if one.count_of == attribute.key
        ]
        ids = [attribute.key, *counts, *map(attribute.value_id, attribute.values)]
        return attribute.key in self.in_rules or any(one in self.asked for one in ids)

    def _touched(self, worlds: Worlds) -> set[str]:
        """The open groups that ask about something told in these worlds and not in the profile."""
        values = {v for v in (*worlds.holds, *worlds.fails) if v not in self.profile.facts}
        keys = {key for key in worlds.numbers if key not in self.profile.numbers}
        return {group for one in values | keys for group in self.asked.get(one, ())}

    def _heaviest(self, groups: Iterable[str]) -> tuple[Settled, ...]:
        found = [self.counting[group] for group in groups if group in self.counting]
        return tuple(sorted(found, key=lambda one: (-one.weight, one.study, one.id)))

    def _tellings(self, possible: Possible, decided: Decided) -> tuple[Telling, ...]:
        """What each answer settles, the heaviest first; those that settle nothing are left out."""
        tellings = [self._telling(said, decided) for said in _neighbours_joined(possible, decided)]
        told = [one for one in tellings if one.included or one.excluded]
        return tuple(
            sorted(told, key=lambda one: -sum(s.weight for s in one.included + one.excluded))
        )

    def _telling(self, said: Said, decided: Decided) -> Telling:
        inside = [g for g, (included, _) in decided.items() if said.bits & ~included == 0]
        outside = [g for g, (_, excluded) in decided.items() if said.bits & ~excluded == 0]
        return Telling(said.words, self._heaviest(inside), self._heaviest(outside))

    def _also_tells(self, attribute: Attribute, worlds: Worlds) -> tuple[str, ...]:
        told = {
            v.partition("-")[0]
            for v in (*worlds.holds, *worlds.fails)
            if v not in self.profile.facts
        }
        told |= {key for key in worlds.numbers if key not in self.profile.numbers}
        return tuple(key for key in self.library.attributes if key in told - {attribute.key})


def _neighbours_joined(possible: Possible, decided: Decided) -> list[Said]:
    """The answers; neighbouring numbers that settle the same are told as one."""
    spans, answers = possible.spans, possible.answers
    if not spans:
        return list(answers)
    starts = [
        place
        for place, (said, before) in enumerate(zip(answers, (None, *answers), strict=False))
        if before is None or not _same(decided, said.bits, before.bits)
    ]
    joined = []
    for start, end in zip(starts, [*starts[1:], len(answers)], strict=True):
        lowest, highest = start == 0, end == len(answers)
        words = span_words(spans[start], spans[end - 1], lowest=lowest, highest=highest)
        joined.append(Said(words, sum(said.bits for said in answers[start:end])))
    return joined


def _same(decided: Decided, one: int, two: int) -> bool:
    return all(bool(bits & one) == bool(bits & two) for sides in decided.values() for bits in sides)
