"""Pooled effects, and pooled results of the literature made again, to records of forest plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graph_builder.statistics import Pooled
from metalocal.plots.records import Forest, ForestRow, PooledRow
from metalocal.pooling.records import (
    LikeAnswer,
    PooledAnswer,
    Printing,
    Ratio,
    Reading,
    Reproduction,
    Trial,
)
from metalocal.pooling.sides import favoured
from metalocal.pooling.words import (
    METHOD_WORDS,
    agreement_words,
    capital,
    designs_of,
    heterogeneity_words,
)


def forest_of(answer: PooledAnswer, notice: str) -> Forest:
    """The forest plot of an answer: its inputs in order, one diamond a method."""
    about, weighed = answer.about, answer.weighed
    left, right = favoured([one.ratio for one in answer.readings])
    return Forest(
        title=f"{capital(about.outcome_label)}: {about.question_label}",
        subtitle=f"{capital(designs_of(answer))}; weights: {METHOD_WORDS[weighed.method]}",
        measure=capital(about.measure_label),
        outcome=about.outcome_label,
        rows=_rows(answer.readings, answer.patients, weighed),
        pooled=tuple(pooled_rows(answer.results)),
        better_left=left,
        better_right=right,
        footer=_footer(heterogeneity_words(answer.results), answer.readings, notice),
    )


def forests_like(answer: LikeAnswer, notice: str) -> list[Forest]:
    """A forest plot for each printed result of a meta-analysis whose inputs are known."""
    return [_forest_like(answer, one, notice) for one in answer.reproductions if one.trials]


def _forest_like(answer: LikeAnswer, one: Reproduction, notice: str) -> Forest:
    """The inputs as the nearest reading takes them; below, what is printed and what they give."""
    about, nearest = one.ratio, one.nearest
    left, right = favoured([about])
    told = (
        f"Nearest reading: {heterogeneity_words([nearest.pooled])}",
        _outcome_of_trials(one),
        *(f"Note on {answer.review_label}: {note}" for note in answer.notes),
    )
    return Forest(
        title=f"{answer.review_label} and the numbers of its studies: {about.outcome_label}",
        subtitle=f"{capital(about.population_label)}; {METHOD_WORDS[nearest.pooled.method]}",
        measure=capital(about.measure_label),
        outcome=about.outcome_label,
        rows=_rows(nearest.readings, one.patients, nearest.pooled),
        pooled=(_as_printed(answer, about, one.printing), *_read_again(one)),
        better_left=left,
        better_right=right,
        footer=_footer("\n".join(told), nearest.readings, notice),
    )


def _outcome_of_trials(one: Reproduction) -> str:
    count = len(one.trials)
    if one.exact:
        return f"Readings that give the printed digits: {len(one.exact)} of {count} tried."
    return (
        f"No reading of {count} tried gives the printed digits;"
        f" of the nearest {agreement_words(one.nearest)}."
    )


def _as_printed(answer: LikeAnswer, about: Ratio, printing: Printing | None) -> PooledRow:
    """The result as printed, in the digits of its source."""
    assert printing is not None, f"{about.key}: trials are made only of what is printed"
    return PooledRow(
        label=f"{answer.review_label} as printed ({printing.place})",
        estimate=float(printing.value),
        low=float(printing.low),
        high=float(printing.high),
        level=float(printing.level),
        printed=_digits(printing),
    )


def _read_again(one: Reproduction) -> Iterator[PooledRow]:
    """The nearest reading; by its method, all that is open as printed, and all of it inverted."""
    nearest = one.nearest
    first = "Reproduced" if nearest.is_exact else "Nearest reading"
    yield _pooled_row(f"{first}: {nearest.words}", nearest.pooled)
    for inverted in (False, True):
        for trial in one.trials:
            if trial is not nearest and _is_plain(trial, nearest, inverted=inverted):
                yield _pooled_row(capital(trial.words), trial.pooled)


def _is_plain(trial: Trial, nearest: Trial, *, inverted: bool) -> bool:
    """Whether a trial has the method of the nearest, levels as printed, and one way of reading."""
    return trial.pooled.method == nearest.pooled.method and all(
        one.level_as_printed and one.inverted == (inverted and not one.ratio.reference_stated)
        for one in trial.readings
    )


def _footer(told: str, readings: Sequence[Reading], notice: str) -> str:
    places = ", ".join(
        f"{one.ratio.study_label} {one.printing.place or 'given by you'}" for one in readings
    )
    return f"{told}\nNumbers of the studies: {places}\n{notice}"


def _rows(
    readings: Sequence[Reading], patients: Sequence[str], pooled: Pooled
) -> tuple[ForestRow, ...]:
    together = zip(readings, patients, pooled.weights, strict=True)
    return tuple(_row(reading, count, weight) for reading, count, weight in together)


def _row(reading: Reading, patients: str, weight: float) -> ForestRow:
    effect, ratio = reading.effect, reading.ratio
    return ForestRow(
        study=ratio.study_label,
        population=ratio.population_label,
        patients=patients,
        estimate=effect.ratio,
        low=effect.low,
        high=effect.high,
        level=reading.level,
        weight=100 * weight,
        note=_note(reading),
        printed="" if reading.inverted else _digits(reading.printing),
    )


def _note(reading: Reading) -> str:
    """How a number was read, where that is not as the source says."""
    told = [reading.way_round]
    if reading.inverted:
        told.append(f"printed {reading.printing.text}")
    if not reading.ratio.reference_stated:
        told.append("reference not stated: no source says which arm the ratio is over")
    return "; ".join(filter(None, (*told, reading.level_words, reading.given_words)))


def _digits(printing: Printing) -> str:
    """Value and bounds as printed; the plot adds the level where it is not 95."""
    return f"{printing.value} ({printing.low} to {printing.high})"


def pooled_rows(results: Iterable[Pooled]) -> Iterator[PooledRow]:
    """One row a pooled effect, with its prediction interval where there is one."""
    for one in results:
        prediction = one.prediction
        yield _pooled_row(
            capital(METHOD_WORDS[one.method]),
            one,
            (prediction.low, prediction.high) if prediction else (None, None),
        )


def _pooled_row(
    label: str, one: Pooled, predicted: tuple[float, float] | tuple[None, None] = (None, None)
) -> PooledRow:
    return PooledRow(
        label=label,
        estimate=one.ratio,
        low=one.interval.low,
        high=one.interval.high,
        level=one.level,
        prediction_low=predicted[0],
        prediction_high=predicted[1],
    )
