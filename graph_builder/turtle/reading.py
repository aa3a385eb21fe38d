"""Turtle as people lay it out: text into statements and what they mean, and meaning into text.

A statement runs from its subject to its full stop. What it means is a set of axioms without blank
node labels, so that two layouts of the same statement are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from graph_builder.problems import Place, Problem, ProblemsFoundError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OWL = "http://www.w3.org/2002/07/owl#"
TYPE = ox.NamedNode(f"{RDF}type")
NIL = ox.NamedNode(f"{RDF}nil")
FIRST = ox.NamedNode(f"{RDF}first")
REST = ox.NamedNode(f"{RDF}rest")
LIST = ox.NamedNode(f"{RDF}List")


def owl(name: str) -> ox.NamedNode:
    """A term of OWL.

    >>> owl("Class").value
    'http://www.w3.org/2002/07/owl#Class'
    """
    return ox.NamedNode(f"{OWL}{name}")


CONSTRUCTORS = {owl(n) for n in ("oneOf", "intersectionOf", "unionOf", "complementOf")}
UNORDERED = {
    *(owl(n) for n in ("members", "distinctMembers", "oneOf", "intersectionOf", "unionOf")),
    *(owl(n) for n in ("disjointUnionOf", "hasKey", "withRestrictions")),
}
"""Predicates whose list says nothing by its order."""


@dataclass(frozen=True)
class Members:
    """An RDF list; where its order says nothing, the items are sorted and stand once."""

    items: tuple[Tree, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Nested:
    """A blank node: what is said of it."""

    facts: frozenset[Fact]


Tree: TypeAlias = "ox.NamedNode | ox.Literal | Members | Nested"
Fact: TypeAlias = "tuple[ox.NamedNode, Tree]"


@dataclass(frozen=True)
class Axiom:
    """A fact of a subject; `subject` is none where `tree` is a blank node nothing leads to."""

    subject: ox.NamedNode | None
    predicate: ox.NamedNode
    tree: Tree


@dataclass(frozen=True)
class Segment:
    """One predicate with its objects, as offsets into the text of the file."""

    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """A statement: its offsets in the file, the end of its subject, predicates and meaning."""

    start: int
    end: int
    subject_end: int
    segments: tuple[Segment, ...]
    axioms: frozenset[Axiom]


@dataclass(frozen=True)
class TurtleFile:
    """A Turtle file: name, text, prefixes with the lines that declare them, and statements."""

    name: str
    text: str
    prefixes: Mapping[str, str]
    preamble: str
    statements: tuple[Statement, ...]

    @property
    def axioms(self) -> frozenset[Axiom]:
        """What all statements mean together."""
        return frozenset().union(*(statement.axioms for statement in self.statements))


_STRING = r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|' + (
    r"'''(?:[^'\\]|\\.|'(?!''))*'''|'(?:[^'\\\n]|\\.)*'"
)
_TOKEN = re.compile(
    rf"(?P<skip>\s+|#[^\n]*)|(?P<iri><[^>\s]*>)|(?P<string>{_STRING})"
    r"|(?P<mark>[;,.\[\]()]|\^\^)|(?P<word>[^\s;,\[\]()<>\"'#^]*[^\s;,\[\]()<>\"'#^.])",
    re.DOTALL,
)


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            at += 1  # no Turtle; the parser has told it, or will
            continue
        at = found.end()
        if found.lastgroup != "skip":
            yield _Token(found.group(), found.start(), at)


def words_of(text: str) -> list[tuple[str, int]]:
    """Each token of a piece of Turtle with its place in it.

    >>> words_of("ml:a ml:b , ml:a")
    [('ml:a', 0), ('ml:b', 5), (',', 10), ('ml:a', 12)]
    """
    return [(token.text, token.start) for token in _tokens(text)]


def read_turtle(name: str, text: str) -> TurtleFile:
    """The statements of a Turtle file.

    Raises:
        ProblemsFoundError: it is no Turtle, or its blank nodes have labels or form no tree.
    """
    whole = axioms_of(name, parse(name, text, ox.RdfFormat.TURTLE))
    preamble, statements = [], []
    for tokens in _statement_tokens(list(_tokens(text))):
        piece = text[tokens[0].start : tokens[-1].end]
        if _is_directive(tokens[0]):
            preamble.append(piece)
        else:
            statements.append(_statement(name, piece, "\n".join(preamble), tokens))
    prefixes = _prefixes("\n".join(preamble))
    read = TurtleFile(name, text, prefixes, "\n".join(preamble), tuple(statements))
    if read.axioms != whole:
        message = "statements share a blank node by its label, or are written in an unusual way"
        mend = "write blank nodes as [ ... ] and names without escapes"
        raise ProblemsFoundError([Problem(Place(name), message, "turtle-layout", mend)])
    return read


def facts_of(file: TurtleFile, segment: Segment) -> frozenset[Fact]:
    """What one predicate of a statement and its objects say."""
    text = f"{file.preamble}\n<urn:x> {file.text[segment.start : segment.end]}\n."
    axioms = axioms_of(file.name, parse(file.name, text, ox.RdfFormat.TURTLE))
    return frozenset((axiom.predicate, axiom.tree) for axiom in axioms)


def parse(name: str, text: str, form: ox.RdfFormat) -> list[ox.Triple]:
    """The triples of a text.

    Raises:
        ProblemsFoundError: the text is not of that form; with line and column.
    """
    try:
        return [quad.triple for quad in ox.parse(text, form)]
    except SyntaxError as error:
        place = Place(name, error.lineno or 1, error.offset or 1)
        message = f"this is not {form.name}: {error.msg}"
        mend = f"correct this place, or save the file anew as {form.name}"
        raise ProblemsFoundError([Problem(place, message, "rdf-syntax", mend)]) from error


def _is_directive(token: _Token) -> bool:
    return token.text.lower() in {"@prefix", "@base", "prefix", "base"}


def _statement_tokens(tokens: list[_Token]) -> Iterator[list[_Token]]:
    depth, begun = 0, 0
    for at, token in enumerate(tokens):
        depth += (token.text in "[(") - (token.text in "])")
        first = tokens[begun].text.lower()
        of_sparql = first in {"prefix", "base"} and token.text.startswith("<")
        if of_sparql or (token.text == "." and depth == 0):
            yield tokens[begun : at + 1]
            begun = at + 1


def _statement(name: str, piece: str, preamble: str, tokens: list[_Token]) -> Statement:
    triples = parse(name, f"{preamble}\n{piece}", ox.RdfFormat.TURTLE)
    depth, segments, begun = 0, [], _after_subject(tokens)
    for at, token in enumerate(tokens):
        depth += (token.text in "[(") - (token.text in "])")
        if depth == 0 and at >= begun and token.text in {";", "."}:
            if at > begun:
                segments.append(Segment(tokens[begun].start, tokens[at - 1].end))
            begun = at + 1
    return Statement(
        start=tokens[0].start,
        end=tokens[-1].end,
        subject_end=tokens[_after_subject(tokens) - 1].end,
        segments=tuple(segments),
        axioms=axioms_of(name, triples),
    )


def _after_subject(tokens: list[_Token]) -> int:
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.text in "[(") - (token.text in "])")
        if depth == 0:
            return at + 1
    return len(tokens)


def _prefixes(preamble: str) -> dict[str, str]:
    found = re.findall(r"(?i)@?prefix\s+([^\s:]*):\s*<([^>]*)>", preamble)
    return {iri: prefix for prefix, iri in found}


def axioms_of(name: str, triples: Iterable[ox.Triple]) -> frozenset[Axiom]:
    """What triples mean, whatever their blank nodes are called and unordered lists' order.

    Raises:
        ProblemsFoundError: a blank node is in a circle, or is used in two places.
    """
    return _Reader(name, triples).axioms()


class _Reader:
    """Blank nodes to trees."""

    def __init__(self, name: str, triples: Iterable[ox.Triple]) -> None:
        self.name = name
        self.about: dict[object, list[tuple[ox.NamedNode, object]]] = {}
        self.used: list[ox.BlankNode] = []
        for triple in sorted(set(triples), key=str):
            self.about.setdefault(triple.subject, []).append((triple.predicate, triple.object))
            if isinstance(triple.object, ox.BlankNode):
                self.used.append(triple.object)
        self.met: set[ox.BlankNode] = set()

    def axioms(self) -> frozenset[Axiom]:
        if len(set(self.used)) < len(self.used):
            raise self._tangled("is used in two places")
        found = set()
        for subject, pairs in self.about.items():
            if isinstance(subject, ox.NamedNode):
                found |= {Axiom(subject, p, self.tree(p, o)) for p, o in pairs}
            elif isinstance(subject, ox.BlankNode) and subject not in self.used:
                found.add(Axiom(None, NIL, self.tree(NIL, subject)))
        if {n for n in self.about if isinstance(n, ox.BlankNode)} - self.met:
            raise self._tangled("leads back to itself")
        return frozenset(found)

    def _tangled(self, why: str) -> ProblemsFoundError:
        message, mend = f"a blank node {why}", "give this thing a name"
        return ProblemsFoundError([Problem(Place(self.name), message, "blank-node", mend)])

    def tree(self, predicate: ox.NamedNode, node: object) -> Tree:
        if node == NIL:
            return Members(())
        if isinstance(node, ox.Literal):
            return node
        if isinstance(node, ox.NamedNode):
            return node
        assert isinstance(node, ox.BlankNode)
        items = self._items(node)
        if items is not None:
            trees = [self.tree(NIL, item) for item in items]
            if predicate in UNORDERED:
                return Members(tuple(sorted(set(trees), key=key)))
            return Members(tuple(trees), ordered=True)
        self.met.add(node)
        facts = {(p, self.tree(p, o)) for p, o in self.about.get(node, [])}
        return Nested(frozenset(_in_full(facts)))

    def _items(self, node: object) -> list[object] | None:
        """The items of a plain list, or none where the node is not the head of one."""
        items: list[object] = []
        cells: list[ox.BlankNode] = []
        while isinstance(node, ox.BlankNode) and node not in cells:
            pairs = [(p, o) for p, o in self.about.get(node, []) if (p, o) != (TYPE, LIST)]
            parts = dict(pairs)
            if len(pairs) != 2 or set(parts) != {FIRST, REST}:
                return None
            cells.append(node)
            items.append(parts[FIRST])
            node = parts[REST]
        self.met.update(cells)
        return items


def _in_full(facts: set[Fact]) -> set[Fact]:
    """The facts of a blank node with the type that OWL tools write and people may leave out."""
    predicates = {predicate for predicate, _ in facts}
    if owl("onProperty") in predicates:
        return (facts - {(TYPE, owl("Class"))}) | {(TYPE, owl("Restriction"))}
    if predicates & CONSTRUCTORS and TYPE not in predicates:
        return facts | {(TYPE, owl("Class"))}
    if (TYPE, owl("AllDifferent")) in facts:
        members, distinct = owl("members"), owl("distinctMembers")
        return {(distinct if p == members else p, tree) for p, tree in facts}
    return facts


def key(tree: Tree) -> str:
    """A text that equal trees share, to sort by."""
    if isinstance(tree, Members):
        return f"({' '.join(key(item) for item in tree.items)})"
    if isinstance(tree, Nested):
        return f"[{';'.join(sorted(f'{p} {key(t)}' for p, t in tree.facts))}]"
    return str(tree)
