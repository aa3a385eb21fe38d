r"""SPARQL text -> tokens, by the lexical rules of the SPARQL 1.1 grammar (terminals 139 to 173).

Every character lands in exactly one token; what fits no rule is a one-character `mark`. A run of
name characters is one `word`, dots included, and the patterns never give back what they took
(`*+`), so that no text takes longer than its length.

>>> [token.text for token in read_tokens("ASK { ?s a ex:service } # SERVICE")]
['ASK', '{', '?s', 'a', 'ex:service', '}', '# SERVICE']
"""

from __future__ import annotations

import re
from typing import NamedTuple

_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_VARIABLE = rf"{_BASE}_0-9\u00B7\u0300-\u036F\u203F-\u2040"
_NAME = rf"{_VARIABLE}\-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_CODEPOINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"

_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]++)
    | (?P<comment>\#[^\r\n]*+)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODEPOINT})*+>)
    | (?P<string>'''(?:(?:''?)?(?:[^'\\]|\\.))*+'''|\"\"\"(?:(?:""?)?(?:[^"\\]|\\.))*+\"\"\"
               |'(?:[^'\\\r\n]|\\[^\r\n])*+'|"(?:[^"\\\r\n]|\\[^\r\n])*+")
    | (?P<variable>[?$][{_VARIABLE}]++)
    | (?P<blank>_:[{_BASE}_0-9](?:\.*+[{_NAME}])*+)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)
    | (?P<name>(?:[{_BASE}][{_NAME}.]*+)?:
               (?:(?:[{_BASE}_0-9:]|{_ESCAPED})(?:\.*+(?:[{_NAME}:]|{_ESCAPED}))*+)?)
    | (?P<word>[{_BASE}][{_NAME}.]*+)
    | (?P<number>(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token: its kind (a group of the pattern above), its text, its offset in the query."""

    kind: str
    text: str
    offset: int

    @property
    def keyword(self) -> str:
        """The text in capitals if this is a word, else nothing."""
        return self.text.upper() if self.kind == "word" else ""


def read_tokens(query: str) -> list[Token]:
    """All tokens of `query` in order, comments kept, white space left out."""
    return [
        Token(kind, match[0], match.start())
        for match in _TOKEN.finditer(query)
        if (kind := match.lastgroup or "mark") != "space"
    ]


def place(query: str, offset: int) -> str:
    r"""Line and column of `offset`, both counted from 1, as words.

    >>> place("ASK {\n  SERVICE", 8)
    'line 2, column 3'
    """
    before = query[:offset].replace("\r\n", "\n")
    line_start = before.rfind("\n") + 1
    return f"line {before.count(chr(10)) + 1}, column {len(before) - line_start + 1}"
