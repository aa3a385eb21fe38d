"""What is said against what is: designs that a study does not have, doubts of those who read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_builder.audit.findings import CONTRADICTORY, DOUBTFUL, NOTEWORTHY, Finding, Print
from graph_builder.audit.views import SYNTHESES, View
from graph_builder.records import FactReport, Noted

_FORWARD = (
    "randomised_controlled_trial",
    "single_arm_trial",
    "prospective_cohort",
)
_BACKWARD = ("retrospective_cohort", "matched_cohort", "case_series")
_NOT_RANDOMISED = re.compile(r"\b(not|non)[ -](a )?randomised")
_OF_STUDIES = re.compile(r"meta-analysis|review|studies|trials")

_DESIGN = "Take the design from the article of the study; do not grade it by this mention."
_DOUBTS = {
    "order_exchanged": (DOUBTFUL, "Assign the values to the groups by the article of the study."),
    "cell_garbled": (DOUBTFUL, "Do not use the cell before it is compared with the article."),
    "reference_doubtful": (NOTEWORTHY, "Find the work meant before citing it for this sentence."),
    "print_doubtful": (NOTEWORTHY, "Look it up in the article of the study before using it."),
}


def designs_stated_otherwise(view: View) -> Iterator[Finding]:
    """Places that call the study by a design it does not have."""
    actual = view.study.design
    for told in view.facts:
        if told.fact.property != "design_stated":
            continue
        wrong = tuple(
            one
            for one in told.prints
            if isinstance(one.report, FactReport) and contradicts(one.report.value, actual)
        )
        if wrong:
            yield _other_design(view, told.name, wrong)


def contradicts(stated: str, design: str) -> bool:
    """Whether words for a design cannot be said of a study of that design.

    >>> contradicts("retrospective", "randomised_controlled_trial")
    True
    >>> contradicts("meta-analysis of retrospective studies", "meta_analysis")
    False
    """
    if design in SYNTHESES:
        return "retrospective" in stated and not _OF_STUDIES.search(stated)
    if design in _FORWARD and "retrospective" in stated:
        return True
    if design in _BACKWARD and re.search(r"\bprospective\b", stated):
        return "retrospective" not in stated
    randomised = "randomised" in stated and not _NOT_RANDOMISED.search(stated)
    return randomised and design in ("single_arm_trial", "prospective_cohort", *_BACKWARD)


def _other_design(view: View, name: str, wrong: tuple[Print, ...]) -> Finding:
    said = " and ".join(dict.fromkeys(one.value for one in wrong))
    text = f"It is called {said}, while it is of design {view.word(view.study.design)}."
    severity = NOTEWORTHY if view.study.design == "pooled_trials_analysis" else CONTRADICTORY
    return Finding("design_stated_otherwise", severity, view.study.id, name, text, _DESIGN, wrong)


def doubts(view: View) -> Iterator[Finding]:
    """What those who entered the study doubt, and why: the notes that are marked as doubts."""
    for result in view.results:
        yield from _of_item(view, result.estimate.id, result.estimate, result.prints)
        yield from _of_prints(view, result.estimate.id, result.prints)
    for told in view.facts:
        yield from _of_item(view, told.name, told.fact, told.prints)
        yield from _of_prints(view, told.name, told.prints)
    for name, prints in view.others:
        yield from _of_prints(view, name, prints)


def _of_item(view: View, name: str, item: Noted, prints: tuple[Print, ...]) -> Iterator[Finding]:
    if item.doubt:
        yield _doubt(view, name, item, prints)


def _of_prints(view: View, name: str, prints: tuple[Print, ...]) -> Iterator[Finding]:
    for one in prints:
        if one.report.doubt:
            yield _doubt(view, f"{name}-{one.node.rpartition('/')[2]}", one.report, (one,))


def _doubt(view: View, about: str, item: Noted, prints: tuple[Print, ...]) -> Finding:
    kind = item.doubt or ""
    severity, advice = _DOUBTS[kind]
    note = (item.note or "").rstrip(".")
    text = f"{note[:1].upper()}{note[1:]}."
    return Finding(kind, severity, view.study.id, about, text, advice, prints)
