"""Parts that no profile changes are made once, and never mixed up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from metalocal.render import parts
from metalocal.render.json_text import indented
from metalocal.render.parts import Part, made_once


@dataclass(frozen=True)
class Estimate:
    """An estimate as far as it matters here."""

    value: str


def counted() -> tuple[list[Estimate], Any]:
    """What was made, and what makes it."""
    made: list[Estimate] = []

    @made_once
    def document(one: Estimate) -> dict[str, Any]:
        made.append(one)
        return {"value": one.value}

    return made, document


def test_a_part_is_made_once_for_the_same_estimate() -> None:
    made, document = counted()
    one = Estimate("0.70")
    assert document(one) is document(one)
    assert made == [one]


def test_equal_estimates_of_two_graphs_have_a_part_each() -> None:
    made, document = counted()
    document(Estimate("0.70"))
    document(Estimate("0.70"))
    assert len(made) == 2


def test_an_estimate_that_is_gone_leaves_its_place_to_no_other() -> None:
    _, document = counted()
    assert [document(Estimate(str(n)))["value"] for n in range(500)] == [str(n) for n in range(500)]


def test_no_more_parts_are_kept_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_PARTS", 2)
    made, document = counted()
    estimates = [Estimate(str(number)) for number in range(3)]
    for one in (*estimates, estimates[2], estimates[0]):
        document(one)
    assert made == [*estimates, estimates[0]]


def test_a_part_that_stands_at_two_depths_is_indented_at_each() -> None:
    part = Part({"value": 0.7, "places": [{"line": 87}]})
    document = {"effects": [part, part], "vote": {"deeper": {"effect": part}}, "effect": part}
    for _ in range(2):
        assert indented(document) == json.dumps(document, indent=1, ensure_ascii=False)
