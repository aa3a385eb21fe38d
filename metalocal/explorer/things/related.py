"""A study or a word -> the guidance, the models, the reviews and the findings that concern it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from metalocal.answers.rows import Row
from metalocal.explorer.things.books import Books
from metalocal.pages.addresses import Link, link_of


@dataclass(frozen=True)
class Said:
    """A guidance statement in a line."""

    link: Link
    text: str
    kind: str
    position: str
    strength: str
    for_whom: str
    places: tuple[Link, ...]


@dataclass(frozen=True)
class Finding:
    """An audit finding with what it concerns: what is printed, and where."""

    link: Link
    kind: str
    severity: str
    severity_label: str
    text: str
    advice: str
    places: tuple[Link, ...]


def said(statement: str, books: Books) -> Said:
    """A guidance statement of ours in a line."""
    rows = books.guidance[statement]
    row = rows[0]
    return Said(
        link=link_of(statement, row["label"]),
        text=row["text"],
        kind=row["kindLabel"],
        position=row.get("position", ""),
        strength=row.get("strength", ""),
        for_whom=row.get("forWhom", ""),
        places=tuple(books.places(rows)),
    )


def resting_on(study: str, books: Books) -> list[Said]:
    """Guidance statements that name a study as what they rest on."""
    found = [
        statement
        for statement, rows in books.guidance.items()
        if any(row.get("study") == study for row in rows)
    ]
    return [said(statement, books) for statement in found]


def models_on(study: str, books: Books) -> list[Link]:
    """Decision models that rest on a study, and groups whose results it gives."""
    found = {
        link_of(model, rows[0]["modelLabel"]): None
        for model, rows in books.models.items()
        if any(row.get("study") == study for row in rows)
    }
    for row in books.results_in:
        if row["population"].startswith(f"{study}/"):
            found[link_of(row["group"], f"{row['label']}: {row['populationLabel']}")] = None
    return list(found)


def pools(study: str, books: Books) -> tuple[list[Link], list[Link]]:
    """The studies that a review pools, and the reviews that pool a study, as sources name them."""
    rows = books.library.rows("pools")
    pooled = [link_of(row["study"], row["studyLabel"]) for row in rows if row["review"] == study]
    pooling = [link_of(row["review"], row["reviewLabel"]) for row in rows if row["study"] == study]
    return pooled, pooling


def findings(study: str, books: Books, items: Iterable[str] | None = None) -> list[Finding]:
    """Audit findings on a study, the severest first; where `items` are given, on these alone."""
    wanted = None if items is None else set(items)
    return [
        finding(rows, books)
        for rows in books.findings.get(study, ())
        if wanted is None or any(row["item"] in wanted for row in rows)
    ]


def finding(rows: list[Row], books: Books) -> Finding:
    """An audit finding of its rows, one a place."""
    row = rows[0]
    return Finding(
        link=link_of(row["finding"], row["kindLabel"]),
        kind=row["kindLabel"],
        severity=row["severity"].rpartition("/")[2],
        severity_label=row["severityLabel"],
        text=row["text"],
        advice=row["advice"],
        places=tuple(books.places(rows)),
    )
