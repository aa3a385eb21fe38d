"""Invented studies, populations and rows to rank and judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from metalocal.answers import (
    Evidence,
    EvidenceRow,
    Level,
    PopulationAnswer,
    Reason,
    Report,
    StudyAnswer,
)
from metalocal.answers.ranking import ranked

SURVIVAL = "overall survival"
DEATH = "death of any cause"

_REPORT = Report(
    text="", value="", low="", high="", level="", p="", wording="said so", direction="",
    because="", stated="", source="invented-2020", line=1, place="", note="",
)  # fmt: skip
_EVIDENCE = Evidence(
    id="e", outcome=SURVIVAL, family=DEATH,
    measure="statement only", measure_code="statement_only", role="intervention",
    reference_stated=True, answering=True, adjusted=False, time="", unit="", arm="surgery",
    across="", versus="no surgery", is_outcome=True, note="", reports=(_REPORT,),
)  # fmt: skip
_POPULATION = PopulationAnswer(
    id="p", label="all", verdict="included", depth=0, status="whole study", mixed=False,
    anyone=False, limited=True, patients="", note="", evidence=(),
    reasons=(Reason("de novo", "met", ("presentation",)),),
)  # fmt: skip
_STUDY = StudyAnswer(
    id="s", label="S", design="randomised controlled trial", rank=1, phase="", status="completed",
    nct=(), note="", populations=(), statements=(),
)  # fmt: skip


def said(direction: str, **of_evidence: object) -> Evidence:
    """A finding in words."""
    report = replace(_REPORT, direction=direction)
    return replace(_EVIDENCE, reports=(report,), **of_evidence)  # type: ignore[arg-type]


def ratio(direction: str, low: str, high: str, **of_evidence: object) -> Evidence:
    """A hazard ratio with its 95% interval."""
    report = replace(_REPORT, value="0.8", low=low, high=high, level="95", direction=direction)
    given = {"measure": "hazard ratio", "measure_code": "hazard_ratio", **of_evidence}
    return replace(_EVIDENCE, reports=(report,), **given)  # type: ignore[arg-type]


def p_value(direction: str, p: str = "0.03") -> Evidence:
    """A p value without a number."""
    report = replace(_REPORT, p=p, direction=direction)
    return replace(_EVIDENCE, measure="p value only", reports=(report,))


def population(name: str, *evidence: Evidence, **given: object) -> PopulationAnswer:
    """A population with what was found in it; it includes the patient unless told otherwise."""
    return replace(_POPULATION, id=name, label=name, evidence=evidence, **given)  # type: ignore[arg-type]


def study(name: str, *populations: PopulationAnswer) -> StudyAnswer:
    """A study whose populations bear its name before their own."""
    own = tuple(replace(p, id=f"{name}/{p.id}") for p in populations)
    return replace(_STUDY, id=name, label=name, populations=own)


def rows_of(
    *leveled: tuple[StudyAnswer, int | None], pooled: Mapping[str, frozenset[str]] | None = None
) -> tuple[EvidenceRow, ...]:
    """The ranked rows of studies, each with the level of all its populations."""
    levels = {p.id: Level(level, "by design") for one, level in leveled for p in one.populations}
    return ranked([one for one, _ in leveled], levels, pooled or {})
