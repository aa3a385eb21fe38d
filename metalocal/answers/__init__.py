"""A profile and the graph to the answer."""

from metalocal.answers.gather import answer, profile_sentence
from metalocal.answers.records import (
    NOTICE,
    VERDICTS,
    Answer,
    Conflict,
    Evidence,
    PopulationAnswer,
    QuestionAnswer,
    Reason,
    Report,
    Statement,
    StudyAnswer,
    Unknown,
)

__all__ = [
    "NOTICE",
    "VERDICTS",
    "Answer",
    "Conflict",
    "Evidence",
    "PopulationAnswer",
    "QuestionAnswer",
    "Reason",
    "Report",
    "Statement",
    "StudyAnswer",
    "Unknown",
    "answer",
    "profile_sentence",
]
