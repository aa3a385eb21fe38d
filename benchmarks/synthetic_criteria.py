"""Populations of a study -> the same tree of populations with criteria of other real ones.

Each population takes label and criteria of a real population of a study on the same question, a
whole study of a whole study, a subgroup of a subgroup: so combinations are new, and their number,
form and words are those of the data. What could fit no patient together is drawn anew.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from graph_builder.attributes import Attribute, Kind
from graph_builder.criteria import BoundTest, Clause, Literal, clauses, formula
from graph_builder.records import Criterion, Population, Study

_DRAWS = 8
_LOWER = ("min", "above")

Donors = Mapping[tuple[str, bool], Sequence[Population]]
"""Populations that can be matched, by question and whether they are within another."""


def donors_of(studies: Iterable[Study]) -> Donors:
    """The real populations that lend their criteria, in the order of the studies."""
    found: dict[tuple[str, bool], list[Population]] = defaultdict(list)
    for study in studies:
        for population in filter(lambda p: p.is_matched, study.populations):
            found[study.question, population.within is not None].append(population)
    return dict(found)


@dataclass
class Resampling:
    """Draws the populations of one study; `names` maps each id of the model to the new one."""

    question: str
    donors: Donors
    attributes: Mapping[str, Attribute]
    chance: random.Random
    names: dict[str, str] = field(default_factory=dict)
    _criteria: dict[str, list[Criterion]] = field(default_factory=dict)
    _labels: set[str] = field(default_factory=set)

    def populations(self, models: Sequence[Population]) -> list[Population]:
        """A population for each model, in their order, within the one its model is within."""
        drawn: dict[str, Population] = {}
        waiting = list(models)
        while waiting:
            model = waiting.pop(0)
            if model.within in self.names or model.within is None:
                drawn[model.id] = self._drawn(model)
            else:
                waiting.append(model)
        return [drawn[model.id] for model in models]

    def _drawn(self, model: Population) -> Population:
        above = self._criteria.get(model.within or "", [])
        donor = self._donor(model, above) if model.is_matched else model
        name = _unused(donor.id, set(self.names.values()))
        label = donor.label if donor.label not in self._labels else f"{donor.label} [{name}]"
        self.names[model.id] = name
        self._labels.add(label)
        self._criteria[model.id] = [*above, *donor.criteria]
        new = {"id": name, "label": label, "criteria": donor.criteria, "note": donor.note}
        return model.model_copy(
            update={**new, "within": self.names[model.within] if model.within else None}
        )

    def _donor(self, model: Population, above: list[Criterion]) -> Population:
        pool = self.donors[self.question, model.within is not None]
        for _ in range(_DRAWS):
            donor = self.chance.choice(pool)
            fits = can_be_met([*above, *donor.criteria], self.attributes)
            if fits and donor.label not in self._labels:
                return donor
        if can_be_met([*above, *model.criteria], self.attributes):
            return model
        return model.model_copy(update={"criteria": []})


def _unused(name: str, used: set[str]) -> str:
    numbers = (f"{name}-{number}" for number in range(2, len(used) + 3))
    return name if name not in used else next(other for other in numbers if other not in used)


def can_be_met(criteria: Sequence[Criterion], attributes: Mapping[str, Attribute]) -> bool:
    """Whether no attribute alone rules the criteria out; what joins attributes is not looked at."""
    asked: dict[str, list[Clause]] = defaultdict(list)
    for criterion in criteria:
        for clause in clauses(formula(criterion, attributes)):
            names = {literal.attribute for literal in clause}
            if len(names) == 1:
                asked[names.pop()].append(clause)
    return all(_possible(attributes[key], found) for key, found in asked.items())


def _possible(attribute: Attribute, asked: Sequence[Clause]) -> bool:
    if attribute.kind is Kind.NUMBER:
        return _line_left([clause[0] for clause in asked if len(clause) == 1])
    if attribute.kind is Kind.SET:
        told = {(lit.value, lit.present) for c in asked if len(c) == 1 for lit in _values(c)}
        possible = [
            any((lit.value, not lit.present) not in told for lit in _values(c)) for c in asked
        ]
        return all(possible)
    return any(
        all(any((lit.value == word) == lit.present for lit in _values(c)) for c in asked)
        for word in attribute.values
    )


def _values(clause: Clause) -> list[Literal]:
    return [literal for literal in clause if not isinstance(literal, BoundTest)]


def _line_left(limits: Sequence[Literal]) -> bool:
    bounds = [limit for limit in limits if isinstance(limit, BoundTest)]
    lower = [(Decimal(b.limit), b.side == "above") for b in bounds if b.side in _LOWER]
    upper = [(Decimal(b.limit), b.side == "below") for b in bounds if b.side not in _LOWER]
    return all(
        low < high or (low == high and not (open_low or open_high))
        for low, open_low in lower
        for high, open_high in upper
    )
