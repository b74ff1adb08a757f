"""The query language: one line of words that names a set of tickets.

    status:open assignee:me due<2h tag:billing has:promise "exact words" -is:auto priority>=high sort:due

Terms side by side must all hold; `OR` between them binds loosest; `-` (or
`NOT`) turns the next term round; parentheses group; commas between values
mean any of them. Free words and quoted
phrases search the text. Every node knows its place in the line, so that a
mistake can be pointed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from supportterm.domain.query_completion import complete, finished
from supportterm.domain.query_fields import (
    FIELDS,
    LIMIT,
    NONE,
    SORTS,
    Duration,
    Offset,
    Operator,
    ValueProblem,
    reference,
)
from supportterm.domain.query_hints import meant_field, nearest
from supportterm.domain.query_nodes import All, Either, Node, Not, Query, QueryError, Sort, Test, Words

__all__ = [
    "All",
    "Either",
    "Node",
    "Not",
    "Query",
    "QueryError",
    "Sort",
    "Test",
    "Words",
    "complete",
    "finished",
    "parse",
]

DEPTH = 30
"""How deep parentheses and negations may nest."""
TERMS = 100
"""How many terms a query may have."""


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms, as a Japanese keyboard types them, to ASCII: one for one, so that places stay."""
_CLOSING = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」"}
_QUOTED = "|".join(f"{opening}[^{closing}]*{closing}" for opening, closing in _CLOSING.items())
_VALUE = rf"""(?:{_QUOTED}|[^\s(),"]+)"""
_TOKEN = re.compile(
    rf"""(?P<space>\s+) | (?P<open>\() | (?P<close>\)) | (?P<minus>-(?=[^\s)])) | (?P<phrase>{_QUOTED})
       | (?P<unclosed>[{"".join(_CLOSING)}])
       | (?P<name>[a-zA-Z]+)(?P<operator><=|>=|[:<>=])(?!//)(?P<value>,*(?:{_VALUE}(?:,+{_VALUE})*,*)?)
       | (?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_PIECE = re.compile(rf"(?:^|,)((?:{_QUOTED}|[^,])*)")
"""One of the values between commas; a comma in quotes parts nothing."""
_REFERENCE = re.compile(r"#[0-9A-Za-z]{5,10}|ST-[0-9A-Za-z]{5,10}", re.IGNORECASE)


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: a word is not known here or stands wrong; the sentence
            names it and the nearest known one.
    """
    try:
        return _Parser(text).query()
    except QueryError as error:
        error.text = text
        raise


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text.translate(_WIDE)
        self._tokens = [match for match in _TOKEN.finditer(self._text) if match.lastgroup != "space"]
        self._next = 0
        self._depth = 0
        self._terms = 0
        self._sort: list[Sort] = []
        self._limit: int | None = None

    def query(self) -> Query:
        root = self._either()
        if (token := self._peek()) is not None:
            raise self._error("This `)` closes nothing. Remove it.", token)
        return Query(root, tuple(self._sort), self._limit)

    def _peek(self) -> re.Match[str] | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _is_word(self, word: str) -> bool:
        token = self._peek()
        return token is not None and token["word"] == word

    def _either(self) -> Node | None:
        terms = [self._all()]
        while self._is_word("OR"):
            token = self._tokens[self._next]
            self._next += 1
            terms.append(self._all())
            if terms[-2] is None or terms[-1] is None:
                raise self._error("`OR` stands between two terms. Add the missing one, or quote the word.", token)
        found = [term for term in terms if term is not None]
        return found[0] if len(found) == 1 else Either(tuple(found), found[0].start, found[-1].end) if found else None

    def _all(self) -> Node | None:
        terms: list[Node] = []
        while (token := self._peek()) is not None and token["close"] is None and not self._is_word("OR"):
            if self._is_word("AND"):
                self._next += 1
            elif (term := self._term()) is not None:
                terms.append(term)
        if not terms:
            return None
        return terms[0] if len(terms) == 1 else All(tuple(terms), terms[0].start, terms[-1].end)

    def _term(self) -> Node | None:
        token = self._tokens[self._next]
        self._next += 1
        self._terms += 1
        if self._terms > TERMS:
            raise self._error(f"A query has room for {TERMS} terms. Leave some out.", token)
        if token["minus"] or token["word"] == "NOT":
            return self._negated(token)
        if token["open"]:
            return self._group(token)
        if token["unclosed"]:
            raise self._error("This quotation mark is not closed. Add the closing one.", token, len(self._text))
        if token["phrase"]:
            return Words(token["phrase"][1:-1], False, *token.span())
        if token["name"]:
            return self._field(token)
        if _REFERENCE.fullmatch(token["word"]):
            return Test("ref", ":", reference(token["word"]), *token.span())
        return Words(token["word"], self._next == len(self._tokens), *token.span())

    def _deeper(self, token: re.Match[str]) -> None:
        self._depth += 1
        if self._depth > DEPTH:
            raise self._error(f"This nests deeper than {DEPTH}. Simplify the query.", token)

    def _negated(self, token: re.Match[str]) -> Node:
        self._deeper(token)
        following = self._peek()
        term = None
        if following is not None and following["close"] is None and following["word"] not in ("OR", "AND"):
            term = self._term()
        if term is None:
            raise self._error(f"`{token[0]}` needs the term it turns round. Write one behind it.", token)
        self._depth -= 1
        return Not(term, token.start(), term.end)

    def _group(self, token: re.Match[str]) -> Node | None:
        self._deeper(token)
        inner = self._either()
        if self._peek() is None:
            raise self._error("This `(` is not closed. Add `)`.", token)
        self._next += 1
        self._depth -= 1
        return inner

    def _field(self, token: re.Match[str]) -> Node | None:
        name, operator = token["name"].lower(), _operator(token["operator"])
        if name in ("sort", "limit"):
            self._arrange(token, name)
            return None
        if name not in FIELDS and token["operator"] == "=":
            return Words(token[0], False, *token.span())
        if name not in FIELDS:
            raise self._error(
                f"Unknown field `{token['name']}`. {meant_field(name, [*FIELDS, 'sort', 'limit'])}"
                f" To search for the words, quote them.",
                token,
                token.end("name"),
            )
        kind = FIELDS[name]
        if not token["value"] and (following := self._peek()) is not None and following["unclosed"]:
            return self._term()
        if operator != ":" and not kind.compares:
            raise self._error(f"`{name}` has no more or less. Write {name}:{token['value']}.", token)
        values = list(self._values(token))
        if len(values) > 1 and operator != ":":
            start, end = values[1][1], values[-1][2]
            raise QueryError(f"`{name}{operator}` compares with one value. Leave the others out.", start, end)
        self._terms += len(values) - 1
        if self._terms > TERMS:
            raise self._error(f"A query has room for {TERMS} terms. Leave some out.", token)
        tests = tuple(self._test(token, name, operator, *value) for value in values)
        return tests[0] if len(tests) == 1 else Either(tests, *token.span())

    def _values(self, token: re.Match[str]) -> Iterator[tuple[str, int, int]]:
        """Yield the values between a field's commas, without their quotes, each with its place."""
        at = token.start("value")
        kind = FIELDS.get(token["name"].lower())
        likely = next((word for word in kind.suggestions if word != NONE), "") if kind else ""
        hint = f", like {token['name']}{token['operator']}{likely}" if likely else ""
        for piece in _PIECE.finditer(token["value"]):
            start, end = at + piece.start(1), at + piece.end(1)
            value = _unquoted(piece[1])
            if not value:
                whole = (
                    (token.start(), token.end()) if not token["value"] else (max(start - 1, at), max(end, start + 1))
                )
                raise QueryError(f"`{token[0]}` lacks a value. Add one{hint}.", *whole)
            yield value, start, end

    def _test(self, token: re.Match[str], name: str, operator: Operator, value: str, start: int, end: int) -> Test:
        try:
            read = FIELDS[name].read(value)
        except ValueProblem as problem:
            raise QueryError(f"Unknown value `{value}` for `{name}`. {problem}", start, end) from None
        if operator == ":" and isinstance(read, Duration | Offset):
            raise self._error(f"`{name}` is compared. Write {name}<{value} or {name}>{value}.", token)
        return Test(name, operator, read, token.start(), end)

    def _arrange(self, token: re.Match[str], name: str) -> None:
        if self._depth:
            raise self._error(f"`{name}:` arranges the whole query. Put it outside parentheses, without `-`.", token)
        if token["operator"] not in ":=":
            raise self._error(f"`{name}` has no more or less. Write {name}:{token['value']}.", token)
        for value, start, end in self._values(token):
            if name == "sort":
                field = value.removeprefix("-").lower()
                if field not in SORTS:
                    raise QueryError(f"Cannot sort by `{field}`. {nearest(field, SORTS)}", start, end)
                self._sort.append(Sort(field, value.startswith("-")))
            elif re.fullmatch(r"[0-9]{1,6}", value) and 0 < int(value) <= LIMIT:
                self._limit = int(value)
            else:
                raise QueryError(f"`limit:` takes a number from 1 to {LIMIT}.", start, end)

    def _error(self, message: str, token: re.Match[str], end: int | None = None) -> QueryError:
        return QueryError(message, token.start(), token.end() if end is None else end)


def _operator(text: str) -> Operator:
    found: Operator
    for found in get_args(Operator):
        if found == text:
            return found
    return ":"


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and _CLOSING.get(value[0]) == value[-1] else value
