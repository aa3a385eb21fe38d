"""A choice and the graph's ratios to one pooled effect a method, or to why there is none."""

from __future__ import annotations

from collections.abc import Sequence

from graph_builder.statistics import METHODS, Method, NotPoolableError, Pooled, pool
from metalocal.pooling.ratios import Pool
from metalocal.pooling.records import Choice, LeftOut, PooledAnswer, PoolingError, Reading
from metalocal.pooling.selection import select


def pooled_answer(
    held: Pool, choice: Choice, methods: Sequence[Method] = METHODS, *, level: float = 95
) -> PooledAnswer:
    """The ratios of a choice taken together; `level` of the pooled interval in percent.

    Raises:
        PoolingError: fewer than two may be pooled; the message gives each ratio's reason.
        AskedWronglyError: the choice names what the graph does not have.
    """
    readings, left_out = select(held, choice)
    if len(readings) < 2:
        raise PoolingError(_too_few(readings, left_out))
    times = sorted({one.ratio.time for one in readings})
    if len(times) > 1:
        told = ", ".join(f"{one.ratio.key} at {one.ratio.time or 'no time'}" for one in readings)
        raise PoolingError(f"ratios at different times are not pooled: {told}; see --study")
    results = tuple(pool_readings(readings, method, level) for method in methods)
    patients = tuple(patients_of(held, one) for one in readings)
    return PooledAnswer(readings, patients, results, left_out)


def pool_readings(readings: Sequence[Reading], method: Method, level: float) -> Pooled:
    """The effect of readings taken together; `level` of its interval in percent.

    Raises:
        PoolingError: their numbers cannot be pooled.
    """
    try:
        return pool([one.effect for one in readings], method, level=level)
    except NotPoolableError as error:
        raise PoolingError(str(error)) from error


def patients_of(held: Pool, reading: Reading) -> str:
    """The numbers of patients printed for a study, joined by "or"; none for a part of it."""
    counts = held.patients.get(reading.ratio.study, ())
    return " or ".join(counts) if reading.ratio.is_whole_study else ""


def _too_few(readings: Sequence[Reading], left_out: Sequence[LeftOut]) -> str:
    kept = ", ".join(f"{one.ratio.key} {one.printing.text}" for one in readings)
    found = f"only one ratio is left: {kept}" if kept else "no ratio is left"
    lines = [f"pooling takes two ratios, and {found}"]
    lines += [f"  {reason}: {', '.join(keys)}" for reason, keys in by_reason(left_out).items()]
    return "\n".join(lines)


def by_reason(left_out: Sequence[LeftOut]) -> dict[str, list[str]]:
    """The ratios left out by the reason they share, in the order in which reasons first stand."""
    reasons: dict[str, list[str]] = {}
    for one in left_out:
        reasons.setdefault(one.reason, []).append(one.ratio.key)
    return reasons
