"""What the graph says whoever asks: read once, used for every profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graph_builder.attributes import Attribute, Implication
from metalocal.answers.clauses import Clauses, clauses_of
from metalocal.answers.matching import Matching, gathered, matching_of
from metalocal.answers.records import Evidence, Level, Question, Report, Statement
from metalocal.answers.rows import Row, Rows, grouped, place_of
from metalocal.attributes import attributes_of, implications_of, local_name
from metalocal.findings import Finding, findings_of
from metalocal.graph import EvidenceGraph

PATIENTS = (
    "patients_randomised",
    "patients_analysed",
    "patients_in_population",
    "patients_enrolled",
)
"""Study properties that tell how many patients a population has, the first told being taken."""


@dataclass(frozen=True)
class Library:
    """The parts of an answer that no profile changes, each read when first needed."""

    graph: EvidenceGraph
    queries: Path

    @cached_property
    def rows(self) -> Rows:
        """Rows of the named queries that take no profile."""
        return Rows(self.graph, self.queries)

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """What can be told of a patient, by key."""
        return attributes_of(self.graph, self.queries)

    @cached_property
    def rules(self) -> list[Implication]:
        """What follows from what is told of a patient."""
        return implications_of(self.graph, self.queries)

    @cached_property
    def each_clause(self) -> Clauses:
        """What every clause asks, by its IRI."""
        alone = [{**row, "group": row["clause"]} for row in self.rows("clauses")]
        return clauses_of(alone, self.attributes)

    @cached_property
    def clauses(self) -> Clauses:
        """What every group by criteria asks."""
        return gathered(self.each_clause, self.rows("criteria"), "group")

    @cached_property
    def matching(self) -> Matching:
        """What tells the verdict on every group at once."""
        asked: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("criteria-attributes"):
            asked[row["criterion"]].append(row["attribute"])
        return matching_of(self.each_clause, self.rows("criteria"), asked)

    @cached_property
    def met_by_all(self) -> set[str]:
        """Criteria, as labelled, that every profile meets."""
        found = [one for one in self.attributes.values() if one.in_every_profile]
        return {f"{attribute.label} at least {attribute.lowest}" for attribute in found}

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Clinical questions by label, in the order they are answered in."""
        return {
            label: Question(
                code=local_name(rows[0]["question"]),
                label=label,
                local_therapy=rows[0]["isAboutLocalTherapy"] == "true",
                family=self.families.get(rows[0].get("family", ""), ""),
                unless={local_name(r["unless"]): r["unlessLabel"] for r in rows if "unless" in r},
            )
            for label, rows in grouped(self.rows("questions"), "label").items()
        }

    @cached_property
    def families(self) -> dict[str, str]:
        """Families of outcomes: IRI to label, in the order in which they are looked at."""
        return {row["family"]: row["familyLabel"] for row in self.rows("outcomes")}

    @cached_property
    def populations(self) -> dict[str, Row]:
        """The first row of each population: study, label, depth, status, cancers."""
        found = grouped(self.rows("populations"), "population")
        return {population: rows[0] for population, rows in found.items()}

    @cached_property
    def populations_of_study(self) -> dict[str, list[tuple[str, Row]]]:
        """The populations of each study with their first rows."""
        found: dict[str, list[tuple[str, Row]]] = defaultdict(list)
        for population, row in self.populations.items():
            found[row["study"]].append((population, row))
        return dict(found)

    @cached_property
    def facts_of_study(self) -> dict[str, dict[str, list[str]]]:
        """Printed values of each property of each study, those of its arms and groups included."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows("study-facts"):
            found[row["study"]][local_name(row["property"])].append(row["value"])
        return {study: dict(facts) for study, facts in found.items()}

    @cached_property
    def limited(self) -> frozenset[str]:
        """Populations whose criteria limit how far metastatic disease extends."""
        return frozenset(row["population"] for row in self.rows("limited-populations"))

    @cached_property
    def patients(self) -> dict[str, str]:
        """How many patients each population has, as printed; a study's number is its widest's."""
        printed: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
        for row in self.rows("study-facts"):
            whole = (
                self.widest.get(row["study"], "") if "population" not in row else row["population"]
            )
            if "armLabel" not in row and local_name(row["property"]) in PATIENTS:
                printed[whole][local_name(row["property"])][row["value"]] = None
        return {
            population: " or ".join(next(found[name] for name in PATIENTS if name in found))
            for population, found in printed.items()
        }

    @cached_property
    def widest(self) -> dict[str, str]:
        """The widest population with results of each study, the first of equals."""
        found: dict[str, str] = {}
        for population, row in sorted(
            self.populations.items(), key=lambda item: int(item[1]["depth"])
        ):
            if population in self.evidence:
                found.setdefault(row["study"], population)
        return found

    @cached_property
    def levels(self) -> dict[str, Level]:
        """The level of evidence of each population with results; none where it has none."""
        return {
            row["population"]: Level(int(row["level"]) if "level" in row else None, row["reason"])
            for row in self.rows("levels")
        }

    @cached_property
    def pooled(self) -> dict[str, frozenset[str]]:
        """Reviews and meta-analyses with the studies that they are known to pool."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.rows("pools"):
            found[row["review"]].add(row["study"])
        return {review: frozenset(studies) for review, studies in found.items()}

    @cached_property
    def evidence(self) -> dict[str, tuple[Evidence, ...]]:
        """The estimates of each population, in the order of the study file."""
        family = {row["outcome"]: row["familyLabel"] for row in self.rows("outcomes")}
        answering = {row["estimate"] for row in self.rows("comparisons")}
        found: dict[str, list[Evidence]] = defaultdict(list)
        for estimate, rows in grouped(self.rows("estimates"), "estimate").items():
            of_family = family.get(rows[0]["outcome"], "")
            one = _estimate(rows, of_family, answering=estimate in answering)
            found[rows[0]["population"]].append(one)
        return {population: tuple(estimates) for population, estimates in found.items()}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What audits found in the numbers of all studies, the severest first."""
        return findings_of(self.graph, self.queries)

    @cached_property
    def statements(self) -> dict[str, tuple[Statement, ...]]:
        """Limitations and conclusions of each study."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for rows in grouped(self.rows("statements"), "statement").values():
            row, places = rows[0], tuple(map(place_of, rows))
            limitation = row["isLimitation"] == "true"
            one = Statement(row["kindLabel"], row["text"], limitation, places)
            found[row["study"]].append(one)
        return {study: tuple(statements) for study, statements in found.items()}

    @cached_property
    def trial_numbers(self) -> dict[str, tuple[str, ...]]:
        """NCT numbers of each study."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("identifiers"):
            if row["kind"] == "NCT":
                found[row["study"]].append(row["identifier"])
        return {study: tuple(numbers) for study, numbers in found.items()}


def _estimate(rows: Sequence[Row], family: str, *, answering: bool) -> Evidence:
    """An estimate of its rows, one a report."""
    row = rows[0]
    return Evidence(
        id=row["estimate"],
        outcome=row["outcomeLabel"] + (f": {row['category']}" if "category" in row else ""),
        family=family,
        measure=row["measureLabel"],
        measure_code=local_name(row["measure"]),
        role=row.get("armRole", ""),
        reference_stated=row.get("referenceStated", "true") == "true",
        answering=answering,
        adjusted=row.get("adjusted", "") == "true",
        time=f"{row['timeValue']} {row['timeUnit']}" if "timeValue" in row else "",
        unit=row.get("unit", ""),
        arm=row.get("armLabel", ""),
        across=row.get("acrossLabel", ""),
        versus=row.get("versusLabel", ""),
        is_outcome=row["kind"] == "outcome",
        note=row.get("note", ""),
        reports=tuple(map(_report, rows)),
    )


def _report(row: Row) -> Report:
    text = row.get("value", "")
    if "low" in row:
        text += f" ({row['level']}% CI {row['low']} to {row['high']})"
    return Report(
        text=text,
        value=row.get("value", ""),
        low=row.get("low", ""),
        high=row.get("high", ""),
        level=row.get("level", ""),
        p=row.get("p", ""),
        wording=row.get("wording", ""),
        direction=row.get("direction", ""),
        because=row.get("because", ""),
        stated=row.get("stated", ""),
        source=local_name(row["source"]),
        line=int(row["line"]),
        place=row.get("place", ""),
        note=row.get("reportNote", ""),
    )
