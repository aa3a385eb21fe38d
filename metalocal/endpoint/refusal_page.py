"""A refusal -> the page that tells a person what happened, what to do now, and the ways on."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from metalocal.endpoint.formats import accepted, prefers_page
from metalocal.endpoint.operations.logs import REQUEST_ID
from metalocal.pages import html_page
from metalocal.pages.addresses import own_path

_HEADINGS = {
    400: "This could not be understood",
    404: "There is nothing here",
    405: "Not to be asked in this way",
    406: "Not to be had in this form",
    413: "Too much at once",
    414: "The address is too long",
    415: "Not sent in a form that is read here",
    421: "Known by another name",
    422: "This does not go together",
    429: "Too many requests",
    500: "The fault is ours",
    503: "Busy just now",
}
_NEXT = {
    404: "Look for it by name, or start from one of the pages above.",
    405: "Open the address as a link, or go back to where the form was.",
    413: "Ask for less: fewer columns, or a part of the rows.",
    414: "Tell fewer facts, or send a long query by POST.",
    421: "Open the address that the one who runs this gave you.",
    429: "Wait for as long as it says, then load the page again.",
    500: "Try once more. If it fails again, tell the one who runs this what you asked for and the "
    "number below, which stands in the log.",
    503: "Wait a little, then load the page again; what you told is still in the address.",
}
_OTHERWISE = "Change what the sentence names and try again; nothing was lost."
_LONGEST_NAME = 60


def wants_page(request: Request) -> bool:
    """Whether a person reads the answer: a browser, and not at `/api`, which has its own form."""
    path = own_path(request)
    return not (path == "/api" or path.startswith("/api/")) and prefers_page(accepted(request))


def refusal_page(
    request: Request, status: int, text: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The page for a refusal whose sentences are `text`."""
    values = {
        "title": _HEADINGS.get(status, "Not answered"),
        "status": status,
        "text": text.strip(),
        "what_now": _NEXT.get(status, _OTHERWISE),
        "request_id": REQUEST_ID.get() if status >= 500 else "",
        "sought": _name_in(own_path(request)) if status == 404 else "",
    }
    return html_page(request, "error.html", values, headers, status)


def _name_in(path: str) -> str:
    """What may have been meant by a path: its last word.

    >>> _name_in("/id/study/mf07-99.html")
    'mf07-99'
    """
    name = path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return name if name.isprintable() and len(name) <= _LONGEST_NAME else ""
