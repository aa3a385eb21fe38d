"""Studies that a source calls under way to the trials a patient may fit.

The sources are years old: each trial has the year of the source that tells its state, and the
address of its registry entry, which tells the present one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from metalocal.answers.guidance import NOT_MATCHED
from metalocal.answers.library import Library
from metalocal.answers.records import VERDICTS, OpenTrial, PopulationAnswer, Reason
from metalocal.answers.rows import Row, place_of
from metalocal.attributes import local_name

REGISTRY = "https://clinicaltrials.gov/study/"

RECRUITING, NOT_RECRUITING = "recruiting or planned", "active, not recruiting"
NOT_TOLD = "under way, whether recruiting not told"

OPEN_STATUSES = {
    "recruiting": RECRUITING,
    "planned": RECRUITING,
    "active_not_recruiting": NOT_RECRUITING,
    "status_unknown": NOT_TOLD,
}
"""States of a study that has not ended, and the group of trials it is told in."""

_WITHOUT_PATIENT = ("early_breast_cancer_only", "other_cancers_only")
"""Mixes of cancers in which nobody with metastatic breast cancer is."""

_ENDS = ("primary_completion_date", "study_completion_date")


def open_trials(
    populations: Mapping[str, list[PopulationAnswer]], library: Library
) -> tuple[OpenTrial, ...]:
    """Every study that has not ended as far as the sources say, with the verdict on the patient.

    Trials that took in patients first, then those of which that is not told, then those that did
    not any more; in each the ones that include the patient first, then those with the fewest
    unknown criteria; those that exclude come last.
    """
    status: dict[str, list[Row]] = defaultdict(list)
    for row in library.rows("study-status"):
        if local_name(row["status"]) in OPEN_STATUSES:
            status[row["study"]].append(row)
    facts = library.facts_of_study
    trials = [
        _trial(
            row,
            status[row["study"]],
            facts.get(row["study"], {}),
            _Fit.of(populations, row, library),
        )
        for row in library.rows("studies")
        if row["study"] in status
    ]
    return tuple(sorted(trials, key=_order))


@dataclass(frozen=True)
class _Fit:
    """How the patient stands to the widest population of a trial, and what the graph has of it."""

    verdict: str
    reasons: tuple[Reason, ...]
    cancers: str
    results: bool
    registry: tuple[tuple[str, str], ...]

    @classmethod
    def of(
        cls, populations: Mapping[str, list[PopulationAnswer]], row: Row, library: Library
    ) -> _Fit:
        study = row["study"]
        own = library.populations_of_study.get(study, ())
        whole = min(own, key=lambda item: int(item[1]["depth"]), default=("", {}))
        widest = next((p for p in populations.get(study, ()) if p.id == whole[0]), None)
        numbers = library.trial_numbers.get(study, ())
        cancers = whole[1].get("cancersLabel", "")
        verdict, reasons = NOT_MATCHED, tuple[Reason, ...]()
        if local_name(whole[1].get("cancers", "")) in _WITHOUT_PATIENT:
            verdict, reasons = "excluded", (Reason(f"not {cancers}", "not met", ()),)
        elif widest is not None:
            verdict, reasons = widest.verdict, widest.reasons
        return cls(
            verdict=verdict,
            reasons=reasons,
            cancers=cancers,
            results=any(e.is_outcome for key, _ in own for e in library.evidence.get(key, ())),
            registry=tuple((number, REGISTRY + number) for number in numbers),
        )


def _trial(row: Row, status: list[Row], facts: Mapping[str, list[str]], fit: _Fit) -> OpenTrial:
    label = status[0]["statusLabel"]
    said = [one for one in status if one.get("printed", "").lower() == label.lower()] or status
    ends = [value for key in _ENDS for value in facts.get(key, ())]
    return OpenTrial(
        id=row["study"],
        study=row["label"],
        registry=fit.registry,
        takes_in=OPEN_STATUSES[local_name(status[0]["status"])],
        status=label,
        as_of=max(int(one["year"]) for one in said),
        printed=tuple((one.get("printed", ""), int(one["year"]), place_of(one)) for one in status),
        ends=tuple(dict.fromkeys(ends)),
        design=row["design"],
        phase=row.get("phase", ""),
        question=row["question"],
        countries=tuple(dict.fromkeys(facts.get("country", ()))),
        cancers=fit.cancers,
        results=fit.results,
        verdict=fit.verdict,
        reasons=fit.reasons,
        note=row.get("note", ""),
    )


def _order(trial: OpenTrial) -> tuple[bool, int, int, int, str]:
    groups = (RECRUITING, NOT_TOLD, NOT_RECRUITING)
    verdicts = (*VERDICTS[:2], NOT_MATCHED)
    unknown = sum(reason.status == "unknown" for reason in trial.reasons)
    excluded = trial.verdict == "excluded"
    fit = len(verdicts) if excluded else verdicts.index(trial.verdict)
    return excluded, groups.index(trial.takes_in), fit, unknown, trial.study
