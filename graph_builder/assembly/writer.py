"""What all writers of the asserted graph share: things, codes, criteria, reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import OWL

from graph_builder.assembly.clauses import CLAUSES, write_clause
from graph_builder.criteria import attributes_of, clauses, formula, sentence
from graph_builder.problems import Place
from graph_builder.records import Criterion, FactReport, Locator, Record, Report, decimal_of
from graph_builder.terms import Terms
from graph_builder.triples import gathering_graph
from graph_builder.vocabulary import ML, code, thing

PROVENANCE = thing("graph", "provenance")


@dataclass
class Assembly:
    """Named graphs, and for each thing in them the place in the file it was read from."""

    graphs: dict[URIRef, Graph] = field(default_factory=lambda: defaultdict(gathering_graph))
    places: dict[URIRef, Place] = field(default_factory=dict)


def profiles_of(group: URIRef) -> URIRef:
    """The class of the profiles that fit a group by criteria."""
    return URIRef(f"{group}/profiles")


def named_criteria(criteria: Sequence[Criterion]) -> list[tuple[str, Criterion]]:
    """Each criterion with a name unique in its group: its attribute, and a number where needed."""
    seen: dict[str, int] = defaultdict(int)
    named = []
    for criterion in criteria:
        name = criterion.attribute or "joined"
        seen[name] += 1
        named.append((f"{name}-{seen[name]}" if seen[name] > 1 else name, criterion))
    return named


def report_nodes(item: URIRef, reports: Sequence[Locator]) -> list[URIRef]:
    """The individual of each report: by source and line, with a number where both are shared."""
    seen: dict[str, int] = defaultdict(int)
    nodes = []
    for report in reports:
        name = f"{report.source}-{report.line}"
        seen[name] += 1
        suffix = f"-{seen[name]}" if seen[name] > 1 else ""
        nodes.append(URIRef(f"{item}/report/{name}{suffix}"))
    return nodes


class Writer:
    """Writes things into one named graph, and the locators of their reports into provenance."""

    def __init__(self, assembly: Assembly, name: URIRef, terms: Terms) -> None:
        self.assembly, self.terms = assembly, terms
        self.graph = assembly.graphs[name]
        self.provenance = assembly.graphs[PROVENANCE]
        self.clauses = assembly.graphs[CLAUSES]

    def thing(self, node: URIRef, kind: URIRef, label: str, record: Record) -> URIRef:
        """A labelled individual with its note."""
        self.assembly.places[node] = record.place()
        self.graph.add((node, RDF.type, kind))
        self.graph.add((node, RDF.type, OWL.NamedIndividual))
        self.graph.add((node, RDFS.label, Literal(label, lang="en")))
        note = getattr(record, "note", None)
        if note:
            self.graph.add((node, ML.note, Literal(note, lang="en")))
        return node

    def code(self, node: URIRef, predicate: URIRef, word: str | None) -> None:
        """A relation to a code, where there is one."""
        if word:
            self.graph.add((node, predicate, code(word)))

    def words(self, node: URIRef, predicate: URIRef, text: str | None) -> None:
        """Words of ours, where there are any."""
        if text:
            self.graph.add((node, predicate, Literal(text, lang="en")))

    def criterion(self, group: URIRef, name: str, label: str, criterion: Criterion) -> URIRef:
        """A criterion of a group, with its clauses; `label` names the group."""
        words = sentence(criterion, self.terms.attributes)
        label = f"{label}: {words}"
        node = self.thing(URIRef(f"{group}/criterion/{name}"), ML.Criterion, label, criterion)
        self.words(node, ML.shortLabel, words)
        tree = formula(criterion, self.terms.attributes)
        for key in attributes_of(tree):
            self.code(node, ML.onAttribute, key)
        for alternatives in clauses(tree):
            clause = write_clause(self.clauses, alternatives, self.terms)
            for part in (clause, *self.clauses.objects(clause, ML.hasBound)):
                self.assembly.places.setdefault(URIRef(str(part)), criterion.place())
            self.graph.add((node, ML.hasClause, clause))
        return node

    def reports(
        self,
        item: URIRef,
        label: str,
        reports: Sequence[Locator],
        value: str | None = None,
    ) -> None:
        """One report for each place that prints the item; `value` where all print the same."""
        for node, report in zip(report_nodes(item, reports), reports, strict=True):
            suffix = node.removeprefix(f"{item}/report/{report.source}-{report.line}")
            words = f"{label}, as in {report.source} line {report.line}{suffix}"
            self.thing(node, ML.Report, f"{_said(report, value)}{words}", report)
            self.graph.add((item, ML.hasReport, node))
            self._locator(node, report)
            self._printed(node, report)
            self._number(node, value, ML.printedValue, ML.value)

    def _locator(self, node: URIRef, report: Locator) -> None:
        self.provenance.add((node, ML.reportedIn, thing("source", report.source)))
        self.provenance.add((node, ML.line, Literal(report.line)))
        if report.at:
            self.provenance.add((node, ML.place, Literal(report.at)))
        if isinstance(report, Report) and report.level_line:
            self.provenance.add((node, ML.levelLine, Literal(report.level_line)))

    def _printed(self, node: URIRef, report: Locator) -> None:
        if isinstance(report, FactReport | Report):
            self._number(node, report.value, ML.printedValue, ML.value)
        if not isinstance(report, Report):
            return
        self._number(node, report.low, ML.printedLow, ML.low)
        self._number(node, report.high, ML.printedHigh, ML.high)
        if report.level:
            level = Literal(report.level, datatype=XSD.decimal)
            self.graph.add((node, ML.confidenceLevel, level))
        if report.p:
            relation, number = _p_parts(report.p)
            self.graph.add((node, ML.printedP, Literal(report.p)))
            self.graph.add((node, ML.pValue, Literal(number, datatype=XSD.decimal)))
            self.graph.add((node, ML.pRelation, Literal(relation)))
        self.code(node, ML.statedDirection, report.direction)
        if report.wording:
            self.graph.add((node, ML.wording, Literal(report.wording, lang="en")))

    def _number(self, node: URIRef, text: str | None, printed: URIRef, value: URIRef) -> None:
        if text is None:
            return
        self.graph.add((node, printed, Literal(text)))
        number = decimal_of(text)
        if number is not None:
            self.graph.add((node, value, Literal(number)))


def _said(report: Locator, value: str | None) -> str:
    """What a report prints, to stand first in its label; nothing where it prints no number."""
    if isinstance(report, FactReport | Report):
        value = report.value or value
    said = [value] if value else []
    if isinstance(report, Report):
        if report.low and report.high:
            said.append(f"({report.low} to {report.high})")
        if report.p:
            said.append(f"p {report.p}")
    return f"{' '.join(said)} | " if said else ""


def _p_parts(printed: str) -> tuple[str, str]:
    relation = printed[0] if printed[0] in "<>" else "="
    digits = printed.lstrip("<>")
    return relation, digits if digits[0].isdigit() else f"0{digits}"
