"""A query's text -> what must be known before it runs, or a refusal.

The endpoint fetches nothing on a query's behalf. The engine would do so for SERVICE, and it reads
without looking for word boundaries: `trueSERVICE<...>` and `SERVICEex:here` both work there. So
the rules below are wider than the grammar, and the workers, as a second wall, cannot open a socket.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import pyoxigraph as ox

from metalocal.endpoint.refusal import RefusedError
from metalocal.endpoint.tokens import Token, place, read_tokens

DEEPEST_NESTING = 200
READ_ONLY = "This endpoint is read-only: it answers queries and takes no updates."

_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_PROLOGUE = frozenset({"PREFIX", "BASE", "VERSION"})
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_BREAKS_STRING = frozenset("\"'\\\r\n")
_BREAKS_IRI = frozenset('<>"{}|^`\\') | {chr(code) for code in range(33)}
_BREAKS_COMMENT = frozenset("\\\r\n")
_BREAKS = {"iri": _BREAKS_IRI, "string": _BREAKS_STRING, "comment": _BREAKS_COMMENT}
_MAY_CALL_OUT = re.compile(r"SERVICE(?:SILENT)?[\s#<?$:\w]", re.IGNORECASE)
_LOCAL_ESCAPE = re.compile(r"\\(.)")
_NO_OPERAND = frozenset("(,=!<&|+-*/^;[{")
_SHORT = 4_000  # characters
_SCHEMES = frozenset({"http", "https", "urn"})
_CLOSES = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Inspected:
    """What the text says of its dataset: the graphs of FROM and FROM NAMED, with their offsets."""

    named_by_from: tuple[tuple[str, int], ...]

    @property
    def has_dataset(self) -> bool:
        """Whether the query names its own graphs, so that the union of all must not be used."""
        return bool(self.named_by_from)


def inspect_query(query: str) -> Inspected:
    """Read `query` and give its FROM clauses; a short query that comes again is not read again.

    Raises:
        RefusedError: 403 for an update, SERVICE or LOAD; 400 for an escape that could hide one,
            a prefix that was not declared, or brackets too deep for the engine's stack.
    """
    return _inspect_short(query) if len(query) <= _SHORT else _inspect(query)


def _inspect(query: str) -> Inspected:
    everything = read_tokens(query)
    _refuse_escapes(query, everything)
    tokens = [token for token in everything if token.kind != "comment"]
    _refuse_update(tokens)
    _refuse_calls(query, tokens)
    _refuse_two_readings(query, tokens)
    prefixes, base = _prologue(tokens)
    _refuse_undeclared(query, tokens, prefixes)
    return Inspected(tuple(_graphs(tokens, prefixes, base)))


_inspect_short = lru_cache(maxsize=1_000)(_inspect)


def refuse_unknown_graphs(query: str, inspected: Inspected, known: frozenset[str]) -> None:
    """Raise a 400 for the first graph of FROM or FROM NAMED that the store does not have."""
    for graph, offset in inspected.named_by_from:
        if graph not in known:
            raise unknown_graph(graph, f"FROM at {place(query, offset)}")


def unknown_graph(graph: str, where: str) -> RefusedError:
    """Refusal for a graph that is asked for and not here."""
    return RefusedError(
        400,
        f"The graph <{graph}> ({where}) is not in this store, and nothing is fetched; "
        "ask GET /sparql without parameters for the graphs there are.",
    )


def _refuse_escapes(query: str, tokens: list[Token]) -> None:
    for token in tokens:
        barred = _BREAKS.get(token.kind)
        if barred:
            found = next((m for m in _escapes(token.text) if _decoded(m) in barred), None)
        elif token.kind == "mark" and token.text == "\\":
            found = _CODEPOINT.match(query, token.offset)
        else:
            found = None
        if found:
            raise RefusedError(
                400,
                f"The escape {found.group()} in the {token.kind} at {place(query, token.offset)} "
                "could change where the text begins or ends; write the character itself"
                f"{' or, in a string, its short escape' if token.kind == 'string' else ''}.",
            )


def _escapes(text: str) -> list[re.Match[str]]:
    return list(_CODEPOINT.finditer(text))


def _decoded(escape: re.Match[str]) -> str:
    """Character meant, or "" past the end of Unicode, which the engine will name as an error."""
    code = int(escape.group(1) or escape.group(2), 16)
    return chr(code) if code <= 0x10FFFF else ""


def _refuse_update(tokens: list[Token]) -> None:
    words = (token.keyword for token in tokens if token.kind == "word")
    if next((word for word in words if word not in _PROLOGUE), "") in _UPDATES:
        raise RefusedError(403, READ_ONLY)


def _refuse_calls(query: str, tokens: list[Token]) -> None:
    for token, after in pairwise([*tokens, Token("mark", "", len(query))]):
        glued = token.kind == "name" and "SERVICE" in token.text.partition(":")[0].upper()
        if "SERVICE" in token.keyword or (glued and after.text == "{"):
            raise _no_calls(query, token, "SERVICE", "leave the clause out and join the answers")
        if token.keyword == "LOAD":
            raise _no_calls(query, token, "LOAD", "leave it out")


def _no_calls(query: str, token: Token, keyword: str, mend: str) -> RefusedError:
    return RefusedError(
        403,
        f"{keyword} at {place(query, token.offset)} is refused: this endpoint fetches nothing "
        f"from elsewhere; {mend} on your side.",
    )


def _refuse_two_readings(query: str, tokens: list[Token]) -> None:
    """Refuse a `<...>` that the engine may read as a comparison, if a call may hide behind it.

    Within brackets and behind an operand, `?a<'>'` is an IRI by the longest match and a comparison
    with a string to the engine; so is what follows the first sign of `<<`. The readings part for
    good only if the text between holds a quote, a comment sign or a bracket.
    """
    open_brackets: list[str] = []
    before = Token("mark", "{", 0)
    for token in tokens:
        if token.kind == "mark":
            _follow(open_brackets, token, query)
        compares = open_brackets[-1:] == ["("] and _ends_operand(before)
        parts = token.kind == "iri" and set(token.text) & set("'#()[]")
        if parts and (compares or before.text == "<") and _MAY_CALL_OUT.search(query):
            raise RefusedError(
                403,
                f"The '<' at {place(query, token.offset)} can be read in two ways, one of which "
                "could hide a SERVICE clause; put a space behind it if it compares, or write "
                "the IRI as a prefixed name.",
            )
        before = token


def _follow(open_brackets: list[str], token: Token, query: str) -> None:
    if token.text in _CLOSES.values():
        open_brackets.append(token.text)
    elif open_brackets and open_brackets[-1] == _CLOSES.get(token.text):
        open_brackets.pop()
    if len(open_brackets) > DEEPEST_NESTING:
        raise RefusedError(
            400,
            f"The brackets at {place(query, token.offset)} are nested more than "
            f"{DEEPEST_NESTING} deep; write the query flatter.",
        )


def _ends_operand(token: Token) -> bool:
    if token.kind == "word":
        return token.keyword.rstrip(".") in ("TRUE", "FALSE")
    return not (token.kind == "mark" and token.text in _NO_OPERAND)


def _prologue(tokens: list[Token]) -> tuple[dict[str, str], str]:
    """Prefixes with their IRIs, and the base."""
    prefixes: dict[str, str] = {}
    base = ""
    for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.keyword == "BASE" and name.kind == "iri":
            base = _joined(base, _iri_text(name))
        if word.keyword == "PREFIX" and name.kind == "name" and iri.kind == "iri":
            prefixes[name.text.partition(":")[0]] = _joined(base, _iri_text(iri))
    return prefixes, base


def _refuse_undeclared(query: str, tokens: list[Token], prefixes: dict[str, str]) -> None:
    for token in tokens:
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in prefixes:
            mend = f"add a line PREFIX {prefix}: <...> at the head of the query"
            if prefix.lower() in _SCHEMES:
                mend = "write a whole address between < and >"
            raise RefusedError(
                400,
                f"The prefix '{prefix}:' at {place(query, token.offset)} is not declared; {mend}.",
            )


def _graphs(tokens: list[Token], prefixes: dict[str, str], base: str) -> list[tuple[str, int]]:
    graphs = []
    for index, token in enumerate(tokens):
        if token.keyword in ("FROM", "FROMNAMED"):
            named = [t for t in tokens[index + 1 : index + 3] if t.keyword != "NAMED"][:1]
            graphs += [(_resolved(t, prefixes, base), token.offset) for t in named]
    return graphs


def _resolved(token: Token, prefixes: dict[str, str], base: str) -> str:
    if token.kind == "iri":
        return _joined(base, _iri_text(token))
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + _LOCAL_ESCAPE.sub(r"\1", local)


def _joined(base: str, iri: str) -> str:
    """`iri` as the engine resolves it; where it cannot, as it stands: the engine will say so."""
    if not base:
        return iri
    try:
        triple = next(ox.parse(f"<{iri}> a <> .", ox.RdfFormat.TURTLE, base_iri=base))
    except (SyntaxError, ValueError):
        return iri
    return str(getattr(triple.subject, "value", iri))


def _iri_text(token: Token) -> str:
    return _CODEPOINT.sub(_decoded, token.text[1:-1])
