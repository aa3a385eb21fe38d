"""The answer as plain mappings and lists: what docs/schemas/answer-2.schema.json describes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from metalocal.answers import (
    Answer,
    Conflict,
    GuidanceAnswer,
    ModelAnswer,
    Reason,
)
from metalocal.render.next_document import finding_document, trial_document, unknown_document
from metalocal.render.next_words import findings_on
from metalocal.render.parts import Part
from metalocal.render.printed import place
from metalocal.render.question_document import question_document, reason_document

SCHEMA_VERSION = "2"
SCHEMA = "https://w3id.org/metalocal/schema/answer-2.json"

_MOST_STATEMENTS = 4_000

Document = dict[str, Any]


@dataclass(frozen=True)
class Maker:
    """What made an answer: the version of metalocal and the SHA-256 of its graph, where known."""

    version: str = ""
    graph_sha256: str = ""


def document_of(answer: Answer, maker: Maker) -> Document:
    """The answer in its seven parts, in the order in which they are told."""
    return {
        "$schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "notice": answer.notice,
        "generator": {
            "name": "metalocal",
            "version": maker.version or None,
            "graph_sha256": maker.graph_sha256 or None,
        },
        "profile": {"sentence": answer.sentence, "given": dict(answer.profile.given)},
        "models": [_model(model) for model in answer.models],
        "questions": [question_document(question) for question in answer.questions],
        "guidance": [_statement(statement) for statement in answer.guidance],
        "trials": [trial_document(trial) for trial in answer.trials],
        "unknowns": [unknown_document(unknown) for unknown in answer.unknowns],
        "findings": _findings(answer),
        "conflicts": [_conflict(conflict) for conflict in answer.conflicts],
    }


def _model(model: ModelAnswer) -> Document:
    return {
        "model": model.model,
        "group": model.group,
        "text": model.text,
        "verdict": model.verdict,
        "whole": model.whole,
        "wider": model.wider,
        "criteria": _criteria(model.reasons),
        "deciding": list(model.deciding),
        "note": model.note,
        "sources": _places(model.locators),
    }


@lru_cache(maxsize=_MOST_STATEMENTS)
def _statement(statement: GuidanceAnswer) -> Part:
    """A statement with how the profile stands to it; many profiles stand to it alike."""
    members = {
        "id": statement.id,
        "kind": statement.kind,
        "question": statement.question,
        "label": statement.label,
        "text": statement.text,
        "position": statement.position,
        "direction": statement.direction,
        "factor": statement.factor,
        "for_whom": statement.for_whom,
        "line_of_therapy": statement.line_of_therapy,
        "figures": list(statement.figures),
        "verdict": statement.verdict,
        "criteria": _criteria(statement.reasons),
        "note": statement.note,
        "sources": _places(statement.locators),
    }
    return Part(members)


def _findings(answer: Answer) -> list[Document]:
    """What audits found in studies that have a row in the answer."""
    studies = {row.study.id for question in answer.questions for row in question.rows}
    by_name = {study.rpartition("/")[2]: study for study in studies}
    return [finding_document(one, by_name[one.study]) for one in findings_on(answer, studies)]


def _conflict(conflict: Conflict) -> Document:
    return {
        "study": conflict.study,
        "item": conflict.item,
        "what": conflict.what,
        "prints": [{"value": value, **place(at)} for value, at in conflict.prints],
        "note": conflict.note,
    }


def _criteria(reasons: Iterable[Reason]) -> list[Document]:
    return [reason_document(reason) for reason in reasons]


def _places(locators: Iterable[str]) -> list[Document]:
    return [place(locator) for locator in locators]
