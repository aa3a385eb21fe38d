"""Records to the asserted graph: one named graph a study, one for sources, one for provenance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import OWL

from graph_builder.criteria import BoundTest, attributes_of, clauses, formula, sentence
from graph_builder.labels import Labels
from graph_builder.problems import Place
from graph_builder.reading import Records
from graph_builder.records import (
    Arm,
    Criterion,
    Estimate,
    Fact,
    FactReport,
    Locator,
    Population,
    Record,
    Report,
    Source,
    Statement,
    Study,
    decimal_of,
)
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

SOURCES = thing("graph", "sources")
PROVENANCE = thing("graph", "provenance")

_BOUND = {"min": ML.atLeast, "max": ML.atMost, "above": ML.above, "below": ML.below}
_IDENTIFIER = {"nct": ML.nctNumber, "pmid": ML.pubmedNumber, "doi": ML.doi, "name": ML.alsoCalled}


@dataclass
class Assembly:
    """Named graphs, and for each thing in them the place in the file it was read from."""

    graphs: dict[URIRef, Graph] = field(default_factory=lambda: defaultdict(Graph))
    places: dict[URIRef, Place] = field(default_factory=dict)


def assemble(records: Records, terms: Terms) -> Assembly:
    """The asserted graph of all records; the order of the records does not matter."""
    assembly = Assembly()
    for source in records.sources:
        _add_source(assembly, source)
    for study in records.studies:
        _StudyWriter(assembly, study, terms).write()
    return assembly


def study_graph(study_id: str) -> URIRef:
    """Name of the graph that holds what one study file says."""
    return thing("graph", "study", study_id)


def class_of(study_id: str, population: str) -> URIRef:
    """The class of the profiles that fit a population."""
    return thing("study", study_id, "population", population, "profiles")


def population_id(study_id: str, population: str) -> URIRef:
    """The individual that stands for a population of a study."""
    return thing("study", study_id, "population", population)


def _add_source(assembly: Assembly, source: Source) -> None:
    node = thing("source", source.id)
    graph = assembly.graphs[SOURCES]
    assembly.places[node] = source.place()
    graph.add((node, RDF.type, ML.Source))
    graph.add((node, RDF.type, OWL.NamedIndividual))
    graph.add((node, RDFS.label, Literal(source.label, lang="en")))
    graph.add((node, ML.citation, Literal(source.citation, lang="en")))
    graph.add((node, ML.yearOfPublication, Literal(source.year)))
    graph.add((node, ML.textHash, Literal(source.sha256)))
    if source.doi:
        graph.add((node, ML.doi, Literal(source.doi)))
    if source.journal:
        graph.add((node, ML.journal, Literal(source.journal)))
    if source.licence:
        graph.add((node, ML.licenceOfText, Literal(source.licence)))
    if source.note:
        graph.add((node, ML.note, Literal(source.note, lang="en")))


class _StudyWriter:
    """Writes one study into its graph, and the locators of its reports into provenance."""

    def __init__(self, assembly: Assembly, study: Study, terms: Terms) -> None:
        self.assembly, self.study, self.terms = assembly, study, terms
        self.graph = assembly.graphs[study_graph(study.id)]
        self.provenance = assembly.graphs[PROVENANCE]
        self.node = thing("study", study.id)
        self.labels = Labels(study, terms)

    def write(self) -> None:
        self._study()
        for arm in self.study.arms:
            self._arm(arm)
        for population in self.study.populations:
            self._population(population)
        for number, (name, fact) in enumerate(_named(self.study.facts), 1):
            self._fact(name, fact, number)
        for number, estimate in enumerate(self.study.estimates, 1):
            self._estimate(estimate, number)
        for number, statement in enumerate(self.study.statements, 1):
            self._statement(statement, number)

    def _thing(self, node: URIRef, kind: URIRef, label: str, record: Record) -> URIRef:
        self.assembly.places[node] = record.place()
        self.graph.add((node, RDF.type, kind))
        self.graph.add((node, RDF.type, OWL.NamedIndividual))
        self.graph.add((node, RDFS.label, Literal(label, lang="en")))
        note = getattr(record, "note", None)
        if note:
            self.graph.add((node, ML.note, Literal(note, lang="en")))
        return node

    def _code(self, node: URIRef, predicate: URIRef, word: str | None) -> None:
        if word:
            self.graph.add((node, predicate, code(word)))

    def _study(self) -> None:
        study, node = self.study, self._thing(self.node, ML.Study, self.study.label, self.study)
        self._code(node, ML.design, study.design)
        self._code(node, ML.studyStatus, study.status)
        self._code(node, ML.question, study.question)
        self.graph.add((node, ML.dataFile, Literal(study.place().file)))
        if study.phase:
            self.graph.add((node, ML.phaseOf, Literal(study.phase)))
        for country in study.countries:
            self.graph.add((node, ML.countryCode, Literal(country)))
        locators: list[Locator] = list(study.described)
        for identifier in study.identifiers:
            value = Literal(identifier.value)
            self.graph.add((node, _IDENTIFIER[identifier.kind], value))
            locators += identifier.reported
        self._reports(node, study.label, locators)

    def _arm(self, arm: Arm) -> None:
        label = f"{self.study.label}: arm {arm.label}"
        node = self._thing(self._part("arm", arm.id), ML.Arm, label, arm)
        self.graph.add((node, ML.shortLabel, Literal(arm.label, lang="en")))
        self.graph.add((self.node, ML.hasArm, node))
        self._code(node, ML.armRole, arm.role)
        for intervention in arm.interventions:
            self._code(node, ML.hasIntervention, intervention)

    def _population(self, population: Population) -> None:
        label = f"{self.study.label}: {population.label}"
        node = population_id(self.study.id, population.id)
        self._thing(node, ML.Population, label, population)
        self.graph.add((node, ML.shortLabel, Literal(population.label, lang="en")))
        self.graph.add((self.node, ML.hasPopulation, node))
        self._code(node, ML.populationStatus, population.status)
        self._code(node, ML.cancerMix, population.cancers)
        lineage = self.labels.lineage(population)
        self.graph.add((node, ML.depth, Literal(len(lineage) - 1)))
        if population.within:
            parent = population_id(self.study.id, population.within)
            self.graph.add((node, ML.within, parent))
        if population.is_matched:
            self._criteria(node, population, lineage)
        self._reports(node, label, population.reported)

    def _criteria(self, node: URIRef, population: Population, lineage: list[Population]) -> None:
        self.graph.add((node, ML.criteriaClass, class_of(self.study.id, population.id)))
        for name, criterion in _named_criteria(population):
            self._criterion(population, name, criterion)
        for ancestor in lineage:
            for name, _ in _named_criteria(ancestor):
                self.graph.add((node, ML.hasCriterion, self._criterion_id(ancestor, name)))

    def _criterion_id(self, population: Population, name: str) -> URIRef:
        return self._part("population", population.id, "criterion", name)

    def _criterion(self, population: Population, name: str, criterion: Criterion) -> None:
        words = sentence(criterion, self.terms.attributes)
        label = f"{self.study.label}: {population.label}: {words}"
        node = self._criterion_id(population, name)
        self._thing(node, ML.Criterion, label, criterion)
        self.graph.add((node, ML.shortLabel, Literal(words, lang="en")))
        tree = formula(criterion, self.terms.attributes)
        for key in attributes_of(tree):
            self._code(node, ML.onAttribute, key)
        for number, literals in enumerate(clauses(tree), 1):
            clause = URIRef(f"{node}/clause/{number}")
            self._thing(clause, ML.Clause, f"{label}, part {number}", criterion)
            self.graph.add((node, ML.hasClause, clause))
            bounds = [test for test in literals if isinstance(test, BoundTest)]
            for test in literals:
                if not isinstance(test, BoundTest):
                    relation = ML.accepts if test.present else ML.rejects
                    self._code(clause, relation, f"{test.attribute}-{test.value}")
            for at, bound in enumerate(bounds, 1):
                self._bound(clause, f"{label}, part {number}, limit {at}", at, bound, criterion)

    def _bound(
        self, clause: URIRef, label: str, number: int, test: BoundTest, criterion: Criterion
    ) -> None:
        node = self._thing(URIRef(f"{clause}/bound/{number}"), ML.Bound, label, criterion)
        self.graph.add((clause, ML.hasBound, node))
        self._code(node, ML.onAttribute, test.attribute)
        self.graph.add((node, _BOUND[test.side], Literal(test.limit, datatype=XSD.decimal)))

    def _fact(self, name: str, fact: Fact, number: int) -> None:
        label = self.labels.fact(name, fact)
        node = self._thing(self._part("fact", name), ML.StudyFact, label, fact)
        self.graph.add((self.node, ML.hasFact, node))
        self.graph.add((node, ML.sequence, Literal(number)))
        self._code(node, ML.property, fact.property)
        self._code(node, ML.unit, fact.unit)
        if fact.arm:
            self.graph.add((node, ML.factArm, self._part("arm", fact.arm)))
        if fact.population:
            population = population_id(self.study.id, fact.population)
            self.graph.add((node, ML.factPopulation, population))
        self._reports(node, label, fact.reported)

    def _estimate(self, estimate: Estimate, number: int) -> None:
        label = self.labels.estimate(estimate)
        node = self._thing(self._part("estimate", estimate.id), ML.Estimate, label, estimate)
        self.graph.add((self.node, ML.hasEstimate, node))
        self.graph.add((node, ML.sequence, Literal(number)))
        self._code(node, ML.outcome, estimate.outcome)
        self._code(node, ML.characteristic, estimate.characteristic)
        self._code(node, ML.measure, estimate.measure)
        self._code(node, ML.unit, estimate.unit)
        population = population_id(self.study.id, estimate.population)
        self.graph.add((node, ML.population, population))
        self._contrast(node, estimate)
        if estimate.at:
            value, unit = estimate.at.split()
            self.graph.add((node, ML.timeValue, Literal(value, datatype=XSD.decimal)))
            self.graph.add((node, ML.timeUnit, Literal(unit)))
        if estimate.adjusted is not None:
            self.graph.add((node, ML.adjusted, Literal(estimate.adjusted)))
        self._reports(node, label, estimate.reported)

    def _contrast(self, node: URIRef, estimate: Estimate) -> None:
        contrast = estimate.contrast
        arm = contrast.arm if contrast else estimate.arm
        if arm:
            self.graph.add((node, ML.arm, self._part("arm", arm)))
        if contrast is None:
            return
        self.graph.add((node, ML.referenceStated, Literal(estimate.reference_stated)))
        if contrast.versus:
            self.graph.add((node, ML.versus, self._part("arm", contrast.versus)))
        for predicate, group in (
            (ML.group, contrast.group),
            (ML.versusGroup, contrast.versus_group),
        ):
            if group:
                self.graph.add((node, predicate, population_id(self.study.id, group)))

    def _statement(self, statement: Statement, number: int) -> None:
        kind = self.terms.labels[statement.kind]
        label = f"{self.study.label}: {kind} ({number})"
        node = self._thing(self._part("statement", number), ML.Statement, label, statement)
        self.graph.add((self.node, ML.hasStatement, node))
        self.graph.add((node, ML.sequence, Literal(number)))
        self._code(node, ML.statementKind, statement.kind)
        self.graph.add((node, ML.wording, Literal(statement.text, lang="en")))
        self._reports(node, label, statement.reported)

    def _part(self, *parts: object) -> URIRef:
        return thing("study", self.study.id, *parts)

    def _reports(self, item: URIRef, label: str, reports: Sequence[Locator]) -> None:
        names: dict[str, int] = defaultdict(int)
        for report in reports:
            name = f"{report.source}-{report.line}"
            names[name] += 1
            suffix = f"-{names[name]}" if names[name] > 1 else ""
            node = URIRef(f"{item}/report/{name}{suffix}")
            words = f"{label}, as in {report.source} line {report.line}{suffix}"
            self._thing(node, ML.Report, words, report)
            self.graph.add((item, ML.hasReport, node))
            self._locator(node, report)
            self._printed(node, report)

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
        self._code(node, ML.statedDirection, report.direction)
        if report.wording:
            self.graph.add((node, ML.wording, Literal(report.wording, lang="en")))

    def _number(self, node: URIRef, text: str | None, printed: URIRef, value: URIRef) -> None:
        if text is None:
            return
        self.graph.add((node, printed, Literal(text)))
        number = decimal_of(text)
        if number is not None:
            self.graph.add((node, value, Literal(number)))


def _p_parts(printed: str) -> tuple[str, str]:
    relation = printed[0] if printed[0] in "<>" else "="
    digits = printed.lstrip("<>")
    return relation, digits if digits[0].isdigit() else f"0{digits}"


def _named(facts: list[Fact]) -> list[tuple[str, Fact]]:
    """Each fact with a name unique in its study: property, arm, and a number where needed."""
    seen: dict[str, int] = defaultdict(int)
    named = []
    for fact in facts:
        name = "-".join(part for part in (fact.property, fact.population, fact.arm) if part)
        seen[name] += 1
        named.append((f"{name}-{seen[name]}" if seen[name] > 1 else name, fact))
    return named


def _named_criteria(population: Population) -> list[tuple[str, Criterion]]:
    seen: dict[str, int] = defaultdict(int)
    named = []
    for criterion in population.criteria:
        name = criterion.attribute or "joined"
        seen[name] += 1
        named.append((f"{name}-{seen[name]}" if seen[name] > 1 else name, criterion))
    return named
