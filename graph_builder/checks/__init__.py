"""Records to problems: rules within a study and across studies, one kind a module."""

from __future__ import annotations

from graph_builder.checks import (
    across,
    codes,
    comparisons,
    criteria,
    guidance,
    numbers,
    references,
)
from graph_builder.problems import Problem
from graph_builder.reading import Records
from graph_builder.records import Study
from graph_builder.terms import Terms


def check(records: Records, terms: Terms) -> list[Problem]:
    """All problems of all records; an empty list lets the build go on."""
    problems = across.problems(records)
    problems += guidance.problems(records, terms)
    for study in records.studies:
        problems += study_problems(study, terms)
    return problems


def check_within(records: Records, terms: Terms) -> list[Problem]:
    """Problems for which no study but the one at hand needs to be known; sources do."""
    problems = across.unknown_sources(records)
    problems += guidance.problems_within(records, terms)
    for study in records.studies:
        problems += study_problems(study, terms)
    return problems


def study_problems(study: Study, terms: Terms) -> list[Problem]:
    """Problems within one study."""
    problems = codes.problems(study, terms)
    problems += references.problems(study)
    problems += criteria.problems(study, terms)
    problems += numbers.problems(study, terms)
    problems += comparisons.problems(study, terms)
    return problems
