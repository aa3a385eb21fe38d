"""JSON Schemas of study and source files, for editors; words come from the ontology."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph_builder.records import Source, Study
from graph_builder.terms import Terms, read_ontology, terms_of

_KEY = "x-ontology-class"


def schemas(ontology: Path) -> dict[str, dict[str, Any]]:
    """JSON Schema by kind of file: study, source."""
    terms = terms_of(read_ontology(ontology))
    return {
        "study": _with_words(Study.model_json_schema(), terms),
        "source": _with_words(Source.model_json_schema(), terms),
    }


def _with_words(node: Any, terms: Terms) -> Any:
    """The schema with the ontology's words as enumerations where a field takes them."""
    if isinstance(node, list):
        return [_with_words(item, terms) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: _with_words(value, terms) for key, value in node.items() if key != _KEY}
    cls = node.get(_KEY)
    if cls is None:
        return found
    words = terms.attributes if cls == "Attribute" else terms.codes[cls]
    kept = {key: found[key] for key in ("default", "description", "title") if key in found}
    optional = any(part.get("type") == "null" for part in node.get("anyOf", []))
    return {**kept, "enum": [*words, *([None] if optional else [])]}
