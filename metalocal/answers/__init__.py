"""A profile and the graph to the answer."""

from metalocal.answers.gather import answer
from metalocal.answers.library import Library
from metalocal.answers.records import (
    NOTICE,
    VERDICTS,
    Answer,
    Certainty,
    Conflict,
    Evidence,
    EvidenceRow,
    GuidanceAnswer,
    Judgement,
    Level,
    ModelAnswer,
    OpenTrial,
    PopulationAnswer,
    QuestionAnswer,
    Reason,
    Report,
    Statement,
    Step,
    StudyAnswer,
    Vote,
    criteria_of,
)
from metalocal.answers.unknowns import Settled, Telling, Unknown
from metalocal.findings import Finding

__all__ = [
    "NOTICE",
    "VERDICTS",
    "Answer",
    "Certainty",
    "Conflict",
    "Evidence",
    "EvidenceRow",
    "Finding",
    "GuidanceAnswer",
    "Judgement",
    "Level",
    "Library",
    "ModelAnswer",
    "OpenTrial",
    "PopulationAnswer",
    "QuestionAnswer",
    "Reason",
    "Report",
    "Settled",
    "Statement",
    "Step",
    "StudyAnswer",
    "Telling",
    "Unknown",
    "Vote",
    "answer",
    "criteria_of",
]
