"""The graph to what knowing more could decide: populations that count, guidance, models.

None of it hangs on a profile, so that it is drawn once for a library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from metalocal.answers.library import Library
from metalocal.answers.open_trials import OPEN_STATUSES
from metalocal.answers.records import Level
from metalocal.answers.unknowns import Settled
from metalocal.attributes import local_name

WEIGHTS = {1: 5, 2: 4, 3: 3, 4: 2, 5: 1}
"""Weight of a population by its level of evidence; one without a level weighs as the lowest."""


@dataclass(frozen=True)
class Stakes:
    """What a verdict that is settled is worth, and what can be drawn from an attribute.

    `counting`: the populations that count, the heaviest first. `kinds`: groups of guidance
    statements and of decision models, and which of the two they are. `in_rules`: attributes that a
    rule draws something from, or to.
    """

    counting: tuple[Settled, ...]
    kinds: Mapping[str, str]
    in_rules: frozenset[str]

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of each group that counts among `counting`."""
        return {one.id: place for place, one in enumerate(self.counting)}

    def heaviest(self, ranks: Iterable[int]) -> tuple[Settled, ...]:
        """The populations at these places, the heaviest first."""
        return tuple([self.counting[rank] for rank in sorted(ranks)])


_KNOWN: WeakKeyDictionary[Library, Stakes] = WeakKeyDictionary()


def stakes_of(library: Library) -> Stakes:
    """What is at stake in a library; drawn once, and forgotten with the library."""
    if library not in _KNOWN:
        _KNOWN[library] = Stakes(_counting(library), _kinds(library), _in_rules(library))
    return _KNOWN[library]


def _counting(library: Library) -> tuple[Settled, ...]:
    """The populations that count: of local therapy, with results or to enter."""
    studies = {row["study"]: row for row in library.rows("studies")}
    opened = {
        row["study"]
        for row in library.rows("study-status")
        if local_name(row["status"]) in OPEN_STATUSES
    }
    found = []
    for group, row in library.populations.items():
        study = studies[row["study"]]
        if study["isAboutLocalTherapy"] != "true":
            continue
        to_enter = row["study"] in opened
        results = any(one.is_outcome for one in library.evidence.get(group, ()))
        if results or (to_enter and row["depth"] == "0"):
            level = library.levels.get(group, Level(None, "")).value
            weight = WEIGHTS.get(level or 0, 1)
            whole = library.widest.get(row["study"], group) == group
            found.append(
                Settled(group, study["label"], row["label"], level, weight, to_enter, whole)
            )
    return tuple(sorted(found, key=lambda one: (-one.weight, one.study, one.id)))


def _kinds(library: Library) -> dict[str, str]:
    statements = {row["target"]: "statement" for row in library.rows("guidance") if "target" in row}
    return {row["group"]: "model" for row in library.rows("models")} | statements


def _in_rules(library: Library) -> frozenset[str]:
    return frozenset(
        value.partition("-")[0]
        for rule in library.rules
        for value in rule.conditions | rule.consequences | rule.ruled_out
    )
