"""Lists that lead to the pages: studies by question, terms by kind and by letter, attributes."""

from __future__ import annotations

from collections import defaultdict

from metalocal.attributes import local_name
from metalocal.catalogue import ML
from metalocal.site.beside import CURRENT
from metalocal.site.content import Content, Page, by
from metalocal.site.markdown import bullets, table, text
from metalocal.site.terms import Term, Terms

LIMITS = ("lowest", "highest")


def study_list(content: Content) -> str:
    """Studies by question, the strongest design first."""
    page = Page("studies/index.md", content)
    parts = [f"{len(content.rows('studies'))} studies, by the question they are about."]
    for rows in by(content.rows("studies"), "question").values():
        parts.append(f"## {text(rows[0]['question'].capitalize())}")
        parts.append(
            table(
                ["Study", "Design", "Phase", "Status", "Results", "Facts"],
                [
                    (
                        page.link(row["study"], row["label"]),
                        text(row["design"]),
                        text(row.get("phase", "")),
                        text(row["status"]),
                        _number(content, "estimates", "estimate", row["study"]),
                        _number(content, "study-facts", "fact", row["study"]),
                    )
                    for row in rows
                ],
            )
        )
    return page.written("Studies by question", parts)


def _number(content: Content, query: str, what: str, study: str) -> str:
    found = len({row[what] for row in content.of(query, "study", study)})
    return str(found) if found else ""


def terms_by_kind(terms: Terms) -> str:
    """Every term with its definition, under its kind."""
    page = Page("terms/index.md", terms.content)
    kinds: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        kinds[terms.kind(term)].append(term)
    parts = [f"{len(terms.terms)} terms."]
    for kind in sorted(kinds):
        found = sorted(kinds[kind], key=lambda term: term.label.lower())
        parts.append(f"## {text(kind.capitalize())}")
        rows = [(page.link(term.iri, term.label), text(term.definition)) for term in found]
        parts.append(table(["Term", "Definition"], rows))
    return page.written("Terms by kind", parts)


def terms_by_letter(terms: Terms) -> str:
    """Every term with its kind, under its first letter."""
    page = Page("alphabetical/index.md", terms.content)
    letters: dict[str, list[Term]] = defaultdict(list)
    for term in sorted(terms, key=lambda term: (term.label.lower(), term.iri)):
        first = term.label[0].upper()
        letters[first if first.isalpha() else "0 to 9"].append(term)
    parts = []
    for letter, found in letters.items():
        listed = [f"{page.link(one.iri, one.label)} ({text(terms.kind(one))})" for one in found]
        parts += [f"## {text(letter)}", bullets(listed)]
    return page.written("Terms by letter", parts)


def term_history(terms: Terms) -> str:
    """Which terms came with which version after the first, and which are deprecated."""
    page = Page("history/index.md", terms.content)

    def linked(name: str) -> str:
        known = terms.terms.get(f"{ML}{name}")
        return page.link(known.iri, known.label) if known else text(name)

    versions = by(list(terms.beside.history), "since")
    first = min(versions, key=_version)
    parts = [f"Version {text(first)} is the first; terms: {len(versions[first])}."]
    for version in sorted(set(versions) - {first}, key=_version, reverse=True):
        named = bullets(linked(row["name"]) for row in versions[version])
        parts += [f"## New in version {text(version)}", named]
    gone = [row for row in terms.beside.history if row["status"] != CURRENT]
    rows = [(linked(row["name"]), linked(row["replaced_by"])) for row in gone]
    parts += ["## Deprecated", table(["Term", "Use instead"], rows) or "No term so far."]
    return page.written("Changes of terms", parts)


def _version(number: str) -> tuple[tuple[int, str], ...]:
    """A version by its numbers, so that 0.10 comes after 0.9."""
    return tuple((int(part) if part.isdigit() else 0, part) for part in number.split("."))


def attribute_list(content: Content) -> str:
    """The questions a profile answers, with the values each can take."""
    page = Page("attributes/index.md", content)
    parts = ["A patient is told to metalocal by these attributes; any may stay unknown."]
    for group, rows in by(content.rows("attributes"), "group").items():
        listed = []
        for found in by(rows, "attribute").values():
            first = found[0]
            values = ", ".join(
                page.link(row["value"], row["valueLabel"]) for row in found if "value" in row
            )
            label = page.link(first["attribute"], first["label"])
            key = f"<code>{text(local_name(first['attribute']))}</code>"
            listed.append((f"{label}<br>{key}", text(first["question"]), values or _limits(first)))
        parts += [f"## {text(group)}", table(["Attribute", "Question", "Answers"], listed)]
    return page.written("Attributes of a patient", parts)


def _limits(row: dict[str, str]) -> str:
    low, high = (row.get(name, "") for name in LIMITS)
    return text(f"{low} to {high} {row.get('unit', '')}")
