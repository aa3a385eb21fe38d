"""Which triples of the built graph make a part: schema, classes, one question, a module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import pyoxigraph as ox

from graph_builder.problems import ToldError
from graph_builder.vocabulary import GROUP_GRAPHS, ID, ML, ONTOLOGY, code, thing

_TERMS = ("ontology", "mappings")
_LEFT_OUT = ("void", "examples")
_DATA = ("study", "guidance", "model", "source")
"""First part of the path of a thing that is no class: its module."""
_QUESTION, _ON_QUESTION = (ox.NamedNode(str(p)) for p in (ML.question, ML.onQuestion))
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_MODEL = ox.NamedNode(str(ML.DecisionModel))


class UnknownQuestionError(ToldError):
    """No study of the graph is on this question; the message names those there are."""


@dataclass(frozen=True)
class Part:
    """What to take of a graph.

    `groups`: the classes of values and groups; `data`: the individuals; both where `question` is
    given only as far as they belong to a study or statement on this question, or to a model.
    """

    groups: bool = True
    data: bool = True
    question: str | None = None


WHOLE = Part()
SCHEMA = Part(groups=False, data=False)
CLASSES = Part(data=False)


def module_of(name: str) -> str:
    """The ontology IRI of a module; that of all terms is the ontology's own."""
    return ONTOLOGY if name == "metalocal" else f"{ONTOLOGY}/module/{name}"


def triples_of(quads: Iterable[ox.Quad], part: Part) -> set[ox.Triple]:
    """The triples of a part, all in one graph.

    Raises:
        UnknownQuestionError: nothing in the graph is on the question of the part.
    """
    by_graph = _by_graph(quads)
    wanted = {*_TERMS}
    if part.groups:
        wanted |= {"values", *GROUP_GRAPHS, "sources"}
    if part.data:
        wanted |= by_graph.keys() - {*_LEFT_OUT, "values", *GROUP_GRAPHS}
    triples = {triple for name in wanted for triple in by_graph.get(name, ())}
    if part.question is None:
        return triples
    return _on_question(triples, part.question)


def modules_of(quads: Iterable[ox.Quad]) -> dict[str, set[ox.Triple]]:
    """The generated modules by name: classes as they were generated, individuals by their kind."""
    by_graph = _by_graph(quads)
    modules = {name: by_graph.pop(name) for name in ("values", *GROUP_GRAPHS, "mappings")}
    for name in ("ontology", *_LEFT_OUT):
        by_graph.pop(name, None)
    for kind in _DATA:
        modules[_plural(kind)] = set()
    for name, triples in by_graph.items():
        for triple in triples:
            kind = name if name in ("clauses", "inferred") else _path(triple.subject)[0]
            modules.setdefault(_plural(kind), set()).add(triple)
    return modules


def _plural(kind: str) -> str:
    same = ("clauses", "guidance", "inferred")
    return "studies" if kind == "study" else kind if kind in same else f"{kind}s"


def _by_graph(quads: Iterable[ox.Quad]) -> dict[str, set[ox.Triple]]:
    found: dict[str, set[ox.Triple]] = defaultdict(set)
    start = str(thing("graph", ""))
    for quad in quads:
        name = getattr(quad.graph_name, "value", "")
        found[name.removeprefix(start)].add(quad.triple)
    return found


def _path(node: object) -> list[str]:
    """The parts of the IRI of a thing, none for a term or blank node."""
    iri = getattr(node, "value", "")
    return iri.removeprefix(ID).split("/") if iri.startswith(ID) else [""]


def _owner(node: object) -> tuple[str, ...]:
    """The study, model or statement that a thing belongs to, as parts of its IRI."""
    path = _path(node)
    return tuple(path[: 3 if path[0] == "guidance" else 2])


def _on_question(triples: set[ox.Triple], question: str) -> set[ox.Triple]:
    asked = {t for t in triples if t.predicate in (_QUESTION, _ON_QUESTION)}
    kept = {_owner(t.subject) for t in asked if t.object == ox.NamedNode(str(code(question)))}
    known = {t.object.value.rpartition("/")[2] for t in asked}  # type: ignore[union-attr]
    if not kept:
        near = [word for word in sorted(known) if question in word]
        near = near or get_close_matches(question, known, n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise UnknownQuestionError(
            f"nothing in the graph is on the question {question}. {meant}"
            f"There are: {', '.join(sorted(known))}"
        )
    kept |= {_owner(t.subject) for t in triples if t.predicate == _TYPE and t.object == _MODEL}
    others = {thing("profiles", "groups", word) for word in known - {question}}
    folders = {ox.NamedNode(str(folder)) for folder in others}

    def belongs(node: object) -> bool:
        of_data = _path(node)[0] in ("study", "guidance", "model")
        return _owner(node) in kept if of_data else node not in folders

    named = {t for t in triples if not isinstance(t.subject, ox.BlankNode)}
    chosen = {t for t in named if belongs(t.subject) and belongs(t.object)}
    return chosen | _reached(triples - named, chosen, named - chosen)


def _reached(
    blank: set[ox.Triple], chosen: set[ox.Triple], refused: set[ox.Triple]
) -> set[ox.Triple]:
    """Of the triples of blank nodes those that no refused statement leads to.

    Axioms that stand for themselves, such as disjointness, are led to by nothing and stay.
    """
    about: Mapping[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    for triple in blank:
        about[triple.subject].append(triple)  # type: ignore[index]

    def closure(start: Iterable[ox.Triple]) -> set[ox.Triple]:
        found: set[ox.Triple] = set()
        left = [t.object for t in start if isinstance(t.object, ox.BlankNode)]
        while left:
            for triple in about[left.pop()]:
                if triple not in found:
                    found.add(triple)
                    if isinstance(triple.object, ox.BlankNode):
                        left.append(triple.object)
        return found

    return blank - (closure(refused) - closure(chosen))
