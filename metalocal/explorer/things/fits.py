"""Example profiles and groups by criteria -> which profile each group takes in, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graph_builder.problems import ProblemsFoundError
from metalocal.answers import Library
from metalocal.answers.clauses import Clauses
from metalocal.answers.matching import gathered
from metalocal.endpoint.patients import ExamplePatient, example_patients
from metalocal.pages.addresses import Link
from metalocal.profiles import Profile, profile_of

_VERDICTS = ("included", "indeterminate", "excluded")


@dataclass(frozen=True)
class Example:
    """An invented patient: `link` leads to the answer, its title tells of the patient."""

    link: Link
    profile: Profile


@dataclass(frozen=True)
class Fit:
    """How an example stands to a group: the verdict, and the criteria that leave it open or bar."""

    example: Link
    verdict: str
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Fits:
    """Verdicts on every example profile, by the same clauses as the query `verdicts`."""

    library: Library
    folder: Path

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The example profiles, in the order of their files.

        Those that tell what this graph does not know are left out.
        """
        found = []
        for patient in example_patients(self.folder):
            try:
                found.append(self._example(patient))
            except ProblemsFoundError:
                continue
        return tuple(found)

    def _example(self, patient: ExamplePatient) -> Example:
        attributes, rules = self.library.attributes, self.library.rules
        link = Link(patient.name.replace("-", " "), patient.link.href, patient.said)
        return Example(link, profile_of(patient.given, attributes, rules, patient.places))

    @cached_property
    def _groups(self) -> list[dict[str, str]]:
        """By example: group to verdict."""
        return [self.library.clauses.verdicts(example.profile) for example in self.examples]

    @cached_property
    def _criteria(self) -> list[dict[str, str]]:
        """By example: criterion to verdict."""
        by_criterion = self._clauses_of_criteria
        return [by_criterion.verdicts(example.profile) for example in self.examples]

    @cached_property
    def _clauses_of_criteria(self) -> Clauses:
        return gathered(self.library.each_clause, self.library.rows("criteria"), "criterion")

    def of(self, group: str, criteria: Mapping[str, str]) -> list[Fit]:
        """Every example against a group whose criteria are given with their words.

        A group without criteria asks for nothing: it takes in all.
        """
        found = []
        for place, example in enumerate(self.examples):
            verdict = self._groups[place].get(group, _VERDICTS[0])
            judged = self._criteria[place]
            deciding = [
                words
                for criterion, words in criteria.items()
                if verdict != _VERDICTS[0] and judged.get(criterion) == verdict
            ]
            found.append(Fit(example.link, verdict, tuple(deciding)))
        return sorted(found, key=lambda fit: _VERDICTS.index(fit.verdict))


def best(fits: Sequence[Sequence[Fit]]) -> list[Fit]:
    """Of several groups, for each example the verdict that is nearest to included."""
    found: dict[Link, Fit] = {}
    for fit in (fit for group in fits for fit in group):
        known = found.get(fit.example)
        if known is None or _VERDICTS.index(fit.verdict) < _VERDICTS.index(known.verdict):
            found[fit.example] = fit
    return sorted(found.values(), key=lambda fit: _VERDICTS.index(fit.verdict))
