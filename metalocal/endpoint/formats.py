"""An Accept header -> the media types to answer in (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request


@dataclass(frozen=True, eq=False)  # each is itself alone: what is chosen is looked up by them
class Format:
    """One way to write a result: the media types it goes by, the first being its proper one.

    A range such as `text/*` covers the proper one only: the others have to be named.
    """

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
# What CONSTRUCT and DESCRIBE give has no named graphs, so that its Turtle is also TriG and
# Notation3, and its N-Triples also N-Quads.
GRAPH_FORMATS = (
    Format(
        "turtle",
        ("text/turtle", "application/x-turtle", "application/trig", "text/n3"),
        is_text=True,
    ),
    Format("n-triples", ("application/n-triples", "application/n-quads")),
    Format("rdf-xml", ("application/rdf+xml", "application/xml", "text/xml")),
    Format("json-ld", ("application/ld+json", "application/json")),
)

HTML = Format("html", ("text/html",), is_text=True)

_PAGE = "text/html"
_MACHINES = frozenset(
    name for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS) for name in format_.media_types
)
_SHORT_NAMES = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle",),
    "ttl": ("text/turtle",),
    "ntriples": ("application/n-triples",),
    "nt": ("application/n-triples",),
    "rdf": ("application/rdf+xml",),
    "jsonld": ("application/ld+json",),
}
_PART = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_PIECE = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
_SHORT = 1_000  # characters
_Q_VALUE = re.compile(r"0?(?:\.[0-9]*)?|1(?:\.0*)?")


def accepted(request: Request) -> str:
    """All Accept headers of a request as one."""
    return ",".join(request.headers.getlist("accept"))


def accepted_by_name(value: str) -> str | None:
    """What a parameter such as `format=csv` stands for, as an Accept header; None if unknown.

    >>> accepted_by_name("JSON")
    'application/sparql-results+json,application/ld+json'
    """
    name = value.strip().lower()
    if name in _MACHINES or name == _PAGE:
        return name
    return ",".join(_SHORT_NAMES.get(name.replace("-", ""), ())) or None


def choose(accept: str, formats: tuple[Format, ...]) -> Chosen | None:
    """Format the client likes best, None if it takes none of them.

    Among equal weights one that is named goes before one that a range covers, then ours first.

    >>> choose("text/csv;q=0.5, application/json", RESULT_FORMATS)
    Chosen(name='json', content_type='application/json')
    """
    return (_chosen_before if len(accept) <= _SHORT else _chosen)(accept, formats)


def _chosen(accept: str, formats: tuple[Format, ...]) -> Chosen | None:
    ranges = _ranges(accept)
    best: tuple[tuple[float, int], Chosen | None] = ((0.0, 9), None)
    for format_ in formats:
        for media_type in format_.media_types:
            liking = _liking(media_type, ranges, is_proper=media_type == format_.media_types[0])
            if liking > best[0]:
                charset = "; charset=utf-8" if format_.is_text else ""
                best = (liking, Chosen(format_.name, media_type + charset))
    return best[1]


_chosen_before = lru_cache(maxsize=200)(_chosen)  # clients send the same headers for ever


def prefers_page(accept: str) -> bool:
    """Whether this is a browser: it names text/html and gives it more weight than any data.

    >>> prefers_page("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    True
    >>> prefers_page("*/*") or prefers_page("text/turtle, text/html")
    False
    """
    if _PAGE not in accept.lower():
        return False
    ranges = _ranges(accept)
    page = ranges.get(_PAGE, 0.0)
    return page > 0 and all(ranges.get(media_type, 0.0) < page for media_type in _MACHINES)


def listing(formats: tuple[Format, ...]) -> str:
    """Proper media types of `formats`, as words."""
    return ", ".join(format_.media_types[0] for format_ in formats)


def _ranges(accept: str) -> dict[str, float]:
    """Media range -> its highest q-value; an empty header accepts everything."""
    ranges: dict[str, float] = {}
    for part in _PART.findall(accept):
        media_range, *parameters = (piece.strip().lower() for piece in _PIECE.findall(part))
        if media_range.count("/") == 1:
            ranges[media_range] = max(_q_value(parameters), ranges.get(media_range, 0.0))
    return ranges if accept.strip(" ,\t") else {"*/*": 1.0}


def _q_value(parameters: list[str]) -> float:
    """Weight of a media range; 1 where it is absent or no number between 0 and 1."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        digits = value.strip()
        if name.strip() == "q":
            return float(digits) if digits.strip(".") and _Q_VALUE.fullmatch(digits) else 1.0
    return 1.0


def _liking(media_type: str, ranges: dict[str, float], *, is_proper: bool) -> tuple[float, int]:
    """Weight of the most specific range that covers `media_type`, and how specific it is."""
    if media_type in ranges:
        return ranges[media_type], 2
    group = media_type.partition("/")[0] + "/*"
    for specific, media_range in ((1, group), (0, "*/*")):
        if is_proper and media_range in ranges:
            return ranges[media_range], specific
    return 0.0, 0
