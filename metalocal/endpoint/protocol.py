"""An HTTP request -> the query it carries (SPARQL 1.1 Protocol, section 2.1), or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from metalocal.endpoint.guard import READ_ONLY
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.settings import Limits

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"

# A character is at most 4 bytes of UTF-8, each at most 3 characters of a form (%F0).
_BYTES_PER_CHARACTER = 12
_BYTES_FOR_OTHER_PARAMETERS = 10_000
_MOST_PARAMETERS = 200

Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class QueryRequest:
    """A query and the dataset the protocol asks for; empty tuples mean it asks for none."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


async def read_request(request: Request, limits: Limits) -> QueryRequest | None:
    """Query of `request`; None for a GET without parameters, which asks what this is.

    Raises:
        RefusedError: 400, 403, 413 or 415, with the way to mend it.
    """
    parameters = _parameters(_text(request.scope["query_string"], "The URL"))
    if request.method != "POST":
        return _query_request(parameters, limits) if parameters else None
    content_type = _content_type(request.headers.get("content-type", ""))
    text = _text(await _body(request, limits), "The body")
    if content_type == DIRECT:
        return _query_request([*parameters, ("query", text)], limits)
    return _query_request(parameters + _parameters(text), limits)


def _content_type(header: str) -> str:
    media_type, *parameters = (piece.strip().lower() for piece in header.split(";"))
    if media_type == UPDATE:
        raise RefusedError(403, READ_ONLY)
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset")]
    if media_type not in (FORM, DIRECT) or any(c not in ("utf-8", "utf8") for c in charsets):
        raise RefusedError(
            415,
            "The Content-Type of this POST is not one a query can come in; "
            f"send {DIRECT} or {FORM}, in UTF-8.",
        )
    return media_type


async def _body(request: Request, limits: Limits) -> bytes:
    most = limits.query_characters * _BYTES_PER_CHARACTER + _BYTES_FOR_OTHER_PARAMETERS
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise _too_long(limits)
    return bytes(body)


def _text(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf_8(where, error) from error


def _parameters(text: str) -> Parameters:
    try:
        return parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except UnicodeDecodeError as error:
        raise _not_utf_8("A parameter", error) from error
    except ValueError as error:
        raise RefusedError(
            400, f"The request has more than {_MOST_PARAMETERS} parameters; send fewer."
        ) from error


def _query_request(parameters: Parameters, limits: Limits) -> QueryRequest:
    if any(name == "update" for name, _ in parameters):
        raise RefusedError(403, READ_ONLY)
    queries = _values(parameters, "query")
    if len(queries) != 1:
        found = "no query" if not queries else f"{len(queries)} queries"
        raise RefusedError(400, f"The request holds {found}; send exactly one parameter 'query'.")
    if len(queries[0]) > limits.query_characters:
        raise _too_long(limits)
    return QueryRequest(
        queries[0],
        tuple(_values(parameters, "default-graph-uri")),
        tuple(_values(parameters, "named-graph-uri")),
    )


def _values(parameters: Parameters, wanted: str) -> list[str]:
    return [value for name, value in parameters if name == wanted]


def _too_long(limits: Limits) -> RefusedError:
    return RefusedError(
        413,
        f"The query is longer than {limits.query_characters} characters; "
        "shorten it, or split its VALUES over several requests.",
    )


def _not_utf_8(where: str, error: UnicodeDecodeError) -> RefusedError:
    return RefusedError(
        400, f"{where} is not UTF-8 at byte {error.start + 1}; encode the query as UTF-8."
    )
