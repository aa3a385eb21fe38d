"""A meta-analysis of the graph to its own inputs, pooled every way they can be read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from graph_builder.problems import closest
from graph_builder.statistics import METHODS, Method, Pooled, count_of, rounds_to
from metalocal.pooling.answer import patients_of, pool_readings
from metalocal.pooling.ratios import Pool
from metalocal.pooling.records import (
    AskedWronglyError,
    Choice,
    LikeAnswer,
    Printing,
    Ratio,
    Reading,
    Reproduction,
    Trial,
)
from metalocal.pooling.selection import reading_of, reason_against

MOST_OPEN = 6
"""Inputs that can be read in two ways; each doubles the number of readings tried."""


def like(
    held: Pool, review: str, given: tuple[tuple[str, Printing], ...] = (),
    methods: Sequence[Method] = METHODS,
) -> LikeAnswer:  # fmt: skip
    """Every pooled ratio of a meta-analysis beside what the graph's ratios of its studies give.

    Args:
        held: what the graph holds for pooling.
        review: id of the meta-analysis.
        given: numbers of one's own by study, in place of the graph's.
        methods: to try.

    Raises:
        AskedWronglyError: the graph has no such study, or does not know what it pooled.
    """
    studies = _studies_of(held, review)
    for study, _ in given:
        if study not in studies:
            message = f"--set {study}: {held.labels[review]} is not known to pool that"
            raise AskedWronglyError(f"{message}; {closest(study, studies)}")
    printed = [one for one in held.ratios if one.study == review]
    found = tuple(_reproduction(held, one, studies, given, methods) for one in printed)
    return LikeAnswer(
        review,
        held.labels[review],
        tuple(held.labels[study] for study in studies),
        found,
        held.notes.get(review, ()),
    )


def _studies_of(held: Pool, review: str) -> tuple[str, ...]:
    if review not in held.labels:
        raise AskedWronglyError(
            f"--like {review}: no study has this id; {closest(review, held.taken_in)}"
        )
    if review not in held.taken_in:
        known = ", ".join(sorted(held.taken_in))
        message = f"--like {review}: no source names the studies that {held.labels[review]} pooled"
        raise AskedWronglyError(f"{message}; they are known of {known}")
    return held.taken_in[review]


def _reproduction(
    held: Pool,
    ratio: Ratio,
    studies: tuple[str, ...],
    given: tuple[tuple[str, Printing], ...],
    methods: Sequence[Method],
) -> Reproduction:
    printed = {one.numbers for one in ratio.with_interval}
    if len(printed) != 1:
        why = "sources print it differently" if printed else "it is printed without interval"
        return Reproduction(ratio, None, (), problem=why)
    target = ratio.with_interval[0]
    problem = _of_other_studies(held, ratio, studies)
    if problem:
        return Reproduction(ratio, target, (), problem=problem)
    readings, missing = _inputs(held, ratio, studies, given)
    if missing:
        count = f"{len(readings)} of {len(studies)}"
        problem = f"the graph has an input for {count} studies"
        return Reproduction(ratio, target, missing, problem=problem)
    if sum(len(_ways(one, target)) > 1 for one in readings) > MOST_OPEN:
        return Reproduction(ratio, target, (), problem="too many inputs can be read in two ways")
    patients = tuple(patients_of(held, one) for one in readings)
    trials = tuple(_trials(readings, target, methods))
    return Reproduction(ratio, target, (), trials, patients=patients)


def _of_other_studies(held: Pool, ratio: Ratio, studies: tuple[str, ...]) -> str:
    """Why the studies listed are not those behind this ratio; empty where their number agrees."""
    counts = held.studies_pooled.get(ratio.study, {})
    printed = counts.get(ratio.population_label)
    if printed is None and ratio.is_whole_study:
        printed = counts.get("")
    if printed is None:
        return f"no source says how many studies went into {ratio.population_label}"
    numbers = {count_of(text) for text in printed}
    if numbers == {len(studies)}:
        return ""
    told = " or ".join(printed)
    return f"it pools {told} studies, of which sources name {len(studies)}"


def _inputs(
    held: Pool, ratio: Ratio, studies: tuple[str, ...], given: tuple[tuple[str, Printing], ...]
) -> tuple[list[Reading], tuple[str, ...]]:
    """The reading of each study's ratio of this outcome and measure, and what is missing."""
    readings, missing = [], []
    for study in studies:
        own = [one for one in held.ratios if one.study == study]
        choice = Choice(ratio.question, ratio.outcome, ratio.measure, given=given)
        choice = replace(choice, designs=tuple({one.design for one in own}), as_printed=(study,))
        fit = [one for one in own if not reason_against(held, choice, one)]
        if len(fit) == 1:
            readings.append(reading_of(fit[0], choice))
        else:
            missing.append(_missing(held, choice, own, study))
    return readings, tuple(missing)


def _missing(held: Pool, choice: Choice, own: list[Ratio], study: str) -> str:
    label = held.labels[study]
    if not own:
        return f"{label}: no ratio"
    told = [f"{one.key}: {reason_against(held, choice, one) or 'one of several'}" for one in own]
    return f"{label}: " + "; ".join(told)


def _ways(reading: Reading, target: Printing) -> list[Reading]:
    """The ways one input can be read: turned round where no source says, its level taken otherwise.

    A meta-analyst may have read an interval of another level as one of the usual level.
    """
    ways = [reading]
    if not reading.ratio.reference_stated:
        ways.append(reading.turned())
    if reading.level != float(target.level):
        ways += [one.at_level(float(target.level)) for one in ways]
    return ways


def _trials(
    readings: list[Reading], target: Printing, methods: Sequence[Method]
) -> Iterator[Trial]:
    """Each combination of readings under each method, those that agree best first."""
    ways = [_ways(one, target) for one in readings]
    found = [
        _trial(combination, method, target) for combination in product(*ways) for method in methods
    ]
    yield from sorted(found, key=lambda one: (-len(one.agreeing), one.distance))


def _trial(readings: tuple[Reading, ...], method: Method, target: Printing) -> Trial:
    pooled = pool_readings(readings, method, float(target.level))
    pairs = _pairs(pooled, target)
    agreeing = tuple(name for name, got, printed in pairs if rounds_to(got, printed))
    distance = sum(abs(math.log(got / float(printed))) for _, got, printed in pairs)
    return Trial(readings, pooled, agreeing, distance)


def _pairs(pooled: Pooled, target: Printing) -> tuple[tuple[str, float, str], ...]:
    return (
        ("ratio", pooled.ratio, target.value),
        ("low", pooled.interval.low, target.low),
        ("high", pooled.interval.high, target.high),
    )
