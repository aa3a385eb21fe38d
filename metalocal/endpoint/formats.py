"""An Accept header -> the media types to answer in (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request


@dataclass(frozen=True)
class Format:
    """One way to write a result: the media types it goes by, the first being its proper one."""

    name: str
    media_types: tuple[str, ...]
    is_text: bool = False


@dataclass(frozen=True)
class Chosen:
    """A format and the Content-Type to send it under."""

    name: str
    content_type: str


# In order of preference: the first is the answer to a client that does not mind.
RESULT_FORMATS = (
    Format("json", ("application/sparql-results+json", "application/json")),
    Format("xml", ("application/sparql-results+xml", "application/xml", "text/xml")),
    Format("csv", ("text/csv",), is_text=True),
    Format("tsv", ("text/tab-separated-values",), is_text=True),
)
GRAPH_FORMATS = (
    Format("turtle", ("text/turtle", "application/x-turtle"), is_text=True),
    Format("n-triples", ("application/n-triples",)),
    Format("rdf-xml", ("application/rdf+xml", "application/xml", "text/xml")),
    Format("json-ld", ("application/ld+json", "application/json")),
)


def accepted(request: Request) -> str:
    """All Accept headers of a request as one."""
    return ",".join(request.headers.getlist("accept"))


def choose(accept: str, formats: tuple[Format, ...]) -> Chosen | None:
    """Format the client likes best, ours first among equals; None if it takes none of them.

    >>> choose("text/csv;q=0.5, application/json", RESULT_FORMATS)
    Chosen(name='json', content_type='application/json')
    """
    ranges = _ranges(accept)
    best: tuple[float, Chosen | None] = (0.0, None)
    for format_ in formats:
        for media_type in format_.media_types:
            quality = _quality(media_type, ranges)
            if quality > best[0]:
                charset = "; charset=utf-8" if format_.is_text else ""
                best = (quality, Chosen(format_.name, media_type + charset))
    return best[1]


def listing(formats: tuple[Format, ...]) -> str:
    """Proper media types of `formats`, as words."""
    return ", ".join(format_.media_types[0] for format_ in formats)


def _ranges(accept: str) -> dict[str, float]:
    """Media range -> its q-value; an empty header accepts everything."""
    ranges = {}
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media_range.count("/") == 1:
            ranges[media_range] = _q_value(parameters)
    return ranges if accept.strip() else {"*/*": 1.0}


def _q_value(parameters: list[str]) -> float:
    """Weight of a media range; 1 where it is absent or no number between 0 and 1."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                q = float(value)
            except ValueError:
                return 1.0
            return q if 0 <= q <= 1 else 1.0
    return 1.0


def _quality(media_type: str, ranges: dict[str, float]) -> float:
    """Weight of the most specific range that covers `media_type`; 0 if none does."""
    for media_range in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if media_range in ranges:
            return ranges[media_range]
    return 0.0
