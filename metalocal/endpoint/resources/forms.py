"""The forms a thing comes in: which one a suffix or an Accept header asks for."""

from __future__ import annotations

from dataclasses import dataclass

from metalocal.endpoint.formats import GRAPH_FORMATS, HTML, Format, choose, listing
from metalocal.endpoint.refusal import none_accepted


@dataclass(frozen=True)
class Form:
    """One way a thing is written: the name of its format, suffix, and what people call it."""

    name: str
    suffix: str
    words: str
    format: Format

    @property
    def content_type(self) -> str:
        """Proper media type, with its charset where it is a text type."""
        return self.media_type + ("; charset=utf-8" if self.format.is_text else "")

    @property
    def media_type(self) -> str:
        """Proper media type."""
        return self.format.media_types[0]


_BY_NAME = {format_.name: format_ for format_ in GRAPH_FORMATS}
PAGE = Form("html", ".html", "HTML", HTML)
TURTLE = Form("turtle", ".ttl", "Turtle", _BY_NAME["turtle"])
RDF_XML = Form("rdf-xml", ".rdf", "RDF/XML", _BY_NAME["rdf-xml"])
JSON_LD = Form("json-ld", ".jsonld", "JSON-LD", _BY_NAME["json-ld"])
N_TRIPLES = Form("n-triples", ".nt", "N-Triples", _BY_NAME["n-triples"])

DATA = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
THING = (PAGE, *DATA)
"""Of a thing, a client without a wish gets the page."""
GRAPH = (*DATA, PAGE)
"""Of a named graph, a client without a wish gets the triples (Graph Store Protocol)."""
ONTOLOGY = (RDF_XML, TURTLE, JSON_LD, N_TRIPLES, PAGE)
"""Of the ontology, a client without a wish gets what OWL tools expect."""


def wished(accept: str, forms: tuple[Form, ...]) -> Form:
    """The form the client likes best, the first of `forms` among equals.

    Raises:
        RefusedError: 406, none of them.
    """
    formats = tuple(form.format for form in forms)
    chosen = choose(accept, formats)
    if chosen is None:
        raise none_accepted(listing(formats))
    return next(form for form in forms if form.name == chosen.name)


def without_suffix(path: str) -> tuple[str, Form | None]:
    """A path without the suffix of a form, and that form; the path itself where it has none.

    >>> without_suffix("/id/study/tata.ttl")[0]
    '/id/study/tata'
    """
    for form in THING:
        if path.endswith(form.suffix) and not path.endswith("/" + form.suffix):
            return path.removesuffix(form.suffix), form
    return path, None
