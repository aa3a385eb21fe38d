"""Which meta-analyses share primary studies: citation matrix and corrected covered area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from graph_builder.problems import ToldError, closest
from graph_builder.statistics import count_of
from metalocal.attributes import local_name
from metalocal.graph import EvidenceGraph
from metalocal.kept import rows_of

if TYPE_CHECKING:
    import networkx as nx

Row = dict[str, str]


class OverlapError(ToldError):
    """The question is not known; the message names those there are."""


@dataclass(frozen=True)
class Review:
    """A meta-analysis: what sources name of its studies, and how many it is said to have pooled.

    `listed` is empty where no source names any: that is unknown, not none. `counts` are as printed,
    each with the population it is about.
    """

    id: str
    label: str
    question: str
    question_label: str
    listed: tuple[str, ...]
    counts: tuple[str, ...]

    @property
    def completeness(self) -> str:
        """How much of its list is known, such as "3 of 42 known"."""
        known = str(len(self.listed)) if self.listed else "none"
        if not self.counts:
            return f"{known} known, of a number no source prints"
        return f"{known} known of {'; '.join(self.counts)}"


@dataclass(frozen=True)
class Pair:
    """Two reviews of known lists, the studies both took in, and their corrected covered area.

    `covered` is a share of 1.
    """

    one: str
    two: str
    shared: tuple[str, ...]
    covered: float

    @property
    def band(self) -> str:
        """The usual word for this much overlap."""
        return band_of(self.covered)


@dataclass(frozen=True)
class Overlap:
    """How reviews of one question overlap.

    `studies` are the rows of the citation matrix, `known` its columns; `covered` is over all of
    them, None where fewer than two lists are known.
    """

    question: str
    question_label: str
    studies: tuple[str, ...]
    known: tuple[Review, ...]
    unknown: tuple[Review, ...]
    covered: float | None
    pairs: tuple[Pair, ...]
    labels: dict[str, str]

    @property
    def band(self) -> str:
        """The usual word for this much overlap; empty where it is not known."""
        return "" if self.covered is None else band_of(self.covered)


def band_of(covered: float) -> str:
    """The band a corrected covered area falls into; `covered` is a share of 1.

    Whole percentages decide, half of one upward, as the bands are given in whole percent.

    Source: Pieper, Antoine, Mathes, Neugebauer and Eikermann, J Clin Epidemiol 2014;67:368-75.
    >>> [band_of(share) for share in (0.05, 0.10, 0.15, 0.16)]
    ['slight', 'moderate', 'high', 'very high']
    """
    percent = int(100 * covered + 0.5)
    if percent <= 5:
        return "slight"
    if percent <= 10:
        return "moderate"
    return "high" if percent <= 15 else "very high"


def corrected_covered_area(citations: nx.Graph, reviews: Iterable[str]) -> float | None:
    """The share of further places in the matrix of reviews and studies that are taken.

    Args:
        citations: reviews joined to the studies they took in, each node with `bipartite` 0 or 1.
        reviews: two or more of its reviews.

    Returns:
        (N - r) / (r * c - r): N inclusions of r studies in c reviews; None for fewer than two
        reviews or no study.

    Source: Pieper and others, J Clin Epidemiol 2014;67:368-75.
    """
    columns = set(reviews)
    rows = set().union(*(citations[review] for review in columns)) if columns else set()
    if len(columns) < 2 or not rows:
        return None
    inclusions = citations.subgraph(columns | rows).number_of_edges()
    return float((inclusions - len(rows)) / (len(rows) * len(columns) - len(rows)))


def overlaps(graph: EvidenceGraph, queries: Path, question: str = "") -> tuple[Overlap, ...]:
    """The overlap of reviews for each question that has any, or for one.

    Args:
        graph: to ask.
        queries: folder of the named queries.
        question: its word; empty for all.

    Raises:
        OverlapError: no review has this question.
    """
    reviews, labels = read_reviews(graph, queries)
    by_question: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        by_question[review.question].append(review)
    if question and question not in by_question:
        message = f"--question {question}: no review in the graph has it"
        raise OverlapError(f"{message}; {closest(question, by_question)}")
    asked = [question] if question else list(by_question)
    return tuple(overlap_of(by_question[name], labels) for name in asked)


def overlap_of(reviews: Iterable[Review], labels: dict[str, str]) -> Overlap:
    """How one or more reviews of one question overlap, over those whose lists are known."""
    import networkx as nx  # noqa: PLC0415  (slow to import, only for overlap)

    held = list(reviews)
    about = held[0]
    known = tuple(review for review in held if review.listed)
    citations = nx.Graph()
    for review in known:
        citations.add_node(review.id, bipartite=0)
        for study in review.listed:
            citations.add_node(study, bipartite=1)
            citations.add_edge(review.id, study)
    pairs = []
    for one, two in combinations(known, 2):
        shared = tuple(sorted(nx.common_neighbors(citations, one.id, two.id)))
        covered = corrected_covered_area(citations, (one.id, two.id))
        assert covered is not None, "two known lists have a study"
        pairs.append(Pair(one.id, two.id, shared, covered))
    studies = tuple(sorted(node for node, side in citations.nodes("bipartite") if side == 1))
    covered = corrected_covered_area(citations, [review.id for review in known])
    unknown = tuple(review for review in held if not review.listed)
    words = (about.question, about.question_label)
    return Overlap(*words, studies, known, unknown, covered, tuple(pairs), labels)


def read_reviews(graph: EvidenceGraph, queries: Path) -> tuple[list[Review], dict[str, str]]:
    """Every review of the graph, and the label of every study by id."""

    def rows(name: str) -> list[Row]:
        return rows_of(graph, queries, name)

    listed: dict[str, list[str]] = defaultdict(list)
    for row in rows("pools"):
        listed[row["review"]].append(local_name(row["study"]))
    counts = _counts(rows("study-facts"))
    labels = {local_name(row["study"]): row["label"] for row in rows("studies")}
    return [
        Review(
            local_name(row["review"]),
            row["reviewLabel"],
            local_name(row["question"]),
            row["questionLabel"],
            tuple(listed[row["review"]]),
            tuple(counts[row["review"]]),
        )
        for row in rows("reviews")
    ], labels


def _counts(facts: list[Row]) -> dict[str, list[str]]:
    """For each review, the numbers of studies pooled as printed, with whom they are about."""
    values: dict[tuple[str, str], dict[object, str]] = defaultdict(dict)
    for row in facts:
        if local_name(row["property"]) == "studies_pooled":
            printed = row["value"]
            number = count_of(printed) or printed  # "3" and "three" are one number
            values[row["study"], row.get("populationLabel", "")].setdefault(number, printed)
    counts: dict[str, list[str]] = defaultdict(list)
    for (study, population), numbers in values.items():
        about = f" ({population})" if population else ""
        counts[study].append(" or ".join(numbers.values()) + about)
    return counts
