"""Trials under way, facts to find out and audit findings as plain mappings and lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from metalocal.answers import Finding, OpenTrial, Settled, Telling, Unknown
from metalocal.render.printed import place
from metalocal.render.question_document import reason_document

Document = dict[str, Any]


def trial_document(trial: OpenTrial) -> Document:
    """A trial under way: how the profile stands to it, its numbers, and who says its status."""
    return {
        "id": trial.id,
        "study": trial.study,
        "verdict": trial.verdict,
        "criteria": [reason_document(reason) for reason in trial.reasons],
        "takes_in": trial.takes_in,
        "status": trial.status,
        "as_of": trial.as_of,
        "printed": [
            {"status": status, "year": year, **place(at)} for status, year, at in trial.printed
        ],
        "ends": list(trial.ends),
        "registry": [{"number": number, "address": address} for number, address in trial.registry],
        "design": trial.design,
        "phase": trial.phase,
        "question": trial.question,
        "countries": list(trial.countries),
        "cancers": trial.cancers,
        "results": trial.results,
        "note": trial.note,
    }


def finding_document(finding: Finding, study: str) -> Document:
    """What is printed and does not fit in a study, by IRI, with every place it concerns."""
    return {
        "id": f"{study}/finding/{finding.id.removeprefix(f'{finding.study}/')}",
        "study": study,
        "label": finding.study_label,
        "kind": finding.kind_label,
        "severity": finding.severity,
        "text": finding.text,
        "advice": finding.advice,
        "places": [
            {
                "item": one.item,
                "printed": one.printed,
                "source": one.source,
                "line": one.line,
                "place": one.at,
            }
            for one in finding.places
        ],
    }


def unknown_document(unknown: Unknown) -> Document:
    """A fact nobody has told, with the verdicts that telling it would settle."""
    return {
        "attribute": unknown.attribute,
        "label": unknown.label,
        "question": unknown.question,
        "weight": unknown.weight,
        "possible_weight": unknown.possible_weight,
        "settles": _settled(unknown.settles),
        "may_settle": _settled(unknown.may_settle),
        "tellings": [_telling(telling) for telling in unknown.tellings],
        "also_tells": list(unknown.also_tells),
        "statements": unknown.statements,
        "model_groups": unknown.model_groups,
    }


def _telling(telling: Telling) -> Document:
    return {
        "answer": telling.answer,
        "included": [one.id for one in telling.included],
        "excluded": [one.id for one in telling.excluded],
    }


def _settled(populations: Iterable[Settled]) -> list[Document]:
    return [
        {
            "id": one.id,
            "study": one.study,
            "label": one.label,
            "level": one.level,
            "weight": one.weight,
            "open_trial": one.open_trial,
        }
        for one in populations
    ]
