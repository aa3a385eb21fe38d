"""The one error of the endpoint: an HTTP status and a sentence a person can act on."""

from __future__ import annotations

from collections.abc import Mapping

from graph_builder.problems import ToldError


class RefusedError(ToldError):
    """A request that gets no result: what happened, where, and how to mend it."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = dict(headers or {})


def none_accepted(given: str) -> RefusedError:
    """Refusal of an Accept header that holds nothing written here; `given` is what there is."""
    return RefusedError(406, f"Nothing in the Accept header is given here; this comes as {given}.")
