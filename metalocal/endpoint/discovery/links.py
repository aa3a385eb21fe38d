"""A request that was answered -> where else its result can be had: downloads, a link to share."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request

from metalocal.pages.addresses import Link

LONGEST_LINK = 8_000
"""Characters of a link that browsers, mail programs and proxies pass on whole."""

_TABLE = {"JSON": "json", "CSV": "csv", "TSV": "tsv", "XML": "xml"}
_GRAPH = {"Turtle": "turtle", "JSON-LD": "jsonld", "N-Triples": "nt", "RDF/XML": "rdf"}


@dataclass(frozen=True)
class Share:
    """A link to a query; `runs` is false where the query is too long to run from a link."""

    address: str
    runs: bool


def downloads(request: Request, *, of_triples: bool) -> list[Link]:
    """The same request in other formats; for one that came by POST, the names of the formats."""
    names = _GRAPH if of_triples else _TABLE
    if request.method == "POST":
        return [Link(words, title=name) for words, name in names.items()]
    asked = parse_qsl(request.url.query, keep_blank_values=True)
    kept = [(name, value) for name, value in asked if name not in ("format", "output")]
    return [
        Link(words, "/sparql?" + urlencode([*kept, ("format", name)]))
        for words, name in names.items()
    ]


def share_link(endpoint: str, query: str) -> Share:
    """Link to `query` at `endpoint`; a long one keeps it behind the sign that no server sees.

    >>> share_link("http://localhost/sparql", "ASK {}")
    Share(address='http://localhost/sparql?query=ASK%20%7B%7D', runs=True)
    """
    text = quote(query.replace("\r\n", "\n"), safe="")
    address = f"{endpoint}?query={text}"
    if len(address) <= LONGEST_LINK:
        return Share(address, runs=True)
    return Share(f"{endpoint}#query={text}", runs=False)
