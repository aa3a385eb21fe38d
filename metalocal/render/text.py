"""The answer for a terminal and as Markdown: brief, in full, or one question in full."""

from __future__ import annotations

import re
from collections.abc import Iterator

from metalocal.answers import Answer
from metalocal.render.brief import brief_lines
from metalocal.render.full import full_lines
from metalocal.render.words import VERDICT_WORDS, Line


def lines(answer: Answer, *, everything: bool = False, question: str = "") -> Iterator[Line]:
    """The answer line by line: in brief, `everything`, or one question by its code."""
    return full_lines(answer, question) if everything or question else brief_lines(answer)


def as_markdown(answer: Answer, *, everything: bool = False, question: str = "") -> str:
    """The answer as Markdown."""
    out = []
    for kind, depth, text in lines(answer, everything=everything, question=question):
        if kind == "title":
            out.append(f"# {text}\n")
        elif kind == "question":
            out.append(f"\n## {text}\n")
        elif kind == "notice":
            out.append(f"\n_{text}_")
        elif kind in VERDICT_WORDS:
            out.append(f"\n### {text}\n")
        elif kind == "rest":
            out.append(f"\n{text}")
        elif depth == 0:
            out.append(text)
        elif kind == "plain":
            out.append(f"\n**{text}**\n")
        else:
            words = f"_{text}_" if kind == "note" else text
            out.append(f"{'  ' * max(depth - 2, 0)}- {words}")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)) + "\n"


def as_text(answer: Answer, *, everything: bool = False, question: str = "") -> str:
    """The answer as plain text, two spaces a level, one line a fact."""
    out = []
    for kind, depth, text in lines(answer, everything=everything, question=question):
        if kind == "question" or kind in VERDICT_WORDS:
            out.append("")
        out.append("  " * depth + text)
    return "\n".join(out) + "\n"
