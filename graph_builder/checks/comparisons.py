"""What a comparison counts and what a review pools is told only where it can be."""

from __future__ import annotations

from collections.abc import Iterator

from graph_builder.problems import Problem
from graph_builder.records import Estimate, Population, Study
from graph_builder.terms import Terms

_REVIEWS = ("meta_analysis", "systematic_review")


def problems(study: Study, terms: Terms) -> list[Problem]:
    """Counted events of what compares nothing, and pooled designs of a study that pools nothing."""
    found = [problem for e in study.estimates for problem in _counts(e, terms)]
    if study.design not in _REVIEWS:
        found += [problem for p in study.populations for problem in _pooled(p)]
    return found


def _counts(estimate: Estimate, terms: Terms) -> Iterator[Problem]:
    compares = estimate.measure in terms.comparing_measures
    if estimate.counts and not (compares and estimate.contrast):
        message = f"estimate {estimate.id}: {estimate.measure} counts no event of two sides"
        mend = "take `counts` out; it belongs to a ratio, relative change or difference of two"
        yield Problem(estimate.place("counts"), message, "counts-of-no-comparison", mend)


def _pooled(population: Population) -> Iterator[Problem]:
    if population.pooled_designs:
        message = f"population {population.id}: only a review or meta-analysis pools designs"
        mend = f"take `pooled_designs` out, or set design to {' or '.join(_REVIEWS)}"
        yield Problem(
            population.place("pooled_designs"), message, "pooled-designs-of-no-review", mend
        )
