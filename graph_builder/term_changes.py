"""Two releases of the ontology to what became of its terms, in Markdown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import Graph

from graph_builder.term_lock import CURRENT, DEPRECATED, TERMS, Term, terms_in, version_of
from graph_builder.turtle.comparison import facts_in, kind_of, nodes_of, partners, told
from graph_builder.turtle.layout import Layout
from graph_builder.turtle.reading import Axiom, Nested, Tree, owl
from graph_builder.vocabulary import ONTOLOGY

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_LABEL, _DEFINITION = ox.NamedNode(f"{_RDFS}label"), ox.NamedNode(f"{_SKOS}definition")
_HAS_VALUE = ox.NamedNode(f"{TERMS}hasValue")
_TOLD_ELSEWHERE = {
    *(_LABEL, _DEFINITION, _HAS_VALUE, owl("deprecated")),
    ox.NamedNode("http://purl.obolibrary.org/obo/IAO_0100001"),
}
PREFIXES = {
    TERMS: "ml",
    "http://purl.obolibrary.org/obo/": "obo",
    "http://www.w3.org/2002/07/owl#": "owl",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    _RDFS: "rdfs",
    _SKOS: "skos",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/ns/prov#": "prov",
    "http://www.w3.org/2001/XMLSchema#": "xsd",
}
_LAYOUT = Layout(PREFIXES)


@dataclass(frozen=True)
class Release:
    """One release: its version, terms by name, and axioms by the term they are about.

    Under the empty name stand the statements without a subject.
    """

    version: str
    terms: Mapping[str, Term]
    axioms: Mapping[str, frozenset[Axiom]]

    def of(self, name: str, predicate: ox.NamedNode) -> set[Tree]:
        """The objects of a term and a predicate."""
        return {a.tree for a in self.axioms.get(name, ()) if a.predicate == predicate}

    def literal(self, name: str, predicate: ox.NamedNode) -> str:
        """A text said of a term, or the empty one."""
        found = (t.value for t in self.of(name, predicate) if isinstance(t, ox.Literal))
        return min(found, default="")


def release_of(axioms: Iterable[Axiom]) -> Release:
    """A release from its axioms; what is no term of ours is left out.

    Raises:
        ToldError: it states no version.
    """
    about = defaultdict[str, set[Axiom]](set)
    for axiom in axioms:
        subject = axiom.subject
        if subject is None:
            about[""].add(axiom)
        elif subject.value.startswith(TERMS) or subject.value == ONTOLOGY:
            about[subject.value.removeprefix(TERMS)].add(axiom)
    graph = _plain(a for found in about.values() for a in found if a.subject is not None)
    terms = terms_in(graph)
    kept = {name: frozenset(found) for name, found in about.items() if name in terms or not name}
    return Release(version_of(graph), terms, kept)


def _plain(axioms: Iterable[Axiom]) -> Graph:
    """The triples of axioms without blank nodes."""
    lines = [
        f"{axiom.subject} {axiom.predicate} {axiom.tree} ."
        for axiom in axioms
        if isinstance(axiom.tree, ox.NamedNode | ox.Literal)
    ]
    return Graph().parse(data="\n".join(lines), format="nt")


def changes(old: Release, new: Release) -> str:
    """What became of the terms, in Markdown; sections without entries are left out."""
    both = [name for name in old.terms if name in new.terms]
    sections = {
        "Added": [_added(new, n) for n in new.terms if n not in old.terms],
        "Deprecated": [_deprecated(new, n) for n in both if _goes(old, new, n)],
        "Gone, against the policy": [_named(old, n) for n in old.terms if n not in new.terms],
        "Label changed": [_relabelled(old, new, n) for n in both if _is_relabelled(old, new, n)],
        "Definition changed": _texts(old, new, both),
        "Values of attributes": [line for n in both for line in _values(old, new, n)],
        "Axioms changed": _axioms(old, new),
    }
    head = f"## Terms, {old.version} to {new.version}"
    filled = [f"### {title}\n" + "\n".join(rows) for title, rows in sections.items() if rows]
    return "\n\n".join([head, *(filled or ["No term has changed."])]) + "\n"


def _named(release: Release, name: str) -> str:
    term = release.terms[name]
    return f'- `ml:{name}` ({term.kind}) "{term.label}"'


def _added(new: Release, name: str) -> str:
    definition = new.literal(name, _DEFINITION)
    return _named(new, name) + (f": {definition}" if definition else "")


def _goes(old: Release, new: Release, name: str) -> bool:
    return (old.terms[name].status, new.terms[name].status) == (CURRENT, DEPRECATED)


def _deprecated(new: Release, name: str) -> str:
    successor = new.terms[name].replaced_by
    return f"{_named(new, name)}: " + (f"use `ml:{successor}`" if successor else "no successor")


def _is_relabelled(old: Release, new: Release, name: str) -> bool:
    return old.terms[name].label != new.terms[name].label and not _goes(old, new, name)


def _relabelled(old: Release, new: Release, name: str) -> str:
    return f'- `ml:{name}`: "{old.terms[name].label}" is now "{new.terms[name].label}"'


def _texts(old: Release, new: Release, names: Iterable[str]) -> list[str]:
    rows = []
    for name in names:
        before, now = (release.literal(name, _DEFINITION) for release in (old, new))
        if before != now:
            rows.append(f"- `ml:{name}`\n  - before: {before or 'none'}\n  - now: {now or 'none'}")
    return rows


def _values(old: Release, new: Release, name: str) -> list[str]:
    before, now = (release.of(name, _HAS_VALUE) for release in (old, new))
    label = new.terms[name].label
    rows = []
    for word, values in (("added", now - before), ("no longer there", before - now)):
        if values:
            shown = ", ".join(f"`{value}`" for value in sorted(map(_LAYOUT.object, values)))
            rows.append(f'- `ml:{name}` "{label}", {word}: {shown}')
    return rows


def _axioms(old: Release, new: Release) -> list[str]:
    """The axioms lost and won of terms in both releases, and of statements without a subject."""
    entries = []
    for name in sorted({"", *old.terms} & {"", *new.terms}):
        before, now = (_logic(release, name) for release in (old, new))
        rows = _lines(before - now, now - before)
        if rows:
            title = f"`ml:{name}`" if name else "statements on several terms"
            entries.append("\n".join([f"- {title}", *(f"  - `{row}`" for row in rows)]))
    return entries


def _logic(release: Release, name: str) -> frozenset[Axiom]:
    return frozenset(
        axiom
        for axiom in release.axioms.get(name, frozenset())
        if axiom.predicate not in _TOLD_ELSEWHERE and (name or _lists_terms(axiom))
    )


def _lists_terms(axiom: Axiom) -> bool:
    """Whether a statement without a subject is one of the ontology, such as `owl:AllDifferent`.

    The class axioms without a subject in a release come from implications, which have names.
    """
    return isinstance(axiom.tree, Nested) and kind_of(axiom.tree).startswith("All")


def _lines(lost: frozenset[Axiom], won: frozenset[Axiom]) -> list[str]:
    """A line for each fact lost or won; of lists that mostly agree, only what differs."""
    minus, plus = told(
        _LAYOUT,
        [(a.predicate, a.tree) for a in lost if a.subject is not None],
        [(a.predicate, a.tree) for a in won if a.subject is not None],
    )
    pairs = partners(lost, won)
    rows = [f"- {line}" for line in minus] + [f"+ {line}" for line in plus]
    for axiom in nodes_of(lost):
        rows += _node_lines(axiom, pairs.get(axiom))
    for axiom in nodes_of(won - set(pairs.values())):
        rows += _node_lines(None, axiom)
    return rows


def _node_lines(old: Axiom | None, new: Axiom | None) -> list[str]:
    """A statement without a subject lost, won, or changed in its members."""
    before, now = facts_in(old), facts_in(new)
    if old and new:
        minus, plus = told(_LAYOUT, before - now, now - before)
        return [f"- {line}" for line in minus] + [f"+ {line}" for line in plus]
    return [f"{'-' if old else '+'} {' ; '.join(_LAYOUT.predicates(before | now))}"]
