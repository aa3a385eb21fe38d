"""Ids within a study are unique, what refers to one finds it, and subgroups have no circle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph_builder.guidance import GuidanceStatement, ModelGroup
from graph_builder.problems import Problem, closest
from graph_builder.records import Arm, Estimate, Population, Record, Study

Identified = Arm | Population | Estimate | GuidanceStatement | ModelGroup


def problems(study: Study) -> list[Problem]:
    """Repeated ids, references that find nothing, and circles of `within`."""
    arms = {arm.id for arm in study.arms}
    populations = {population.id for population in study.populations}
    found = [
        *repeated("arm", study.arms),
        *repeated("population", study.populations),
        *repeated("estimate", study.estimates),
        *_circles(study.populations),
    ]
    for record, field, kind, name in _references(study):
        known = arms if kind == "arm" else populations
        if name is not None and name not in known:
            message = f"{field} {name} is no {kind} of this study"
            found.append(
                Problem(record.place(field), message, "unknown-reference", closest(name, known))
            )
    return found


def repeated(kind: str, items: Sequence[Identified]) -> list[Problem]:
    """Items of one kind whose id another has already."""
    seen: set[str] = set()
    found = []
    for item in items:
        if item.id in seen:
            message = f"{kind} {item.id} stands twice"
            mend = "give the second another id, or merge the two"
            found.append(Problem(item.place("id"), message, "repeated-id", mend))
        seen.add(item.id)
    return found


def _circles(populations: Sequence[Population]) -> list[Problem]:
    parents = {population.id: population.within for population in populations}
    found = []
    for population in populations:
        step, seen = population.within, {population.id}
        while step is not None and step not in seen:
            seen.add(step)
            step = parents.get(step)
        if step == population.id:
            message = f"population {population.id} lies within itself"
            mend = "let `within` name the larger population"
            found.append(Problem(population.place("within"), message, "circle", mend))
    return found


def _references(study: Study) -> Iterator[tuple[Record, str, str, str | None]]:
    for population in study.populations:
        yield population, "within", "population", population.within
    for fact in study.facts:
        yield fact, "arm", "arm", fact.arm
        yield fact, "population", "population", fact.population
    for estimate in study.estimates:
        yield estimate, "population", "population", estimate.population
        yield estimate, "arm", "arm", estimate.arm
        if estimate.contrast:
            contrast = estimate.contrast
            yield contrast, "arm", "arm", contrast.arm
            yield contrast, "versus", "arm", contrast.versus
            yield contrast, "group", "population", contrast.group
            yield contrast, "versus_group", "population", contrast.versus_group
            for name in contrast.across or []:
                kind = "arm" if name in {arm.id for arm in study.arms} else "population"
                yield contrast, "across", kind, name
