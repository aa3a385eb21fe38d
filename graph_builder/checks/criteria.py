"""Criteria ask for attributes, values and numbers that the ontology knows."""

from __future__ import annotations

from collections.abc import Iterator

from graph_builder.attributes import Attribute, Kind
from graph_builder.problems import Problem, closest
from graph_builder.records import Criterion, Study
from graph_builder.terms import Terms

_TESTS = {
    Kind.ONE_OF: {"is", "in"},
    Kind.YES_NO: {"is"},
    Kind.NUMBER: {"min", "max", "above", "below"},
    Kind.SET: {"includes", "includes_any", "excludes", "only"},
}


def problems(study: Study, terms: Terms) -> list[Problem]:
    """Populations without criteria, and criteria that no profile could be tested by."""
    found = []
    for population in study.populations:
        if population.is_matched and not (population.criteria or population.within):
            message = f"population {population.id} has no criterion, so it would fit everyone"
            mend = "enter what the source says of whom the study took in"
            found.append(Problem(population.place("criteria"), message, "no-criteria", mend))
        for criterion in population.criteria:
            found += criterion_problems(criterion, terms)
    return found


def criterion_problems(criterion: Criterion, terms: Terms) -> Iterator[Problem]:
    """What is wrong with one criterion and those joined in it."""
    parts = [*(criterion.any_of or []), *(criterion.all_of or [])]
    for part in [*parts, *([criterion.not_] if criterion.not_ else [])]:
        yield from criterion_problems(part, terms)
    if criterion.attribute is None:
        return
    attribute = terms.attributes.get(criterion.attribute)
    if attribute is None:
        message = f"attribute {criterion.attribute} is not known"
        mend = closest(criterion.attribute, terms.attributes)
        yield Problem(criterion.place("attribute"), message, "unknown-attribute", mend)
        return
    yield from _tests(criterion, attribute)


def _tests(criterion: Criterion, attribute: Attribute) -> Iterator[Problem]:
    allowed = _TESTS[attribute.kind]
    wrong = sorted(criterion.tests() - allowed)
    for name in wrong:
        message = f"{attribute.key} cannot be tested by {name}"
        mend = f"use {' or '.join(sorted(allowed))}"
        yield Problem(criterion.place(name), message, "wrong-test", mend)
    if wrong:
        return
    if attribute.kind is Kind.NUMBER:
        yield from _limits(criterion, attribute)
    else:
        yield from _words(criterion, attribute)


def _words(criterion: Criterion, attribute: Attribute) -> Iterator[Problem]:
    for name in sorted(criterion.tests()):
        given = criterion.is_ if name == "is" else criterion.in_
        if name not in ("is", "in"):
            given = getattr(criterion, name)
        for word in given if isinstance(given, list) else [given]:
            shown = {True: "yes", False: "no"}.get(word, word) if word in (True, False) else word
            if shown not in attribute.values:
                message = f"{attribute.key} has no value {word}"
                mend = closest(str(word), attribute.values)
                yield Problem(criterion.place(name), message, "unknown-value", mend)


def _limits(criterion: Criterion, attribute: Attribute) -> Iterator[Problem]:
    for name in sorted(criterion.tests()):
        limit = getattr(criterion, name)
        low, high = attribute.lowest, attribute.highest
        if (low is not None and limit < low) or (high is not None and limit > high):
            message = f"{attribute.key} {name} {limit} lies outside {low} to {high}"
            mend = "compare with the source, and with the unit of the attribute"
            yield Problem(criterion.place(name), message, "limit-out-of-range", mend)
    least, most = criterion.min, criterion.max
    if least is not None and most is not None and least > most:
        message = f"{attribute.key}: min {least} lies above max {most}"
        yield Problem(criterion.place("min"), message, "empty-range", "swap the two limits")
