"""Seed and index -> one invented profile, told as data/profiles and data/cohorts tell theirs.

A profile tells as many facts as a known one, its model. Each fact may give way to what another
model tells of the same attribute or to another value of it, each attribute to another one; what
contradicts itself is drawn anew, so every profile is one that `metalocal ask` takes.
"""

# ruff: noqa: S311  (chance need not be secret here)
from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_builder.attributes import Attribute, Kind
from graph_builder.problems import Place, ProblemsFoundError
from graph_builder.terms import Terms
from metalocal.cohort.cells import CellReader
from metalocal.cohort.columns import columns_of
from metalocal.profiles import profile_of, read_given

_DRAWS = 6
_COMPLETE = "_complete"

Given = Mapping[str, Any]
"""What a profile tells, by attribute key and, of a set told to be complete, `<set>_complete`."""
Fact = dict[str, Any]
"""What is told of one attribute: its value and, of a set, perhaps that it is complete."""


def known_profiles(root: Path, attributes: Mapping[str, Attribute]) -> list[dict[str, Fact]]:
    """What each known profile tells, by attribute; profiles first, then rows of the cohorts."""
    found = []
    for path in sorted((root / "data" / "profiles").glob("*.yaml")):
        found.append(_by_attribute(read_given(path.read_text("utf-8"), path.name)[0], attributes))
    for path in sorted((root / "data" / "cohorts").glob("*.csv")):
        found += [_by_attribute(given, attributes) for given in _rows(path, attributes)]
    return found


def _rows(path: Path, attributes: Mapping[str, Attribute]) -> Iterator[Given]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        place = Place(path.name, 1, 1)
        cells = CellReader(columns_of(next(rows), attributes, place), attributes, False)
        for row in rows:
            yield cells.told(row, place).given


def _by_attribute(given: Given, attributes: Mapping[str, Attribute]) -> dict[str, Fact]:
    facts: dict[str, Fact] = defaultdict(dict)
    for key, value in given.items():
        base = key if key in attributes else key.removesuffix(_COMPLETE)
        number = attributes[base].kind is Kind.NUMBER
        facts[base][key] = _number(str(value)) if number else _plain(value)
    return dict(facts)


def _plain(value: Any) -> Any:
    """Without the places that the reader of YAML adds to a mapping."""
    if isinstance(value, Mapping):
        return {key: part for key, part in value.items() if not key.startswith("__")}
    return value


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


@dataclass(frozen=True)
class ProfileSource:
    """What profiles are drawn from."""

    terms: Terms
    models: list[dict[str, Fact]]

    def profile_at(self, seed: int, index: int) -> dict[str, Any]:
        """Profile `index`, counted from 0: values by attribute key, as `profile_of` takes them."""
        chance = random.Random(f"profile:{seed}:{index}")
        model = chance.choice(self.models)
        for _ in range(_DRAWS):
            told = self._varied(model, chance)
            if self.is_valid(told):
                return told
        return _flat(model)

    def is_valid(self, told: Given) -> bool:
        """Whether nothing in it is unknown or contradicts something else in it."""
        try:
            profile_of(told, self.terms.attributes, self.terms.implications)
        except ProblemsFoundError:
            return False
        return True

    def _varied(self, model: dict[str, Fact], chance: random.Random) -> dict[str, Any]:
        keys = list(model)
        for place in range(len(keys)):
            other = chance.choice(list(chance.choice(self.models)) or keys)
            if other not in keys and chance.random() < 0.2:
                keys[place] = other
        return _flat({key: self._fact(key, model.get(key), chance) for key in sorted(keys)})

    def _fact(self, key: str, known: Fact | None, chance: random.Random) -> Fact:
        told = [model[key] for model in self.models if key in model]
        fact = known if known and chance.random() < 0.5 else chance.choice(told)
        attribute = self.terms.attributes[key]
        if attribute.kind is Kind.NUMBER:
            return {key: _near(fact[key], attribute, chance)}
        if attribute.kind is not Kind.SET and chance.random() < 0.2:
            return {key: chance.choice(list(attribute.values))}
        return fact


def _near(number: float, attribute: Attribute, chance: random.Random) -> int | float:
    """A number up to a third from it, within what the attribute allows."""
    fresh = number * chance.uniform(0.67, 1.33)
    if attribute.lowest is not None:
        fresh = max(fresh, attribute.lowest)
    if attribute.highest is not None:
        fresh = min(fresh, attribute.highest)
    return round(fresh) if attribute.whole_numbers else round(fresh, 1)


def _flat(facts: dict[str, Fact]) -> dict[str, Any]:
    return {name: value for fact in facts.values() for name, value in fact.items()}


def profiles(source: ProfileSource, seed: int, n: int) -> Iterator[dict[str, Any]]:
    """The first `n` profiles of a seed; the first of them are those of any smaller number."""
    return (source.profile_at(seed, index) for index in range(n))
