"""Estimates as YAML, written by hand for EXAMPLE-2020, and what the rules drew from them."""

from __future__ import annotations

from collections.abc import Callable

from rdflib import Graph, URIRef
from rdflib.term import Node

from graph_builder.vocabulary import ML, thing

Derived = Callable[..., tuple[Graph, Graph]]
Directions = Callable[..., set[str]]
SURGERY_BETTER = {"favours_intervention"}
SYSTEMIC_BETTER = {"favours_comparator"}
NO_DIFFERENCE = {"no_difference_shown"}
NOT_ESTIMABLE = {"not_estimable"}


ARMS = "contrast: {arm: surgery, versus: systemic}"
REVERSED = "contrast: {arm: systemic, versus: surgery}"
INTERVAL_BELOW_1 = 'value: "0.70", low: "0.50", high: "0.98", level: "95"'


def estimate(
    printed: str,
    measure: str = "hazard_ratio",
    more: str = "contrast: {arm: surgery, versus: systemic}",
    name: str = "asked",
    outcome: str = "overall_survival",
) -> str:
    asked = (
        f"outcome: {outcome}" if not outcome.endswith("baseline") else f"characteristic: {outcome}"
    )
    return f"""\
- id: {name}
  {asked}
  population: randomised
  measure: {measure}
  {more}
  reported: [{{{printed}, source: invented-2021, line: 5}}]"""


def arms(
    surgery: str, systemic: str, measure: str = "median", outcome: str = "overall_survival"
) -> list[str]:
    unit = "months" if measure == "median" else "percent"
    return [
        estimate(f'value: "{value}"', measure, f"arm: {arm}\n  unit: {unit}", arm, outcome)
        for arm, value in (("surgery", surgery), ("systemic", systemic))
    ]


def p_value(
    printed: str = 'p: "0.04"',
    outcome: str = "overall_survival",
    more: str = "contrast: {arm: surgery, versus: systemic}",
) -> str:
    return estimate(printed, "p_value_only", more, outcome=outcome)


def counting(event: str, more: str = ARMS) -> str:
    return f"{more}\n  counts: {event}"


def drawn(graphs: tuple[Graph, Graph], asked: str, predicate: URIRef) -> list[Node]:
    """What the derivations of the reports of the estimate `asked` have as `predicate`."""
    said, facts = graphs
    node = thing("study", "example-2020", "estimate", asked)
    return [
        value
        for report in said.objects(node, ML.hasReport)
        for derivation in facts.subjects(ML.ofReport, report)
        for value in facts.objects(derivation, predicate)
    ]
