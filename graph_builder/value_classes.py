"""Attribute values as classes of profiles, implications as axioms between these classes.

A fact of a patient is a class her profile is in. No individual stands in a class expression, so a
reasoner decides on classes without looking at the studies of the same file.
"""

from __future__ import annotations

from rdflib import RDFS, URIRef
from rdflib.term import Node

from graph_builder.attributes import Attribute, Implication, Kind
from graph_builder.axioms import ClassWriter
from graph_builder.terms import Terms
from graph_builder.vocabulary import ML, code, thing

VALUES = thing("graph", "values")


def present(value: str) -> URIRef:
    """The class of the profiles that tell a value, such as "her2_status-negative"."""
    return thing("profiles", value)


def absent(value: str) -> URIRef:
    """The class of the profiles that rule a member of a set attribute out."""
    return thing("profiles", value, "absent")


def without(attribute: Attribute, word: str, writer: ClassWriter) -> Node:
    """The class of the profiles known to be without a value; of a one-of value: with another."""
    if attribute.kind is Kind.SET:
        return absent(attribute.value_id(word))
    others = [present(attribute.value_id(w)) for w in attribute.values if w != word]
    return writer.union(others)


def value_classes(terms: Terms, writer: ClassWriter) -> None:
    """Classes for all values, gathered by attribute; the implications."""
    for attribute in terms.attributes.values():
        if attribute.values:
            _values(attribute, gathered(attribute, writer), writer)
    for implication in terms.implications:
        _implication(implication, terms, writer)


def gathered(attribute: Attribute, writer: ClassWriter) -> URIRef:
    """The class that gathers the profiles that tell an attribute, below that of its group."""
    group = attribute.group.lower()
    facts = writer.named(
        thing("profiles", "facts"),
        "profile that tells a fact",
        "A profile that tells at least one fact of a patient.",
        ML.Profile,
    )
    of_group = writer.named(
        thing("profiles", "facts", group.replace(" ", "_")),
        f"profile that tells a fact of the group {group}",
        f"A profile that tells at least one fact asked under {group}.",
        facts,
    )
    return writer.named(
        thing("profiles", attribute.key),
        f"profile that tells {attribute.label}",
        f"A profile that tells a value of the attribute {attribute.label}.",
        of_group,
    )


def _values(attribute: Attribute, above: URIRef, writer: ClassWriter) -> None:
    for word, short in attribute.values.items():
        value, label = attribute.value_id(word), f"{attribute.label}: {short}"
        writer.named(
            present(value), f"profile with {label}", f"A profile that tells {label}.", above
        )
        writer.graph.add((code(value), ML.presenceClass, present(value)))
        if attribute.kind is Kind.SET:
            definition = f"A profile that rules out {label}."
            writer.named(absent(value), f"profile without {label}", definition, above)
            writer.graph.add((code(value), ML.absenceClass, absent(value)))
            writer.disjoint([present(value), absent(value)])
    if attribute.kind is not Kind.SET:
        writer.disjoint([present(attribute.value_id(word)) for word in attribute.values])


def _implication(implication: Implication, terms: Terms, writer: ClassWriter) -> None:
    left = writer.intersection([present(value) for value in sorted(implication.conditions)])
    for value in sorted(implication.consequences):
        writer.graph.add((left, RDFS.subClassOf, present(value)))
    for value in sorted(implication.ruled_out):
        key, word = value.split("-")
        right = without(terms.attributes[key], word, writer)
        writer.graph.add((left, RDFS.subClassOf, right))
