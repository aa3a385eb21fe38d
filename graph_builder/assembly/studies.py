"""Studies to named graphs, one a study."""

from __future__ import annotations

from collections import defaultdict

from rdflib import XSD, Literal, URIRef

from graph_builder.assembly.writer import Assembly, Writer, named_criteria
from graph_builder.labels import Labels
from graph_builder.records import Arm, Estimate, Fact, Population, Statement, Study
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, thing

_IDENTIFIER = {"nct": ML.nctNumber, "pmid": ML.pubmedNumber, "doi": ML.doi, "name": ML.alsoCalled}


def study_graph(study_id: str) -> URIRef:
    """Name of the graph that holds what one study file says."""
    return thing("graph", "study", study_id)


def population_id(study_id: str, population: str) -> URIRef:
    """The individual that stands for a population of a study."""
    return thing("study", study_id, "population", population)


class StudyWriter(Writer):
    """Writes one study into its graph, and the locators of its reports into provenance."""

    def __init__(self, assembly: Assembly, study: Study, terms: Terms) -> None:
        super().__init__(assembly, study_graph(study.id), terms)
        self.study = study
        self.node = thing("study", study.id)
        self.labels = Labels(study, terms)

    def write(self) -> None:
        """Everything the study file says."""
        self._study()
        for arm in self.study.arms:
            self._arm(arm)
        for population in self.study.populations:
            self._population(population)
        for number, (name, fact) in enumerate(named_facts(self.study.facts), 1):
            self._fact(name, fact, number)
        for number, estimate in enumerate(self.study.estimates, 1):
            self._estimate(estimate, number)
        for number, statement in enumerate(self.study.statements, 1):
            self._statement(statement, number)

    def _study(self) -> None:
        study, node = self.study, self.thing(self.node, ML.Study, self.study.label, self.study)
        self.code(node, ML.design, study.design)
        self.code(node, ML.studyStatus, study.status)
        self.code(node, ML.question, study.question)
        self.graph.add((node, ML.dataFile, Literal(study.place().file)))
        if study.phase:
            self.graph.add((node, ML.phaseOf, Literal(study.phase)))
        for country in study.countries:
            self.graph.add((node, ML.countryCode, Literal(country)))
        for identifier in study.identifiers:
            value = Literal(identifier.value)
            self.graph.add((node, _IDENTIFIER[identifier.kind], value))
        for pooled in study.pools:
            self.graph.add((node, ML.pools, thing("study", pooled.study)))
        self.reports(node, study.label, study.own_locators())

    def _arm(self, arm: Arm) -> None:
        label = f"{self.study.label}: arm {arm.label}"
        node = self.thing(self._part("arm", arm.id), ML.Arm, label, arm)
        self.graph.add((node, ML.shortLabel, Literal(arm.label, lang="en")))
        self.graph.add((self.node, ML.hasArm, node))
        self.code(node, ML.armRole, arm.role)
        for intervention in arm.interventions:
            self.code(node, ML.hasIntervention, intervention)

    def _population(self, population: Population) -> None:
        label = f"{self.study.label}: {population.label}"
        node = population_id(self.study.id, population.id)
        self.thing(node, ML.Population, label, population)
        self.graph.add((node, ML.shortLabel, Literal(population.label, lang="en")))
        self.graph.add((self.node, ML.hasPopulation, node))
        self.code(node, ML.populationStatus, population.status)
        self.code(node, ML.cancerMix, population.cancers)
        lineage = self.labels.lineage(population)
        for design in _pooled_designs(lineage):
            self.code(node, ML.pooledDesign, design)
        self.graph.add((node, ML.depth, Literal(len(lineage) - 1)))
        if population.within:
            parent = population_id(self.study.id, population.within)
            self.graph.add((node, ML.within, parent))
        if population.is_matched:
            self._criteria(node, population, lineage)
        self.reports(node, label, population.reported)

    def _criteria(self, node: URIRef, population: Population, lineage: list[Population]) -> None:
        label = f"{self.study.label}: {population.label}"
        for name, criterion in named_criteria(population.criteria):
            self.criterion(node, name, label, criterion)
        for ancestor in lineage:
            owner = population_id(self.study.id, ancestor.id)
            for name, _ in named_criteria(ancestor.criteria):
                self.graph.add((node, ML.hasCriterion, URIRef(f"{owner}/criterion/{name}")))

    def _fact(self, name: str, fact: Fact, number: int) -> None:
        label = self.labels.fact(name, fact)
        node = self.thing(self._part("fact", name), ML.StudyFact, label, fact)
        self.graph.add((self.node, ML.hasFact, node))
        self.graph.add((node, ML.sequence, Literal(number)))
        self.code(node, ML.property, fact.property)
        self.code(node, ML.unit, fact.unit)
        if fact.arm:
            self.graph.add((node, ML.factArm, self._part("arm", fact.arm)))
        if fact.population:
            population = population_id(self.study.id, fact.population)
            self.graph.add((node, ML.factPopulation, population))
        self.reports(node, label, fact.reported)

    def _estimate(self, estimate: Estimate, number: int) -> None:
        label = self.labels.estimate(estimate)
        node = self.thing(self._part("estimate", estimate.id), ML.Estimate, label, estimate)
        self.graph.add((self.node, ML.hasEstimate, node))
        self.graph.add((node, ML.sequence, Literal(number)))
        self.code(node, ML.outcome, estimate.outcome)
        self.code(node, ML.characteristic, estimate.characteristic)
        if estimate.category:
            self.graph.add((node, ML.category, Literal(estimate.category)))
        self.code(node, ML.measure, estimate.measure)
        self.code(node, ML.unit, estimate.unit)
        self.code(node, ML.countsEvent, estimate.counts)
        population = population_id(self.study.id, estimate.population)
        self.graph.add((node, ML.population, population))
        self._contrast(node, estimate)
        if estimate.at:
            value, unit = estimate.at.split()
            self.graph.add((node, ML.timeValue, Literal(value, datatype=XSD.decimal)))
            self.graph.add((node, ML.timeUnit, Literal(unit)))
        if estimate.adjusted is not None:
            self.graph.add((node, ML.adjusted, Literal(estimate.adjusted)))
        self.reports(node, label, estimate.reported)

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
        if contrast.across:
            self._across(node, contrast.across)
        for predicate, group in (
            (ML.group, contrast.group),
            (ML.versusGroup, contrast.versus_group),
        ):
            if group:
                self.graph.add((node, predicate, population_id(self.study.id, group)))

    def _statement(self, statement: Statement, number: int) -> None:
        kind = self.terms.labels[statement.kind]
        label = f"{self.study.label}: {kind} ({number})"
        node = self.thing(self._part("statement", number), ML.Statement, label, statement)
        self.graph.add((self.node, ML.hasStatement, node))
        self.graph.add((node, ML.sequence, Literal(number)))
        self.code(node, ML.statementKind, statement.kind)
        self.graph.add((node, ML.wording, Literal(statement.text, lang="en")))
        self.reports(node, label, statement.reported)

    def _across(self, node: URIRef, members: list[str]) -> None:
        for member in members:
            kind = "arm" if member in self.labels.arms else "population"
            self.graph.add((node, ML.across, self._part(kind, member)))
        self.words(node, ML.acrossLabel, self.labels.across(members))

    def _part(self, *parts: object) -> URIRef:
        return thing("study", self.study.id, *parts)


def _pooled_designs(lineage: list[Population]) -> list[str]:
    """The designs pooled for a population: its own, else those of the nearest it is within."""
    nearest = (p.pooled_designs for p in reversed(lineage) if p.pooled_designs)
    return next(nearest, [])


def named_facts(facts: list[Fact]) -> list[tuple[str, Fact]]:
    """Each fact with a name unique in its study: property, arm, and a number where needed."""
    seen: dict[str, int] = defaultdict(int)
    named = []
    for fact in facts:
        name = "-".join(part for part in (fact.property, fact.population, fact.arm) if part)
        seen[name] += 1
        named.append((f"{name}-{seen[name]}" if seen[name] > 1 else name, fact))
    return named
