"""Studies and their reports to findings: what is printed and does not fit; and to their graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from rdflib import RDF, RDFS, Graph, Literal
from rdflib.namespace import OWL

from graph_builder.audit.comparisons import (
    effects_apart,
    medians_against_rates,
    ratios_against_arms,
)
from graph_builder.audit.conclusions import conclusions_against_numbers, conclusions_apart
from graph_builder.audit.counts import (
    arms_against_whole,
    classes_against_whole,
    classes_missing,
    parts_larger_than_whole,
    shares_against_counts,
    shares_of_no_count,
)
from graph_builder.audit.courses import rates_out_of_order, wholes_outside_parts
from graph_builder.audit.findings import Finding
from graph_builder.audit.intervals import intervals
from graph_builder.audit.pools import pools_against_inputs
from graph_builder.audit.prints import (
    Headings,
    differing_numbers,
    headings_of,
    levels_against_headings,
    levels_of,
)
from graph_builder.audit.views import View
from graph_builder.audit.words import designs_stated_otherwise, doubts
from graph_builder.records import Study
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

__all__ = [
    "AUDIT",
    "Finding",
    "Headings",
    "audit_graph",
    "findings_across",
    "findings_of",
    "findings_within",
    "headings_of",
    "levels_of",
]

AUDIT = thing("graph", "audit")

_OF_ONE_STUDY: tuple[Callable[[View], Iterator[Finding]], ...] = (
    differing_numbers,
    intervals,
    medians_against_rates,
    effects_apart,
    conclusions_against_numbers,
    conclusions_apart,
    arms_against_whole,
    classes_against_whole,
    classes_missing,
    parts_larger_than_whole,
    shares_against_counts,
    shares_of_no_count,
    wholes_outside_parts,
    rates_out_of_order,
    designs_stated_otherwise,
    doubts,
)


def findings_of(studies: Sequence[Study], terms: Terms) -> list[Finding]:
    """Everything printed that does not fit, by study, kind and what it is about; no id twice."""
    views = [View(study, terms) for study in studies]
    within = [finding for view in views for finding in _findings_within(view)]
    return told_once([*within, *_findings_across(views, headings_of(studies))])


def findings_within(study: Study, terms: Terms) -> list[Finding]:
    """What one study prints that does not fit, for which no other study needs to be known."""
    return told_once(_findings_within(View(study, terms)))


def findings_across(studies: Sequence[Study], headings: Headings, terms: Terms) -> list[Finding]:
    """What does not fit between studies; `headings` are those of all studies, these or not."""
    return told_once(_findings_across([View(study, terms) for study in studies], headings))


def _findings_within(view: View) -> list[Finding]:
    checks = (ratios_against_arms, *_OF_ONE_STUDY)
    return [finding for check in checks for finding in check(view)]


def _findings_across(views: Sequence[View], headings: Headings) -> list[Finding]:
    against_arms = [found for view in views for found in ratios_against_arms(view)]
    return [
        *levels_against_headings(views, headings),
        *pools_against_inputs(views, against_arms),
    ]


def told_once(found: Iterable[Finding]) -> list[Finding]:
    """Findings by id; those of one id that say the same as one, the others numbered from 2."""
    by_id: dict[str, dict[str, Finding]] = {}
    for one in sorted(found, key=lambda finding: finding.id):
        same = by_id.setdefault(one.id, {})
        known = same[one.text].prints if one.text in same else ()
        prints = {each.node: each for each in (*known, *one.prints)}
        same[one.text] = replace(one, prints=tuple(prints.values()))
    return [
        one if number == 1 else replace(one, about=f"{one.about}-{number}")
        for same in by_id.values()
        for number, one in enumerate(same.values(), 1)
    ]


def audit_graph(findings: Iterable[Finding], terms: Terms) -> Graph:
    """The findings as named graph; each leads to the reports it concerns."""
    graph = Graph()
    for finding in findings:
        node = finding.node
        words = f"{terms.labels[finding.kind]}: {finding.id}"
        graph.add((node, RDF.type, ML.AuditFinding))
        graph.add((node, RDF.type, OWL.NamedIndividual))
        graph.add((node, RDFS.label, Literal(words, lang="en")))
        graph.add((node, ML.auditKind, code(finding.kind)))
        graph.add((node, ML.severity, code(finding.severity)))
        graph.add((node, ML.onStudy, thing("study", finding.study)))
        graph.add((node, ML.findingText, Literal(finding.text, lang="en")))
        graph.add((node, ML.advice, Literal(finding.advice, lang="en")))
        for one in finding.prints:
            graph.add((node, ML.concerns, one.node))
    return graph
