"""Labels of the things of a study: short, English, unique within the study."""

from __future__ import annotations

from graph_builder.records import Estimate, Fact, Population, Study
from graph_builder.terms import Terms


class Labels:
    """Names the parts of one study for people."""

    def __init__(self, study: Study, terms: Terms) -> None:
        self.study, self.words = study, terms.labels
        self.arms = {arm.id: arm.label for arm in study.arms}
        self.populations = {population.id: population for population in study.populations}

    def lineage(self, population: Population) -> list[Population]:
        """The population and those it is within, the whole study's first."""
        found = [population]
        while found[0].within in self.populations and len(found) <= len(self.populations):
            found.insert(0, self.populations[found[0].within or ""])
        return found

    def fact(self, name: str, fact: Fact) -> str:
        """Label of a study fact, such as "E2108: patients randomised, locoregional therapy"."""
        words = [self.words[fact.property]]
        if fact.population:
            words.append(self.populations[fact.population].label)
        if fact.arm:
            words.append(self.arms[fact.arm])
        number = name.rpartition("-")[2]
        suffix = f" ({number})" if number.isdigit() else ""
        return f"{self.study.label}: {', '.join(words)}{suffix}"

    def estimate(self, estimate: Estimate) -> str:
        """Label of an estimate: outcome, measure, time, sides and population."""
        words = [self.words[estimate.outcome or estimate.characteristic or ""]]
        if estimate.category:
            words.append(estimate.category)
        words.append(self.words[estimate.measure])
        if estimate.at:
            words.append(f"at {estimate.at}")
        words += self._sides(estimate)
        words.append(f"in {self.populations[estimate.population].label}")
        return f"{self.study.label}: {', '.join(words)} [{estimate.id}]"

    def _sides(self, estimate: Estimate) -> list[str]:
        contrast = estimate.contrast
        if estimate.arm:
            return [self.arms[estimate.arm]]
        if contrast is None:
            return []
        if contrast.arm:
            return [f"{self.arms[contrast.arm]} versus {self.arms[contrast.versus or '']}"]
        if contrast.across:
            return [f"{self.across(contrast.across)} compared"]
        group = self.populations[contrast.group or ""].label
        other = self.populations.get(contrast.versus_group or "")
        return [f"{group} versus {other.label if other else 'a group not stated'}"]

    def across(self, members: list[str]) -> str:
        """The names of arms or groups compared all together."""
        names = [self.arms.get(m) or self.populations[m].label for m in members]
        return f"{', '.join(names[:-1])} and {names[-1]}"
