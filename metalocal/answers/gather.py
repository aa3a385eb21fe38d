"""A profile and the graph to the answer: verdicts with reasons, evidence with sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graph_builder.attributes import Attribute
from metalocal.answers.guidance import guidance_of, models_of
from metalocal.answers.judgement import judged
from metalocal.answers.library import Library
from metalocal.answers.next_facts import next_facts
from metalocal.answers.open_trials import open_trials
from metalocal.answers.ranking import ranked
from metalocal.answers.records import (
    VERDICTS,
    Answer,
    Conflict,
    PopulationAnswer,
    Question,
    QuestionAnswer,
    Reason,
    StudyAnswer,
)
from metalocal.answers.rows import Row, Rows
from metalocal.attributes import local_name
from metalocal.profiles import Profile


def answer(profile: Profile, library: Library) -> Answer:
    """What evidence there is for a patient with this profile.

    Studies come per question: randomised trials first, then those that include the profile before
    those that may, by strength of design; those that exclude it last. Rows come as `ranked` tells.
    """
    verdicts, reasons = library.matching.told(profile)
    populations = _populations(library, verdicts, reasons)
    return Answer(
        profile=profile,
        sentence=_sentence(profile, library.attributes),
        models=models_of(library.rows, profile, verdicts, reasons, library.attributes),
        questions=_questions(library, populations, profile),
        guidance=guidance_of(library.rows, verdicts, reasons),
        trials=open_trials(populations, library),
        unknowns=next_facts(profile, verdicts, library),
        findings=library.findings,
        conflicts=_conflicts(library.rows),
    )


def _questions(
    library: Library, populations: dict[str, list[PopulationAnswer]], profile: Profile
) -> tuple[QuestionAnswer, ...]:
    studies: dict[str, list[StudyAnswer]] = defaultdict(list)
    for row in library.rows("studies"):
        if populations[row["study"]]:  # else there is nobody in it to compare the patient with
            studies[row["question"]].append(_study(row, populations[row["study"]], library))
    return tuple(
        _question(question, studies[label], library, profile)
        for label, question in library.questions.items()
        if studies[label]
    )


def _question(
    question: Question, studies: list[StudyAnswer], library: Library, profile: Profile
) -> QuestionAnswer:
    holding = [label for value, label in question.unless.items() if profile.facts.get(value)]
    rows = ranked(studies, library.levels, library.pooled)
    families = list(library.families.values())
    return QuestionAnswer(
        question=question.label,
        code=question.code,
        local_therapy=question.local_therapy,
        moot="; ".join(holding),
        studies=_ordered(studies),
        rows=rows,
        judgement=judged(question, rows, families, library.pooled),
    )


def _sentence(profile: Profile, attributes: dict[str, Attribute]) -> str:
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


def _study(row: Row, populations: list[PopulationAnswer], library: Library) -> StudyAnswer:
    return StudyAnswer(
        id=row["study"],
        label=row["label"],
        design=row["design"],
        rank=int(row["designRank"]),
        phase=row.get("phase", ""),
        status=row["status"],
        nct=library.trial_numbers.get(row["study"], ()),
        note=row.get("note", ""),
        populations=tuple(sorted(populations, key=_directness)),
        statements=library.statements.get(row["study"], ()),
    )


def _directness(population: PopulationAnswer) -> tuple[int, bool, int, str]:
    rank = VERDICTS.index(population.verdict)
    return rank, population.mixed, -len(population.reasons), population.label


def _populations(
    library: Library, verdicts: dict[str, str], reasons: dict[str, list[Reason]]
) -> dict[str, list[PopulationAnswer]]:
    found: dict[str, list[PopulationAnswer]] = defaultdict(list)
    for population, row in library.populations.items():
        if population in verdicts:
            criteria = tuple(reasons[population])
            one = PopulationAnswer(
                id=population,
                label=row["label"],
                verdict=verdicts[population],
                depth=int(row["depth"]),
                status=row["status"],
                mixed=local_name(row["cancers"]) == "mixed_cancers",
                anyone=all(reason.criterion in library.met_by_all for reason in criteria),
                limited=population in library.limited,
                patients=library.patients.get(population, ""),
                note=row.get("note", ""),
                reasons=criteria,
                evidence=library.evidence.get(population, ()),
            )
            found[row["study"]].append(one)
    return found


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
