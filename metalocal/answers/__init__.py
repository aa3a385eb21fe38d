"""A profile and the graph to the answer."""

from metalocal.answers.gather import answer, profile_sentence
from metalocal.answers.records import (
    NOTICE,
    VERDICTS,
    Answer,
    Conflict,
    Evidence,
    GuidanceAnswer,
    ModelAnswer,
    PopulationAnswer,
    QuestionAnswer,
    Reason,
    Report,
    Statement,
    StudyAnswer,
    Unknown,
    criteria_of,
)

__all__ = [
    "NOTICE",
    "VERDICTS",
    "Answer",
    "Conflict",
    "Evidence",
    "GuidanceAnswer",
    "ModelAnswer",
    "PopulationAnswer",
    "QuestionAnswer",
    "Reason",
    "Report",
    "Statement",
    "StudyAnswer",
    "Unknown",
    "answer",
    "criteria_of",
    "profile_sentence",
]
