"""What a plot shows: ratios with intervals, pooled ratios, results of arms; frozen records."""

from __future__ import annotations

from dataclasses import dataclass

VERDICTS = {
    "included": "includes this patient",
    "indeterminate": "may include this patient",
    "excluded": "excludes this patient",
}
"""Verdict on a patient to what the legend calls it."""


@dataclass(frozen=True)
class ForestRow:
    """One estimate of a ratio.

    Attributes:
        patients: number of patients as text, so that "274 or 278" can be told; empty if unknown.
        estimate: above 0; `low` and `high` too, or None where no interval is printed.
        level: of the interval, in percent.
        weight: share in the pooled estimate in percent; None where the row was not pooled.
        group: heading the row stands under; rows of one group stand together.
        note: what a reader must know of this number; printed below the plot.
        verdict: on a patient, a key of VERDICTS; empty where there is none.
        printed: value and interval as the source prints them; empty to have them written out.
    """

    study: str
    population: str
    patients: str
    estimate: float
    low: float | None
    high: float | None
    level: float = 95.0
    weight: float | None = None
    group: str = ""
    note: str = ""
    verdict: str = ""
    printed: str = ""


@dataclass(frozen=True)
class PooledRow:
    """One pooled ratio with its interval and, where one was computed, its prediction interval.

    `printed` as in ForestRow; a ratio with it is one that a source pooled, and its diamond is open.
    """

    label: str
    estimate: float
    low: float
    high: float
    level: float = 95.0
    prediction_low: float | None = None
    prediction_high: float | None = None
    printed: str = ""


@dataclass(frozen=True)
class Forest:
    """A forest plot of ratios on a log axis.

    Attributes:
        measure: as the heading of the numbers says it, such as "Hazard ratio".
        better_left, better_right: what a ratio below, and above, 1 favours; may be empty.
        footer: heterogeneity, method and notice; a line break starts a new line.
    """

    title: str
    subtitle: str
    measure: str
    outcome: str
    rows: tuple[ForestRow, ...]
    pooled: tuple[PooledRow, ...] = ()
    better_left: str = ""
    better_right: str = ""
    footer: str = ""

    @property
    def ratios(self) -> list[ForestRow | PooledRow]:
        """The rows, then the pooled rows."""
        return [*self.rows, *self.pooled]


@dataclass(frozen=True)
class ArmRow:
    """One printing of a result of one arm.

    Rows of one group, study and population are drawn together. Two rows of one arm are two
    printings, and both are shown.

    Attributes:
        role: "intervention", "comparator", or any other word.
        value: None where words stand in place of a number ("not reached").
        low, high: None where no interval is printed.
        printed: the value, with its interval if any, as the source prints it.
        level: of the interval, in percent.
        patients, group, note, verdict: as in ForestRow.
    """

    study: str
    population: str
    arm: str
    role: str
    value: float | None
    low: float | None
    high: float | None
    printed: str
    patients: str = ""
    level: float = 95.0
    group: str = ""
    note: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class ArmsPlot:
    """Results of the arms of studies, side by side, on a linear axis from 0.

    Attributes:
        measure: such as "median" or "rate at 5 years".
        unit: such as "months" or "percent"; percent ends the axis at 100.
        footer: as in Forest.
    """

    title: str
    subtitle: str
    outcome: str
    measure: str
    unit: str
    rows: tuple[ArmRow, ...]
    footer: str = ""
