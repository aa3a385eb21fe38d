"""What is wrong with a request to `/api` -> problem details in JSON (RFC 9457), in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic_core import PydanticCustomError
from starlette.responses import Response

from graph_builder.problems import Problem

MEDIA_TYPE = "application/problem+json"
_LONGEST_SHOWN = 80

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and how to mend it."},
        "errors": {
            "type": "array",
            "description": "Each thing that is wrong with what was sent.",
            "items": {
                "type": "object",
                "required": ["in", "parameter", "found", "what", "mend"],
                "additionalProperties": False,
                "properties": {
                    "in": {"type": "string", "enum": ["query", "body", "profile"]},
                    "parameter": {"type": "string"},
                    "found": {"type": "string", "description": "The value as sent, shortened."},
                    "what": {"type": "string"},
                    "mend": {"type": "string"},
                },
            },
        },
    },
}
"""JSON Schema of what a refusal of `/api` looks like."""

_REFUSALS = {
    400: "A value, or the request as a whole, is not as described here.",
    406: "Nothing in the Accept header is given here.",
    413: "The result, or what was sent, is too large.",
    414: "The URL is too long.",
    415: "The body is not said to be JSON.",
    422: "Each value is well formed, but together they contradict one another.",
    503: "Too many requests wait, the time limit was reached, or the service is going down.",
}

_WORDS = {
    "missing": ("is missing", "send it; {} as body tells nothing"),
    "list_type": ("is no list", "write the values as a list: [...]"),
    "dict_type": ("is no object", 'write it as an object: {"name": value}'),
    "model_attributes_type": ("is no object", 'write it as an object: {"name": value}'),
    "too_short": ("is an empty list", "name at least one value, or leave it out"),
    "too_long": ("is too long a list", "split it over several requests"),
}
"""Kinds of errors that pydantic finds by itself, in words: what, how to mend."""


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an OpenAPI document says of refusals with these statuses."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    words = {"text/plain": {"schema": {"type": "string"}}}
    outside: dict[int | str, dict[str, Any]] = {
        429: {"description": "One client asks too often, or too much at once.", "content": words},
        500: {"description": "The endpoint failed; the fault is its own.", "content": words},
    }
    ours = {status: {"description": _REFUSALS[status], "content": content} for status in statuses}
    return outside | ours


def told(what: str, mend: str) -> PydanticCustomError:
    """The error a validator raises: the value, as found, `what`; and how to mend it."""
    return PydanticCustomError("told", "{what}; {mend}", {"what": what, "mend": mend})


def told_of(name: str, found: object, mend: str) -> PydanticCustomError:
    """The error of a name that is not known."""
    context = {"what": "is not known", "mend": mend}
    context |= {"parameter": shown(name), "found": shown(found)}
    return PydanticCustomError("told", "{what}; {mend}", context)


def problem(
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Refusal as JSON in ASCII, so that whatever was sent can be quoted."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        document["errors"] = list(errors)
    body = json.dumps(document, indent=1) + "\n"
    return Response(body, status, {**(headers or {}), "Content-Type": MEDIA_TYPE})


def invalid(found: Iterable[Any]) -> Response:
    """Refusal with 400 of values that do not validate, each in a sentence of its own."""
    errors = [_in_words(error) for error in found]
    return problem(400, " ".join(_sentence(error) for error in errors), errors)


def contradictory(found: Iterable[Problem]) -> Response:
    """Refusal with 422 of values that are well formed one by one and do not go together."""
    errors = [
        {
            "in": "profile",
            "parameter": one.place.file,
            "found": "",
            "what": one.message,
            "mend": one.mend,
        }
        for one in found
    ]
    return problem(422, " ".join(_ended(f"{one['what']}; {one['mend']}") for one in errors), errors)


def _in_words(error: Mapping[str, Any]) -> dict[str, str]:
    place, *path = (str(part) for part in error["loc"])
    context = error.get("ctx") or {}
    if error["type"] == "told":
        what, mend = context["what"], context["mend"]
    elif error["type"] == "json_invalid":
        what, mend = f"is no JSON ({context.get('error', 'unreadable')})", "send one JSON object"
        path = []
    else:
        fallback = (f"does not fit: {error['msg']}", "compare with /api/openapi.json")
        what, mend = _WORDS.get(error["type"], fallback)
    return {
        "in": place,
        "parameter": context.get("parameter", path[0] if path else ""),
        "found": context.get("found") or shown(error.get("input"), quoted=place == "body"),
        "what": what,
        "mend": mend,
    }


def shown(value: object, *, quoted: bool = False) -> str:
    """A value as sent, cut short: bare text where it can be printed and need not be `quoted`.

    All else is JSON in ASCII, which spells out line breaks, controls and half characters.
    """
    bare = isinstance(value, str) and value.isprintable() and not quoted
    text = str(value) if bare else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "..."


def _sentence(error: Mapping[str, str]) -> str:
    named = f"{error['in'].capitalize()} parameter '{error['parameter']}'"
    subject = named if error["parameter"] else f"The {error['in']}"
    return _ended(f"{subject} ({error['found']}) {error['what']}; {error['mend']}")


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."
