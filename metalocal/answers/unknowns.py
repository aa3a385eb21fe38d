"""What is not known of a patient, and which verdicts hang on it, as records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settled:
    """A population whose verdict a fact would settle; `level` is empty without results.

    `whole`: it is the widest population of its study that counts here, not a group within it.
    """

    id: str
    study: str
    label: str
    level: int | None
    weight: int
    open_trial: bool
    whole: bool


@dataclass(frozen=True)
class Telling:
    """What one answer would settle: populations it would include, and those it would exclude."""

    answer: str
    included: tuple[Settled, ...]
    excluded: tuple[Settled, ...]


@dataclass(frozen=True)
class Unknown:
    """A fact nobody has told, and the verdicts it would settle, by the rule of docs/next-facts.md.

    `settles`: populations that every answer would include or exclude; `may_settle`: those that some
    answers would; the heaviest first. `weight` and `possible_weight` are their sums. `tellings`:
    what the answers would settle, the most telling first. `also_tells`: other attributes of which
    an answer would tell something. `statements` and `model_groups`: how many groups of guidance and
    of decision models every answer would settle.
    """

    attribute: str
    label: str
    question: str
    settles: tuple[Settled, ...]
    may_settle: tuple[Settled, ...]
    weight: int
    possible_weight: int
    tellings: tuple[Telling, ...]
    also_tells: tuple[str, ...]
    statements: int
    model_groups: int

    @property
    def populations(self) -> tuple[str, ...]:
        """The populations it settles or may settle."""
        return tuple(one.id for one in (*self.settles, *self.may_settle))
