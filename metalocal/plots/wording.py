"""Numbers and whole plots into words: the figures beside the marks, the text for who cannot see."""

from __future__ import annotations

from metalocal.plots.records import VERDICTS, ArmRow, ArmsPlot, Forest, ForestRow, PooledRow


def number(value: float) -> str:
    """A ratio with two decimals, with two figures below 0.1, whole above 100.

    >>> [number(value) for value in (0.7, 0.034, 1.333, 4254.4, 0.00021)]
    ['0.70', '0.034', '1.33', '4,254', '<0.001']
    """
    if value < 0.001:
        return "<0.001"
    if value < 0.1:
        return f"{value:.2g}"
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def effect_text(row: ForestRow | PooledRow) -> str:
    """The ratio and its interval, as printed or else written out, its level where it is not 95.

    >>> effect_text(ForestRow("E2108", "all", "", 1.11, 0.82, 1.52, 90))
    '1.11 (0.82 to 1.52; 90% CI)'
    """
    if row.low is None or row.high is None:
        return row.printed or f"{number(row.estimate)} (no interval)"
    text = f"{number(row.estimate)} ({number(row.low)} to {number(row.high)})"
    return levelled(row.printed or text, row.level)


def levelled(text: str, level: float) -> str:
    """A number with its interval, and the level in percent where it is not 95.

    >>> levelled("33 (20 to 40)", 90), levelled("33 (90% CI 20 to 40)", 90)
    ('33 (20 to 40; 90% CI)', '33 (90% CI 20 to 40)')
    """
    if level == 95 or f"{level:g}%" in text:
        return text
    return f"{text[:-1]}; {level:g}% CI)" if text.endswith(")") else f"{text}, {level:g}% CI"


def effect_heading(forest: Forest) -> str:
    """The measure, with the level of the intervals if one is 95%."""
    levels = {row.level for row in forest.ratios if row.low is not None}
    return f"{forest.measure} (95% CI)" if 95 in levels else f"{forest.measure} (CI)"


def weight_text(row: ForestRow) -> str:
    """The weight in percent, a dash where the row was not pooled."""
    return "–" if row.weight is None else f"{row.weight:.1f}%"


def prediction_text(row: PooledRow) -> str:
    """The prediction interval, empty where there is none."""
    if row.prediction_low is None or row.prediction_high is None:
        return ""
    return f"({number(row.prediction_low)} to {number(row.prediction_high)})"


def forest_words(forest: Forest) -> str:
    """The plot in sentences, one a line: rows, pooled ratios, directions, notes."""
    lines = [
        forest.subtitle,
        f"{effect_heading(forest)} for {forest.outcome}, {len(forest.rows)} rows.",
    ]
    for row in forest.rows:
        parts = [row.group, row.study, row.population, row.patients and f"n = {row.patients}"]
        weight = "" if row.weight is None else f"weight {weight_text(row)}"
        lines.append(
            sentence([*parts, effect_text(row), weight, VERDICTS.get(row.verdict, ""), row.note])
        )
    for pooled in forest.pooled:
        prediction = prediction_text(pooled)
        prediction = prediction and f"prediction interval {prediction}"
        lines.append(sentence([pooled.label, effect_text(pooled), prediction]))
    if forest.better_left:
        lines.append(f"Below 1: {forest.better_left}.")
    if forest.better_right:
        lines.append(f"Above 1: {forest.better_right}.")
    return "\n".join(line for line in [*lines, forest.footer] if line)


def arms_words(plot: ArmsPlot) -> str:
    """The plot in sentences, one a line."""
    lines = [plot.subtitle, f"{plot.outcome}, {plot.measure} in {plot.unit}."]
    for row in plot.rows:
        role = f"{row.arm} ({row.role})" if row.role else row.arm
        parts = [row.group, row.study, row.population, role, row.patients and f"n = {row.patients}"]
        lines.append(sentence([*parts, arm_text(row), VERDICTS.get(row.verdict, ""), row.note]))
    return "\n".join(line for line in [*lines, plot.footer] if line)


def arm_text(row: ArmRow) -> str:
    """The number as printed, its interval's level where it is not 95."""
    return row.printed if row.low is None else levelled(row.printed, row.level)


def sentence(parts: list[str]) -> str:
    """What is there, set apart by commas, with a full stop."""
    return f"{', '.join(part for part in parts if part).removesuffix('.')}."
