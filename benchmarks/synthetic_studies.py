"""Seed and index -> one synthetic study as a record, modelled on a real one.

The same seed and index give the same study however many others there are. A study stands for no
investigation: id, label and note say so; its reports keep source and line of the model's.
"""

# ruff: noqa: S311  (chance need not be secret here)
from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from synthetic_criteria import Donors, Resampling, donors_of
from synthetic_numbers import changed_estimate, changed_fact, jitter_of, newest_year

from graph_builder.build import Checked, checked
from graph_builder.inputs import Inputs
from graph_builder.problems import Place
from graph_builder.records import Contrast, Estimate, Fact, Identifier, Pooled, Study

MOST = 1_000_000
"""Studies that ids have digits for."""
NOTE = "Synthetic, made for benchmarks of scale: it stands for no study and is no evidence."


@dataclass(frozen=True)
class Reality:
    """What is really known: the records of data/ and the words of the ontology, with no problem."""

    inputs: Inputs
    known: Checked

    @cached_property
    def donors(self) -> Donors:
        """The populations whose criteria are drawn."""
        return donors_of(self.known.records.studies)


def reality(root: Path) -> Reality:
    """The data and the ontology of a checkout, read and checked."""
    inputs = Inputs(root / "ontology", root / "data", root / "queries" / "examples")
    return Reality(inputs, checked(inputs))


def id_of(index: int) -> str:
    """The id of a synthetic study.

    >>> id_of(7)
    'synthetic-000007'
    """
    return f"synthetic-{index:06d}"


def study_at(real: Reality, seed: int, index: int) -> Study:
    """Study `index`, counted from 0.

    Raises:
        ValueError: the index has no id.
    """
    if not 0 <= index < MOST:
        raise ValueError(f"study {index} has no id; take an index from 0 to {MOST - 1}")
    chance = random.Random(f"{seed}:{index}")
    model = chance.choice(real.known.records.studies)
    drawing = Resampling(model.question, real.donors, real.known.terms.attributes, chance)
    populations = drawing.populations(model.populations)
    jitter = jitter_of(chance, newest_year(model.facts))
    facts = [changed_fact(fact, jitter) for fact in model.facts]
    estimates = [changed_estimate(estimate, jitter) for estimate in model.estimates]
    arms = {arm.id for arm in model.arms}
    return model.model_copy(
        update={
            "id": id_of(index),
            "label": f"Synthetic {index:06d}",
            "note": f"{NOTE} {model.note}" if model.note else NOTE,
            "places": {"": Place(f"data/trials/{id_of(index)}.yaml", 1, 1)},
            "identifiers": _identifiers(model.identifiers, index),
            "populations": populations,
            "pools": _pools(model.pools, index, chance),
            "facts": [_fact(fact, drawing.names) for fact in facts],
            "estimates": [_estimate(estimate, drawing.names, arms) for estimate in estimates],
        }
    )


def _identifiers(models: list[Identifier], index: int) -> list[Identifier]:
    """As many of each kind; numbers that no registry has given."""
    return [
        model.model_copy(update={"value": _identifier(model.kind, index, number)})
        for number, model in enumerate(models)
    ]


def _identifier(kind: str, index: int, number: int) -> str:
    known = {
        "nct": f"NCT{90_000_000 + number * MOST + index}",
        "pmid": f"{900_000_000 + number * MOST + index}",
        "doi": f"10.5555/synthetic.{index:06d}.{number}",
    }
    return known.get(kind, f"SYN-{index:06d}-{number}")


def _pools(models: list[Pooled], index: int, chance: random.Random) -> list[Pooled]:
    """A review pools studies that come before it, so that none is missing."""
    chosen = chance.sample(range(index), min(len(models), index))
    pairs = zip(models, chosen, strict=False)
    return [model.model_copy(update={"study": id_of(other)}) for model, other in pairs]


def _fact(fact: Fact, names: dict[str, str]) -> Fact:
    return fact.model_copy(update={"population": names.get(fact.population or "")})


def _estimate(estimate: Estimate, names: dict[str, str], arms: set[str]) -> Estimate:
    contrast = _contrast(estimate.contrast, names, arms) if estimate.contrast else None
    new = {"population": names[estimate.population], "contrast": contrast}
    return estimate.model_copy(update=new)


def _contrast(contrast: Contrast, names: dict[str, str], arms: set[str]) -> Contrast:
    across = contrast.across and [n if n in arms else names[n] for n in contrast.across]
    return contrast.model_copy(
        update={
            "group": names.get(contrast.group or ""),
            "versus_group": names.get(contrast.versus_group or ""),
            "across": across,
        }
    )
