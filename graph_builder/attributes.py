"""Profile attributes as the ontology declares them, and what follows from their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """How an attribute is answered."""

    ONE_OF = "one_of"
    YES_NO = "yes_no"
    NUMBER = "number"
    SET = "set"


@dataclass(frozen=True)
class Attribute:
    """A question about a patient; `values` maps each YAML word to its short label."""

    key: str
    kind: Kind
    label: str
    definition: str
    question: str
    group: str
    order: int
    values: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    lowest: int | None = None
    highest: int | None = None
    whole_numbers: bool = False
    only_with: str | None = None
    count_of: str | None = None
    not_below_count_of: str | None = None
    not_above: str | None = None
    in_every_profile: bool = False

    @property
    def said_unit(self) -> str:
        """The unit with a space before it, where a sentence should say it: not twice, no counts."""
        said = self.unit in ("years", "months", "centimetres") and self.unit not in self.label
        return f" {self.unit}" if said else ""

    def value_id(self, word: str) -> str:
        """Local name of a value of this attribute: its own words are not unique."""
        return f"{self.key}-{word}"


@dataclass(frozen=True)
class Implication:
    """When all of `conditions` hold, so do `consequences`, and `ruled_out` do not."""

    label: str
    conditions: frozenset[str]
    consequences: frozenset[str]
    ruled_out: frozenset[str]

    @cached_property
    def conditions_in_order(self) -> tuple[str, ...]:
        """The conditions by name: a rule is tried thousands of times in one answer."""
        return tuple(sorted(self.conditions))
