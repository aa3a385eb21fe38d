"""A profile and the graph to the answer: verdicts with reasons, evidence with sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from graph_builder.attributes import Attribute
from metalocal.answers.guidance import guidance_of, models_of
from metalocal.answers.records import (
    VERDICTS,
    Answer,
    Conflict,
    Evidence,
    PopulationAnswer,
    QuestionAnswer,
    Reason,
    Report,
    Statement,
    StudyAnswer,
    Unknown,
)
from metalocal.answers.rows import Row, Rows, place_of, reasons_of, verdicts_of
from metalocal.attributes import attributes_of, local_name
from metalocal.graph import EvidenceGraph
from metalocal.profiles import Profile


def answer(profile: Profile, graph: EvidenceGraph, queries: Path) -> Answer:
    """What evidence there is for a patient with this profile.

    Studies come per question: randomised trials first, then those that include the profile before
    those that may, by strength of design; those that exclude it last.
    """
    rows = Rows(graph, queries)
    attributes = attributes_of(graph, queries)
    reasons = reasons_of(rows, profile)
    populations = _populations(rows, profile, reasons, _met_by_all(attributes))
    return Answer(
        profile=profile,
        sentence=profile_sentence(profile, attributes),
        models=models_of(rows, profile, reasons, attributes),
        questions=_questions(rows, populations),
        guidance=guidance_of(rows, profile, reasons),
        unknowns=_unknowns(_of_local_therapy(rows, populations), profile, attributes),
        conflicts=_conflicts(rows),
    )


def _questions(
    rows: Rows, populations: dict[str, list[PopulationAnswer]]
) -> tuple[QuestionAnswer, ...]:
    statements = _statements(rows)
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in rows("identifiers"):
        if row["kind"] == "NCT":
            numbers[row["study"]].append(row["identifier"])
    studies: dict[tuple[str, str], list[StudyAnswer]] = defaultdict(list)
    for row in rows("studies"):
        if populations[row["study"]]:  # else there is nobody in it to compare the patient with
            matched = populations[row["study"]], statements[row["study"]], numbers[row["study"]]
            key = row["question"], row["isAboutLocalTherapy"]
            studies[key].append(_study(row, *matched))
    return tuple(
        QuestionAnswer(question, local == "true", _ordered(found))
        for (question, local), found in studies.items()
    )


def profile_sentence(profile: Profile, attributes: dict[str, Attribute]) -> str:
    """The facts given, in the order in which they are asked."""
    parts = []
    for key, attribute in attributes.items():
        if key in profile.given:
            words = ", ".join(_label(attribute, w) for w in profile.given[key].split(", "))
            parts.append(f"{attribute.label}: {words}{attribute.said_unit}")
    return "; ".join(parts) or "nothing is known"


def _label(attribute: Attribute, word: str) -> str:
    bare = word.removesuffix(" only").removeprefix("no ")
    return word.replace(bare, attribute.values.get(bare, bare))


def _ordered(studies: Iterable[StudyAnswer]) -> tuple[StudyAnswer, ...]:
    return tuple(sorted(studies, key=_strength))


def _strength(study: StudyAnswer) -> tuple[bool, bool, bool, int, int]:
    """Those that exclude the patient last; randomised trials first, then as they fit, by design.

    Of the rest, those that would take anyone with metastases come behind those that say whom.
    """
    excluded = study.verdict == "excluded"
    fit = VERDICTS.index(study.verdict)
    return excluded, not study.randomised, study.anyone, fit, study.rank


def _study(
    row: Row,
    populations: list[PopulationAnswer],
    statements: list[Statement],
    numbers: list[str],
) -> StudyAnswer:
    ordered = sorted(populations, key=_directness)
    return StudyAnswer(
        id=row["study"],
        label=row["label"],
        design=row["design"],
        rank=int(row["designRank"]),
        phase=row.get("phase", ""),
        status=row["status"],
        nct=tuple(numbers),
        note=row.get("note", ""),
        populations=tuple(ordered),
        statements=tuple(statements),
    )


def _directness(population: PopulationAnswer) -> tuple[int, bool, int, str]:
    rank = VERDICTS.index(population.verdict)
    return rank, population.mixed, -len(population.reasons), population.label


def _met_by_all(attributes: dict[str, Attribute]) -> set[str]:
    """Criteria, as labelled, that every profile meets."""
    found = [a for a in attributes.values() if a.in_every_profile]
    return {f"{attribute.label} at least {attribute.lowest}" for attribute in found}


def _populations(
    rows: Rows, profile: Profile, reasons: dict[str, list[Reason]], met_by_all: set[str]
) -> dict[str, list[PopulationAnswer]]:
    evidence = _evidence(rows)
    verdicts = verdicts_of(rows, profile)
    found: dict[str, list[PopulationAnswer]] = defaultdict(list)
    seen: set[str] = set()
    for row in rows("populations"):
        population = row["population"]
        if population in seen or population not in verdicts:
            continue
        seen.add(population)
        one = PopulationAnswer(
            id=population,
            label=row["label"],
            verdict=verdicts[population],
            depth=int(row["depth"]),
            status=row["status"],
            mixed=local_name(row["cancers"]) == "mixed_cancers",
            anyone=all(reason.criterion in met_by_all for reason in reasons[population]),
            note=row.get("note", ""),
            reasons=tuple(reasons[population]),
            evidence=tuple(evidence[population]),
        )
        found[row["study"]].append(one)
    return found


def _evidence(rows: Rows) -> dict[str, list[Evidence]]:
    reports: dict[str, list[Report]] = defaultdict(list)
    first: dict[str, Row] = {}
    for row in rows("estimates"):
        first.setdefault(row["estimate"], row)
        reports[row["estimate"]].append(_report(row))
    found: dict[str, list[Evidence]] = defaultdict(list)
    for estimate, row in first.items():
        found[row["population"]].append(_estimate(row, tuple(reports[estimate])))
    return found


def _estimate(row: Row, reports: tuple[Report, ...]) -> Evidence:
    return Evidence(
        outcome=row["outcomeLabel"] + (f": {row['category']}" if "category" in row else ""),
        measure=row["measureLabel"],
        time=f"{row['timeValue']} {row['timeUnit']}" if "timeValue" in row else "",
        unit=row.get("unit", ""),
        arm=row.get("armLabel", ""),
        across=row.get("acrossLabel", ""),
        versus=row.get("versusLabel", ""),
        is_outcome=row["kind"] == "outcome",
        note=row.get("note", ""),
        reports=reports,
    )


def _report(row: Row) -> Report:
    text = row.get("value", "")
    if "low" in row:
        text += f" ({row['level']}% CI {row['low']} to {row['high']})"
    return Report(
        text=text,
        p=row.get("p", ""),
        wording=row.get("wording", ""),
        direction=row.get("direction", ""),
        source=local_name(row["source"]),
        line=int(row["line"]),
        place=row.get("place", ""),
        note=row.get("reportNote", ""),
    )


def _statements(rows: Rows) -> dict[str, list[Statement]]:
    locators: dict[str, list[str]] = defaultdict(list)
    first: dict[str, Row] = {}
    for row in rows("statements"):
        first.setdefault(row["statement"], row)
        locators[row["statement"]].append(place_of(row))
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement, row in first.items():
        limitation = row["isLimitation"] == "true"
        one = Statement(row["kindLabel"], row["text"], limitation, tuple(locators[statement]))
        found[row["study"]].append(one)
    return found


def _of_local_therapy(
    rows: Rows, populations: dict[str, list[PopulationAnswer]]
) -> dict[str, list[PopulationAnswer]]:
    """The populations of the studies about local therapy, not about its background."""
    studies = {row["study"] for row in rows("studies") if row["isAboutLocalTherapy"] == "true"}
    return {study: found for study, found in populations.items() if study in studies}


def _unknowns(
    populations: dict[str, list[PopulationAnswer]],
    profile: Profile,
    attributes: dict[str, Attribute],
) -> tuple[Unknown, ...]:
    hang: dict[str, list[str]] = defaultdict(list)
    for study in populations.values():
        for population in study:
            if population.verdict == "indeterminate":
                for key in _open_attributes(population, profile, attributes):
                    hang[key].append(population.id)
    ranked = sorted(hang, key=lambda key: (-len(hang[key]), attributes[key].order))
    return tuple(Unknown(key, attributes[key].question, tuple(hang[key])) for key in ranked)


def _open_attributes(
    population: PopulationAnswer, profile: Profile, attributes: dict[str, Attribute]
) -> list[str]:
    keys = {k for r in population.reasons if r.status == "unknown" for k in r.attributes}
    return sorted(key for key in keys if not profile.knows(attributes[key]))


def _conflicts(rows: Rows) -> tuple[Conflict, ...]:
    prints: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    first: dict[tuple[str, str], Row] = {}
    for row in rows("conflicts"):
        key = (row["item"], row["what"])
        first.setdefault(key, row)
        for side in ("one", "two"):
            place = f"{local_name(row[f'{side}Source'])}:{row[f'{side}Line']}"
            prints[key].add((row[side], place))
    return tuple(
        Conflict(
            study=row["study"],
            item=row["itemLabel"],
            what=row["what"],
            prints=tuple(sorted(prints[key])),
            note=row.get("note", ""),
        )
        for key, row in first.items()
    )
