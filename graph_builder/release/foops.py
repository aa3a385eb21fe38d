"""The tests of FOOPS that need a file and no network, restated: how FAIR the ontology is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyoxigraph as ox

from graph_builder.release.findings import FoopsTest

_PREFIXES = """PREFIX bibo: <http://purl.org/ontology/bibo/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vann: <http://purl.org/vocab/vann/>
"""
_PROPERTIES = {
    "title": "dcterms:title",
    "description": "dcterms:description|rdfs:comment",
    "licence": "dcterms:license",
    "version IRI": "owl:versionIRI",
    "author": "dcterms:creator",
    "namespace URI": "vann:preferredNamespaceUri",
    "namespace prefix": "vann:preferredNamespacePrefix",
    "version information": "owl:versionInfo",
    "creation date": "dcterms:created",
    "citation": "dcterms:bibliographicCitation",
    "DOI": "bibo:doi",
    "publisher": "dcterms:publisher",
    "logo": "foaf:logo",
    "status": "bibo:status",
    "source": "dcterms:source",
    "date of issue": "dcterms:issued",
}
"""Name of a piece of metadata to the properties that FOOPS takes for it, of those we use."""

_METADATA = {
    ("OM1", "minimum metadata"): (
        *("title", "description", "licence", "version IRI", "author", "namespace URI"),
    ),
    ("OM2", "recommended metadata"): (
        *("namespace prefix", "version information", "creation date", "citation"),
    ),
    ("OM3", "detailed metadata"): (
        *("DOI", "publisher", "logo", "status", "source", "date of issue"),
    ),
    ("OM4.1", "a licence is stated"): ("licence",),
    ("OM5.1", "basic provenance"): ("creation date", "author"),
    ("OM5.2", "detailed provenance"): ("date of issue", "publisher"),
    ("FIND1", "a prefix is stated"): ("namespace prefix",),
}
_PERSISTENT = ("w3id.org", "doi.org", "purl.", "linked.data.gov.au", "dbpedia.org", "perma.cc")
_METADATA_VOCABULARIES = (
    *("http://purl.org/dc/terms/", "http://purl.org/vocab/vann/", "https://schema.org/"),
    *("http://purl.org/ontology/bibo/", "http://xmlns.com/foaf/0.1/", "http://www.w3.org/ns/prov#"),
)
_TERMS = """SELECT DISTINCT ?term ?label ?definition WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty }
  ?term a ?kind .
  FILTER(isIRI(?term))
  BIND(EXISTS { ?term rdfs:label|skos:prefLabel ?text } AS ?label)
  BIND(EXISTS { ?term rdfs:comment|skos:definition ?text } AS ?definition)
}"""


def foops(ontology: str, store: ox.Store) -> tuple[FoopsTest, ...]:
    """Each test with parts passed of parts asked; OM4.2 asks the network and is left out."""
    told = _metadata(ontology, store)
    tests = [_purl(ontology), FoopsTest("RDF1", "the file is RDF", 1, 1)]
    for (name, title), wanted in _METADATA.items():
        missing = [one for one in wanted if one not in told]
        detail = f"not there: {', '.join(missing)}" if missing else ""
        tests.append(FoopsTest(name, title, len(wanted) - len(missing), len(wanted), detail))
    tests += [_version(ontology, store), _metadata_reuse(ontology, store)]
    return (*tests, *_vocabulary(ontology, store))


def _rows(store: ox.Store, query: str) -> ox.QuerySolutions:
    found = store.query(_PREFIXES + query)
    assert isinstance(found, ox.QuerySolutions)
    return found


def _metadata(ontology: str, store: ox.Store) -> Collection[str]:
    return {
        name
        for name, path in _PROPERTIES.items()
        if any(_rows(store, f"SELECT ?value WHERE {{ <{ontology}> {path} ?value }}"))
    }


def _purl(ontology: str) -> FoopsTest:
    kept = any(place in ontology for place in _PERSISTENT)
    return FoopsTest("PURL1", "the IRI is at a register of persistent IRIs", int(kept), 1)


def _version(ontology: str, store: ox.Store) -> FoopsTest:
    rows = _rows(store, f"SELECT ?iri WHERE {{ <{ontology}> owl:versionIRI ?iri }}")
    found = [row["iri"].value for row in rows]
    passed = int(bool(found)) + int(bool(found) and ontology not in found)
    return FoopsTest("VER1", "a version IRI, other than the ontology IRI", passed, 2)


def _metadata_reuse(ontology: str, store: ox.Store) -> FoopsTest:
    rows = _rows(store, f"SELECT DISTINCT ?property WHERE {{ <{ontology}> ?property ?value }}")
    used = [row["property"].value for row in rows]
    reused = sorted(v for v in _METADATA_VOCABULARIES if any(u.startswith(v) for u in used))
    title = "metadata in words of known vocabularies"
    return FoopsTest("VOC1", title, int(bool(reused)), 1, ", ".join(reused))


def _vocabulary(ontology: str, store: ox.Store) -> Iterator[FoopsTest]:
    """VOC2 counts only classes and properties in axioms; what is mapped by annotation it misses."""
    rows = list(_rows(store, _TERMS))
    base = ontology.removesuffix("ontology")
    own = [row for row in rows if row["term"].value.startswith(base)]
    outside = len(rows) - len(own)
    detail = "" if outside else "outside terms are matched by annotation, not used in axioms"
    title = "classes or properties of other vocabularies"
    yield FoopsTest("VOC2", title, int(outside > 0), 1, detail)
    for name, column in (("VOC3", "label"), ("VOC4", "definition")):
        told = sum(row[column].value == "true" for row in own)
        yield FoopsTest(name, f"terms with a {column}", told, len(own))
