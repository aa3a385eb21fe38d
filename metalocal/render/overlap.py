"""Overlap of meta-analyses as JSON and CSV, for programs and sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from metalocal.overlap import Overlap, Review
from metalocal.render.sheets import rows_as_csv, versioned_json

SCHEMA_VERSION = "1"
CSV_COLUMNS = ("question", "review", "list", "study", "listed")


def as_csv(found: Iterable[Overlap]) -> str:
    """The citation matrix: a row for each study and review of known list, listed or not seen."""
    return rows_as_csv(CSV_COLUMNS, _rows(found))


def _rows(found: Iterable[Overlap]) -> Iterator[tuple[str, ...]]:
    for one in found:
        for review in one.known:
            for study in one.studies:
                listed = "yes" if study in review.listed else "not named"
                yield (one.question, review.label, review.completeness, one.labels[study], listed)
        for review in one.unknown:
            yield (one.question, review.label, review.completeness, "", "unknown")


def as_json(found: Iterable[Overlap]) -> str:
    """The overlap of each question as JSON, `schema_version` first."""
    return versioned_json(SCHEMA_VERSION, {"questions": [_question(one) for one in found]})


def _question(one: Overlap) -> dict[str, Any]:
    return {
        "question": one.question,
        "label": one.question_label,
        "corrected_covered_area": one.covered,
        "band": one.band or None,
        "pairs": [
            {
                "reviews": [pair.one, pair.two],
                "shared": list(pair.shared),
                "corrected_covered_area": pair.covered,
                "band": pair.band,
            }
            for pair in one.pairs
        ],
        "reviews": [_review(review) for review in (*one.known, *one.unknown)],
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "id": review.id,
        "label": review.label,
        "studies": list(review.listed) or None,
        "studies_pooled": list(review.counts) or None,
    }
