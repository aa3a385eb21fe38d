"""The answer as one page: profile, verdicts, questions, guidance, trials, what to find out."""

from __future__ import annotations

from metalocal.answers import Answer
from metalocal.render.document import Maker
from metalocal.render.html.elements import Html, element, html, section
from metalocal.render.html.question import deciding_rows, question_aside, question_section
from metalocal.render.html.rest import clashes, recommendations, trials, unknowns
from metalocal.render.html.style import STYLE
from metalocal.render.html.summary import stands, verdicts

TITLE = "What evidence supports local therapy for this profile?"

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""The page loads nothing and runs nothing."""

READING = (
    "Sources stand in small letters as source:line, the line of the source's text that prints the "
    "number. Rows come with the most direct population first, then by level of evidence (Oxford "
    "2011), then by precision. Unknown is never no. Verdicts, directions and certainty are "
    "computed by written rules, not judged by people."
)


def as_html(answer: Answer, maker: Maker | None = None) -> str:
    """The answer as one HTML page with its plots in it, that loads nothing and runs nothing.

    The same answer by the same maker gives the same text. Details are closed until asked for.
    """
    meta = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{TITLE} metalocal"),
        element("style", Html(STYLE)),
    ]
    body = [_header(answer), element("main", *_parts(answer)), _footer(answer, maker or Maker())]
    page = element("html", element("head", *meta), element("body", *body), lang="en")
    return f"<!doctype html>\n{page}\n"


def _header(answer: Answer) -> Html:
    profile = html(element("strong", "Profile: "), f"{answer.sentence}.")
    return element(
        "header",
        element("h1", TITLE),
        element("p", profile, class_="profile"),
        element("p", answer.notice, class_="notice"),
    )


def _parts(answer: Answer) -> list[Html]:
    asked = [question for question in answer.questions if question.local_therapy]
    local = [question for question in asked if not question.moot]
    background = [question for question in answer.questions if question not in local]
    undecided = [question for question in local if not deciding_rows(question)]
    return [
        section("verdicts", "The evidence in one line a question", verdicts(asked)),
        section("stands", "Where this patient stands", stands(answer.models)),
        *(question_section(question) for question in local if deciding_rows(question)),
        section("undecided", "Nothing that decides", *map(question_aside, undecided)),
        section("recommendations", "What sources recommend", recommendations(answer, local)),
        section("trials", "Trials under way", trials(answer, local)),
        section("unknowns", "What to find out next", unknowns(answer)),
        section("clashes", "Where sources clash or numbers do not fit", clashes(answer, local)),
        section("background", "Background", *map(question_aside, background)),
    ]


def _footer(answer: Answer, maker: Maker) -> Html:
    version = f" {maker.version}" if maker.version else ""
    graph = f", graph sha256 {maker.graph_sha256}" if maker.graph_sha256 else ""
    return element(
        "footer",
        element("p", READING),
        element("p", f"Made by metalocal{version}{graph}. {answer.notice}"),
    )
