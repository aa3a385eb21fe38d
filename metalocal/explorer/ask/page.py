"""An answer -> the values of its page, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from graph_builder.attributes import Attribute, Kind
from metalocal.answers import Answer, Library, QuestionAnswer, answer
from metalocal.catalogue import find_query
from metalocal.explorer.ask.asked import Pair, address
from metalocal.explorer.ask.choosing import choices_of
from metalocal.explorer.ask.counts import counts_of, verdicts_of
from metalocal.explorer.ask.desk import Desk
from metalocal.explorer.ask.excluded import barriers_of, search_of
from metalocal.explorer.ask.form import chips_of, form_of
from metalocal.explorer.ask.next_facts import IN_SIGHT, nexts_of
from metalocal.explorer.ask.rest import (
    clashes_of,
    models_of,
    recommendations_of,
    trials_of,
)
from metalocal.explorer.ask.sections import section_of
from metalocal.explorer.ask.summary import lines_of
from metalocal.pages.addresses import Link
from metalocal.profiles import Profile
from metalocal.render.html.question import deciding_rows

LONGEST_QUERY = 30_000
"""Characters of the address of a query that is opened in the editor."""

FORMATS = (("json", "JSON, all of it"), ("md", "Markdown, in brief"), ("text", "text, in brief"))


@dataclass(frozen=True)
class Shown:
    """What is asked of an answer: a question with every row, a study searched for, to print it."""

    every: str = ""
    study: str = ""
    print: bool = False

    def pairs(self) -> list[Pair]:
        """The parameters that ask for it."""
        told = (("all", self.every), ("study", self.study), ("print", "1" if self.print else ""))
        return [(name, value) for name, value in told if value]


def answer_values(
    desk: Desk, pairs: Sequence[Pair], profile: Profile, shown: Shown, library: Library
) -> dict[str, object]:
    """The values of the page of an answer, which is made now."""
    found = answer(profile, library)
    asked = [question for question in found.questions if question.local_therapy]
    local = [question for question in asked if not question.moot]
    values: dict[str, object] = {
        "shown": shown,
        "counts": counts_of(verdicts_of(found), desk.questions),
        "derived": derived_of(profile, desk),
        "links": links_of(library, pairs, profile),
        "choices": choices_of(desk, pairs),
        "pairs": pairs,
        "lines": lines_of(asked, desk.places, found.findings),
        **_sections(found, local, desk, pairs, shown),
        **_rest(found, local, desk, pairs, shown),
    }
    return values


def form_values(desk: Desk, pairs: Sequence[Pair]) -> dict[str, object]:
    """The values of the form, and of the chips above an answer."""
    return {"form": form_of(desk, pairs), "chips": chips_of(desk, pairs)}


def _sections(
    found: Answer,
    local: Sequence[QuestionAnswer],
    desk: Desk,
    pairs: Sequence[Pair],
    shown: Shown,
) -> dict[str, object]:
    """Questions that something decides, and the others, whose rows come where asked for."""
    decided = [one for one in local if deciding_rows(one) or one.code == shown.every]
    decided.sort(key=lambda one: not one.judgement.votes)
    aside = [one for one in found.questions if one not in decided]
    return {
        "sections": [
            section_of(one, desk.places, pairs, whole=one.code == shown.every) for one in decided
        ],
        "aside": [
            (one, section_of(one, desk.places, pairs, whole=one.code == shown.every))
            for one in aside
        ],
    }


def _rest(
    found: Answer,
    local: Sequence[QuestionAnswer],
    desk: Desk,
    pairs: Sequence[Pair],
    shown: Shown,
) -> dict[str, object]:
    within, other_models = models_of(found.models, desk.places)
    trials, more_trials = trials_of(found, local, desk.places)
    nexts = nexts_of(found.unknowns, desk, pairs)
    return {
        "models": within,
        "other_models": other_models,
        "recommendations": recommendations_of(found, local, desk.places),
        "trials": trials,
        "more_trials": more_trials,
        "nexts": nexts[:IN_SIGHT],
        "more_nexts": nexts[IN_SIGHT:],
        "clashes": clashes_of(found, local, desk.places),
        "barriers": barriers_of(one for one in found.questions if one.local_therapy),
        "search": search_of(shown.study, found.questions),
    }


def derived_of(profile: Profile, desk: Desk) -> list[str]:
    """What follows from the facts told: values that hold, numbers, values ruled out."""
    told = (_follows(profile, one) for one in desk.patients.attributes.values())
    return [words for words in told if words]


def _follows(profile: Profile, attribute: Attribute) -> str:
    if attribute.key in profile.given:
        return ""
    if attribute.kind is Kind.NUMBER:
        number = profile.numbers.get(attribute.key)
        return "" if number is None else f"{attribute.label}: {number:f}{attribute.said_unit}"
    facts = {word: profile.facts.get(attribute.value_id(word)) for word in attribute.values}
    held = [attribute.values[word] for word, holds in facts.items() if holds]
    ruled_out = [f"not {attribute.values[word]}" for word, holds in facts.items() if holds is False]
    words = held if held and attribute.kind is not Kind.SET else [*held, *ruled_out]
    return f"{attribute.label}: {', '.join(words)}" if words else ""


def links_of(library: Library, pairs: Sequence[Pair], profile: Profile) -> dict[str, object]:
    """Where else this answer can be had: as data, for print, as the query behind it."""
    query = find_query(library.queries, "verdicts").bound(profile.rows())
    editor = f"/sparql?{urlencode({'query': query})}"
    return {
        "here": address("/ask", pairs),
        "print": address("/ask", pairs, ("print", "1")),
        "data": [
            Link(words, address("/api/answer", pairs, ("format", name))) for name, words in FORMATS
        ],
        "query": editor if len(editor) <= LONGEST_QUERY else "",
        "compare": address("/ask/compare", pairs),
    }
