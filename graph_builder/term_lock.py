"""The ontology to the list of its terms, which never loses one: ontology/terms.tsv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from graph_builder.problems import Place, Problem, ProblemsFoundError, ToldError
from graph_builder.vocabulary import ML, ONTOLOGY

LOCK = "ontology/terms.tsv"
TERMS = f"{ONTOLOGY}/"
CURRENT, DEPRECATED = "current", "deprecated"
REPLACED_BY = URIRef("http://purl.obolibrary.org/obo/IAO_0100001")
_KINDS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "object property",
    OWL.DatatypeProperty: "data property",
    OWL.AnnotationProperty: "annotation property",
    RDFS.Datatype: "datatype",
}
_INDIVIDUALS = {
    ML.Attribute: "attribute",
    ML.AttributeValue: "value",
    ML.Code: "code",
    ML.Implication: "implication",
    ML.Rule: "rule",
}


@dataclass(frozen=True, order=True)
class Term:
    """A term: local name, kind, label, the version it came with, status, and what replaces it."""

    name: str
    kind: str
    label: str
    since: str
    status: str = CURRENT
    replaced_by: str = ""


COLUMNS = tuple(field.name for field in fields(Term))


@dataclass(frozen=True)
class Lock:
    """The terms as they are to be locked, and in words what differs from the lock before."""

    terms: tuple[Term, ...]
    news: tuple[str, ...]


def version_of(graph: Graph) -> str:
    """The version an ontology states.

    Raises:
        ToldError: it states none or several.
    """
    found = [str(version) for version in graph.objects(URIRef(ONTOLOGY), OWL.versionInfo)]
    if len(found) != 1:
        raise ToldError(
            f"the ontology {ONTOLOGY} states {len(found)} versions; "
            "give it one owl:versionInfo in ontology/metalocal.ttl"
        )
    return found[0]


def terms_in(graph: Graph) -> dict[str, Term]:
    """The terms an ontology declares in our namespace, by name, each as if it were new."""
    version = version_of(graph)
    above = _superclasses(graph)
    terms = {}
    for node in set(graph.subjects(RDF.type)):
        name = str(node).removeprefix(TERMS)
        if isinstance(node, URIRef) and name != str(node) and "/" not in name:
            gone = (node, OWL.deprecated, Literal(True)) in graph
            terms[name] = Term(
                name=name,
                kind=_kind(graph, node, above),
                label=str(graph.value(node, RDFS.label) or ""),
                since=version,
                status=DEPRECATED if gone else CURRENT,
                replaced_by=_local(graph.value(node, REPLACED_BY)),
            )
    return dict(sorted(terms.items()))


def _local(node: Node | None) -> str:
    return "" if node is None else str(node).removeprefix(TERMS)


def _superclasses(graph: Graph) -> Mapping[Node, str]:
    """The kind of the individuals of each class that lies below one of these."""
    return {
        cls: kind
        for top, kind in _INDIVIDUALS.items()
        for cls in graph.transitive_subjects(RDFS.subClassOf, top)
        if cls is not None
    }


def _kind(graph: Graph, node: URIRef, above: Mapping[Node, str]) -> str:
    types = set(graph.objects(node, RDF.type))
    kinds = [kind for cls, kind in _KINDS.items() if cls in types]
    kinds += sorted({above[cls] for cls in types if cls in above})
    return kinds[0] if kinds else "individual"


def read_lock(text: str) -> dict[str, Term]:
    """The terms of a lock, by name.

    Raises:
        ProblemsFoundError: the header is another one, a line has another number of cells, or a
            name stands twice; with the line.
    """
    lines = text.splitlines()
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        mend = f"restore its first line: {', '.join(COLUMNS)}, with tabs between"
        raise ProblemsFoundError([_problem(1, "this is no list of terms", "term-lock", mend)])
    terms: dict[str, Term] = {}
    problems = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or cells[0] in terms:
            twice = cells[0] in terms
            message = f"{cells[0]} stands twice" if twice else f"{len(cells)} cells for {COLUMNS}"
            problems.append(_problem(number, message, "term-lock", "correct this line"))
        else:
            terms[cells[0]] = Term(*cells)
    if problems:
        raise ProblemsFoundError(problems)
    return terms


def lock_text(terms: Iterable[Term]) -> str:
    """The lock as tab-separated text, sorted by name."""
    rows = [COLUMNS, *(tuple(vars(term).values()) for term in sorted(terms))]
    return "".join("\t".join(row) + "\n" for row in rows)


def locked(known: Mapping[str, Term], found: Mapping[str, Term]) -> Lock:
    """The lock brought up to date: new terms added, no line lost, each keeping its version.

    Args:
        known: the terms of the lock.
        found: the terms of the ontology.

    Raises:
        ProblemsFoundError: a locked term is gone from the ontology or has become of another kind,
            or a deprecated one is not marked as the policy asks.
    """
    problems = [p for place, name in enumerate(known, 2) for p in _lost(place, known[name], found)]
    problems += [p for term in found.values() for p in _wrongly_deprecated(term, found)]
    if problems:
        raise ProblemsFoundError(problems)
    terms = [
        replace(term, since=known[name].since) if name in known else term
        for name, term in found.items()
    ]
    news = [line for term in terms for line in _news(known.get(term.name), term)]
    return Lock(tuple(terms), tuple(news))


def _problem(line: int, message: str, rule: str, mend: str) -> Problem:
    return Problem(Place(LOCK, line, 1), message, rule, mend)


def _lost(line: int, known: Term, found: Mapping[str, Term]) -> list[Problem]:
    name = known.name
    if name not in found:
        mend = (
            f"never delete an IRI: bring ml:{name} back and deprecate it (owl:deprecated true, "
            f'label "obsolete {known.label}", obo:IAO_0100001 its successor); only if no release '
            "ever had it, delete this line"
        )
        message = f"ml:{name} (since {known.since}) is gone from the ontology"
        return [_problem(line, message, "vanished-term", mend)]
    if found[name].kind != known.kind:
        message = f"ml:{name} was a {known.kind} and is a {found[name].kind} now"
        mend = "an IRI keeps its meaning: give the new term a new name and deprecate this one"
        return [_problem(line, message, "changed-kind", mend)]
    return []


def _wrongly_deprecated(term: Term, found: Mapping[str, Term]) -> list[Problem]:
    place = Place(f"ontology: ml:{term.name}")
    is_gone, successor = term.status == DEPRECATED, found.get(term.replaced_by)
    wrong = []
    if is_gone != term.label.startswith("obsolete "):
        message = f'deprecated is {str(is_gone).lower()}, but the label is "{term.label}"'
        mend = 'write owl:deprecated true and a label that begins with "obsolete ", or neither'
        wrong.append(Problem(place, message, "obsolete-label", mend))
    if term.replaced_by and not is_gone:
        mend = "add owl:deprecated true, or take obo:IAO_0100001 away"
        wrong.append(Problem(place, "a current term is replaced", "replaced-term", mend))
    ours = term.replaced_by and "/" not in term.replaced_by
    if ours and (successor is None or successor.status == DEPRECATED):
        message = f"it is replaced by ml:{term.replaced_by}, which is no current term"
        wrong.append(Problem(place, message, "replaced-by", "name a current term"))
    return wrong


def _news(before: Term | None, now: Term) -> list[str]:
    if before is None:
        return [f'added ml:{now.name} ({now.kind}) "{now.label}", since {now.since}']
    lines = []
    if before.status != now.status:
        successor = f", replaced by ml:{now.replaced_by}" if now.replaced_by else ""
        lines.append(f"{now.status} ml:{now.name}{successor}")
    elif before.replaced_by != now.replaced_by:
        lines.append(f"ml:{now.name} is now replaced by ml:{now.replaced_by or 'nothing'}")
    if before.label != now.label and before.status == now.status:
        lines.append(f'label of ml:{now.name}: "{before.label}" is now "{now.label}"')
    return lines
