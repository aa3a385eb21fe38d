"""A question of an answer -> its part of the page: verdict, plots, rows, limitations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metalocal.answers import QuestionAnswer
from metalocal.explorer.ask.asked import Pair, address
from metalocal.explorer.ask.desk import Places
from metalocal.explorer.ask.evidence import Limit, Row, limitations_of, row_of
from metalocal.explorer.ask.forest import Plot, plots_of
from metalocal.explorer.ask.summary import Step
from metalocal.render.html.question import SHOWN, deciding_rows
from metalocal.render.verdicts import covered_words, otherwise_words, verdict_sentence
from metalocal.render.words import capital


@dataclass(frozen=True)
class Section:
    """A question: `rows` decide or may decide it, `more` do so too and are folded.

    `every` holds all rows where they are asked for, else none; `every_at` is the address with them.
    """

    code: str
    question: str
    sentence: str
    why: tuple[str, ...]
    steps: tuple[Step, ...]
    plot: Plot | None
    other_plots: tuple[Plot, ...]
    rows: tuple[Row, ...]
    more: tuple[Row, ...]
    every: tuple[Row, ...]
    every_at: str
    total: int
    limits: tuple[Limit, ...]
    counts: dict[str, int]


def section_of(
    question: QuestionAnswer, places: Places, pairs: Sequence[Pair], *, whole: bool
) -> Section:
    """The part of a question; `whole`: with every row that does not exclude the patient."""
    judgement, deciding = question.judgement, deciding_rows(question)
    plots = plots_of(question, places)
    rated = judgement.certainty
    return Section(
        code=question.code,
        question=capital(question.question),
        sentence=verdict_sentence(question, hanging=False),
        why=tuple(filter(None, [covered_words(judgement), *otherwise_words(judgement)])),
        steps=tuple(
            Step(one.domain, f"{one.change:+d}" if one.change else "", one.reason)
            for one in (rated.steps if rated else ())
        ),
        plot=plots[0] if plots else None,
        other_plots=tuple(plots[1:]),
        rows=tuple(row_of(row, places) for row in deciding[:SHOWN]),
        more=tuple(row_of(row, places) for row in deciding[SHOWN:]),
        every=tuple(row_of(row, places, brief=False) for row in question.rows) if whole else (),
        every_at=address("/ask", pairs, ("all", question.code), at=question.code),
        total=len(question.rows),
        limits=tuple(limitations_of(deciding[:SHOWN], places)),
        counts=question.counts(),
    )
