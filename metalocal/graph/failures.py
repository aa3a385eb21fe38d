"""What a server answers instead of results, to one sentence: what happened and how to mend it."""

from __future__ import annotations

import html
import re
import ssl

from metalocal.graph.records import GraphError, QueryError

_LONGEST_WORDS = 600


def bad_request(url: str, sends: str, body: bytes) -> QueryError:
    """The failure behind status 400, where what we sent (a query, a graph) is called wrong."""
    return QueryError(f"{url} refuses this {sends}: {own_words(body) or 'it gives no reason'}")


def refused(url: str, status: int, location: str, body: bytes) -> GraphError:
    """The failure behind any other status that is not 200 to 299; the server's own words in it."""
    words = own_words(body)
    if 300 <= status < 400:
        where = f" to {shown(location)}" if location else ""
        what = f"sends us on{where}, and no redirect is followed, so that no password goes astray"
        return GraphError(f"{url} {what}; give the address it names, if you trust it")
    what, mend = _MEANINGS.get(status, (f"answers with status {status}", "try again later"))
    return GraphError(f"{url} gave no answer: it {what}{_quoted(words)}; {mend}")


_MEANINGS = {
    401: (
        "wants to know who asks (401)",
        "set METALOCAL_USER and METALOCAL_PASSWORD, or METALOCAL_TOKEN; "
        "METALOCAL_AUTH=digest where it wants digest",
    ),
    403: ("does not let us in (403)", "ask who runs it for the right to do this"),
    404: ("knows no such path (404)", "check the address; many end in /sparql or /query"),
    405: ("does not take this at this path (405)", "check the address, and whether it may write"),
    406: ("has no format that we read (406)", "check the address"),
    413: ("finds this too large (413)", "raise its limit"),
    415: ("does not take this kind of request (415)", "check the address"),
    429: ("is asked too often (429)", "try again later"),
    500: ("failed over this (500)", "its log says why"),
    502: ("is not there behind its gateway (502)", "try again later"),
    503: ("is overloaded, or its time limit passed (503)", "try again later, or raise its limit"),
    504: ("did not answer its gateway in time (504)", "try again later"),
}


def not_reachable(url: str, reason: str) -> GraphError:
    """The failure where no connection came about."""
    reason = re.sub(r"^\[Errno -?\d+\] ", "", reason)
    message = f"{url} gave no answer: it cannot be reached ({reason})"
    return GraphError(f"{message}; check the address, and whether the server runs")


def no_answer(url: str, error: Exception) -> GraphError:
    """The failure where a connection broke before the answer was whole."""
    name = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
    return GraphError(f"{url} gave no answer: the connection broke off ({name}); try again")


def too_slow(url: str, seconds: float) -> GraphError:
    """The failure where time ran out."""
    message = f"{url} gave no answer within {seconds:g} seconds"
    return GraphError(f"{message}; set METALOCAL_TIMEOUT to more seconds")


def tls_failure(url: str, error: ssl.SSLError) -> GraphError:
    """The failure where no secure connection came about."""
    reason = getattr(error, "verify_message", "") or error.reason or str(error)
    return GraphError(
        f"{url} gave no answer: no secure connection ({reason}); have its certificate mended, or "
        "name the certificate of your network's authority in SSL_CERT_FILE"
    )


def a_web_page(url: str) -> GraphError:
    """The failure where HTML came instead of results."""
    message = f"{url} answers with a web page, so this is not the path that answers queries"
    return GraphError(f"{message}; many end in /sparql or /query")


def no_results(url: str, why: str) -> GraphError:
    """The failure where an answer came that is no result, or half of one."""
    message = f"{url} gave no answer we can read: {why}"
    return GraphError(f"{message}; it broke off, or this is no SPARQL endpoint")


def own_words(body: bytes) -> str:
    """The text of an answer without markup and control characters, in one line, cut short."""
    text = body.decode("utf-8", "replace")
    if re.search(r"<(?:!doctype|html|body)\b", text, re.IGNORECASE):
        text = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>", " ", text)
        text = html.unescape(text)
    return shown(text)


def shown(text: str) -> str:
    """Foreign text as one printable line of bounded length."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST_WORDS else f"{line[:_LONGEST_WORDS]} ..."


def _quoted(words: str) -> str:
    return f' and says "{words}"' if words else ""
