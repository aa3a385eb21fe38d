"""Real and synthetic studies -> a Markdown table of how their parts are distributed."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from synthetic_graph import CHUNK, Compiler

from graph_builder.assembly import assemble, study_graph
from graph_builder.criteria import attributes_of, formula
from graph_builder.labels import Labels
from graph_builder.reading import Records
from graph_builder.records import Study
from graph_builder.terms import Terms
from graph_builder.vocabulary import thing

Measure = Callable[[Study, Terms], list[int]]


def _criteria(study: Study, terms: Terms) -> list[int]:
    """Criteria of each population that can be matched, those of what it is within included."""
    labels = Labels(study, terms)
    matched = [p for p in study.populations if p.is_matched]
    return [sum(len(one.criteria) for one in labels.lineage(p)) for p in matched]


def _attributes(study: Study, terms: Terms) -> list[int]:
    labels = Labels(study, terms)
    return [
        len({key for one in labels.lineage(population) for criterion in one.criteria
             for key in attributes_of(formula(criterion, terms.attributes))})
        for population in study.populations if population.is_matched
    ]  # fmt: skip


def _estimates(study: Study, terms: Terms) -> list[int]:
    about = Counter(estimate.population for estimate in study.estimates)
    return [about[population.id] for population in study.populations]


def _triples(study: Study, terms: Terms) -> list[int]:
    return [len(assemble(Records(studies=[study]), terms).graphs[study_graph(study.id)])]


MEASURES: dict[str, Measure] = {
    "triples of the study's own graph": _triples,
    "arms / study": lambda study, terms: [len(study.arms)],
    "populations / study": lambda study, terms: [len(study.populations)],
    "criteria / population": _criteria,
    "attributes asked / population": _attributes,
    "estimates / study": lambda study, terms: [len(study.estimates)],
    "estimates / population": _estimates,
    "reports / estimate": lambda study, terms: [len(e.reported) for e in study.estimates],
    "facts / study": lambda study, terms: [len(study.facts)],
    "statements / study": lambda study, terms: [len(study.statements)],
    "places cited / study": lambda study, terms: [len(list(study.locators()))],
    "characters of a population's label": lambda study, terms: [
        len(population.label) for population in study.populations
    ],
}


def measured(
    studies: Sequence[Study], terms: Terms, names: Iterable[str] = tuple(MEASURES)
) -> dict[str, list[int]]:
    """The numbers of each measure named, over all studies, sorted."""
    return {
        name: sorted(number for study in studies for number in MEASURES[name](study, terms))
        for name in names
    }


def comparison(compiler: Compiler, studies: int) -> str:
    """Mean and quantiles of each measure, and triples a study, of real and synthetic studies."""
    terms = compiler.real.known.terms
    real, synthetic = compiler.real.known.records.studies, compiler.studies(range(studies))
    rows = [
        "| | real mean | 10 % | half | 90 % | most | synthetic mean | 10 % | half | 90 % | most |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    one, other = measured(real, terms), measured(synthetic, terms)
    rows += [f"| {name} | {_row(one[name])} | {_row(other[name])} |" for name in MEASURES]
    rows += ["", "| triples / study | real | synthetic |", "|---|---|---|"]
    sizes, others = _sizes(compiler, real), _sizes(compiler, synthetic)
    rows += [f"| {name} | {sizes[name]:.1f} | {others[name]:.1f} |" for name in sizes]
    return "\n".join(rows)


def _row(numbers: Sequence[int]) -> str:
    tenths = statistics.quantiles(numbers, n=10)
    shown = (tenths[0], statistics.median(numbers), tenths[-1], numbers[-1])
    return f"{statistics.fmean(numbers):.2f} | " + " | ".join(f"{number:.0f}" for number in shown)


def _sizes(compiler: Compiler, studies: Sequence[Study]) -> dict[str, float]:
    """Triples a study by kind of graph, and all."""
    sizes: Counter[str] = Counter()
    for first in range(0, len(studies), CHUNK):
        for name, graph in compiler.chunk(list(studies[first : first + CHUNK])).items():
            kind = "studies" if name.startswith(thing("graph", "study")) else name.split("/")[-1]
            sizes[kind] += len(graph)
    sizes["all"] = sum(sizes.values())
    return {kind: size / len(studies) for kind, size in sorted(sizes.items())}
