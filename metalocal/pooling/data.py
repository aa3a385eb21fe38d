"""Pooled effects, and reproductions, to JSON and CSV for programs and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from graph_builder.statistics import Pooled
from metalocal.pooling.records import LeftOut, LikeAnswer, PooledAnswer, Reading, Trial

SCHEMA_VERSION = "1"

CSV_COLUMNS = (
    "row", "study", "estimate", "method", "population", "arm", "versus", "measure", "outcome",
    "patients", "ratio", "ci_low", "ci_high", "ci_level", "weight_percent", "p", "tau2",
    "i2_percent", "q", "q_p", "prediction_low", "prediction_high", "reading", "source", "line",
    "reason_left_out",
)  # fmt: skip


def pooled_json(answer: PooledAnswer, notice: str) -> str:
    """The answer as JSON, `schema_version` first."""
    about = answer.about
    data: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "notice": notice,
        "question": about.question,
        "outcome": about.outcome,
        "measure": about.measure,
        "pooled": [pooled_data(one) for one in answer.results],
        "inputs": [
            {
                **reading_data(reading),
                "patients": patients,
                "weights": {one.method: one.weights[place] for one in answer.results},
            }
            for place, (reading, patients) in enumerate(
                zip(answer.readings, answer.patients, strict=True)
            )
        ],
        "left_out": [_left_out(one) for one in answer.left_out],
    }
    return _written(data)


def like_json(answer: LikeAnswer, notice: str) -> str:
    """The reproduction as JSON; every reading tried, those that agree best first."""
    data: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "notice": notice,
        "meta_analysis": answer.review,
        "label": answer.review_label,
        "studies": list(answer.studies),
        "notes": list(answer.notes),
        "results": [
            {
                "estimate": one.ratio.key,
                "outcome": one.ratio.outcome,
                "measure": one.ratio.measure,
                "population": one.ratio.population_label,
                "printed": one.printing.text if one.printing else None,
                "reproduced": bool(one.exact) if one.trials else None,
                "problem": one.problem or None,
                "missing": list(one.missing),
                "trials": [trial_data(trial) for trial in one.trials],
            }
            for one in answer.reproductions
        ],
    }
    return _written(data)


def _written(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def pooled_data(one: Pooled) -> dict[str, Any]:
    """A pooled effect by name, on the scale of ratios and of their logs."""
    log_low, log_high = one.interval.logs
    return {
        "method": one.method,
        "count": one.count,
        "level": one.level,
        "ratio": one.ratio,
        "low": one.interval.low,
        "high": one.interval.high,
        "log_ratio": one.log_ratio,
        "log_low": log_low,
        "log_high": log_high,
        "standard_error": one.standard_error,
        "p": one.p,
        "tau2": one.tau2,
        "i2": one.i2,
        "q": one.q,
        "q_degrees_of_freedom": one.q_degrees_of_freedom,
        "q_p": one.q_p,
        "prediction_low": one.prediction.low if one.prediction else None,
        "prediction_high": one.prediction.high if one.prediction else None,
    }


def reading_data(reading: Reading) -> dict[str, Any]:
    """One input: the numbers as printed, and the effect they were read into."""
    effect, printing, ratio = reading.effect, reading.printing, reading.ratio
    return {
        "study": ratio.study,
        "label": ratio.study_label,
        "estimate": ratio.name,
        "design": ratio.design,
        "population": ratio.population_label,
        "arm": ratio.arm.label if ratio.arm else None,
        "versus": ratio.versus.label if ratio.versus else None,
        "printed": {
            "value": printing.value,
            "low": printing.low,
            "high": printing.high,
            "level": printing.level,
            "source": printing.source or None,
            "line": int(printing.line) if printing.line else None,
        },
        "inverted": reading.inverted,
        "reference_stated": ratio.reference_stated,
        "given": reading.given,
        "ratio": effect.ratio,
        "low": effect.low,
        "high": effect.high,
        "level": effect.level,
        "log_ratio": effect.log_ratio,
        "standard_error": effect.standard_error,
        "note": ratio.note or None,
    }


def trial_data(trial: Trial) -> dict[str, Any]:
    """One way of reading the inputs with what it gives."""
    return {
        "reading": trial.words,
        "exact": trial.is_exact,
        "agreeing": list(trial.agreeing),
        "inverted": [one.ratio.study for one in trial.readings if one.inverted],
        "levels": {one.ratio.study: one.level for one in trial.readings},
        "pooled": pooled_data(trial.pooled),
    }


def _left_out(one: LeftOut) -> dict[str, Any]:
    return {"study": one.ratio.study, "estimate": one.ratio.name, "reason": one.reason}


def pooled_csv(answer: PooledAnswer) -> str:
    """One row for each input, each pooled effect and each ratio left out."""
    weights = answer.weighed.weights
    rows: list[dict[str, Any]] = [
        {
            **_about(reading), "row": "input", "patients": patients, "weight_percent": 100 * weight,
            "method": answer.weighed.method,
        }
        for reading, patients, weight in zip(
            answer.readings, answer.patients, weights, strict=True
        )
    ]  # fmt: skip
    rows += [{"row": "pooled", **_pooled_row(one)} for one in answer.results]
    rows += [
        {
            "row": "left out",
            "study": one.ratio.study_label,
            "estimate": one.ratio.name,
            "population": one.ratio.population_label,
            "measure": one.ratio.measure_label,
            "outcome": one.ratio.outcome_label,
            "reason_left_out": one.reason,
        }
        for one in answer.left_out
    ]
    return _csv(CSV_COLUMNS, rows)


def _about(reading: Reading) -> dict[str, Any]:
    effect, ratio = reading.effect, reading.ratio
    return {
        "study": ratio.study_label,
        "estimate": ratio.name,
        "population": ratio.population_label,
        "arm": ratio.arm.label if ratio.arm else "",
        "versus": ratio.versus.label if ratio.versus else "",
        "measure": ratio.measure_label,
        "outcome": ratio.outcome_label,
        "ratio": effect.ratio,
        "ci_low": effect.low,
        "ci_high": effect.high,
        "ci_level": effect.level,
        "reading": reading.words(),
        "source": reading.printing.source,
        "line": reading.printing.line,
    }


def _pooled_row(one: Pooled) -> dict[str, Any]:
    return {
        "method": one.method,
        "measure": one.measure.replace("_", " "),
        "ratio": one.ratio,
        "ci_low": one.interval.low,
        "ci_high": one.interval.high,
        "ci_level": one.level,
        "p": one.p,
        "tau2": one.tau2,
        "i2_percent": 100 * one.i2,
        "q": one.q,
        "q_p": one.q_p,
        "prediction_low": one.prediction.low if one.prediction else "",
        "prediction_high": one.prediction.high if one.prediction else "",
    }


LIKE_COLUMNS = (
    "meta_analysis", "estimate", "outcome", "measure", "population", "printed", "reading",
    "method", "ratio", "ci_low", "ci_high", "agreeing", "exact", "problem",
)  # fmt: skip


def like_csv(answer: LikeAnswer) -> str:
    """One row for each reading tried of each result, or one with the problem."""
    rows: list[dict[str, Any]] = []
    for one in answer.reproductions:
        head = {
            "meta_analysis": answer.review_label,
            "estimate": one.ratio.name,
            "outcome": one.ratio.outcome_label,
            "measure": one.ratio.measure_label,
            "population": one.ratio.population_label,
            "printed": one.printing.text if one.printing else "",
        }
        if one.problem:
            rows.append({**head, "problem": "; ".join((one.problem, *one.missing))})
        rows += [{**head, **_trial_row(trial)} for trial in one.trials]
    return _csv(LIKE_COLUMNS, rows)


def _trial_row(trial: Trial) -> dict[str, Any]:
    return {
        "reading": trial.words,
        "method": trial.pooled.method,
        "ratio": trial.pooled.ratio,
        "ci_low": trial.pooled.interval.low,
        "ci_high": trial.pooled.interval.high,
        "agreeing": " ".join(trial.agreeing),
        "exact": str(trial.is_exact).lower(),
    }


def _csv(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
