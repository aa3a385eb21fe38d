"""The votes of a question to a certainty in GRADE's words, by written rules (docs/certainty.md).

A sketch: it sees what the sources print, not the studies themselves. What it has no data on it
says, and does not assume.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from metalocal.answers.directions import AGAINST, FAVOURS, TREATMENT_DIRECTIONS
from metalocal.answers.records import Certainty, EvidenceRow, Report, Step, Vote

WORDS = ("very low", "low", "moderate", "high")
START = {"randomised": "high", "observational": "low", "uncontrolled": "very low"}

IN_THE_START = (
    "retrospective nature",
    "selection bias",
    "baseline imbalance",
    "missing adjustment",
    "single arm",
)
"""Limitations for which studies without random allocation start low, so that they count once."""

BIAS = (
    *IN_THE_START,
    "timing of treatment unclear",
    "missing data",
    "stage migration",
    "uncontrolled co-treatment",
    "protocol deviation",
)
INCONSISTENT = ("heterogeneity", "result in need of explanation")
INDIRECT = (
    "mixed population",
    "outdated or insufficient systemic therapy",
    "heavily pretreated",
    "advanced local disease",
    "staging uncertainty",
    "missing subgroup analysis",
    "preclinical evidence only",
)
SMALL = ("small sample", "low recruitment")
TOLD_ONLY = (
    "incomplete reporting",
    "short follow-up",
    "single centre",
    "exploratory subgroup",
    "other limitation",
)
"""Limitations that are told with the study and lower nothing: how much they matter is not said."""

UNPLANNED = (
    "subgroup of unstated status",
    "unplanned subgroup",
    "post hoc subgroup",
    "outcome-defined group",
)
"""Kinds of population that no source calls planned."""

EXTENT = frozenset({
    "metastasis_count", "metastatic_sites", "metastatic_organ_count", "largest_metastasis_cm",
    "metastases_locally_treatable", "metastases_resectable", "painful_metastases",
    "visceral_crisis", "brain_metastasis_count", "largest_brain_metastasis_cm",
    "brain_metastases_volume_cc", "liver_metastasis_count", "liver_metastases_summed_cm",
    "largest_liver_metastasis_cm", "extrahepatic_disease", "lung_metastasis_count",
    "largest_lung_metastasis_cc", "largest_bone_metastasis_cm", "bone_metastasis_at_risk_site",
    "consecutive_vertebrae", "separate_spine_sites", "spinal_cord_compression",
    "pathological_fracture", "isolated_sternal_metastasis", "isolated_contralateral_axilla",
    "polymetastatic_before", "oligometastatic_before", "primary_symptomatic", "local_recurrence",
    "response", "progressing", "progressing_lesions", "progressing_sites",
    "progressing_organ_count", "progression_pattern", "months_of_disease_control",
})  # fmt: skip
"""Attributes that tell how far the disease extends, or how it behaves."""

AGREE = 0.75
"""Share of votes in one direction from which they are consistent, and settle a question."""

HALF = 0.5
"""Share of the votes from which a weakness counts against all of them."""

BENEFIT, HARM = 0.75, 1.25
"""Ratios from which a benefit or harm is appreciable, as GRADE suggests."""

_NAMED = 4


def certainty_of(
    tier: str, votes: Sequence[Vote], hanging: Sequence[EvidenceRow] = ()
) -> Certainty:
    """How certain the summary of a question is: a word of GRADE's, and the reason of each step.

    Every domain has a step; one that changes nothing says why, or that it was not assessed.

    Args:
        tier: randomised, observational or uncontrolled, a key of `START`.
        votes: those that decide the question, one at least.
        hanging: randomised evidence that may have a vote once facts are told.
    """
    rows = [vote.row for vote in votes]
    steps = [
        Step("start", 0, f"{tier} evidence starts at {START[tier]}"),
        _risk_of_bias(tier, rows),
        _inconsistency(rows),
        _indirectness(rows),
        _imprecision(rows),
        Step("publication bias", 0, "not assessed"),
    ]
    if tier != "randomised":
        why = "not applied: patients chosen for local therapy would often have lived longer anyway"
        steps.append(Step("large effect", 0, why))
    if hanging:
        why = f"{_studies(hanging)} may vote too once missing facts are told, and change the rating"
        steps.append(Step("missing facts", 0, why))
    place = WORDS.index(START[tier]) + sum(step.change for step in steps)
    return Certainty(WORDS[max(place, 0)], tuple(steps))


def limitations_of(row: EvidenceRow) -> tuple[str, ...]:
    """The kinds of weakness that sources state of the study of a row, each once."""
    stated = (statement.kind for statement in row.study.statements if statement.limitation)
    return tuple(dict.fromkeys(stated))


def _risk_of_bias(tier: str, rows: Sequence[EvidenceRow]) -> Step:
    kinds = BIAS if tier == "randomised" else tuple(k for k in BIAS if k not in IN_THE_START)
    found = [(row, limited) for row in rows if (limited := _of_kinds(row, kinds))]
    if not any(limitations_of(row) for row in rows):
        return Step("risk of bias", 0, "not assessed: the sources state no limitation")
    if not found:
        already = "" if tier == "randomised" else " beyond those for which it starts lower"
        return Step("risk of bias", 0, f"the sources state none that biases{already}")
    said = "; ".join(f"{row.study.label}: {', '.join(limited)}" for row, limited in found)
    if len(found) / len(rows) < HALF:
        return Step("risk of bias", 0, f"stated of fewer than half of the studies ({said})")
    grave = len(found) == len(rows) and all(len(limited) > 1 for _, limited in found)
    return Step("risk of bias", -2 if grave else -1, f"the sources state {said}")


def _inconsistency(rows: Sequence[EvidenceRow]) -> Step:
    directions = [row.direction for row in rows]
    most = max(directions.count(direction) for direction in TREATMENT_DIRECTIONS) / len(rows)
    stated = [row for row in rows if _of_kinds(row, INCONSISTENT)]
    if most < AGREE:
        opposite = FAVOURS in directions and AGAINST in directions
        said = "opposite directions" if opposite else "directions differ"
        return Step("inconsistency", -2 if opposite else -1, f"{said}: {_by_direction(rows)}")
    if len(stated) / len(rows) >= HALF:
        why = f"the sources find results that do not fit together in {_studies(stated)}"
        return Step("inconsistency", -1, why)
    if len(rows) == 1:
        return Step("inconsistency", 0, "not assessed: one study")
    return Step("inconsistency", 0, f"at least three in four agree: {_by_direction(rows)}")


def _indirectness(rows: Sequence[EvidenceRow]) -> Step:
    reasons = [
        *_if_half(rows, lambda row: row.population.mixed, "other cancers are taken in too"),
        *_if_half(
            rows,
            lambda row: bool(_of_kinds(row, INDIRECT)),
            "patients or treatment that differ, as the sources say",
        ),
    ]
    if all(row.population.status in UNPLANNED for row in rows):
        reasons.append(f"subgroups alone that no source calls planned ({_studies(rows)})")
    if all(_asks_no_extent(row) for row in rows):
        said = "the populations ask nothing of how far the disease extends or how it behaves"
        reasons.append(f"{said} ({_studies(rows)})")
    if not reasons:
        return Step("indirectness", 0, "the populations that include the patient were studied")
    return Step("indirectness", -min(len(reasons), 2), "; ".join(reasons))


def _if_half(
    rows: Sequence[EvidenceRow], weak: Callable[[EvidenceRow], bool], why: str
) -> Iterable[str]:
    """The reason with its studies and what they are limited by, if half of the rows are weak."""
    found = [row for row in rows if weak(row)]
    if len(found) / len(rows) >= HALF:
        limited = dict.fromkeys(kind for row in found for kind in _of_kinds(row, INDIRECT))
        yield f"{why} ({_studies(found)}{': ' if limited else ''}{', '.join(limited)})"


def _asks_no_extent(row: EvidenceRow) -> bool:
    return not any(EXTENT.intersection(reason.attributes) for reason in row.population.reasons)


def _imprecision(rows: Sequence[EvidenceRow]) -> Step:
    found = [(row, why) for row in rows if (why := _imprecise(row))]
    said = "; ".join(f"{row.study.label}: {why}" for row, why in found)
    if not found:
        return Step(
            "imprecision", 0, "the intervals rule out no effect, or any effect that matters"
        )
    if len(found) / len(rows) < HALF:
        return Step("imprecision", 0, f"fewer than half of the studies are imprecise ({said})")
    wide = all(
        any(float(r.low) <= BENEFIT and float(r.high) >= HARM for r in _intervals(row))
        for row in rows
    )
    return Step("imprecision", -2 if wide else -1, said)


def _imprecise(row: EvidenceRow) -> str:
    """Why a row is imprecise; empty where it is not."""
    crossing = [r for r in _intervals(row) if _tells_nothing(float(r.low), float(r.high))]
    reasons = [
        f"{r.level}% CI {r.low} to {r.high} takes in no effect and an appreciable one"
        for r in crossing
    ]
    if not _intervals(row):
        reasons.append("no ratio with an interval is printed")
    return ", ".join(dict.fromkeys([*reasons, *_of_kinds(row, SMALL)]))


def _tells_nothing(low: float, high: float) -> bool:
    return low < 1 < high and (low <= BENEFIT or high >= HARM)


def _intervals(row: EvidenceRow) -> list[Report]:
    """The reports of ratios between treatments that print an interval."""
    return [
        report
        for one in row.evidence
        for report in one.reports
        if one.answering and one.is_ratio and report.low and report.high
    ]


def _of_kinds(row: EvidenceRow, kinds: Sequence[str]) -> list[str]:
    return [kind for kind in limitations_of(row) if kind in kinds]


def _by_direction(rows: Sequence[EvidenceRow]) -> str:
    found = dict.fromkeys(row.direction for row in rows)
    said = (f"{one}: {_studies([r for r in rows if r.direction == one])}" for one in found)
    return "; ".join(said)


def _studies(rows: Sequence[EvidenceRow]) -> str:
    """Names of the studies, the first four of many."""
    names = list(dict.fromkeys(row.study.label for row in rows))
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
