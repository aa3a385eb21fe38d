"""`/` -> what this is: lines for a terminal, a page for a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from metalocal.answers import NOTICE
from metalocal.endpoint.discovery.console import base_of, query_link
from metalocal.endpoint.discovery.holdings import examples_of, holdings_of, kinds_of
from metalocal.endpoint.envelope import plain_text
from metalocal.endpoint.formats import accepted, prefers_page
from metalocal.endpoint.patients import patient_links
from metalocal.endpoint.service import Service
from metalocal.locations import locations
from metalocal.pages import REVISITED, html_page
from metalocal.pages.addresses import Link

_SHOWN_EXAMPLES = 6
_KINDS = {
    "Study": "studies",
    "Estimate": "estimates",
    "Report": "reports of numbers and facts",
    "GuidanceStatement": "guidance statements",
    "DecisionModel": "decision models",
    "Source": "sources",
}
_TEXT = """\
This is a metalocal endpoint: evidence on local therapy in metastatic breast cancer as a graph.
{counts}
Ask it in SPARQL 1.1 at {base}/sparql (GET ?query=..., or POST); it is read-only.
GET {base}/sparql without parameters describes the service and lists its named graphs.
Every IRI below https://w3id.org/metalocal/ is also here, below {base}/, as a page or as RDF.
The same questions as REST are at {base}/api, everything as N-Quads at {base}/dump.nq.
{notice}
"""


def home_routes(service: Service, person_came: Callable[[], None]) -> list[Route]:
    """The front page; `person_came` is told when a browser asks for it."""

    async def respond(request: Request) -> Response:
        kinds = await kinds_of(service, request)
        if not prefers_page(accepted(request)):
            counts = ", ".join(f"{kinds[kind]:,} {word}" for kind, word in _words(kinds))
            held = f"It holds {counts}." if counts else "It holds no studies."
            text = _TEXT.format(base=base_of(request), counts=held, notice=NOTICE)
            return plain_text(200, text)
        person_came()
        return await _page(service, request, kinds)

    return [Route("/", respond)]


def _words(kinds: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(kind, word) for kind, word in _KINDS.items() if kinds.get(kind)]


async def _page(service: Service, request: Request, kinds: Mapping[str, int]) -> Response:
    holdings = await holdings_of(service, request)
    examples = await examples_of(service, request)
    values = {
        "title": "Evidence on local therapy in metastatic breast cancer",
        "figures": [Link(word, title=f"{kinds[kind]:,}") for kind, word in _words(kinds)],
        "holdings": holdings,
        "examples": [query_link(example) for example in examples[:_SHOWN_EXAMPLES]],
        "patients": _patients(service, kinds),
        "here": "/",
        "base": base_of(request),
    }
    return html_page(request, "home.html", values, REVISITED)


def _patients(service: Service, kinds: Mapping[str, int]) -> tuple[Link, ...]:
    """Patients to ask about, where that can be asked."""
    if service.sources.queries is None or not kinds.get("Study"):
        return ()
    return patient_links(locations().data / "profiles")
