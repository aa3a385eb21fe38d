"""What the OWL API and two reasoners say of the ontology; nothing where Java is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from graph_builder.owl_api import LoadedFile, start_java, subsumptions, unsatisfiable
from graph_builder.problems import NoJavaError
from graph_builder.release.bounds import CUTS, without_data_ranges
from graph_builder.release.findings import Check, Finding, Level, Result, result

_THING = "http://www.w3.org/2002/07/owl#Thing"
_NOTHING = "http://www.w3.org/2002/07/owl#Nothing"


def _check(name: str, title: str, origin: str, mend: str) -> Check:
    return Check(name, title, Level.ERROR, origin, mend)


PROFILE = _check(
    "logic-profile",
    "The whole file keeps to OWL 2 DL.",
    "ROBOT validate-profile, OWL.md",
    "see the axiom named; most breaches are undeclared terms",
)
UNDECLARED = _check(
    "logic-undeclared",
    "The OWL API finds every entity of the whole file declared.",
    "OOPS P34, ROBOT undeclared entities",
    "declare it",
)
PUNNED = _check(
    "logic-punned",
    "The OWL API finds nothing of two kinds in the whole file.",
    "ROBOT validate-profile, fp_002",
    "give one of the two another IRI",
)
LOST = _check(
    "logic-lost",
    "Every triple of the whole file becomes an axiom or annotation.",
    "OBO fp_002 (loads in the OWL API)",
    "look how the triple is meant in the OWL 2 mapping to RDF",
)
ANONYMOUS = _check(
    "logic-anonymous",
    "The OWL API finds no individual without a name in the whole file.",
    "ours",
    "give it an IRI",
)
CONSISTENT = _check(
    "logic-consistent",
    "Ontology and groups contradict nothing, by HermiT and by Pellet.",
    "OBO fp_006, ROBOT reason",
    "ask Protégé to explain the inconsistency",
)
SATISFIABLE = _check(
    "logic-satisfiable",
    "Every class of ontology and groups can have a member, by HermiT and by Pellet.",
    "ROBOT reason, OOPS P06 and P31",
    "correct the criteria or the axiom that contradict each other",
)
AGREE = _check(
    "logic-reasoners-agree",
    "HermiT and Pellet find the same subsumptions among all named classes of ontology and groups, "
    "with each bound on a number as a class of its own.",
    "ours (two programs, one answer)",
    "see which of the two is wrong, and ask a third",
)
CHECKS = (PROFILE, UNDECLARED, PUNNED, LOST, ANONYMOUS, CONSISTENT, SATISFIABLE, AGREE)


def logic(
    ontology: str,
    whole: Collection[ox.Triple],
    classes: Collection[ox.Triple],
    *,
    wanted: bool = True,
) -> list[Result]:
    """The logic checks, or the same marked as not run where they are not wanted or Java is missing.

    Args:
        ontology: the IRI that findings without a term are told of.
        whole: everything that is released.
        classes: ontology and groups, which the reasoners get: they classify no study.
        wanted: without it, nothing is run.
    """
    if not wanted:
        return [Result(check, not_run="left out by --no-reasoning") for check in CHECKS]
    try:
        start_java(long=True)
    except NoJavaError as error:
        return [Result(check, not_run=str(error)) for check in CHECKS]
    return [*_of_file(ontology, LoadedFile(_rdf_xml(whole))), *_of_classes(ontology, classes)]


def _rdf_xml(triples: Iterable[ox.Triple]) -> bytes:
    text = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.RDF_XML)
    assert text is not None
    return text


def _of_file(ontology: str, loaded: LoadedFile) -> Iterator[Result]:
    found = {
        PROFILE: loaded.violations(),
        UNDECLARED: loaded.undeclared(),
        PUNNED: loaded.punned(),
        LOST: loaded.lost(),
        ANONYMOUS: loaded.anonymous(),
    }
    for check, lines in found.items():
        yield result(check, (Finding(ontology, line) for line in lines))


def _of_classes(ontology: str, classes: Collection[ox.Triple]) -> list[Result]:
    """Both reasoners on the classes with bounds as classes, since both fail on data ranges.

    HermiT 1.3.8 misses that what lies between two bounds keeps to each; Pellet 2.3.1 stops.
    """
    loaded = LoadedFile(_rdf_xml(without_data_ranges(classes)))
    reasoners = {"HermiT": loaded.reasoner(), "Pellet": loaded.second_reasoner()}
    against = [name for name, one in reasoners.items() if not one.isConsistent()]
    consistent = result(CONSISTENT, (Finding(ontology, f"by {name}") for name in against))
    if against:
        reason = "the ontology contradicts itself, so everything follows"
        return [consistent, Result(SATISFIABLE, not_run=reason), Result(AGREE, not_run=reason)]
    pairs = {name: set(subsumptions(one)) for name, one in reasoners.items()}
    empty = {name: unsatisfiable(one) for name, one in reasoners.items()}
    findings = (Finding(iri, f"empty by {name}") for name, iris in empty.items() for iri in iris)
    return [
        consistent,
        result(SATISFIABLE, (one for one in findings if not one.term.startswith(CUTS))),
        result(AGREE, differences(pairs["HermiT"], pairs["Pellet"])),
    ]


def differences(
    hermit: Collection[tuple[str, str]], pellet: Collection[tuple[str, str]]
) -> Iterator[Finding]:
    """A finding for each pair of classes that one of the two has in its hierarchy and not both.

    >>> [finding.detail for finding in differences({("a", "b"), ("a", "a")}, {("a", "a")})]
    ['only HermiT puts it under b']
    """
    both = {"HermiT": set(hermit), "Pellet": set(pellet)}
    for name, other in (("HermiT", "Pellet"), ("Pellet", "HermiT")):
        for low, high in both[name] - both[other]:
            if not (low.startswith(CUTS) or high.startswith(CUTS) or high in (_THING, _NOTHING)):
                yield Finding(low, f"only {name} puts it under {high}")
