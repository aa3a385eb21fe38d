"""Queries and attributes -> the lists at `/api` and `/api/attributes`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from graph_builder.attributes import Attribute
from metalocal.answers import NOTICE
from metalocal.catalogue import NamedQuery
from metalocal.endpoint.api.query_slots import own_parameters, takes_profile

_LISTED = {"type": "array", "items": {"type": "object"}}


def add_lists(
    api: FastAPI, queries: Mapping[str, NamedQuery], attributes: Mapping[str, Attribute]
) -> None:
    """Add the two lists; what they give is settled here, once."""
    listed = {
        "queries": [_query(query) for query in queries.values()],
        "answer": {"link": "/api/answer"},
        "attributes": {"link": "/api/attributes"},
        "openapi": {"link": "/api/openapi.json"},
        "notice": NOTICE,
    }
    asked = {
        "attributes": [_attribute(attribute) for attribute in attributes.values()],
        "notice": NOTICE,
    }
    _add(api, "/", "list_queries", "All named queries", listed)
    _add(api, "/attributes", "list_attributes", "What can be told of a patient", asked)


def _add(api: FastAPI, path: str, name: str, summary: str, document: dict[str, Any]) -> None:
    body = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    first = next(iter(document))
    schema = {
        "type": "object",
        "required": list(document),
        "properties": {first: _LISTED, "notice": {"type": "string"}},
    }

    async def respond(_request: Request) -> Response:
        return Response(body, media_type="application/json")

    respond.__annotations__ = {"_request": Request, "return": Response}
    api.add_api_route(
        path,
        respond,
        methods=["GET"],
        operation_id=name,
        summary=summary,
        response_class=Response,
        responses={
            200: {"description": "A list.", "content": {"application/json": {"schema": schema}}}
        },
    )


def _query(query: NamedQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "takes_profile": takes_profile(query),
        "parameters": [
            {
                "name": parameter.name,
                "description": parameter.description,
                "columns": dict(parameter.columns),
                "example": parameter.example or None,
            }
            for parameter in own_parameters(query)
        ],
        "link": f"/api/queries/{query.name}",
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {
        "name": attribute.key,
        "label": attribute.label,
        "question": attribute.question,
        "definition": attribute.definition,
        "group": attribute.group,
        "kind": attribute.kind.value,
        "values": [{"value": word, "label": label} for word, label in attribute.values.items()],
        "unit": attribute.unit or None,
        "lowest": attribute.lowest,
        "highest": attribute.highest,
        "whole_numbers": attribute.whole_numbers,
    }
