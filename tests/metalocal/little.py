"""A little graph to write and read back, and how files are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import Dataset

from metalocal.context import PREFIXES, context_of
from metalocal.jsonld import dataset_document

HEADER = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
RDFLIB_WARNS = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"  # of its own use in reading JSON-LD
)
OF_STUDY = """
SELECT DISTINCT ?study ?graph ?thing WHERE {
  { GRAPH ?study { ?thing ?p ?o } BIND(?study AS ?graph) }
  UNION {
    GRAPH ?study { ?thing a ml:Report }
    GRAPH ?graph { ?thing ml:reportedIn ?source }
  } UNION {
    GRAPH ?study { ?report a ml:Report }
    GRAPH mlid:graph\\/provenance { ?report ml:reportedIn ?thing }
    GRAPH ?graph { ?thing a ml:Source }
  } UNION {
    GRAPH ?study { ?report a ml:Report }
    GRAPH ?graph { ?thing a ml:Derivation ; ml:ofReport ?report }
  } UNION {
    GRAPH ?study { ?criterion ml:hasClause ?clause }
    GRAPH ?graph { ?clause ml:hasBound? ?thing . ?thing a ?kind }
  }
}"""
LITTLE = (
    HEADER.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
    + """
mlid:graph\\/ontology {
  ml:value a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range xsd:decimal .
  ml:line a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range xsd:integer .
  ml:place a owl:DatatypeProperty ; rdfs:range xsd:string .
  ml:note a owl:AnnotationProperty ; rdfs:label "note"@en .
  ml:outcome a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:range ml:Outcome .
  ml:hasEstimate a owl:ObjectProperty ; rdfs:range ml:Estimate .
  ml:hasArm a owl:ObjectProperty .
  ml:arms a owl:ObjectProperty .
  ml:Outcome rdfs:subClassOf ml:Code ; skos:definition "What happens."@en .
  ml:Intervention rdfs:subClassOf ml:Code .
  ml:pain a ml:Outcome ; rdfs:label "pain"@en .
  ml:toxicity a ml:Outcome ; rdfs:label "toxicity"@en .
  ml:neutropenia a ml:Outcome ; rdfs:label "neutropenia"@en .
  ml:surgery a ml:Intervention ; rdfs:label "surgery"@en .
  ml:estimates a ml:Outcome ; rdfs:label "estimates"@en .
  ml:age_mean a ml:BaselineCharacteristic ; rdfs:label "mean age"@en .
  ml:age a ml:BaselineCharacteristic ; rdfs:label "age"@en .
}
"""
)


def quads_of(text: str) -> list[ox.Quad]:
    return list(ox.parse(LITTLE + text, format=ox.RdfFormat.TRIG))


def study(text: str) -> list[ox.Quad]:
    return quads_of(f"mlid:graph\\/study\\/little {{ {text} }}")


def codes(text: str) -> list[ox.Quad]:
    return quads_of(f"mlid:graph\\/ontology {{ {text} }}")


def built(folder: Path, quads: Iterable[ox.Quad]) -> Path:
    """A built graph of these quads."""
    data = canonical(quads)
    (folder / "graph.nq").write_bytes(data)
    manifest = {"sha256": hashlib.sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder / "graph.nq"


def canonical(quads: Iterable[ox.Quad]) -> bytes:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    data = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(data.splitlines(keepends=True)))


def read_by_rdflib(path: Path) -> bytes:
    dataset = Dataset()
    dataset.parse(path, format="json-ld")
    data = dataset.serialize(format="nquads", encoding="utf-8")
    return canonical(ox.parse(data, format=ox.RdfFormat.N_QUADS))


def read_by_oxigraph(path: Path) -> bytes:
    return canonical(ox.parse(path=str(path), format=ox.RdfFormat.JSON_LD))


def document(quads: list[ox.Quad]) -> Any:
    """The JSON-LD of a little dataset, once it has been read back whole."""
    written = dataset_document(quads, context_of(quads))
    text = json.dumps(written)
    assert canonical(ox.parse(text, format=ox.RdfFormat.JSON_LD)) == canonical(quads)
    return json.loads(text)


def things(quads: list[ox.Quad]) -> list[Any]:
    """The objects of the little study graph."""
    (found,) = [g for g in document(quads)["@graph"] if g["id"] == "mlid:graph/study/little"]
    return list(found["@graph"])
