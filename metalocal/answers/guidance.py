"""Decision models and guidance for a profile."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import permutations

from graph_builder.attributes import Attribute
from metalocal.answers.records import VERDICTS, GuidanceAnswer, ModelAnswer, Reason
from metalocal.answers.rows import Row, Rows, grouped, place_of
from metalocal.profiles import Profile

NOT_MATCHED = "not matched"


def models_of(
    rows: Rows,
    profile: Profile,
    verdicts: dict[str, str],
    reasons: dict[str, list[Reason]],
    attributes: dict[str, Attribute],
) -> tuple[ModelAnswer, ...]:
    """Every group of every decision model that profiles are matched to."""
    wider = _wider_groups(rows)
    not_told = {key: a.label for key, a in attributes.items() if not profile.knows(a)}
    found = grouped(rows("models"), "group")
    return tuple(
        ModelAnswer(
            model=row["modelLabel"],
            group=row["label"],
            text=row["text"],
            verdict=verdicts[group],
            whole=row["completeness"] == "whole",
            wider=group in wider,
            reasons=tuple(reasons[group]),
            deciding=_deciding(verdicts[group], reasons[group], not_told),
            note=" ".join(row[key] for key in ("modelNote", "note") if key in row),
            locators=tuple(dict.fromkeys(map(place_of, found[group]))),
        )
        for group, row in ((group, of_group[0]) for group, of_group in found.items())
        if group in verdicts
    )


def _deciding(verdict: str, reasons: list[Reason], not_told: dict[str, str]) -> tuple[str, ...]:
    """Labels of what is `not_told` and open criteria ask about; none where nothing is open."""
    if verdict != "indeterminate":
        return ()
    asked = {key for reason in reasons if reason.status == "unknown" for key in reason.attributes}
    return tuple(label for key, label in not_told.items() if key in asked)


def _wider_groups(rows: Rows) -> set[str]:
    """Groups of a model that two or more of its other groups lie within, as their clauses show."""
    tests: dict[str, dict[str, set[tuple[str, ...]]]] = defaultdict(lambda: defaultdict(set))
    model: dict[str, str] = {}
    for row in rows("model-clauses"):
        model[row["group"]] = row["model"]
        test = (row["how"], row["asked"], row.get("limit", ""))
        tests[row["group"]][row["clause"]].add(test)
    clauses = {
        group: {frozenset(clause) for clause in found.values()} for group, found in tests.items()
    }
    within = Counter(
        wide
        for wide, narrow in permutations(clauses, 2)
        if model[wide] == model[narrow]
        and clauses[wide] != clauses[narrow]
        and all(any(strict <= loose for strict in clauses[narrow]) for loose in clauses[wide])
    )
    return {wide for wide, count in within.items() if count > 1}


def guidance_of(
    rows: Rows, verdicts: dict[str, str], reasons: dict[str, list[Reason]]
) -> tuple[GuidanceAnswer, ...]:
    """Every guidance statement: those that apply first, then by source and order in it."""
    told = grouped(rows("guidance"), "statement")
    figures = grouped(rows("figures"), "owner")
    first = sorted((of_one[0] for of_one in told.values()), key=_place_in_source)
    found = [
        GuidanceAnswer(
            id=row["statement"],
            kind=row["kindLabel"],
            question=row.get("question", ""),
            label=row["label"],
            text=row["text"],
            position=row.get("position", ""),
            direction=row.get("direction", ""),
            factor=row.get("factor", ""),
            for_whom=row.get("forWhom", ""),
            line_of_therapy=row.get("line_of_therapy", ""),
            figures=tuple(dict.fromkeys(r["said"] for r in figures.get(row["statement"], ()))),
            verdict=verdicts.get(row.get("target", ""), NOT_MATCHED),
            reasons=tuple(reasons[row["target"]]) if "target" in row else (),
            note=row.get("note", ""),
            locators=tuple(dict.fromkeys(map(place_of, told[row["statement"]]))),
        )
        for row in first
    ]
    order = (*VERDICTS, NOT_MATCHED)
    return tuple(sorted(found, key=lambda one: order.index(one.verdict)))


def _place_in_source(row: Row) -> tuple[str, int]:
    return row["source"], int(row["sequence"])
