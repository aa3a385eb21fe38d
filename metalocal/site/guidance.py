"""Sources with what they say of patients in general, and decision models with their groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from metalocal.attributes import local_name
from metalocal.site.content import Content, Page, Row, address, by, place
from metalocal.site.markdown import box, bullets, code, facts, outside, table, text

GIVEN = {"whole": "the whole model", "part": "part of the model"}
"""Completeness of a model in words."""


def figures(page: Page, owner: str) -> str:
    """The numbers that belong to a statement or group, each with its places."""
    told: dict[str, list[Row]] = defaultdict(list)
    for row in page.content.of("figures", "owner", owner):
        told[text(row["said"])].append(row)
    return "; ".join(f"**{said}** ({page.places(rows)})" for said, rows in told.items())


def criteria(page: Page, group: str) -> list[str]:
    """The criteria of a group of patients, each once."""
    rows = page.content.of("targets", "group", group)
    return list(dict.fromkeys(text(row["criterionLabel"]) for row in rows))


@dataclass(frozen=True)
class SourcePage:
    """The page of one source; `source` is its row of the query sources."""

    source: Row
    content: Content

    @property
    def page(self) -> Page:
        """The empty page."""
        path = address(self.source["source"])
        assert path
        return Page(path, self.content)

    def written(self) -> str:
        """The page in Markdown."""
        note = self.source.get("note")
        return self.page.written(
            self.source["label"],
            [
                text(self.source["citation"]),
                facts(self._about()),
                box("note", "To know when reading", text(note)) if note else "",
                *self._guidance(),
                self._studies(),
            ],
        )

    def _about(self) -> Iterator[tuple[str, str]]:
        row = self.source
        yield "Journal", text(row.get("journal", ""))
        yield "Year", text(row.get("year", ""))
        yield "DOI", outside(row["doi"], f"https://doi.org/{row['doi']}") if "doi" in row else ""
        yield "Licence of the text", text(row.get("licence", ""))
        yield "SHA-256 of the text that lines are counted in", code(row["hash"])
        yield "Address (IRI)", code(row["source"])

    def _guidance(self) -> Iterator[str]:
        rows = self.content.of("guidance", "source", self.source["source"])
        if rows:
            yield "What it says of patients in general follows, in our words."
        kinds = by(rows, "kind")
        for kind in sorted(kinds, key=_rank):
            yield f"## {text(kinds[kind][0]['kindLabel'].capitalize())}"
            statements = list(by(kinds[kind], "statement").values())
            statements.sort(key=lambda found: int(found[0]["sequence"]))
            for found in statements:
                yield self._statement(found)

    def _statement(self, rows: list[Row]) -> str:
        first = rows[0]
        name = local_name(first["statement"])
        says = f"{text(first['text'])}" + (f" *{text(first['note'])}*" if "note" in first else "")
        return f"### {text(first['label'])} {{ #{name} }}\n\n{says}\n\n{facts(self._details(rows))}"

    def _details(self, rows: list[Row]) -> Iterator[tuple[str, str]]:
        first = rows[0]
        yield "Position", text(first.get("position", ""))
        yield "Strength", text(first.get("strength", ""))
        yield "Interventions", ", ".join(_each(rows, "intervention"))
        yield "Factor", text(first.get("factor", ""))
        yield "Direction", text(first.get("direction", ""))
        yield "Outcome", text(first.get("outcome", ""))
        yield "Line of therapy", text(first.get("line_of_therapy", ""))
        yield "For whom", text(first.get("forWhom", ""))
        yield "Criteria", "; ".join(criteria(self.page, first.get("target", "")))
        yield "Numbers", figures(self.page, first["statement"])
        rests = {row["study"]: row["studyLabel"] for row in rows if "study" in row}
        yield "Rests on", ", ".join(self.page.link(*study) for study in rests.items())
        yield "Printed in", self.page.places(map(place, rows))

    def _studies(self) -> str:
        labels = {row["study"]: row["label"] for row in self.content.rows("studies")}
        told = by(self.content.of("places", "source", self.source["source"]), "thing")
        rows = [
            (
                self.page.link(study, labels[study]),
                ", ".join(dict.fromkeys(text(row["line"]) for row in found)),
            )
            for study, found in told.items()
            if study in labels
        ]
        return "## Studies it tells of\n\n" + table(["Study", "Lines"], rows) if rows else ""


@dataclass(frozen=True)
class ModelPage:
    """The page of one decision model; `groups` are its rows of the query models."""

    groups: list[Row]
    content: Content

    @property
    def page(self) -> Page:
        """The empty page."""
        path = address(self.groups[0]["model"])
        assert path
        return Page(path, self.content)

    def written(self) -> str:
        """The page in Markdown."""
        first = self.groups[0]
        note = first.get("modelNote")
        head = ["Group", "Criteria", "Numbers", "Printed in"]
        rows = [self._group(found) for found in by(self.groups, "group").values()]
        return self.page.written(
            first["modelLabel"],
            [
                text(first["modelText"]),
                facts(self._about()),
                box("note", "To know when reading", text(note)) if note else "",
                "## Groups",
                table(head, rows),
            ],
        )

    def _about(self) -> Iterator[tuple[str, str]]:
        first = self.groups[0]
        yield "Question", text(first.get("question", ""))
        yield "The sources give", GIVEN[first["completeness"]]
        rests = {row["study"]: row["studyLabel"] for row in self.groups if "study" in row}
        yield "Rests on", ", ".join(self.page.link(*study) for study in rests.items())
        yield "Told of in", self.page.places(self.content.of("places", "thing", first["model"]))
        yield "Address (IRI)", code(first["model"])

    def _group(self, rows: list[Row]) -> tuple[str, ...]:
        first = rows[0]
        words = f"**{text(first['label'])}**<br>{text(first['text'])}"
        words += f"<br>*{text(first['note'])}*" if "note" in first else ""
        for row in self.content.of("model-results", "group", first["group"]):
            words += f"<br>Results: {self.page.link(row['study'], row['populationLabel'])}"
        asked = "<br>".join(criteria(self.page, first["group"]))
        return (
            words,
            asked or "none told: no patient is matched",
            figures(self.page, first["group"]),
            self.page.places(map(place, rows)),
        )


def model_list(content: Content) -> str:
    """The page that lists the decision models."""
    page = Page("models/index.md", content)
    models = by(content.rows("models"), "model").values()
    listed = [
        f"{page.link(rows[0]['model'], rows[0]['modelLabel'])}: {text(rows[0]['modelText'])}"
        for rows in models
    ]
    return page.written("Decision models", [bullets(listed)])


def source_list(content: Content) -> str:
    """The page that lists the sources."""
    page = Page("sources/index.md", content)
    listed = [
        f"{page.link(row['source'], row['label'])}: {text(row['citation'])}"
        for row in content.rows("sources")
    ]
    return page.written("Sources", [bullets(listed)])


def _each(rows: list[Row], name: str) -> list[str]:
    return list(dict.fromkeys(text(row[name]) for row in rows if name in row))


def _rank(kind: str) -> tuple[bool, bool, str]:
    """Recommendations first, then definitions, then the other kinds."""
    name = local_name(kind)
    return name != "recommendation", name != "definition", name
