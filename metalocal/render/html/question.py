"""A question on the page: its verdict in words, plots, evidence, limitations, other studies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from metalocal.answers import Certainty, EvidenceRow, QuestionAnswer, Step, StudyAnswer
from metalocal.plots import ArmsPlot, Forest, arms_svg, forest_svg
from metalocal.render.figures import arms_plots, forests
from metalocal.render.html.elements import (
    Html,
    cited,
    closed,
    element,
    html,
    items,
    section,
    small,
    table,
)
from metalocal.render.verdicts import (
    covered_words,
    deciding_effect,
    otherwise_words,
    verdict_sentence,
)
from metalocal.render.words import capital, findings, study_title, why

SHOWN = 6
"""Rows that decide or may decide a question, and are shown without asking."""

PARTS = 3
"""Numbers of a finding shown in the first table; the table of all rows has every one."""

HEADINGS = ("Study", "Population and why it fits", "Finding", "Direction", "Limits stated")


def question_section(question: QuestionAnswer) -> Html:
    """A question with evidence that decides or may decide it; what is long is closed."""
    deciding = deciding_rows(question)
    caption = "Evidence that decides or may decide it"
    return section(
        question.code,
        capital(question.question),
        element("p", verdict_sentence(question, hanging=False)),
        _reasons(question),
        *_figures(question),
        rows_table(deciding[:SHOWN], caption, brief=True),
        _not_shown(deciding[SHOWN:]),
        _long_tail(question, deciding),
    )


def _not_shown(rows: Sequence[EvidenceRow]) -> Html:
    caption = "More that decides or may decide it"
    return closed(f"{len(rows)} more", rows_table(rows, caption, brief=True)) if rows else Html()


def question_aside(question: QuestionAnswer) -> Html:
    """A question that nothing decides: all of it closed behind its heading."""
    first, more = _figures(question)
    return closed(
        f"{capital(question.question)} ({len(question.rows)} findings)",
        element("p", verdict_sentence(question)),
        first,
        more,
        _long_tail(question, []),
        id_=question.code,
    )


def _long_tail(question: QuestionAnswer, deciding: list[EvidenceRow]) -> Html:
    return html(_all_rows(question), _limitations(question, deciding), _studies(question))


def deciding_rows(question: QuestionAnswer) -> list[EvidenceRow]:
    """The rows studies vote by, then randomised ones of wider groups or that hang on facts."""
    judgement = question.judgement
    found = [*(vote.row for vote in judgement.votes), *judgement.indirect, *judgement.hanging]
    return list({id(row): row for row in found}.values())


def _reasons(question: QuestionAnswer) -> Html:
    """Why the certainty is what it is, what is not counted, and what studies say otherwise."""
    judgement = question.judgement
    told = [covered_words(judgement), *otherwise_words(judgement)]
    steps = _steps(judgement.certainty) if judgement.certainty else []
    return closed("How the verdict and its certainty come about", items(filter(None, told + steps)))


def _steps(certainty: Certainty) -> list[str]:
    return [f"Certainty, {step.domain}{_moved(step)}: {step.reason}" for step in certainty.steps]


def _moved(step: Step) -> str:
    return f" ({step.change:+d})" if step.change else ""


def _figures(question: QuestionAnswer) -> tuple[Html, Html]:
    """The plot that tells most, and the others, closed.

    The forest with most ratios goes first, if it has more than one; else the results of arms.
    """
    ratios = sorted(forests(question), key=lambda plot: -len(plot.rows))
    alone = [plot for plot in ratios if len(plot.rows) == 1]
    together = [plot for plot in ratios if len(plot.rows) > 1]
    arms = map(_arms, arms_plots(question))
    first, *rest = [*map(_forest, together), *arms, *map(_forest, alone)] or [Html()]
    return first, closed(f"More plots ({len(rest)})", *rest)


def _forest(plot: Forest) -> Html:
    return element("figure", Html(forest_svg(plot)))


def _arms(plot: ArmsPlot) -> Html:
    return element("figure", Html(arms_svg(plot)))


def rows_table(rows: Sequence[EvidenceRow], caption: str, *, brief: bool = False) -> Html:
    """Rows of evidence with every number and note; `brief`: the first numbers alone."""
    return table(caption, HEADINGS, (_row(row, brief=brief) for row in rows))


def _row(row: EvidenceRow, *, brief: bool) -> tuple[str, ...]:
    level = f", level {row.level.value}" if row.level.value else ""
    kinds = dict.fromkeys(one.kind for one in row.study.statements if one.limitation)
    return (
        html(row.study.label, small(f"{row.study.design}{level}")),
        html(_population(row), small(why(row.population))),
        _finding(row, brief=brief),
        html(row.direction or "not compared", small("" if brief else _because(row))),
        ", ".join(kinds) or "–",
    )


def _population(row: EvidenceRow) -> str:
    status = f" ({row.population.status})" if row.population.depth else ""
    mixed = " [mixed cancers]" if row.population.mixed else ""
    return f"{row.population.label}{status}{mixed}"


def _finding(row: EvidenceRow, *, brief: bool) -> Html:
    found = next(one for one in findings(row.population) if one.outcome == row.outcome)
    numbers = [part for part in found.parts if not part.startswith("in words")]
    parts = (numbers[:PARTS] or found.parts[:1]) if brief else found.parts
    notes = found.notes[:1] if brief else found.notes
    told = f"{row.outcome}: {'; '.join(parts)}"
    if brief and row.direction:  # the column beside it says so
        told = told.replace(f" → {row.direction}", "")
    return html(told, *map(small, notes), cited(found.places))


def _because(row: EvidenceRow) -> str:
    """On what the direction rests, and the reason the rule gives."""
    found = deciding_effect(row)
    return (found[1].because if found else "") or row.basis


def _all_rows(question: QuestionAnswer) -> Html:
    rows = question.rows
    if not rows:
        return Html()
    caption = f"All {len(rows)} findings, most direct first"
    return closed(f"All {len(rows)} findings in order", rows_table(rows, caption))


def _limitations(question: QuestionAnswer, deciding: Iterable[EvidenceRow]) -> Html:
    """The limitations that sources state: of the studies in sight first, then of all others."""
    order = [row.study for row in [*deciding, *question.rows]]
    studies = {study.id: study for study in order}
    return closed("Limitations as the sources state them", items(_limits(studies.values())))


def _limits(studies: Iterable[StudyAnswer]) -> Iterator[Html]:
    for study in studies:
        for one in study.statements:
            if one.limitation:
                head = element("strong", f"{study.label}, {one.kind}: ")
                yield html(head, one.text, cited(", ".join(one.locators)))


def _studies(question: QuestionAnswer) -> Html:
    """Every study by verdict; those that exclude the patient under the criterion that does."""
    counts = question.counts()
    named = {
        verdict: items(study_title(one) for one in question.studies if one.verdict == verdict)
        for verdict in ("included", "indeterminate")
    }
    heading = (
        f"Studies: {counts['included']} include this patient, {counts['indeterminate']} may, "
        f"{counts['excluded']} exclude this patient"
    )
    return closed(
        heading,
        _headed("Include this patient", named["included"]),
        _headed("May include this patient", named["indeterminate"]),
        _headed("Exclude this patient, by the criterion not met", _excluding(question.studies)),
    )


def _headed(heading: str, inside: Html) -> Html:
    return html(element("h3", heading), inside) if inside else Html()


def _excluding(studies: Iterable[StudyAnswer]) -> Html:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for study in studies:
        if study.verdict == "excluded":
            by_reason["; ".join(study.whole.open_criteria("not met"))].append(study.label)
    return items(f"{reason}: {', '.join(labels)}" for reason, labels in by_reason.items())
