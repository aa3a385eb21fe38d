"""Pooled effects to the record of a forest plot."""

from __future__ import annotations

from collections.abc import Iterable

from graph_builder.statistics import Pooled
from metalocal.plots.records import Forest, ForestRow, PooledRow
from metalocal.pooling.records import PooledAnswer, Reading
from metalocal.pooling.words import METHOD_WORDS, heterogeneity_words, title_of


def forest_of(answer: PooledAnswer, notice: str) -> Forest:
    """The forest plot of an answer: its inputs in order, one diamond a method."""
    about = answer.about
    rows = [
        _row(reading, patients, weight)
        for reading, patients, weight in zip(
            answer.readings, answer.patients, answer.weighed.weights, strict=True
        )
    ]
    return Forest(
        title=title_of(answer),
        subtitle=f"Weights: {METHOD_WORDS[answer.weighed.method]}",
        measure=about.measure_label[:1].upper() + about.measure_label[1:],
        outcome=about.outcome_label,
        rows=tuple(rows),
        pooled=tuple(pooled_rows(answer.results)),
        better_left="Favours intervention",
        better_right="Favours comparator",
        footer=f"{heterogeneity_words(answer.results)}\n{notice}",
    )


def _row(reading: Reading, patients: str, weight: float) -> ForestRow:
    effect, ratio = reading.effect, reading.ratio
    told = reading.words()
    if reading.inverted:
        told = f"{told}; printed {reading.printing.text}"
    return ForestRow(
        study=ratio.study_label,
        population=ratio.population_label,
        patients=patients,
        estimate=effect.ratio,
        low=effect.low,
        high=effect.high,
        level=reading.level,
        weight=100 * weight,
        note=told,
        printed="" if reading.inverted else _printed(reading),
    )


def _printed(reading: Reading) -> str:
    """Value and bounds as printed; the plot adds the level where it is not 95."""
    printing = reading.printing
    return f"{printing.value} ({printing.low} to {printing.high})"


def pooled_rows(results: Iterable[Pooled]) -> Iterable[PooledRow]:
    """One row a pooled effect, with its prediction interval where there is one."""
    for one in results:
        yield PooledRow(
            label=METHOD_WORDS[one.method][:1].upper() + METHOD_WORDS[one.method][1:],
            estimate=one.ratio,
            low=one.interval.low,
            high=one.interval.high,
            level=one.level,
            prediction_low=one.prediction.low if one.prediction else None,
            prediction_high=one.prediction.high if one.prediction else None,
        )
