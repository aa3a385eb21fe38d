"""A seed -> SPARQL queries of every kind the grammar knows, and what they look like once broken.

Most of them mean nothing; all that counts is that a server survives them. Names in capitals are
rules of the SPARQL 1.1 grammar.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

SECRET = "kept-to-yourself"
"""Stands in an IRI of many queries: what finds it in a log has found the text of a query there."""

_EX = "http://example.org/term#"
_NAMES = ("alpha", "beta", "randomised", "label", "reportedBy", "paper1", "printed", "none")
_CHARACTERS = "abzÀé中🧬\u0301\u200d\ufeff\u202e\x01\x7f 0_-.,;'\"\\\t\r\n<>{}|^`%#?:@"
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_FUNCTIONS = (
    "STR LANG DATATYPE BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI "
    "CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS TZ NOW UUID STRUUID MD5 "
    "SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC REGEX REPLACE "
    "SUBSTR IRI BOUND LANGMATCHES TRIPLE SUBJECT ISTRIPLE xsd:integer xsd:double xsd:dateTime "
    f"<http://example.org/{SECRET}>"
).split()
_NUMBERS = ("0", "-1", "+7", "1.5", ".5", "1e400", "-0.0e-9", "9" * 40, "1." + "3" * 60)
_LITERALS = (
    '"x"@en', '"x"@en--ltr', '"x"@sr-Latn-RS', '"1"^^xsd:integer', '"x"^^xsd:integer',
    '"P1Y"^^xsd:duration', '"0000-00-00"^^xsd:date', '"NaN"^^xsd:double', '"""a "b" \n c"""',
    "'''it''s'''", r'"\u00e9\U0001F9EC\t\"\\"', '"[(*+"', "true", "false",
)  # fmt: skip
_LONG = 30_000


class Generator:
    """Queries from one seed, one after the other; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def query(self) -> str:
        """A query by the grammar (QueryUnit)."""
        depth = self.random.randint(0, 4)
        kind = self._one_of(self._select, self._select, self._ask, self._construct, self._describe)
        return f"{self._prologue()}{kind(depth)}"

    def broken(self, query: str) -> str:
        """`query` after some mistakes of the kind that people, programs and attackers make."""
        for _ in range(self.random.randint(1, 4)):
            query = self._one_of(*_MISTAKES)(self, query)
        return query

    def hostile(self, url: str) -> str:
        """A query that wants out to `url`, or wants more than a server should give."""
        template = self._one_of(*_HOSTILE)
        text = template(self.random) if callable(template) else template
        text = text.replace("URL", url)
        return self.broken(text) if self.random.random() < 0.3 else text

    def _one_of(self, *choices: object) -> object:
        return self.random.choice(choices)

    def _maybe(self, text: str, chance: float = 0.3) -> str:
        return text if self.random.random() < chance else ""

    def _many(self, make: Callable[[], str], most: int, between: str = " ") -> str:
        return between.join(make() for _ in range(self.random.randint(1, most)))

    def _prologue(self) -> str:
        lines = [
            f"PREFIX ex: <{_EX}>",
            "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>",
            f"BASE <http://example.org/{SECRET}/>",
        ]
        self.random.shuffle(lines)
        return "\n".join(lines) + self._maybe(' # it\'s a "comment" <\n', 0.2) + "\n"

    def _select(self, depth: int) -> str:
        distinct = self._one_of("", "", "DISTINCT ", "REDUCED ")
        grouped = self.random.random() < 0.3
        if grouped:
            shown = (
                f"{self._variable()} ({self._aggregate(depth)} AS ?n{self.random.randint(0, 9)})"
            )
        else:
            bound = f"({self._expression(depth)} AS ?e) {self._variable()}"
            shown = str(self._one_of("*", "*", bound, self._many(self._variable, 3)))
        by = f" GROUP BY {self._many(self._variable, 2)}" if grouped else ""
        having = self._maybe(f" HAVING ({self._aggregate(depth)} > 1)") if grouped else ""
        order = self._maybe(f" ORDER BY {self._one_of('', 'DESC')}({self._expression(depth)})")
        limit = self._maybe(f" LIMIT {self.random.randint(0, 9)}") + self._maybe(" OFFSET 1", 0.1)
        dataset = self._maybe(self._dataset(), 0.1)
        where = f"{dataset}WHERE {self._group(depth)}"
        return f"SELECT {distinct}{shown} {where}{by}{having}{order}{limit}"

    def _ask(self, depth: int) -> str:
        return f"ASK {self._maybe(self._dataset(), 0.1)}{self._group(depth)}"

    def _construct(self, depth: int) -> str:
        return f"CONSTRUCT {{ {self._triples()} }} WHERE {self._group(depth)} LIMIT 20"

    def _describe(self, depth: int) -> str:
        return f"DESCRIBE {self._iri()} {self._maybe('?a WHERE ' + self._group(depth))}"

    def _dataset(self) -> str:
        graph = self._one_of("studies", "sources", "unknown")
        return f"FROM {self._maybe('NAMED ')}<http://example.org/graph/{graph}> "

    def _group(self, depth: int) -> str:
        parts = [self._triples()]
        for _ in range(self.random.randint(0, 2) if depth > 0 else 0):
            parts.append(self._pattern(depth - 1))
        self.random.shuffle(parts)
        return "{ " + " ".join(parts) + " }"

    def _pattern(self, depth: int) -> str:
        kind = self.random.randint(0, 10)
        if kind < 2:
            return f"OPTIONAL {self._group(depth)}"
        if kind == 2:
            return f"{self._group(depth)} UNION {self._group(depth)}"
        if kind == 3:
            return f"MINUS {self._group(depth)}"
        if kind == 4:
            return f"GRAPH {self._one_of('?g', self._iri())} {self._group(depth)}"
        if kind == 5:
            return f"FILTER {self._maybe('NOT ')}EXISTS {self._group(depth)}"
        if kind == 6:
            return f"BIND({self._expression(depth)} AS ?b{self.random.randint(0, 99)})"
        if kind == 7:
            return f"VALUES {self._variable()} {{ {self._many(self._constant, 6)} UNDEF }}"
        if kind == 8:
            return f"{{ {self._select(depth)} }}"
        return f"FILTER({self._expression(depth)})"

    def _triples(self) -> str:
        return self._many(self._triple, 3, " . ") + self._maybe(" .", 0.8)

    def _triple(self) -> str:
        subject = self._one_of(self._variable(), self._iri(), "[]", "_:b1", "(1 ?x)", "[ ?p 1 ]")
        verb = self._one_of(self._variable(), "a", self._iri(), self._path(2), self._path(1))
        objects = self._many(lambda: str(self._one_of(self._variable(), self._constant())), 2, ", ")
        return f"{subject} {verb} {objects}"

    def _path(self, depth: int) -> str:
        step = self._iri() if depth < 1 else self._path(depth - 1)
        other = self._iri()
        forms = ("{0}", "^{0}", "({0})*", "({0})+", "({0})?", "{0}/{1}", "({0}|{1})", "!({2}|^{1})")
        return str(self._one_of(*forms)).format(step, other, self._iri())

    def _expression(self, depth: int) -> str:
        if depth < 1 or self.random.random() < 0.3:
            return str(self._one_of(self._variable(), self._constant()))
        left, right = self._expression(depth - 1), self._expression(depth - 1)
        kind = self.random.randint(0, 5)
        if kind == 0:
            arguments = ", ".join(
                self._expression(depth - 1) for _ in range(self.random.randint(0, 3))
            )
            return f"{self._one_of(*_FUNCTIONS)}({arguments})"
        if kind == 1:
            return f"{left} {self._maybe('NOT ')}IN ({right}, {self._constant()})"
        if kind == 2:
            return f"{self._one_of('!', '-', '+')}({left})"
        sign = self._one_of("+", "-", "*", "/", "=", "!=", "<", ">", "<=", ">=", "&&", "||")
        blank = self._one_of("", " ")
        return f"({left}{blank}{sign}{blank}{right})"

    def _aggregate(self, depth: int) -> str:
        inner = self._expression(depth - 1)
        return f"{self._one_of(*_AGGREGATES)}({self._maybe('DISTINCT ')}{inner})"

    def _variable(self) -> str:
        name = self._one_of("s", "p", "o", "x", "é", "service", "load")
        return f"{self._one_of('?', '?', '$')}{name}"

    def _iri(self) -> str:
        name = self._one_of(*_NAMES)
        odd = "".join(
            self.random.choices("abcé中/?#%20@:[]" if self._maybe("x", 0.1) else "abcé中/-_.2", k=5)
        )
        return str(
            self._one_of(f"ex:{name}", f"ex:{name}", f"<{_EX}{name}>", f"<{odd}>", "ex:a\\-b")
        )

    def _constant(self) -> str:
        text = "".join(self.random.choices(_CHARACTERS, k=self.random.randint(0, 8)))
        quoted = '"' + re.sub(r'["\\\r\n]', "", text) + '"'
        return str(self._one_of(self._iri(), quoted, *self.random.sample(_NUMBERS + _LITERALS, 3)))


def _tokens(query: str) -> list[str]:
    return re.findall(r"\s+|\w+|.", query, re.DOTALL) or [""]


def _without_a_token(make: Generator, query: str) -> str:
    tokens = _tokens(query)
    del tokens[make.random.randrange(len(tokens))]
    return "".join(tokens)


def _with_a_token_twice(make: Generator, query: str) -> str:
    tokens = _tokens(query)
    at = make.random.randrange(len(tokens))
    return "".join([*tokens[:at], tokens[at] * make.random.choice((2, 3, 300)), *tokens[at:]])


def _with_tokens_swapped(make: Generator, query: str) -> str:
    tokens = _tokens(query)
    one, other = (make.random.randrange(len(tokens)) for _ in range(2))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return "".join(tokens)


def _cut_off(make: Generator, query: str) -> str:
    return query[: make.random.randrange(len(query) + 1)]


def _in_other_case(make: Generator, query: str) -> str:
    return "".join(make.random.choice((c.upper, c.lower))() for c in query)


def _with_odd_characters(make: Generator, query: str) -> str:
    at = make.random.randrange(len(query) + 1)
    odd = make.random.choice(
        (*_CHARACTERS, "\0", "\ud7ff", "\ue000", "\uffff", "\U0010ffff", "\\u0027")
    )
    return query[:at] + odd * make.random.choice((1, 1, 2, 50)) + query[at:]


def _with_brackets(make: Generator, query: str) -> str:
    at = make.random.randrange(len(query) + 1)
    left, right = make.random.choice(("()", "{}", "[]", "<>", ("<<(", ")>>"), ("!(", ")")))
    deep = make.random.choice((1, 20, 150, 4_000))
    return query[:at] + left * deep + make.random.choice(("", "?x")) + right * deep + query[at:]


_MISTAKES = (
    _without_a_token, _with_a_token_twice, _with_tokens_swapped, _cut_off, _in_other_case,
    _with_odd_characters, _with_brackets,
)  # fmt: skip


def _large_values(by: random.Random) -> str:
    rows = " ".join(f"({n} 'x')" for n in range(by.choice((10, 1_000, 4_000))))
    return f"SELECT (COUNT(*) AS ?n) {{ VALUES (?a ?b) {{ {rows} }} VALUES (?c ?d) {{ {rows} }} }}"


def _long_literal(by: random.Random) -> str:
    piece = by.choice(("a", "é", "\\\\", "\\u00e9", "''", "("))
    return f'ASK {{ ?s ?p """{piece * (_LONG // len(piece))}""" }}'


def _deep(by: random.Random) -> str:
    times = by.choice((10, 190, 2_000))
    inner = by.choice(
        ("{", "OPTIONAL {", "{ SELECT * {", "MINUS {", "FILTER EXISTS {", "GRAPH ?g {")
    )
    return "SELECT * {" + inner * times + "?s ?p ?o" + "}" * (inner.count("{") * times) + "}"


def _chain(by: random.Random) -> str:
    times = by.choice((10, 300, 6_000))
    link, before, after = by.choice(
        (
            ("!", "ASK { FILTER(", "true) }"), ("1+", "ASK { FILTER(", "1) }"),
            ("^", "ASK { ?s ", "<a:b> ?o }"), ("<a:b>/", "ASK { ?s ", "<a:b> ?o }"),
            ("-", "ASK { FILTER(", "1) }"), ("true||", "ASK { FILTER(", "true) }"),
            ("{} UNION ", "ASK { ", "{} }"), ("?s ?p ?o .", "SELECT * { ", "} LIMIT 1"),
            ("PREFIX a: <b:c> ", "", "ASK {}"), ("BASE <http://a.org/> ", "", "ASK {}"),
        )
    )  # fmt: skip
    return before + link * times + after


_HOSTILE: tuple[str | Callable[[random.Random], str], ...] = (
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { service silent <URL> { ?s ?p ?o } }",
    "SELECT * { BIND(<URL> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "PREFIX h: <URL> SELECT * {SERVICEh:{ ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 1.SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o }#\rSERVICE<URL>{ ?s ?p ?o }",
    "SELECT * { ?s ?p ?o #\rSERVICE <URL> { ?s ?p ?o }\n}",
    "SELECT * { S\\u0045RVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'x\\u0027 . SERVICE <URL> { ?s ?p ?o } #' }",
    "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE#>\n<URL>{ ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c FILTER(1<'>')SERVICE<URL>{?s ?p ?o} FILTER('x'='x') }",
    "SELECT * { { SELECT * { SERVICE<URL>{ ?s ?p ?o } } } }",
    "ASK { FILTER NOT EXISTS { SERVICE <URL> { } } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * FROM <URL> { ?s ?p ?o }",
    "SELECT * FROM NAMED <URL> { GRAPH <URL> { ?s ?p ?o } }",
    "LOAD <URL>",
    "LOAD SILENT <URL> INTO GRAPH <http://example.org/graph/studies>",
    "INSERT DATA { <http://example.org/term#alpha> a <URL> }",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR ALL; DROP ALL",
    "PREFIX a: <b:c> # x\nDELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "ASK { } ; CLEAR ALL",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u }",
    "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(12)) + " }",
    "SELECT (GROUP_CONCAT(?x) AS ?n) { ?a ?b ?x . ?c ?d ?e . ?f ?g ?h . ?i ?j ?k . ?l ?m ?n2 }",
    "SELECT * { ?s (!<a:b>|^!<a:b>)*/(!<a:b>)+ ?o . ?o (!<a:b>)* ?q . ?q !^<a:b> ?r }",
    "ASK { FILTER(REGEX('" + "a" * 40 + "', '(a+)+$|(a|aa)+b')) }",
    "SELECT (REPLACE('" + "a" * 500 + "', 'a', '" + "b" * 500 + "') AS ?x) { }",
    _large_values, _long_literal, _deep, _chain,
)  # fmt: skip
