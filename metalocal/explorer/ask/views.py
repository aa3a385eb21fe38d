"""`/ask`, `/ask/counts`, `/ask/compare`: a request -> its page, or the counts as JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from graph_builder.problems import closest
from metalocal.answers import Library, answer
from metalocal.catalogue import find_query
from metalocal.endpoint.api.reading import refuse_ill_formed
from metalocal.endpoint.library import answers_of
from metalocal.endpoint.patients import patient_links
from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.service import Service
from metalocal.explorer.ask.asked import Asked, Fault, Pair, address, asked, sentence, shown, tidy
from metalocal.explorer.ask.choosing import BUT, changed, choices_of, chosen_changes
from metalocal.explorer.ask.compare import Changes, changes_of
from metalocal.explorer.ask.counts import counts_of, verdicts_in
from metalocal.explorer.ask.desk import Desk, desk_of
from metalocal.explorer.ask.form import chips_of, form_of
from metalocal.explorer.ask.page import Shown, answer_values, form_values
from metalocal.locations import locations
from metalocal.pages import html_page
from metalocal.pages.addresses import prefix_of
from metalocal.profiles import Profile

_SHOWN = ("all", "study", "print")
_FORM = ("change", "number", "to")
_LONGEST_SEARCH = 100
_TITLES = {
    "ask.html": "Ask",
    "ask_answer.html": "Answer",
    "ask_compare.html": "What changes",
    "ask_refused.html": "Not answered",
}

Answering = Callable[[Request], Awaitable[Response]]


class Asking:
    """The pages of one service; what they read from the graph is read again for another graph."""

    def __init__(self, service: Service, queries: Path) -> None:
        self._service, self._queries = service, queries
        self._answers = answers_of(service, queries)
        self._desk: Desk | None = None
        self._read_for: object = None

    async def ask(self, request: Request) -> Response:
        """The form, and the answer where facts are told.

        Raises:
            RefusedError: 400 or 414 for what is no query string; 503 where too many wait.
        """
        given, desk = _given(request), await self._desk_for(request)
        pairs = tidy((one for one in given if one[0] not in _SHOWN), desk.patients.attributes)
        show, faults = _shown([one for one in given if one[0] in _SHOWN], desk)
        if not faults and [*pairs, *show.pairs()] != given:
            return _elsewhere(request, address("/ask", pairs, *(show.pairs() if pairs else [])))
        found = asked(pairs, desk.patients)
        if faults or found.profile is None or not pairs:
            return await self._form(request, desk, found, faults)
        make = partial(answer_values, desk, pairs, found.profile, show)
        values = await self._answers.made(request, make)
        return await _page(request, "ask_answer.html", {**values, **form_values(desk, pairs)})

    async def _form(
        self, request: Request, desk: Desk, found: Asked, faults: list[Fault]
    ) -> Response:
        every = [*faults, *found.faults]
        values = {
            "form": form_of(desk, found.pairs, every),
            "chips": chips_of(desk, found.pairs) if found.profile else [],
            "patients": patient_links(locations().data / "profiles"),
            "counts": None if every else await self._counts(request, desk, found.profile),
        }
        status = 400 if faults else found.status
        return await _page(request, "ask.html", values, status)

    async def counts(self, request: Request) -> Response:
        """How many populations include, may include and exclude the patient.

        Facts that contradict one another are answered too, in `problems`.

        Raises:
            RefusedError: as `ask`.
        """
        given, desk = _given(request), await self._desk_for(request)
        found = asked(tidy(given, desk.patients.attributes), desk.patients)
        if found.profile is not None:
            return JSONResponse(await self._counts(request, desk, found.profile))
        told = [{"attribute": one.attribute, "text": one.text} for one in found.faults]
        return JSONResponse({"problems": told}, 200 if found.status == 422 else found.status)

    async def _counts(
        self, request: Request, desk: Desk, profile: Profile | None
    ) -> dict[str, object]:
        query = find_query(self._queries, "verdicts").bound((profile or Profile()).rows())
        rows = (await self._service.rows(query, request)).texts()
        return counts_of(verdicts_in(rows), desk.questions)

    async def compare(self, request: Request) -> Response:
        """What changes when facts are changed: those before, and with `but.` those changed.

        Raises:
            RefusedError: as `ask`.
        """
        given, desk = _given(request), await self._desk_for(request)
        attributes = desk.patients.attributes
        facts = [one for one in given if not one[0].startswith(BUT) and one[0] not in _FORM]
        pairs = tidy(facts, attributes)
        changes = [(name, value) for name, value in given if name.startswith(BUT) and value]
        changes += chosen_changes(one for one in given if one[0] in _FORM)
        if [*pairs, *changes] != given:
            return _elsewhere(request, address("/ask/compare", pairs, *changes))
        bare = [(name.removeprefix(BUT), value) for name, value in changes]
        unknown = _unknown_changes(bare, desk)
        other = tidy(changed(pairs, bare, desk), attributes)
        before, after = asked(pairs, desk.patients), asked(other, desk.patients)
        values = _compared(desk, before, after, unknown)
        if changes and before.profile and after.profile and not unknown:
            make = partial(_changes, before.profile, after.profile)
            values["changes"] = await self._answers.made(request, make)
            return await _page(request, "ask_compare.html", values)
        faulty = 400 if unknown else max(before.status, after.status)
        return await _page(request, "ask_compare.html", values, faulty)

    async def _desk_for(self, request: Request) -> Desk:
        served = self._service.pool.loaded
        if self._desk is None or self._read_for is not served:
            self._desk, self._read_for = await self._answers.made(request, desk_of), served
        return self._desk


def _changes(before: Profile, after: Profile, library: Library) -> Changes:
    return changes_of(answer(before, library), answer(after, library))


def _compared(desk: Desk, before: Asked, after: Asked, unknown: list[Fault]) -> dict[str, object]:
    known = [one for one in (*before.faults, *after.faults) if one not in unknown]
    return {
        "before": chips_of(desk, before.pairs) if before.profile else [],
        "after": chips_of(desk, after.pairs) if after.profile else [],
        "before_at": address("/ask", before.pairs),
        "after_at": address("/ask", after.pairs),
        "faults": list(dict.fromkeys(one.text for one in [*unknown, *known])),
        "pairs": before.pairs,
        "choices": choices_of(desk, before.pairs),
        "changes": None,
    }


def in_page(answering: Answering) -> Answering:
    """The same, with what is refused told in a page."""

    async def answer_or_refuse(request: Request) -> Response:
        try:
            return await answering(request)
        except RefusedError as error:
            response = await _page(request, "ask_refused.html", {"text": error.text}, error.status)
            response.headers.update(error.headers)
            return response

    return answer_or_refuse


def _given(request: Request) -> list[Pair]:
    refuse_ill_formed(request)
    return parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True)


def _shown(given: list[Pair], desk: Desk) -> tuple[Shown, list[Fault]]:
    """What of an answer is asked for, and what is wrong with that."""
    told = {name: value.strip() for name, value in given}
    code = told.get("all", "")
    faults = []
    if code and code not in desk.questions:
        what = f'"{shown(code)}" is no question'
        faults.append(Fault("", sentence(what, closest(code, desk.questions))))
    study = told.get("study", "")[:_LONGEST_SEARCH]
    return Shown(code, study, told.get("print") == "1"), faults


def _unknown_changes(changes: list[Pair], desk: Desk) -> list[Fault]:
    """Changes of what is no fact: as `asked` tells it."""
    told = [(name, value) for name, value in changes if value == "unknown"]
    return [fault for fault in asked(told, desk.patients).faults if not fault.attribute]


def _elsewhere(request: Request, path: str) -> Response:
    return RedirectResponse(f"{prefix_of(request)}{path}", 303)


async def _page(
    request: Request, template: str, values: dict[str, object], status: int = 200
) -> Response:
    """The page, written in a thread: a long one takes some time."""
    common = {"title": _TITLES[template], "sheets": ["ask"], "script": "ask", "here": "/ask"}
    make = partial(html_page, request, template, {**common, **values}, status=status)
    return await to_thread.run_sync(make)
