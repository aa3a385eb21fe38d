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
from graph_builder.terms import Terms


def check(records: Records, terms: Terms) -> list[Problem]:
    """All problems of all records; an empty list lets the build go on."""
    problems = across.problems(records)
    problems += guidance.problems(records, terms)
    for study in records.studies:
        problems += codes.problems(study, terms)
        problems += references.problems(study)
        problems += criteria.problems(study, terms)
        problems += numbers.problems(study, terms)
        problems += comparisons.problems(study, terms)
    return problems
