"""A study as an audit looks at it: its facts and estimates with their reports, and its sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rdflib import Literal, URIRef

from graph_builder.assembly.studies import named_facts
from graph_builder.assembly.writer import report_nodes
from graph_builder.audit.findings import Print
from graph_builder.audit.rounding import Span, span_of
from graph_builder.labels import Labels
from graph_builder.records import Estimate, Fact, Locator, Study, decimal_of
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

WHOLE = ("patients_registered", "patients_enrolled", "patients_randomised", "patients_analysed")
"""Facts that tell the size of a population; those of an arm or subgroup have words of their own."""

SYNTHESES = ("meta_analysis", "systematic_review")
"""Designs that count the patients of other studies."""

SIZES = frozenset((*WHOLE, "patients_per_arm", "patients_in_population"))


@dataclass(frozen=True)
class Result:
    """An estimate with its prints; `phrase` names it for people."""

    estimate: Estimate
    phrase: str
    prints: tuple[Print, ...]

    @property
    def subject(self) -> tuple[str | None, ...]:
        """What it is about: outcome, or characteristic and its category."""
        one = self.estimate
        return one.outcome, one.characteristic, one.category

    @property
    def comparison(self) -> tuple[object, ...]:
        """What is compared in whom, whatever the measure and time."""
        one = self.estimate.contrast
        sides = one and (one.arm, one.versus, one.group, one.versus_group, tuple(one.across or ()))
        return (*self.subject, self.estimate.population, sides)

    def numbers(self) -> Iterator[tuple[Print, Span]]:
        """Its prints that print one number, each with what rounds to it."""
        for one in self.prints:
            span = span_of(one.value)
            if span is not None:
                yield one, span


@dataclass(frozen=True)
class Told:
    """A study fact with its prints."""

    name: str
    fact: Fact
    phrase: str
    prints: tuple[Print, ...]


@dataclass(frozen=True)
class Size:
    """A printed number of patients."""

    count: int
    property: str
    arm: str | None
    population: str | None
    print: Print


@dataclass(frozen=True)
class View:
    """One study with all that its sources print, and the words of the ontology."""

    study: Study
    terms: Terms

    @cached_property
    def results(self) -> list[Result]:
        """Its estimates, in the order of the file."""
        labels = Labels(self.study, self.terms)
        return [
            Result(one, self._phrase(labels.estimate(one)), self._prints("estimate", one.id, one))
            for one in self.study.estimates
        ]

    @cached_property
    def facts(self) -> list[Told]:
        """Its facts, in the order of the file."""
        labels = Labels(self.study, self.terms)
        return [
            Told(
                name,
                fact,
                self._phrase(labels.fact(name, fact)),
                self._prints("fact", name, fact),
            )
            for name, fact in named_facts(self.study.facts)
        ]

    @cached_property
    def others(self) -> list[tuple[str, tuple[Print, ...]]]:
        """The prints of all else: the study itself, its populations, what is said of it."""
        study = self.study
        found = [("study", self._at(thing("study", study.id), study.own_locators()))]
        for population in study.populations:
            node = thing("study", study.id, "population", population.id)
            found.append((population.id, self._at(node, population.reported)))
        for number, statement in enumerate(study.statements, 1):
            node = thing("study", study.id, "statement", number)
            found.append((f"statement-{number}", self._at(node, statement.reported)))
        return found

    @cached_property
    def sizes(self) -> list[Size]:
        """Every number of patients printed as one, of the study, a population or an arm."""
        return [
            Size(int(number), told.fact.property, told.fact.arm, told.fact.population, one)
            for told in self.facts
            if told.fact.property in SIZES and told.fact.unit == "patients"
            for one in told.prints
            if (number := decimal_of(one.value)) is not None
        ]

    def size_of(self, population: str, arm: str | None) -> list[Size]:
        """The numbers of patients of a population, or of an arm in it; the only arm is all."""
        roles = {one.id: one.role for one in self.study.arms}
        named = None if arm is None or roles[arm] == "only_arm" else arm
        whole = {one.id for one in self.study.populations if one.status == "whole_study"}
        about = {population, *([None] if population in whole else [])}
        return [one for one in self.sizes if one.arm == named and one.population in about]

    def of_arm(self, arm: str, like: Result, measure: str) -> list[Result]:
        """What is printed for an arm of the outcome and population of another result."""
        return [
            one
            for one in self.results
            if one.estimate.arm == arm
            and one.subject == like.subject
            and one.estimate.population == like.estimate.population
            and one.estimate.measure == measure
        ]

    def arm_label(self, arm: str | None) -> str:
        """The label of an arm, or of a population compared."""
        names = {one.id: one.label for one in self.study.populations}
        names |= {one.id: one.label for one in self.study.arms}
        return names.get(arm or "", "the others")

    def polarity(self, outcome: str | None) -> str:
        """Whether an outcome is better when "higher" or "lower"; empty where neither."""
        if outcome is None:
            return ""
        found = self.terms.graph.value(code(outcome), ML.betterWhen)
        word = str(found).rpartition("/")[2]
        return word if word in ("higher", "lower") else ""

    def is_exclusive(self, characteristic: str | None) -> bool:
        """Whether the classes of a characteristic shut each other out."""
        known = code(characteristic or "")
        return (known, ML.hasExclusiveClasses, Literal(True)) in self.terms.graph

    def word(self, name: str | None) -> str:
        """The label of a code."""
        return self.terms.labels.get(name or "", name or "")

    def _phrase(self, label: str) -> str:
        return label.removeprefix(f"{self.study.label}: ").partition(" [")[0]

    def _prints(self, kind: str, name: str, item: Estimate | Fact) -> tuple[Print, ...]:
        return self._at(thing("study", self.study.id, kind, name), item.reported)

    def _at(self, node: URIRef, reports: Sequence[Locator]) -> tuple[Print, ...]:
        nodes = report_nodes(node, reports)
        return tuple(Print(at, report) for at, report in zip(nodes, reports, strict=True))
