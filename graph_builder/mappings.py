"""Turns ontology/mappings.sssom.tsv into the graph that leads from our terms to outside ones.

The file is SSSOM: a YAML header behind `#`, then tab-separated rows without quotes. Its rows become
SKOS mapping triples; no outside term is declared or imported.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import yaml
from rdflib import RDFS, Graph, URIRef
from rdflib.namespace import SKOS

from graph_builder.problems import Place, Problem, ProblemsFoundError, closest
from graph_builder.vocabulary import ONTOLOGY, thing

MAPPINGS = thing("graph", "mappings")
FILE = "mappings.sssom.tsv"
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "object_source",
    "object_source_version",
    "comment",
)
PREDICATES: Mapping[str, URIRef] = {
    "skos:exactMatch": SKOS.exactMatch,
    "skos:closeMatch": SKOS.closeMatch,
    "skos:broadMatch": SKOS.broadMatch,
    "skos:narrowMatch": SKOS.narrowMatch,
    "skos:relatedMatch": SKOS.relatedMatch,
}
NAME = re.compile(r"[\w./-]+")
SNOMED = "http://snomed.info/id/"
FORBIDDEN: Mapping[str, str] = {
    "http://purl.obolibrary.org/obo/STATO_0000677": "no released STATO holds it; for the hazard "
    "ratio use NCIT:C93150",
    "http://data.cochrane.org/ontologies/pico/isComparator": "it is deprecated there; use "
    "pico:comparatorGroup",
}
"""Outside IRIs that must not be used, and what to do instead."""

Prefixes = Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """One line of the table: its cells by column, and where they stand."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def problem(self, column: str, message: str, rule: str, mend: str) -> Problem:
        """A problem at the first character of a cell."""
        before = list(self.cells)[: list(self.cells).index(column)]
        start = sum(len(self.cells[name]) + 1 for name in before) + 1
        return Problem(Place(self.file, self.line, start), message, rule, mend)


@dataclass(frozen=True)
class MappingTable:
    """The rows of the file, and what the prefixes in them stand for."""

    prefixes: Prefixes
    rows: tuple[Row, ...]

    def iri(self, curie: str) -> URIRef | None:
        """The IRI a CURIE stands for, unless it is none or the header does not know its prefix."""
        prefix, _, name = curie.partition(":")
        if not NAME.fullmatch(name) or prefix not in self.prefixes:
            return None
        return URIRef(self.prefixes[prefix] + name)


def mapping_graph(folder: Path, ontology: Graph) -> Graph:
    """The mappings of `folder`/mappings.sssom.tsv as SKOS triples about terms of `ontology`.

    Raises:
        ProblemsFoundError: all problems of the file, each with line and column.
    """
    table = read_mappings(folder)
    problems = [*_row_problems(table, ontology), *_repeated(table), *_two_exact(table)]
    if problems:
        raise ProblemsFoundError(problems)
    graph = Graph()
    for row in table.rows:
        subject, mapped = table.iri(row["subject_id"]), table.iri(row["object_id"])
        assert subject is not None
        assert mapped is not None
        graph.add((subject, PREDICATES[row["predicate_id"]], mapped))
    return graph


def read_mappings(folder: Path) -> MappingTable:
    """The table as it stands, its rows not yet checked.

    Raises:
        ProblemsFoundError: there is no such file, it is no UTF-8, its header is no YAML, a column
            is missing, or a row has another number of cells than there are columns.
    """
    name = f"ontology/{FILE}"
    try:
        lines = (folder / FILE).read_text("utf-8").removesuffix("\n").split("\n")
    except FileNotFoundError:
        mend = "restore it; a table without rows is enough"
        raise _refused(name, 0, "this file is missing", "mapping-file", mend) from None
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8"
        raise _refused(name, 0, message, "mapping-file", "save it as UTF-8") from error
    header = list(takewhile(lambda line: line.startswith("#"), lines))
    return MappingTable(_prefixes(name, header), tuple(_rows(name, lines, len(header))))


def _refused(file: str, line: int, message: str, rule: str, mend: str) -> ProblemsFoundError:
    place = Place(file, line, 1 if line else 0)
    return ProblemsFoundError([Problem(place, message, rule, mend)])


def _prefixes(file: str, header: list[str]) -> Prefixes:
    try:
        metadata = yaml.safe_load("\n".join(line.removeprefix("#") for line in header))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = f"this header is not YAML: {getattr(error, 'problem', None) or error}"
        line = mark.line + 1 if mark else 1
        raise _refused(file, line, message, "mapping-file", "check this line") from error
    prefixes = metadata.get("curie_map") if isinstance(metadata, dict) else None
    if not isinstance(prefixes, dict):
        mend = "give the prefixes as `#curie_map:`, one a line"
        raise _refused(file, 1, "the header names no prefixes", "mapping-file", mend)
    return {str(prefix): str(namespace) for prefix, namespace in prefixes.items()}


def _rows(file: str, lines: list[str], above: int) -> Iterator[Row]:
    """The rows below the line of column names, which is the one after `above` header lines."""
    table = csv.reader(lines[above:], delimiter="\t", quoting=csv.QUOTE_NONE)
    columns = next(table, [])
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        message = f"there is no column {' or '.join(missing)}"
        mend = "name the columns in the line below the header"
        raise _refused(file, above + 1, message, "mapping-column", mend)
    for line, cells in enumerate(table, above + 2):
        if len(cells) != len(columns):
            message = f"the number of cells is {len(cells)}, not {len(columns)}"
            mend = "part the cells by one tab each; an empty cell still has its tab"
            raise _refused(file, line, message, "mapping-column", mend)
        yield Row(file, line, dict(zip(columns, cells, strict=True)))


def _row_problems(table: MappingTable, ontology: Graph) -> Iterator[Problem]:
    labels = _labels(ontology)
    for row in table.rows:
        yield from _subject_problems(table, row, labels)
        yield from _object_problems(table, row)
        predicate = row["predicate_id"]
        if predicate not in PREDICATES:
            message = f"predicate {predicate} is no SKOS mapping"
            mend = closest(predicate, PREDICATES)
            yield row.problem("predicate_id", message, "mapping-predicate", mend)


def _labels(ontology: Graph) -> dict[str, str]:
    """Label of every term of ours, by its IRI."""
    labels = {str(term): str(label) for term, label in ontology.subject_objects(RDFS.label)}
    return {term: label for term, label in labels.items() if term.startswith(f"{ONTOLOGY}/")}


def _subject_problems(
    table: MappingTable, row: Row, labels: Mapping[str, str]
) -> Iterator[Problem]:
    name = row["subject_id"]
    term = table.iri(name)
    if term is None:
        yield _unknown_prefix(table, row, "subject_id")
    elif str(term) not in labels:
        message = f"{name} is no term of the ontology"
        mend = closest(name, (f"ml:{known.removeprefix(f'{ONTOLOGY}/')}" for known in labels))
        yield row.problem("subject_id", message, "mapping-subject", mend)
    elif row["subject_label"] != labels[str(term)]:
        message = f'the label of {name} is not "{row["subject_label"]}"'
        mend = f'write "{labels[str(term)]}", and check that the mapping still holds'
        yield row.problem("subject_label", message, "mapping-label", mend)


def _object_problems(table: MappingTable, row: Row) -> Iterator[Problem]:
    name = row["object_id"]
    mapped = table.iri(name)
    if mapped is None:
        yield _unknown_prefix(table, row, "object_id")
        return
    if str(mapped) in FORBIDDEN:
        mend = FORBIDDEN[str(mapped)]
        yield row.problem("object_id", f"{name} must not be used", "mapping-object", mend)
    if mapped.startswith(SNOMED) and row["object_label"]:
        message = f"{name} comes with text of SNOMED CT"
        mend = "leave object_label empty: its licence lets us link, not copy"
        yield row.problem("object_label", message, "mapping-licence", mend)


def _unknown_prefix(table: MappingTable, row: Row, column: str) -> Problem:
    prefix = row[column].partition(":")[0]
    message = f'"{row[column]}" is no name behind a prefix of the header'
    return row.problem(column, message, "mapping-prefix", closest(prefix, table.prefixes))


def _repeated(table: MappingTable) -> Iterator[Problem]:
    """Pairs of terms that are mapped twice, by whatever predicates."""
    first: dict[tuple[str, str], Row] = {}
    for row in table.rows:
        earlier = first.setdefault((row["subject_id"], row["object_id"]), row)
        if earlier is not row:
            message = f"{row['subject_id']} is mapped to {row['object_id']} twice"
            mend = f"keep this row or line {earlier.line}"
            yield row.problem("object_id", message, "mapping-repeated", mend)


def _two_exact(table: MappingTable) -> Iterator[Problem]:
    """Terms that would equal two terms of one vocabulary, that is two of one prefix."""
    first: dict[tuple[str, str], Row] = {}
    for row in table.rows:
        vocabulary = row["object_id"].partition(":")[0]
        if row["predicate_id"] != "skos:exactMatch":
            continue
        earlier = first.setdefault((row["subject_id"], vocabulary), row)
        if earlier["object_id"] != row["object_id"]:
            message = f"{row['subject_id']} equals {earlier['object_id']} and {row['object_id']}"
            mend = f"only one can be exact; the other stands in line {earlier.line}"
            yield row.problem("predicate_id", message, "mapping-exact", mend)
