"""What cannot be drawn is told: which row, what was found, how to mend it."""

from __future__ import annotations

from math import isfinite

from metalocal.plots.records import VERDICTS, ArmRow, ArmsPlot, Forest, ForestRow, PooledRow


def check_forest(forest: Forest) -> None:
    """Nothing, if the plot can be drawn.

    Raises:
        ValueError: no rows; a ratio not above 0; bounds out of order, or one without
            the other; an unknown verdict; a weight below 0.
    """
    if not forest.rows:
        raise ValueError(
            f"forest plot {forest.title!r} has no rows. Mend: draw it only where there is a ratio"
        )
    for number, row in enumerate(forest.rows, 1):
        check_ratio(row, f"row {number} ({row.study}, {row.population})")
        check_verdict(row)
        if row.weight is not None and not 0 <= row.weight <= 100:
            raise ValueError(
                f"row {number} ({row.study}): weight {row.weight:g}. Mend: give percent, 0 to 100"
            )
    for pooled in forest.pooled:
        check_ratio(pooled, f"pooled row ({pooled.label})")
        where = f"prediction interval of pooled row ({pooled.label})"
        check_bounds(pooled.prediction_low, pooled.prediction_high, where)


def check_ratio(row: ForestRow | PooledRow, where: str) -> None:
    """Nothing, if estimate and bounds are ratios in order."""
    values = {"estimate": row.estimate, "low": row.low, "high": row.high}
    if isinstance(row, PooledRow):
        values |= {"prediction_low": row.prediction_low, "prediction_high": row.prediction_high}
    for name, value in values.items():
        if value is not None and not (isfinite(value) and value > 0):
            raise ValueError(
                f"{where}: {name} {value:g} is no ratio above 0. Mend: give the ratio, not its"
                " logarithm; leave a row out whose ratio cannot be drawn"
            )
    check_bounds(row.low, row.high, where)


def check_bounds(low: float | None, high: float | None, where: str) -> None:
    """Nothing, if both bounds are there or neither, and the low one lies below the high one.

    An estimate outside its own interval is drawn as printed: a reader should see it.
    """
    if (low is None) != (high is None):
        raise ValueError(
            f"{where}: one bound without the other (low {low}, high {high})."
            " Mend: give both, or None for both"
        )
    if low is not None and high is not None and low > high:
        raise ValueError(
            f"{where}: low {low:g} lies above high {high:g}. Mend: compare with the source"
        )


def check_verdict(row: ForestRow | ArmRow) -> None:
    """Nothing, if the verdict is one of the three or empty."""
    if row.verdict and row.verdict not in VERDICTS:
        raise ValueError(
            f"{row.study}, {row.population}: verdict {row.verdict!r}."
            f" Mend: one of {', '.join(VERDICTS)}, or empty"
        )


def check_arms(plot: ArmsPlot) -> None:
    """Nothing, if the plot can be drawn.

    Raises:
        ValueError: no rows, or none with a number; a number below 0, or above 100 percent; bounds
            out of order, or one without the other; an unknown verdict.
    """
    if all(row.value is None for row in plot.rows):
        raise ValueError(
            f"plot {plot.title!r} has no row with a number. Mend: draw it only where an arm has one"
        )
    for number, row in enumerate(plot.rows, 1):
        check_arm(row, plot, f"row {number} ({row.study}, {row.population}, {row.arm})")


def check_arm(row: ArmRow, plot: ArmsPlot, where: str) -> None:
    """Nothing, if the numbers of a row lie on the axis and in order."""
    most = 100.0 if plot.unit in {"percent", "%"} else float("inf")
    for name, value in (("value", row.value), ("low", row.low), ("high", row.high)):
        if value is not None and not (isfinite(value) and 0 <= value <= most):
            raise ValueError(
                f"{where}: {name} {value:g} is no {plot.measure} in {plot.unit}."
                " Mend: compare with the source"
            )
    check_bounds(row.low, row.high, where)
    check_verdict(row)
