"""Triples to lines of N-Quads, and lines to their terms; the lines are those Oxigraph writes.

A term stands here as its text in N-Triples: `<iri>`, `_:name` or a literal with its quotes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

Triple = tuple[str, str, str]
"""Subject, predicate and object as N-Triples writes them."""

RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

_SPECIAL = re.compile('[\\\\"\\x00-\\x1f\\x7f\\ufffe\\uffff]')
_SHORT = {
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
}  # fmt: skip


def _escaped(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}"


def text_of(term: Node) -> str:
    r"""A term as N-Triples writes it.

    >>> text_of(Literal('so "called"', lang="en"))
    '"so \\"called\\""@en'
    """
    if type(term) is URIRef:  # most terms are; isinstance takes rdflib ten times as long
        return f"<{term}>"
    if isinstance(term, Literal):
        text = f'"{_SPECIAL.sub(_escaped, str(term))}"'
        if term.language:
            return f"{text}@{term.language}"
        return f"{text}^^<{term.datatype}>" if term.datatype else text
    return f"_:{term}" if isinstance(term, BNode) else f"<{term}>"


def triples_of(graph: Graph) -> list[Triple]:
    """The triples of a graph as texts, in no order."""
    return [(text_of(s), text_of(p), text_of(o)) for s, p, o in graph]


def lines_of(triples: Iterable[Triple], name: str) -> list[str]:
    """A line for each triple, in the named graph `name`."""
    end = f" <{name}> .\n"
    return [f"{s} {p} {o}{end}" for s, p, o in triples]


def triple_of(line: str) -> Triple:
    """The triple of a line of N-Quads.

    >>> triple_of('<a:s> <a:p> "two words"@en <a:g> .')
    ('<a:s>', '<a:p>', '"two words"@en')
    """
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest.rsplit(" ", 2)[0]


def lines_in(data: bytes) -> list[bytes]:
    """The lines of N-Quads, each with its end."""
    return data.splitlines(keepends=True)


def has_blank(triple: Triple) -> bool:
    """Whether subject or object of a triple is a blank node."""
    return triple[0].startswith("_:") or triple[2].startswith("_:")


def canonical_lines(lines: Iterable[str], prefix: str = "") -> list[str]:
    """These lines, sorted, with blank nodes named by what the lines say and by nothing else.

    A name is `prefix` and what RDFC-1.0 gives the blank node among these lines.
    """
    dataset = ox.Dataset(ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    data = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return sorted(_named(line.decode(), prefix) for line in lines_in(data))


def lines_of_graphs(graphs: Mapping[str, Iterable[Triple]], prefix: str = "") -> list[str]:
    """The lines of named graphs, sorted, with blank nodes named as `canonical_lines` does."""
    plain, others = list[str](), list[str]()
    for name, triples in graphs.items():
        for line in lines_of(triples, name):
            (others if "_:" in line else plain).append(line)
    return sorted([*plain, *canonical_lines(others, prefix)])


def _named(line: str, prefix: str) -> str:
    """A line with `prefix` before the names of blank nodes."""
    subject, predicate, rest = line.split(" ", 2)
    subject, rest = (
        f"_:{prefix}{text[2:]}" if text.startswith("_:") else text for text in (subject, rest)
    )
    return f"{subject} {predicate} {rest}"


def merged(whole: list[bytes], parts: Iterable[list[bytes]]) -> Iterator[bytes]:
    """All lines in order, from one sorted list and many sorted ones that come by their first line.

    Only parts that overlap are held at the same time.
    """
    held: list[bytes] = []
    at = 0
    for part in parts:
        until = part[0]
        ready = bisect_left(held, until)
        upto = bisect_left(whole, until, at)
        yield b"".join(sorted(held[:ready] + whole[at:upto]))
        held, at = sorted(held[ready:] + part), upto
    yield b"".join(sorted(held + whole[at:]))
