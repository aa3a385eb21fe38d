"""The served graph -> what all pages of things look up in it, each part read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from metalocal.answers import Library
from metalocal.answers.rows import Row, grouped
from metalocal.attributes import local_name
from metalocal.catalogue import ID
from metalocal.endpoint.library import library_of
from metalocal.endpoint.service import Service
from metalocal.explorer.things import asked
from metalocal.explorer.things.fits import Fits
from metalocal.explorer.things.printed import Item, Measured, Told, measured_of, told_of
from metalocal.locations import locations
from metalocal.pages.addresses import Link, link_of


@dataclass(frozen=True)
class Books:
    """Rows and records of one graph by what they are about; to be used within `on_behalf_of`."""

    library: Library

    def rows(self, query: str) -> list[Row]:
        """Rows of a query of ours."""
        return self.library.graph.select(query).texts()

    @cached_property
    def sources(self) -> dict[str, Link]:
        """Links to the sources by code, the oldest first: the order of columns."""
        rows = sorted(self.library.rows("sources"), key=lambda row: (row["year"], row["source"]))
        return {local_name(row["source"]): link_of(row["source"], row["label"]) for row in rows}

    @cached_property
    def source_years(self) -> dict[str, int]:
        """Year in which each source appeared, by code."""
        return {local_name(r["source"]): int(r["year"]) for r in self.library.rows("sources")}

    @cached_property
    def rules(self) -> dict[str, Link]:
        """Links to the rules that draw directions and levels."""
        return {row["rule"]: link_of(row["rule"], row["label"]) for row in self.rows(asked.RULES)}

    @cached_property
    def conflicts(self) -> dict[str, tuple[str, ...]]:
        """Items whose printings differ, with what differs: "value", "p value" or both."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self.library.rows("conflicts"):
            found[row["item"]][row["what"]] = None
        return {item: tuple(differing) for item, differing in found.items()}

    @cached_property
    def measured(self) -> list[Measured]:
        """Every estimate, study by study, in the order of the study file."""
        return measured_of(self.library.rows("estimates"), self.conflicts)

    @cached_property
    def measured_in(self) -> dict[str, list[Measured]]:
        """Estimates of each study, population and outcome."""
        found: dict[str, list[Measured]] = defaultdict(list)
        for one in self.measured:
            for thing in (one.study, one.population, one.outcome):
                found[thing].append(one)
        return found

    @cached_property
    def told(self) -> list[Told]:
        """Every fact, study by study."""
        return told_of(self.rows(asked.FACTS), self.conflicts)

    @cached_property
    def told_in(self) -> dict[str, list[Told]]:
        """Facts of each study."""
        found: dict[str, list[Told]] = defaultdict(list)
        for one in self.told:
            found[one.study].append(one)
        return found

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every estimate and fact by its own IRI and by those of its reports."""
        every: list[Item] = [*self.measured, *self.told]
        found = {one.iri: one for one in every}
        return found | {printing.iri: one for one in every for printing in one.printings}

    @cached_property
    def studies(self) -> dict[str, Row]:
        """Label, design, status, question, phase and note of each study."""
        return {row["study"]: row for row in self.rows(asked.STUDIES)}

    @cached_property
    def countries(self) -> dict[str, list[str]]:
        """Codes of the countries of each study."""
        rows = grouped(self.rows(asked.COUNTRIES), "study")
        return {study: [row["country"] for row in found] for study, found in rows.items()}

    @cached_property
    def statements(self) -> dict[str, list[Row]]:
        """Limitations and conclusions of each study, a row for each place."""
        return grouped(self.rows(asked.STATEMENTS), "study")

    @cached_property
    def arms(self) -> dict[str, list[Row]]:
        """Arms of each study, a row for each intervention."""
        return grouped(self.rows(asked.ARMS), "study")

    @cached_property
    def populations(self) -> dict[str, list[Row]]:
        """Each population, a row for each criterion."""
        return grouped(self.library.rows("populations"), "population")

    @cached_property
    def populations_of(self) -> dict[str, list[str]]:
        """Populations of each study, the widest first."""
        found: dict[str, list[str]] = defaultdict(list)
        for population, rows in self.populations.items():
            found[rows[0]["study"]].append(population)
        return found

    @cached_property
    def levels(self) -> dict[str, Row]:
        """Level of evidence of each population with results, with reason and rule."""
        return {row["population"]: row for row in self.library.rows("levels")}

    @cached_property
    def groups(self) -> dict[str, Row]:
        """Every group by criteria, with what has it."""
        return {row["group"]: row for row in self.rows(asked.GROUPS)}

    @cached_property
    def criteria(self) -> dict[str, str]:
        """Criteria as sentences."""
        return {row["criterion"]: row["label"] for row in self.rows(asked.CRITERIA)}

    @cached_property
    def findings(self) -> dict[str, list[list[Row]]]:
        """Audit findings of each study, the severest first; a row for each place."""
        found: dict[str, list[list[Row]]] = defaultdict(list)
        for rows in grouped(self.library.rows("findings"), "finding").values():
            found[rows[0]["study"]].append(rows)
        return found

    @cached_property
    def findings_on(self) -> dict[str, list[Link]]:
        """Audit findings in the numbers of each item, the severity as title."""
        found: dict[str, dict[Link, None]] = defaultdict(dict)
        for row in self.library.rows("findings"):
            link = link_of(row["finding"], row["kindLabel"])
            found[row["item"]][Link(link.text, link.href, row["severityLabel"])] = None
        return {item: list(links) for item, links in found.items()}

    @cached_property
    def guidance(self) -> dict[str, list[Row]]:
        """Each guidance statement, several rows where it has several of something."""
        return grouped(self.library.rows("guidance"), "statement")

    @cached_property
    def about(self) -> list[Row]:
        """What guidance statements are about: questions, interventions, outcomes."""
        return self.rows(asked.ABOUT)

    @cached_property
    def guidance_about(self) -> dict[str, list[str]]:
        """Guidance statements by the question, intervention or outcome they are about."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self.about:
            found[row["word"]][row["statement"]] = None
        return {word: list(statements) for word, statements in found.items()}

    @cached_property
    def models(self) -> dict[str, list[Row]]:
        """Each decision model, a row for each group and place."""
        return grouped(self.library.rows("models"), "model")

    @cached_property
    def results_in(self) -> list[Row]:
        """Groups of models whose results are those of a population of a study."""
        return self.rows(asked.RESULTS_IN)

    @cached_property
    def values(self) -> list[Row]:
        """Values of attributes, in their order."""
        return self.rows(asked.VALUES)

    @cached_property
    def fits(self) -> Fits:
        """Verdicts on the example profiles."""
        return Fits(self.library, locations().data / "profiles")

    def read(self) -> None:
        """Look up every part now, for those who will ask."""
        for name, part in vars(type(self)).items():
            if isinstance(part, cached_property):
                getattr(self, name)

    def study_link(self, study: str) -> Link:
        """Link to a study by its label."""
        return link_of(study, self.studies[study]["label"] if study in self.studies else "")

    def source_link(self, code: str) -> Link:
        """Link to a source by its code."""
        return self.sources.get(code) or link_of(f"{ID}source/{code}", code)

    def group_link(self, group: str) -> Link:
        """Link to a population, a target group or a group of a model."""
        return link_of(group, self.groups[group]["label"] if group in self.groups else "")

    def places(self, rows: Iterable[Row]) -> list[Link]:
        """Each source and line in `rows` once, such as "ueno-2022:85", with the place as title.

        It leads to the report where a row has one, else to the source.
        """
        found = {}
        for row in rows:
            code = local_name(row["source"])
            link = link_of(row.get("report", row["source"]))
            at = f"{self.source_link(code).text}, {row['place']}" if row.get("place") else code
            found[f"{code}:{row['line']}"] = Link(f"{code}:{row['line']}", link.href, at)
        return list(found.values())


_kept: WeakKeyDictionary[Service, Books] = WeakKeyDictionary()


def books_of(service: Service) -> Books | None:
    """The books of the graph that is served now; None without named queries."""
    if service.sources.queries is None:
        return None
    library = library_of(service, service.sources.queries)
    kept = _kept.get(service)
    if kept is None or kept.library is not library:
        kept = _kept[service] = Books(library)
    return kept
