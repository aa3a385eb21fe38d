"""The judgement of a question into plain words, for every written form of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from metalocal.answers import Evidence, EvidenceRow, Judgement, QuestionAnswer, Report
from metalocal.answers.directions import (
    AGAINST,
    FAVOURS,
    MIXED,
    NO_DIFFERENCE,
    TREATMENT_DIRECTIONS,
    basis_of,
)
from metalocal.answers.judgement import HARM, NO_DIRECT_EVIDENCE

NAMED = 4
"""Studies named before the rest are counted."""

DIRECTNESS_WORDS = ("direct", "wider", "may include", "outside")
"""What the directness of a row, a number from 0 to 3, is called."""

WITHOUT = "no source reports a comparison in breast cancer whose criteria this patient meets"

_VERDICTS = {
    "supported": "Supported by {} on {}",
    "not supported": "Not supported by {} on {}",
    "conflicting": "Conflicting {} on {}",
}
_SAYS = {
    FAVOURS: ("favours the treatment", "favour the treatment"),
    NO_DIFFERENCE: ("shows no difference", "show no difference"),
    AGAINST: ("favours going without", "favour going without"),
    MIXED: ("is told both ways", "are told both ways"),
}
_SAYS_OF_HARM = {
    FAVOURS: ("shows less harm", "show less harm"),
    NO_DIFFERENCE: ("shows no more harm", "show no more harm"),
    AGAINST: ("shows more harm", "show more harm"),
    MIXED: _SAYS[MIXED],
}


def verdict_sentence(question: QuestionAnswer, *, hanging: bool = True) -> str:
    """The judgement of a question in one to four plain sentences.

    The word with kind of evidence and family of outcomes, the votes with up to four names each,
    the certainty, randomised evidence of wider groups, and, with `hanging`, randomised evidence
    that hangs on facts, with these facts.
    """
    judgement = question.judgement
    if question.moot:
        return f"Does not arise: {question.moot}."
    if judgement.word == NO_DIRECT_EVIDENCE:
        told = f"No direct evidence: {WITHOUT}"
    else:
        head = _VERDICTS[judgement.word].format(f"{judgement.tier} evidence", judgement.family)
        told = f"{head}: {vote_words(judgement)}"
    certainty = judgement.certainty
    rated = f"Certainty, computed: {certainty.word}" if certainty else ""
    open_ones = hanging_words(judgement) if hanging else ""
    parts = [told, rated, indirect_words(judgement), open_ones]
    return " ".join(f"{part}." for part in parts if part)


def vote_words(judgement: Judgement) -> str:
    """How many of the voting studies say what, as `counted_words`."""
    return counted_words([vote.row for vote in judgement.votes])


def counted_words(rows: Sequence[EvidenceRow]) -> str:
    """How many studies say what, the most frequent first, with up to four names each.

    Such as "2 studies show no difference (E2108, TATA), 1 favours the treatment (MF07-01)".
    """
    found = [row.direction for row in rows]
    parts: list[str] = []
    for direction in sorted(_SAYS, key=lambda one: -found.count(one)):
        alike = [row for row in rows if row.direction == direction]
        if alike:
            noun = "" if parts else " study" if len(alike) == 1 else " studies"
            told = says(alike[0], several=len(alike) > 1)
            parts.append(f"{len(alike)}{noun} {told} ({named([r.study.label for r in alike])})")
    return ", ".join(parts)


def hanging_words(judgement: Judgement, *, limit: int = NAMED) -> str:
    """The randomised evidence that may include the patient, each with the facts it hangs on."""
    rows = judgement.hanging
    if not rows:
        return ""
    told = [f"{row.study.label} (unknown: {open_facts(row)})" for row in rows[:limit]]
    more = [f"{len(rows) - limit} more"] if len(rows) > limit else []
    about = elsewhere(judgement, rows)
    return f"Randomised evidence that may include this patient{about}: {'; '.join([*told, *more])}"


def indirect_words(judgement: Judgement) -> str:
    """What evidence of wider groups says: with votes the randomised, without the strongest."""
    if not judgement.indirect:
        return ""
    kind = "randomised" if judgement.votes else judgement.tier
    about = elsewhere(judgement, judgement.indirect)
    return f"Indirect, {kind}, of wider groups{about}: {counted_words(judgement.indirect)}"


def elsewhere(judgement: Judgement, rows: Iterable[EvidenceRow]) -> str:
    """The families of outcomes of these rows, such as ", on death of any cause".

    Empty where no study votes, or all rows are of the family that the votes are about.
    """
    families = list(dict.fromkeys(row.family for row in rows))
    if not judgement.votes or families in ([], [judgement.family]):
        return ""
    return f", on {' and '.join(families)}"


def says(row: EvidenceRow, *, several: bool = False) -> str:
    """What a study says of the treatment by this row."""
    words = _SAYS_OF_HARM if row.family == HARM else _SAYS
    return words[row.direction][several]


def open_facts(row: EvidenceRow) -> str:
    """The criteria of a row's population that nobody has told whether the patient meets."""
    return "; ".join(row.population.open_criteria("unknown"))


def covered_words(judgement: Judgement) -> str:
    """The syntheses without a vote; empty where there is none."""
    if not judgement.covered:
        return ""
    names = named([row.study.label for row in judgement.covered])
    return f"Not counted, so that no study counts twice: {names}"


def otherwise_words(judgement: Judgement) -> list[str]:
    """For each vote whose study says otherwise in narrower groups: what, and in which."""
    return [
        f"{vote.row.study.label}, voting by {vote.row.population.label}, says otherwise in: "
        + "; ".join(_each_once(_said(row) for row in vote.otherwise))
        for vote in judgement.votes
        if vote.otherwise
    ]


def _said(row: EvidenceRow) -> str:
    return f"{row.population.label} ({row.outcome}: {row.direction})"


def _each_once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def named(labels: Sequence[str], limit: int = NAMED) -> str:
    """Up to `limit` labels, the rest counted.

    >>> named(["A", "B", "C"], limit=2)
    'A, B and 1 more'
    """
    shown = ", ".join(labels[:limit])
    return f"{shown} and {len(labels) - limit} more" if len(labels) > limit else shown


def deciding_effect(row: EvidenceRow) -> tuple[Evidence, Report] | None:
    """The comparison that a row's direction rests on, the first of its kind.

    None where the row compares no treatments. Of a row that is told both ways it is the first.
    """
    told = (
        (one, report)
        for one in row.evidence
        if one.answering
        for report in one.reports
        if report.direction in TREATMENT_DIRECTIONS
        and basis_of(report.low, report.p, report.value) == row.basis
    )
    return next(told, None)
