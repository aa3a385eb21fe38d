"""One study, everything that sources report of it, on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from metalocal.catalogue import ML
from metalocal.site.content import Content, Page, Row, address, by, place
from metalocal.site.markdown import box, bullets, code, facts, joined, outside, table, text

WEB = {
    "NCT": "https://clinicaltrials.gov/study/",
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/",
    "DOI": "https://doi.org/",
}
"""Kind of identifier to the address it is looked up at."""
BREAST_ONLY = f"{ML}breast_cancer_only"


@dataclass(frozen=True)
class StudyPage:
    """The page of one study; `study` is its row of the query studies."""

    study: Row
    content: Content

    @property
    def page(self) -> Page:
        """The empty page."""
        path = address(self.study["study"])
        assert path
        return Page(path, self.content)

    def written(self) -> str:
        """The page in Markdown."""
        note = self.study.get("note")
        return self.page.written(
            self.study["label"],
            [
                facts(self._about()),
                box("note", "To know when reading", text(note)) if note else "",
                self._conflicts(),
                self._arms(),
                self._populations(),
                *self._results(),
                self._facts(),
                *self._statements(),
                self._guidance(),
                self._reviews(),
            ],
        )

    def _of(self, query: str) -> list[Row]:
        return self.content.of(query, "study", self.study["study"])

    def _about(self) -> Iterator[tuple[str, str]]:
        codes = by(self._of("study-codes"), "what")

        def linked(what: str) -> str:
            return ", ".join(
                self.page.link(row["value"], row["valueLabel"]) for row in codes.get(what, [])
            )

        yield "Question", linked("question")
        yield "Design", linked("design")
        yield "Phase", text(self.study.get("phase", ""))
        yield "Status", linked("status")
        yield "Countries", ", ".join(text(row["value"]) for row in codes.get("country", []))
        named = by(self._of("identifiers"), "kind")
        for kind, start in WEB.items():
            known = [row["identifier"] for row in named.get(kind, [])]
            yield kind, ", ".join(outside(one, start + one) for one in known)
        yield "Also called", "; ".join(text(row["identifier"]) for row in named.get("name", []))
        reports = self.content.of("places", "thing", self.study["study"])
        yield "Told of in", self.page.places(reports)
        yield "Address (IRI)", code(self.study["study"])
        yield "Data file", ", ".join(code(row["value"]) for row in codes.get("file", []))

    def _conflicts(self) -> str:
        """What sources print differently, each item once with all numbers and their places."""
        numbers: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(
            lambda: defaultdict(list)
        )
        notes: dict[tuple[str, str], str] = {}
        for row in self._of("conflicts"):
            item = (row["itemLabel"], row["what"])
            notes[item] = row.get("note", "")
            for one in ("one", "two"):
                place = {"source": row[f"{one}Source"], "line": row[f"{one}Line"]}
                numbers[item][row[one]].append(place)
        told = [self._conflict(item, found, notes[item]) for item, found in sorted(numbers.items())]
        return box("warning", "Where the prints differ", bullets(told)) if told else ""

    def _conflict(self, item: tuple[str, str], found: dict[str, list[Row]], note: str) -> str:
        label, what = item
        name = label.removeprefix(f"{self.study['label']}: ").rpartition(" [")[0] or label
        if name == label:
            name = label.removeprefix(f"{self.study['label']}: ")
        sides = " or ".join(
            f"**{text(number)}** ({self.page.places(rows)})" for number, rows in found.items()
        )
        kind = ", p value" if what == "p value" else ""
        return f"{text(name)}{kind}: {sides}." + (f" {text(note)}" if note else "")

    def _arms(self) -> str:
        rows = []
        for arms in by(self._of("arms"), "arm").values():
            done = ", ".join(
                self.page.link(row["intervention"], row["interventionLabel"])
                for row in arms
                if "intervention" in row
            )
            label = text(arms[0]["label"])
            note = f"<br>{text(arms[0]['note'])}" if "note" in arms[0] else ""
            rows.append((label + note, self.page.link(arms[0]["role"], arms[0]["roleLabel"]), done))
        return "## Arms\n\n" + table(["Arm", "Role", "What is done"], rows) if rows else ""

    def _populations(self) -> str:
        groups = by(self._of("populations"), "population")
        rows = [self._population(found, groups) for found in groups.values()]
        head = ["Population", "Criteria", "Came about as", "Printed in"]
        return "## Populations\n\n" + table(head, rows) if rows else ""

    def _population(self, rows: list[Row], groups: dict[str, list[Row]]) -> tuple[str, ...]:
        first = rows[0]
        within = groups.get(first.get("within", ""))
        criteria = dict.fromkeys(
            text(row["criterionLabel"])
            + (f" ({text(row['criterionNote'])})" if "criterionNote" in row else "")
            for row in rows
            if "criterionLabel" in row
        )
        label = f"**{text(first['label'])}**"
        label += f"<br>within: {text(within[0]['label'])}" if within else ""
        if first["cancers"] != BREAST_ONLY:
            label += f"<br>{text(first['cancersLabel'])}"
        label += f"<br>{text(first['note'])}" if "note" in first else ""
        places = self.page.places(self.content.of("places", "thing", first["population"]))
        none = "none told: no patient is matched"
        return label, "<br>".join(criteria) or none, text(first["status"]), places

    def _results(self) -> Iterator[str]:
        kinds = by(self._of("estimates"), "kind")
        for kind, title in (("outcome", "Results"), ("baseline", "Patients and treatment")):
            if kind in kinds:
                yield f"## {title}"
            for rows in by(kinds.get(kind, []), "outcome").values():
                head = ["Measure", "Population", "Arm or comparison", "As printed", "Printed in"]
                yield f"### {text(rows[0]['outcomeLabel'])}"
                yield table(head, self._estimates(rows))

    def _estimates(self, rows: list[Row]) -> Iterator[tuple[str, ...]]:
        """One table row for each way in which an estimate is printed."""
        for reports in by(rows, "estimate").values():
            ways: dict[str, list[Row]] = defaultdict(list)
            for report in reports:
                ways[printed(report)].append(report)
            first = reports[0]
            measure = self.page.link(first["measure"], first["measureLabel"])
            measure += f", {text(first['category'])}" if "category" in first else ""
            measure += f", {text(when(first))}" if "timeValue" in first else ""
            note = f"<br>*{text(first['note'])}*" if "note" in first else ""
            for number, (way, found) in enumerate(ways.items()):
                yield (
                    measure,
                    text(first["populationLabel"]),
                    sides(first),
                    way + ("" if number else note),
                    self.page.places(map(place, found)),
                )

    def _facts(self) -> str:
        rows = []
        for found in by(self._of("study-facts"), "fact").values():
            ways: dict[str, list[Row]] = defaultdict(list)
            for report in found:
                ways[f"{text(report['value'])}{unit(report)}"].append(report)
            first = found[0]
            about = [first[name] for name in ("armLabel", "populationLabel") if name in first]
            name = self.page.link(first["property"], first["propertyLabel"])
            name += f"<br>*{text(first['note'])}*" if "note" in first else ""
            rows += [
                (name, text(", ".join(about)), way, self.page.places(with_note(reports)))
                for way, reports in ways.items()
            ]
        head = ["Fact", "Of", "As printed or told", "Printed in"]
        return "## Facts of the study\n\n" + table(head, rows) if rows else ""

    def _statements(self) -> Iterator[str]:
        kinds = by(self._of("statements"), "isLimitation")
        titles = {"true": "Limitations", "false": "Conclusions and remarks of the sources"}
        for kind, title in titles.items():
            if kind in kinds:
                told = [self._said(rows) for rows in by(kinds[kind], "statement").values()]
                yield joined([f"## {title}", "In our words.", bullets(told)])

    def _said(self, rows: list[Row]) -> str:
        kind = self.page.link(rows[0]["kind"], rows[0]["kindLabel"])
        return f"{text(rows[0]['text'])} ({kind}; {self.page.places(rows)})"

    def _guidance(self) -> str:
        told = [
            f"{self.page.link(rows[0]['statement'], rows[0]['label'])} "
            f"({text(rows[0]['kindLabel'])}; {self.page.places(map(place, rows))})"
            for rows in by(self._of("guidance"), "statement").values()
        ]
        told += [
            f"{self.page.link(rows[0]['model'], rows[0]['modelLabel'])} (decision model)"
            for rows in by(self._of("models"), "model").values()
        ]
        return "## Guidance that rests on this study\n\n" + bullets(told) if told else ""

    def _reviews(self) -> str:
        taken_in = [row for row in self._of("study-codes") if row["what"] == "pools"]
        pooled_by = [
            row
            for row in self.content.of("study-codes", "value", self.study["study"])
            if row["what"] == "pools"
        ]
        labels = {row["study"]: row["label"] for row in self.content.rows("studies")}
        told = [f"takes in {self.page.link(row['value'], row['valueLabel'])}" for row in taken_in]
        told += [
            f"is taken in by {self.page.link(row['study'], labels[row['study']])}"
            for row in pooled_by
        ]
        return "## Reviews and their studies\n\n" + bullets(told) if told else ""


def printed(row: Row) -> str:
    """A report in Markdown: number, interval, p, words, direction by rule, note."""
    number = text(row["value"]) + unit(row) if "value" in row else ""
    if "low" in row:
        number += f" ({text(row['level'])}% CI {text(row['low'])} to {text(row['high'])})"
    parts = [f"**{number}**" if number else "", p_value(row), text(row.get("wording", ""))]
    shown = ", ".join(part for part in parts if part)
    if "direction" in row:
        shown += f"<br>→ {text(row['direction'])}"
    return shown + (f"<br>*{text(row['reportNote'])}*" if "reportNote" in row else "")


def p_value(row: Row) -> str:
    """The p value as printed; one without a sign is equal."""
    if "p" not in row:
        return ""
    return f"p {text(row['p'])}" if row["p"][0] in "<>" else f"p = {text(row['p'])}"


def unit(row: Row) -> str:
    """The unit as it follows a number."""
    short = {"percent": "%", "times": "-fold"}
    return short.get(row.get("unit", ""), f" {text(row['unit'])}" if "unit" in row else "")


def when(row: Row) -> str:
    """The time an estimate is for, such as "at 5 years"."""
    plural = "" if row["timeValue"] == "1" else "s"
    return f"at {row['timeValue']} {row['timeUnit']}{plural}"


def sides(row: Row) -> str:
    """The arm or group of an estimate, and what it is compared with."""
    if "acrossLabel" in row:
        return f"{text(row['acrossLabel'])} compared"
    if "versusLabel" in row:
        return f"{text(row.get('armLabel', ''))} **versus** {text(row['versusLabel'])}"
    return text(row.get("armLabel", ""))


def with_note(rows: list[Row]) -> list[Row]:
    """The places of rows, each with the note on that printing."""
    notes = ({"note": row["reportNote"]} if "reportNote" in row else {} for row in rows)
    return [place(row) | note for row, note in zip(rows, notes, strict=True)]
