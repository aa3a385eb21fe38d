"""The graph by query, what every page needs of it: rows, addresses, places of printing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from metalocal.attributes import local_name
from metalocal.catalogue import ID, ML, find_query
from metalocal.graph import EvidenceGraph
from metalocal.graph import Term as Bound
from metalocal.site.markdown import inside, joined, outside, text

Row = dict[str, str]
OWN_QUERIES = Path(__file__).parent / "queries"
NOTICE = "*metalocal informs; it does not advise.*"
HIDDEN = "---\nhide: [navigation]\n---"
"""Tells the renderer to leave the column of the menu to the tables."""
UP = {
    "terms": "Terms by kind",
    "studies": "Studies by question",
    "sources": "Sources",
    "models": "Decision models",
}
"""Folder of pages to the title of the list that leads to them."""
FOLDERS = {"study": "studies", "source": "sources", "model": "models", "profiles": "terms"}
"""First word of an IRI below `https://w3id.org/metalocal/id/` to the folder of its pages."""


def address(iri: str) -> str | None:
    """Path (and anchor) of the page about a thing of ours; None where there is no such page.

    >>> address("https://w3id.org/metalocal/ontology/overall_survival")
    'terms/overall_survival/index.md'
    >>> address("https://w3id.org/metalocal/id/study/mf07-01/population/all")
    'studies/mf07-01/index.md'
    >>> address("https://w3id.org/metalocal/id/guidance/liu-2023/some-statement")
    'sources/liu-2023/index.md#some-statement'
    """
    if iri.startswith(ML) and "/" not in iri.removeprefix(ML):
        return f"terms/{iri.removeprefix(ML)}/index.md"
    if not iri.startswith(ID):
        return None
    kind, _, rest = iri.removeprefix(ID).partition("/")
    name, _, inner = rest.partition("/")
    if kind == "guidance":
        return f"sources/{name}/index.md#{inner.partition('/')[0]}"
    return f"{FOLDERS[kind]}/{name}/index.md" if kind in FOLDERS else None


def by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """Rows by the value of a column, in the order given; rows without one are left out."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if column in row:
            found[row[column]].append(row)
    return found


def place(row: Row) -> Row:
    """Source, line and place of a row, without its notes."""
    return {name: row[name] for name in ("source", "line", "place") if name in row}


@dataclass
class Content:
    """What the graph says, each query asked once; `queries` is the folder of named queries."""

    graph: EvidenceGraph
    queries: Path
    fetched: dict[str, list[Row]] = field(default_factory=dict)
    sorted_rows: dict[tuple[str, str], dict[str, list[Row]]] = field(default_factory=dict)

    def rows(self, name: str) -> list[Row]:
        """Rows of a query of the site, or else of a named query."""
        if name not in self.fetched:
            self.fetched[name] = [
                {column: cell.text for column, cell in row.items()} for row in self.cells(name)
            ]
        return self.fetched[name]

    def cells(self, name: str) -> tuple[dict[str, Bound], ...]:
        """The same rows, each value with its kind and datatype."""
        folder = OWN_QUERIES if (OWN_QUERIES / f"{name}.rq").is_file() else self.queries
        return self.graph.select(find_query(folder, name).text).rows

    def of(self, name: str, column: str, value: str) -> list[Row]:
        """Rows of a query in which a column has a value."""
        key = (name, column)
        if key not in self.sorted_rows:
            self.sorted_rows[key] = by(self.rows(name), column)
        return self.sorted_rows[key].get(value, [])

    @cached_property
    def source_labels(self) -> dict[str, str]:
        """IRI of each source to its label, such as "Liu 2023"."""
        return {row["source"]: row["label"] for row in self.rows("sources")}


@dataclass(frozen=True)
class Page:
    """A page to be written: its path in the site, and links that start from there."""

    path: str
    content: Content

    def link(self, iri: str, label: str) -> str:
        """A link to the page of a thing, or its label where it has none."""
        target = address(iri)
        if target:
            return inside(self.path, target, label)
        return text(label) if iri.startswith(ID) else outside(label, iri)

    def places(self, rows: Iterable[Row]) -> str:
        """Where something is printed: each source once, with its lines and places.

        Rows have source and line, and place and note where there is one.
        """
        lines: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
        for row in rows:
            details = "; ".join(row[name] for name in ("place", "note") if name in row)
            lines[row["source"]][details][row["line"]] = None
        return "; ".join(
            ", ".join([self.source(source), *(_lines(list(at), what) for what, at in told.items())])
            for source, told in lines.items()
        )

    def source(self, iri: str) -> str:
        """A link to the page of a source."""
        return self.link(iri, self.content.source_labels.get(iri, local_name(iri)))

    def written(self, title: str, parts: Iterable[str]) -> str:
        """The whole page: what the renderer hides, title, way up, notice, parts."""
        folder = self.path.split("/")[0]
        above = UP.get(folder, "") if self.path.count("/") > 1 else ""
        up = f"{inside(self.path, f'{folder}/index.md', above)} · " if above else ""
        return joined([HIDDEN, f"# {text(title)}", f"{up}{NOTICE}", *parts])


def _lines(lines: list[str], details: str) -> str:
    words = f"{'line' if len(lines) == 1 else 'lines'} {', '.join(lines)}"
    return f"{words} ({text(details)})" if details else words
