"""Example queries (queries/examples/NNN-slug.rq) to a graph of sh:SPARQLExecutable.

The form is the one that the SIB's editor and chat read: the question as comment, the text whole,
PREFIX lines and comments included, so that it runs as it stands; the prefixes again as sh:declare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, SDO, SH, XSD, Graph, Literal, Namespace, URIRef

from graph_builder.headers import query_header
from graph_builder.problems import Place, Problem, ProblemsFoundError
from graph_builder.vocabulary import ENDPOINT, thing

EXAMPLES = thing("graph", "examples")
PREFIXES = thing("prefixes")
SPEX = Namespace("https://purl.expasy.org/sparql-examples/ontology#")

_FORMS = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
    "DESCRIBE": (SPEX.SPARQLDescribeExecutable, SPEX.describe),
}
"""First word of a query to its class and to the property that holds its text."""

_NAME = re.compile(r"[0-9]{3}-[a-z0-9]+(-[a-z0-9]+)*")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX = re.compile(r"^PREFIX\s+([A-Za-z][\w-]*):\s*<([^<>\s]*)>\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A question in plain English and the query that answers it; `form` is its first word."""

    name: str
    question: str
    tags: tuple[str, ...]
    form: str
    text: str

    def prefixes(self) -> dict[str, str]:
        """Prefix to namespace, as the query declares them."""
        return dict(_PREFIX.findall(self.text))


def read_examples(folder: Path) -> list[Example]:
    """The examples of a folder in the order of their names; none where there is no folder.

    Raises:
        ProblemsFoundError: a name is not NNN-slug, a header is wrong, two files differ in what a
            prefix stands for, or a query is neither SELECT, ASK, CONSTRUCT nor DESCRIBE.
    """
    examples, problems = [], []
    for path in sorted(folder.glob("*.rq")):
        try:
            examples.append(_example(path))
        except ProblemsFoundError as error:
            problems += error.problems
    problems += _prefix_problems(examples)
    if problems:
        raise ProblemsFoundError(problems)
    return examples


def _example(path: Path) -> Example:
    if not _NAME.fullmatch(path.stem):
        raise _refusal(path, "the name is not three digits and words", "name it 001-some-words.rq")
    header = query_header(path.read_text("utf-8"), path.name)
    words = _PREFIX.sub("", _COMMENT.sub("", header.body)).split(maxsplit=1)
    form = words[0] if words else ""
    if form not in _FORMS:
        mend = f"begin the query, behind its PREFIX lines, with {', '.join(_FORMS)}"
        raise _refusal(path, f"the query begins with {form or 'nothing'}", mend)
    fields = header.fields
    text = header.body.strip() + "\n"
    return Example(path.stem, fields["summary"], tuple(fields.get("tags", ())), form, text)


def _refusal(path: Path, message: str, mend: str) -> ProblemsFoundError:
    return ProblemsFoundError([Problem(Place(path.name, 1, 1), message, "examples", mend)])


def _prefix_problems(examples: Iterable[Example]) -> list[Problem]:
    """Prefixes that stand for another namespace than in an example before: one table serves all."""
    known: dict[str, str] = {}
    problems = []
    for example in examples:
        for prefix, namespace in example.prefixes().items():
            first = known.setdefault(prefix, namespace)
            if first != namespace:
                message = f"prefix {prefix} stands for {namespace}, elsewhere for {first}"
                place = Place(f"{example.name}.rq", 1, 1)
                problems.append(Problem(place, message, "examples", "use one namespace for it"))
    return problems


def example_graph(examples: Iterable[Example]) -> Graph:
    """Each example as sh:SPARQLExecutable, and the prefixes that any of them declares."""
    graph = Graph()
    prefixes: dict[str, str] = {}
    for example in examples:
        prefixes |= example.prefixes()
        node = thing("example", example.name)
        kind, holds = _FORMS[example.form]
        graph.add((node, RDF.type, SH.SPARQLExecutable))
        graph.add((node, RDF.type, kind))
        graph.add((node, RDFS.label, Literal(f"example {example.name[:3]}", lang="en")))
        graph.add((node, RDFS.comment, Literal(example.question, lang="en")))
        graph.add((node, SH.prefixes, PREFIXES))
        graph.add((node, holds, Literal(example.text)))
        graph.add((node, SDO.target, URIRef(ENDPOINT)))
        for tag in example.tags:
            graph.add((node, SDO.keywords, Literal(tag)))
    for prefix, namespace in prefixes.items():
        node = thing("prefixes", prefix)
        graph.add((PREFIXES, SH.declare, node))
        graph.add((node, RDF.type, SH.PrefixDeclaration))
        graph.add((node, SH.prefix, Literal(prefix)))
        graph.add((node, SH.namespace, Literal(namespace, datatype=XSD.anyURI)))
    return graph
