"""An audit finding -> its page: what does not fit, and the printings it concerns."""

from __future__ import annotations

from metalocal.explorer.things import linked_data, related
from metalocal.explorer.things.beside import beside
from metalocal.explorer.things.made import Desk, Made


def finding_page(iri: str, desk: Desk) -> Made | None:
    """What the page of an audit finding is made of; None for one that concerns nothing."""
    books = desk.books
    study = iri.partition("/finding/")[0]
    rows = next((rows for rows in books.findings.get(study, ()) if rows[0]["finding"] == iri), None)
    if rows is None:
        return None
    concerned = dict.fromkeys(row["item"] for row in rows)
    items = [books.items[item] for item in concerned if item in books.items]
    values = {
        "heading": f"{rows[0]['studyLabel']}: {rows[0]['kindLabel']}",
        "study": books.study_link(study),
        "finding": related.finding(rows, books),
        "table": beside({None: items}, books) if items else None,
    }
    sources = (row["source"] for row in rows)
    data = linked_data.claim(str(values["heading"]), rows[0]["text"], sources)
    return Made("thing_finding.html", values, data)
