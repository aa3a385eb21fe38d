"""The folder ontology/checks to checks, each run as one SPARQL query over the whole ontology."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.headers import header_of
from graph_builder.problems import Place, Problem, ProblemsFoundError
from graph_builder.release.findings import Check, Finding, Level, Result, result

FIELDS = ("title", "level", "from", "mend")


@dataclass(frozen=True)
class QueryCheck:
    """A check and the query that gives one row, ?term and ?detail, for each finding."""

    check: Check
    query: str


def read_checks(folder: Path) -> list[QueryCheck]:
    """All checks of a folder in the order of their names.

    Raises:
        ProblemsFoundError: a header lacks a field, or there is no check at all.
    """
    paths = sorted(folder.glob("*.rq"))
    if not paths:
        place = Place(str(folder))
        raise ProblemsFoundError([Problem(place, "there is no check", "checks", "restore *.rq")])
    return [read_check(path) for path in paths]


def read_check(path: Path) -> QueryCheck:
    """One check: the header behind `#+` in YAML, then the query; its id is the file's name.

    Raises:
        ProblemsFoundError: the header is no YAML, lacks a field, or names no level.
    """
    header = header_of(path.read_text("utf-8"), path.name)
    return QueryCheck(_check(path, header.fields), header.body)


def _check(path: Path, given: Mapping[str, Any]) -> Check:
    wrong = [name for name in FIELDS if not isinstance(given.get(name), str)]
    levels = [level.value for level in Level]
    if not wrong and given["level"] not in levels:
        wrong = ["level"]
    if wrong:
        message = f"the header has no proper {' and no proper '.join(wrong)}"
        mend = f"write {', '.join(FIELDS)} behind `#+`; level is {', '.join(levels)}"
        raise ProblemsFoundError([Problem(Place(path.name, 1, 1), message, "checks", mend)])
    level = Level(given["level"])
    return Check(path.stem, given["title"], level, given["from"], given["mend"])


def union_store(triples: Collection[ox.Triple]) -> ox.Store:
    """A store in memory that holds the triples in its default graph."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def run_checks(checks: Collection[QueryCheck], store: ox.Store) -> Iterator[Result]:
    """Each check with what its query finds.

    Raises:
        ProblemsFoundError: a query is no SPARQL.
    """
    for one in checks:
        try:
            rows = store.query(one.query)
        except SyntaxError as error:
            place = Place(f"{one.check.id}.rq")
            problem = Problem(place, f"this is no SPARQL: {error}", "checks", "correct the query")
            raise ProblemsFoundError([problem]) from error
        assert isinstance(rows, ox.QuerySolutions)
        yield result(one.check, (Finding(_text(row["term"]), _text(row["detail"])) for row in rows))


def _text(node: object) -> str:
    return str(getattr(node, "value", node))
