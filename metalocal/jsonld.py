"""The built graph to JSON-LD 1.1: whole by named graphs, or single studies as trees."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import closest
from graph_builder.vocabulary import ML, thing
from metalocal.context import RDF, TYPE, Context, Json, Node, Value, context_of
from metalocal.dumps import DumpError, verified_quads
from metalocal.files import replacing

_LISTS = {f"{RDF}first", f"{RDF}rest"}
_NIL = ox.NamedNode(f"{RDF}nil")
_LAST = 2**31
_STUDY_GRAPHS = str(thing("graph", "study", ""))
_SECTIONS = {ox.NamedNode(str(ML.Study)): "studies", ox.NamedNode(str(ML.Source)): "sources"}
_REPORTED_IN, _OF_REPORT = str(ML.reportedIn), str(ML.ofReport)
_SEQUENCE, _DEPTH = str(ML.sequence), str(ML.depth)


def write_context(graph_file: Path, out: Path) -> int:
    """Write the context alone; gives the number of its entries.

    Raises:
        BrokenBuildError: the built graph is missing or broken.
    """
    context = context_of(verified_quads(graph_file))
    _write({"@context": context.document}, out)
    return len(context.document)


def write_jsonld(graph_file: Path, out: Path, studies: Sequence[str] = ()) -> int:
    """Write one document that holds its context: the whole dataset, or the trees of `studies`.

    Returns:
        The number of quads of the dataset, or of triples in the trees.

    Raises:
        BrokenBuildError: the built graph is missing or broken.
        DumpError: `out` has another suffix than .jsonld or .json, or a study is not there.
    """
    if out.suffix.lower() not in {".jsonld", ".json"}:
        raise DumpError(f"cannot write {out.name}: name the JSON-LD file .jsonld or .json")
    quads = verified_quads(graph_file)
    context = context_of(quads)
    if studies:
        triples = study_triples(quads, studies)
        _write(tree_document(triples, context), out)
        return len(triples)
    _write(dataset_document(quads, context), out)
    return len(quads)


def dataset_document(quads: Iterable[ox.Quad], context: Context) -> Json:
    """The whole dataset: `@graph` has one object a named graph, its things nested in it."""
    by_graph: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in quads:
        by_graph[_name(quad)].append(quad.triple)
    graphs = [
        {"id": context.iri(name), "@graph": GraphWriter(triples, context).roots()}
        for name, triples in sorted(by_graph.items())
    ]
    return {"@context": context.document, "@graph": graphs}


def study_triples(quads: Iterable[ox.Quad], studies: Sequence[str]) -> set[ox.Triple]:
    """What is known of some studies: their graphs, where each report stands, sources, derivations.

    A derived direction is taken inside its derivation only, never beside a reported number.

    Raises:
        DumpError: a study is not there; the message names near ones.
    """
    by_graph: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in quads:
        by_graph[_name(quad)].append(quad.triple)
    known = {
        name.removeprefix(_STUDY_GRAPHS) for name in by_graph if name.startswith(_STUDY_GRAPHS)
    }
    for study in studies:
        if study not in known:
            raise DumpError(f"there is no study {study}; {closest(study, known)}")
    taken = {triple for study in studies for triple in by_graph[_STUDY_GRAPHS + study]}
    reports = {triple.subject for triple in taken}
    places = {t for t in by_graph[str(thing("graph", "provenance"))] if t.subject in reports}
    cited = {t.object for t in places if t.predicate.value == _REPORTED_IN}
    derived = by_graph[str(thing("graph", "derived"))]
    drawn = {t.subject for t in derived if t.predicate.value == _OF_REPORT and t.object in reports}
    taken |= places | _clauses(by_graph[str(thing("graph", "clauses"))], taken)
    taken |= {t for t in by_graph[str(thing("graph", "sources"))] if t.subject in cited}
    return taken | {t for t in derived if t.subject in drawn}


def _clauses(written: Iterable[ox.Triple], taken: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Clauses that something taken asks for, with their limits."""
    asked = {triple.object for triple in taken}
    found = {triple for triple in written if triple.subject in asked}
    limits = {triple.object for triple in found}
    return found | {triple for triple in written if triple.subject in limits}


def tree_document(triples: Iterable[ox.Triple], context: Context) -> Json:
    """`studies`, each with all that belongs to it nested, and the `sources` they are read from."""
    writer = GraphWriter(triples, context, as_tree=True)
    document: Json = {"@context": context.document, "studies": []}
    for root in writer.roots_by_section():
        document.setdefault(root.section, []).append(root.node)
    return document


@dataclass(frozen=True)
class Root:
    """A thing that stands in no other, and the key of the document it belongs under."""

    section: str
    node: Json


class GraphWriter:
    """Writes the triples of one graph as nested JSON objects, each thing once.

    A thing stands in the thing it is part of, a blank node where it is used, if it is used once.
    """

    def __init__(
        self, triples: Iterable[ox.Triple], context: Context, *, as_tree: bool = False
    ) -> None:
        self.context, self.as_tree = context, as_tree
        self.facts: dict[Node, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        self.uses: Counter[Value] = Counter()
        self.parts: set[Value] = set()
        self.derivations: dict[Value, list[Node]] = defaultdict(list)
        self.written: set[Node] = set()
        for triple in triples:
            self._take(triple)

    def _take(self, triple: ox.Triple) -> None:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)
        if self.as_tree and predicate == _OF_REPORT:
            self.derivations[value].append(subject)
            self.parts.add(subject)
            return
        self.facts[subject][predicate].append(value)
        self.uses[value] += 1
        if predicate in self.context.parts:
            self.parts.add(value)

    def roots(self) -> list[Json]:
        """The objects that stand in no other, in the order of their identifiers."""
        return [root.node for root in self.roots_by_section()]

    def roots_by_section(self) -> list[Root]:
        """The objects that stand in no other, each with its key in a tree document."""
        nodes = sorted(self.facts, key=_text)
        tops = [node for node in nodes if node not in self.parts and not self._is_inline(node)]
        found = [self._root(node) for node in tops]
        # what is left is part of itself by some way round: cut open where it comes first
        return found + [self._root(node) for node in nodes if node not in self.written]

    def _root(self, node: Node) -> Root:
        types = self.facts[node].get(TYPE, [])
        section = next((key for kind, key in _SECTIONS.items() if kind in types), "others")
        return Root(section, self._object(node, named=True))

    def _is_inline(self, node: Value) -> bool:
        return isinstance(node, ox.BlankNode) and self.uses[node] == 1 and node in self.facts

    def _object(self, node: Node, *, named: bool) -> Json:
        self.written.add(node)
        facts = self.facts[node]
        written: Json = {"id": self.context.ref(node)} if named else {}
        types = [kind for kind in facts.get(TYPE, []) if isinstance(kind, ox.NamedNode)]
        if types:
            written["type"] = sorted((self.context.word(kind) for kind in types), key=_ours_first)
        for predicate in sorted(facts, key=self._reading_order):
            values = [v for v in facts[predicate] if predicate != TYPE or v not in types]
            if values:
                written[self.context.key(predicate)] = self._values(predicate, values)
        if node in self.derivations:
            drawn = sorted(self.derivations[node], key=_text)
            written["derivations"] = [self._object(one, named=True) for one in drawn]
        return written

    def _reading_order(self, predicate: str) -> tuple[bool, bool, str]:
        key = self.context.key(predicate)
        return predicate in self.context.parts, key != "label", key

    def _values(self, predicate: str, values: list[Value]) -> object:
        written = [self._value(predicate, value) for value in sorted(values, key=self._place)]
        return written if len(written) > 1 or self.context.many(predicate) else written[0]

    def _place(self, value: Value) -> tuple[int, str]:
        """Things by their sequence in the study file, populations by depth, all by their text."""
        if isinstance(value, ox.NamedNode | ox.BlankNode) and value in self.facts:
            facts = self.facts[value]
            for number in facts.get(_SEQUENCE, []) + facts.get(_DEPTH, []):
                if isinstance(number, ox.Literal):
                    return int(number.value), _text(value)
        return _LAST, _text(value)

    def _value(self, predicate: str, value: Value) -> object:
        if isinstance(value, ox.Literal):
            return self.context.literal(predicate, value)
        assert isinstance(value, ox.NamedNode | ox.BlankNode)
        items = self._list_items(value)
        if items:
            return {"@list": [self._value(f"{RDF}first", item) for item in items]}
        belongs = predicate in self.context.parts or self._is_inline(value)
        if belongs and value in self.facts and value not in self.written:
            return self._object(value, named=not self._is_inline(value))
        if self.as_tree and predicate == _REPORTED_IN and value in self.facts:
            label = self.facts[value][self.context.label]
            return {"id": self.context.ref(value), "label": self._values(self.context.label, label)}
        return self.context.link(predicate, value)

    def _list_items(self, start: Node) -> list[Value]:
        """The items of an RDF list whose cells are used nowhere else; of anything else none."""
        items: list[Value] = []
        cells: list[Node] = []
        cell: Value = start
        while cell != _NIL:
            if not self._is_inline(cell) or cell in cells or cell in self.written:
                return []
            assert isinstance(cell, ox.BlankNode)
            facts = self.facts[cell]
            if set(facts) != _LISTS or any(len(values) != 1 for values in facts.values()):
                return []
            cells.append(cell)
            items += facts[f"{RDF}first"]
            (cell,) = facts[f"{RDF}rest"]
        self.written |= set(cells)
        return items


def _text(value: Value) -> str:
    """By what things are sorted: an identifier comes before the longer one it begins."""
    return value.value if isinstance(value, ox.NamedNode) else str(value)


def _ours_first(name: str) -> tuple[bool, str]:
    return ":" in name, name


def _name(quad: ox.Quad) -> str:
    assert isinstance(quad.graph_name, ox.NamedNode), "every triple of a built graph has a graph"
    return quad.graph_name.value


def _write(document: Json, out: Path) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1)
    with replacing(out) as beside:
        beside.write_text(text + "\n", encoding="utf-8")
