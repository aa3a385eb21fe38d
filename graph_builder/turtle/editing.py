"""A Turtle file and what is lost and won to its new text; comments and untouched lines stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from graph_builder.turtle.layout import NEXT, Layout, rank
from graph_builder.turtle.reading import (
    TYPE,
    Fact,
    Members,
    Nested,
    Statement,
    Tree,
    TurtleFile,
    facts_of,
    owl,
    words_of,
)

_MAIN_TYPES = {owl(n) for n in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}


@dataclass(frozen=True)
class Revision:
    """What one statement loses and wins."""

    lost: frozenset[Fact]
    won: frozenset[Fact]


_Piece: TypeAlias = "tuple[str, str, ox.NamedNode]"
"""What stands before a predicate, the predicate with its objects, and the predicate."""


@dataclass(frozen=True)
class Addition:
    """A new statement; the subject is none for a blank node that nothing leads to."""

    subject: ox.NamedNode | None
    facts: frozenset[Fact]


def facts_stated(statement: Statement) -> frozenset[Fact]:
    """What a statement says of its subject, a blank node included."""
    axiom = next(iter(statement.axioms))
    if axiom.subject is None and isinstance(axiom.tree, Nested):
        return axiom.tree.facts
    return frozenset((a.predicate, a.tree) for a in statement.axioms)


def edited(
    file: TurtleFile, revisions: Mapping[int, Revision], additions: Iterable[Addition]
) -> str:
    """The text of the file with statements changed, by their number, and new ones added.

    A new statement comes after the last one whose subject has the same type, which is the end of
    its section, or at the end of the file.
    """
    text = file.text
    after = _placed(file, additions)
    for at in range(len(file.statements) - 1, -1, -1):  # from the end: offsets before it stay right
        statement = file.statements[at]
        for block in reversed(after.get(at, [])):
            line_end = text.find("\n", statement.end)
            end = len(text) if line_end < 0 else line_end
            text = f"{text[:end]}\n\n{block}{text[end:]}"
        if at in revisions:
            text = _revised(file, text, statement, revisions[at])
    for block in after.get(-1, []):
        text = f"{text.rstrip()}\n\n{block}\n"
    return text


def _placed(file: TurtleFile, additions: Iterable[Addition]) -> dict[int, list[str]]:
    """New statements by the number of the statement each follows; -1 is the end of the file."""
    layout = Layout(file.prefixes)
    last: dict[Tree, int] = {}
    for at, statement in enumerate(file.statements):
        last.update(dict.fromkeys(_types(facts_stated(statement)), at))
    found: dict[int, list[str]] = {}
    ordered = sorted(additions, key=lambda a: (not _types(a.facts) & last.keys(), str(a.subject)))
    for addition in ordered:
        at = max((last[kind] for kind in _types(addition.facts) if kind in last), default=-1)
        found.setdefault(at, []).append(layout.statement(addition.subject, addition.facts))
        if addition.subject is not None:
            last.setdefault(addition.subject, at)
    return found


def _types(facts: Iterable[Fact]) -> set[Tree]:
    """What a subject mainly is: a kind of property, else any type but that of an individual."""
    types: set[Tree] = {tree for predicate, tree in facts if predicate == TYPE}
    return types & _MAIN_TYPES or types - {owl("NamedIndividual")}


def _revised(file: TurtleFile, text: str, statement: Statement, revision: Revision) -> str:
    facts = facts_stated(statement)
    left = (facts - revision.lost) | revision.won
    if not left:
        return _without(text, statement)
    if not statement.segments:  # the form [ ... ] .
        new = Layout(file.prefixes, text[statement.start : statement.end]).statement(None, left)
    else:
        new = _rewritten(file, statement, revision)
    return f"{text[: statement.start]}{new}{text[statement.end :]}"


def _without(text: str, statement: Statement) -> str:
    """The text without a statement and the blank line after it, or before it at the end."""
    before, after = text[: statement.start], text[statement.end :]
    if after.startswith("\n\n"):
        return before + after[2:]
    return before.rstrip("\n") + after if not after.strip() else before + after


def _rewritten(file: TurtleFile, statement: Statement, revision: Revision) -> str:
    """A statement with lines replaced, taken out and put in; all other lines as they are."""
    layout = Layout(file.prefixes, file.text[statement.start : statement.end])
    pieces: list[_Piece] = []
    at, waiting = statement.subject_end, set(revision.won)
    carried: list[str] = []  # comments before what is taken out
    for segment in statement.segments:
        facts = facts_of(file, segment)
        predicate = next(iter(facts))[0]
        new = (facts - revision.lost) | {fact for fact in waiting if fact[0] == predicate}
        waiting -= new
        gap, at = file.text[at : segment.start], segment.end
        words = file.text[segment.start : segment.end]
        if not new:
            carried += _comments(gap)
            continue
        if new != facts:
            words = _reworded(layout, words, facts, new)
        if carried or (not pieces and segment != statement.segments[0]):
            gap = _gap([*carried, *_comments(gap)], is_first=not pieces)
        pieces.append((gap, words, predicate))
        carried = []
    for predicate in sorted({p for p, _ in waiting}, key=rank):
        words = layout.predicate(predicate, [tree for p, tree in waiting if p == predicate])
        _insert(pieces, words, predicate)
    tail = file.text[at : statement.end]
    if carried:
        tail = f"{_gap([*carried, *_comments(tail)], is_first=True)}."
    subject = file.text[statement.start : statement.subject_end]
    return subject + "".join(gap + words for gap, words, _ in pieces) + tail


def _reworded(layout: Layout, words: str, old: Collection[Fact], new: Collection[Fact]) -> str:
    """A predicate with its objects written anew; a list or objects on several lines stay so."""
    before, now = ([tree for _, tree in facts] for facts in (old, new))
    if len(before) == len(now) == 1:
        one, other = before[0], now[0]
        if isinstance(one, Members) and isinstance(other, Members) and not one.ordered:
            gone = {layout.object(tree) for tree in set(one.items) - set(other.items)}
            come = [layout.object(tree) for tree in other.items if tree not in one.items]
            found = _relisted(words, gone, come)
            if found is not None:
                return found
    predicate = next(iter(new))[0]
    is_broken = any(line.rstrip().endswith(",") for line in words.split("\n"))
    comma = " ,\n        " if is_broken else " , "
    return layout.predicate(predicate, now, comma)


def _relisted(words: str, gone: set[str], come: list[str]) -> str | None:
    """The text of a list without some items and with others at its end, its lines as they are.

    None where an item that goes is not written as we would write it.
    """
    places = words_of(words)
    if not gone <= {token for token, _ in places} or places[-1][0] != ")":
        return None
    last = places[-2]
    end = last[1] + len(last[0])
    text = words[:end] + "".join(f" {item}" for item in come) + words[end:]
    for token, start in reversed(places):
        if token in gone:
            text = _cut(text, start, start + len(token))
    return text


def _cut(text: str, start: int, end: int) -> str:
    """The text without an item of a list, the blanks beside it, and a line left empty."""
    before, after = text[:start].rstrip(" \t"), text[end:]
    if not before.endswith("\n"):
        return before + after
    rest = after.lstrip(" \t")
    return before + rest[1:] if rest.startswith("\n") else text[:start] + rest


def _comments(gap: str) -> list[str]:
    """The comments between two predicates, where there are no texts that could hold a `#`."""
    return [line[line.index("#") :].rstrip() for line in gap.split("\n") if "#" in line]


def _gap(comments: list[str], *, is_first: bool) -> str:
    """What stands before a predicate: a semicolon unless it is the first, and comments."""
    if not comments:
        return " " if is_first else NEXT
    lines = "".join(f"  {comment}\n    " for comment in comments)
    return lines if is_first else f" ;{lines}"


def _insert(pieces: list[_Piece], words: str, new: ox.NamedNode) -> None:
    """Put a predicate behind the last that our order puts before it."""
    after = [at for at, (_, _, other) in enumerate(pieces) if rank(other) <= rank(new)]
    if after or not pieces:
        pieces.insert(after[-1] + 1 if after else 0, (NEXT if pieces else " ", words, new))
    else:
        gap, first, other = pieces[0]
        pieces[0] = (NEXT, first, other)
        pieces.insert(0, (gap, words, new))
