"""A population -> whom it takes in, in sentences, and how sure its results can be."""

from __future__ import annotations

from dataclasses import dataclass

from metalocal.explorer.things.books import Books
from metalocal.pages.addresses import Link, link_of


@dataclass(frozen=True)
class Level:
    """A derived level of evidence, "" where there is none, with its reason and rule."""

    words: str
    reason: str
    rule: Link


@dataclass(frozen=True)
class Criterion:
    """A criterion as a sentence; `of` is the wider population it comes from, if it does."""

    link: Link
    note: str
    of: Link | None


@dataclass(frozen=True)
class People:
    """A population; `inner` are those within it, each as this."""

    link: Link
    status: str
    cancers: str
    note: str
    criteria: tuple[Criterion, ...]
    level: Level | None
    results: int
    inner: tuple[People, ...]


def nested(study: str, books: Books) -> tuple[People, ...]:
    """The populations of a study, each with those within it."""
    populations = books.populations_of.get(study, [])
    widest = [one for one in populations if "within" not in books.populations[one][0]]
    return tuple(people(one, books) for one in widest)


def people(population: str, books: Books) -> People:
    """A population with those within it."""
    row = books.populations[population][0]
    siblings = books.populations_of[row["study"]]
    inside = [one for one in siblings if books.populations[one][0].get("within") == population]
    return People(
        link=link_of(population, row["label"]),
        status=row["status"],
        cancers="" if row["cancers"].endswith("/breast_cancer_only") else row["cancersLabel"],
        note=row.get("note", ""),
        criteria=criteria(population, books),
        level=level(population, books),
        results=len(books.measured_in.get(population, ())),
        inner=tuple(people(one, books) for one in inside),
    )


def criteria(population: str, books: Books) -> tuple[Criterion, ...]:
    """What a population asks for, what it takes over from wider populations last."""
    rows = [row for row in books.populations[population] if "criterion" in row]
    own = f"{population}/"
    found = []
    for row in sorted(rows, key=lambda row: not row["criterion"].startswith(own)):
        wider = row["criterion"].partition("/criterion/")[0]
        of = None if wider == population else books.populations.get(wider)
        found.append(
            Criterion(
                link_of(row["criterion"], row["criterionLabel"]),
                row.get("criterionNote", ""),
                link_of(wider, of[0]["label"]) if of else None,
            )
        )
    return tuple(found)


def level(population: str, books: Books) -> Level | None:
    """The level of evidence a rule drew for a population, or why it drew none."""
    row = books.levels.get(population)
    if row is None:
        return None
    words = f"Oxford level {row['level']}" if "level" in row else "no level"
    return Level(words, row["reason"], link_of(row["rule"], row["ruleLabel"]))


def criteria_words(population: str, books: Books) -> dict[str, str]:
    """The criteria of a population with their words."""
    rows = books.populations.get(population, [])
    return {row["criterion"]: row["criterionLabel"] for row in rows if "criterion" in row}
