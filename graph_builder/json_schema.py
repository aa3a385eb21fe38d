"""JSON Schemas of the data files, for editors; words come from the ontology."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph_builder.guidance import DecisionModel, Guidance
from graph_builder.records import NotEntered, Record, Source, Study
from graph_builder.terms import Terms, read_ontology, terms_of

_KEY = "x-ontology-class"


def schemas(ontology: Path) -> dict[str, dict[str, Any]]:
    """JSON Schema by kind of file: study, source, guidance, model, not_entered."""
    terms = terms_of(read_ontology(ontology))
    kinds: dict[str, type[Record]] = {
        "study": Study,
        "source": Source,
        "guidance": Guidance,
        "model": DecisionModel,
        "not_entered": NotEntered,
    }
    return {kind: _with_words(record.model_json_schema(), terms) for kind, record in kinds.items()}


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
