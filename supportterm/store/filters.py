"""A query as SQL: conditions over the `ticket` table, every value a bound parameter."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass, field

from supportterm.domain.folding import fold, match_expression
from supportterm.domain.query import All, Either, Node, Not, Query, Sort, Test, Words
from supportterm.domain.query_fields import CLOCKS, NONE, TIERS, Duration
from supportterm.domain.query_times import Span, instants, pressure

Parameter = str | int

_OURS = "likely(t.status IN ('new', 'open'))"
"""Said to be likely, so that SQLite walks the queue's own index and sorts nothing."""
_IN_TEXT = (
    "t.key IN (SELECT m.ticket_key FROM search s JOIN message m ON m.id = s.rowid"
    " WHERE search MATCH {match} AND m.kind != 'withdrawn')"
)
_QUEUE = "t.tier, ifnull(t.due_at, 9223372036854775807), t.created_at, t.key"
_TAGS = (
    "WITH RECURSIVE tags(name) AS (SELECT min(name) FROM tag UNION ALL SELECT (SELECT min(g.name) FROM tag g"
    " WHERE g.name > tags.name) FROM tags WHERE tags.name IS NOT NULL) SELECT name FROM tags"
)
"""Every tag there is: one step in the index for each, whatever the number of tickets."""
_CLOCK = "t.key IN (SELECT c.ticket_key FROM clock c WHERE c.state = 'running' AND c.kind = '{kind}'{due})"
_MENTIONS = (
    "t.key IN (SELECT m.ticket_key FROM note_mention n JOIN message m ON m.id = n.message"
    " WHERE n.agent = {agent} AND m.kind = 'note')"
)

_HAS = {
    "attachment": "EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key AND m.attachment_count > 0)",
    "note": "EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key AND m.kind = 'note')",
    "reply": "EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key AND m.kind = 'reply')",
    "call": "EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key AND m.kind = 'call')",
    "draft": "t.key IN (SELECT d.ticket_key FROM draft d)",
    "tag": "EXISTS (SELECT 1 FROM tag g WHERE g.ticket_key = t.key)",
    "clock": "t.due_at IS NOT NULL",
    "override": "t.override IS NOT NULL",
    "question": "t.asks = 1",
    "problem": "t.problem IS NOT NULL",
    **{kind: _CLOCK.format(kind=kind, due="") for kind in CLOCKS},
}
_PLAIN = {"status": "t.status", "channel": "t.channel", "lang": "t.lang", "ref": "t.ref"}
_INSTANT = {"due": "t.due_at", "created": "t.created_at", "updated": "t.updated_at", "waiting": "t.last_customer_at"}
_SORT = {
    "due": "t.due_at",
    "created": "t.created_at",
    "updated": "t.updated_at",
    "waiting": "t.last_customer_at",
    "priority": "t.priority",
    "tier": "t.tier",
    "promise": "(SELECT min(c.due_at) FROM clock c WHERE c.ticket_key = t.key AND c.state = 'running'"
    " AND c.kind = 'promise')",
    "subject": "fold(t.subject)",
    "from": "fold(coalesce(nullif(t.requester_name, ''), t.requester_address))",
    "status": "CASE t.status WHEN 'new' THEN 0 WHEN 'open' THEN 1 WHEN 'pending' THEN 2 WHEN 'on-hold' THEN 3"
    " WHEN 'solved' THEN 4 WHEN 'closed' THEN 5 ELSE 6 END",
}
_LACKING = ("due", "waiting", "promise")
"""Fields that a ticket may lack; without the others' test for it an index gives their order."""


@dataclass(frozen=True, slots=True)
class Where:
    """A compiled query: `SELECT … FROM ticket t WHERE {sql} ORDER BY {order}` with `parameters` bound by name.

    `text` is a MATCH expression that any of the words looked for satisfies, to
    rank and mark messages with; `limit` is what the query asked for.
    """

    sql: str
    parameters: dict[str, Parameter] = field(default_factory=dict)
    order: str = _QUEUE
    text: str | None = None
    limit: int | None = None
    source: str = "ticket t"
    """What to select from: the table, by the queue's index where that gives the order without sorting."""


def prepare(connection: sqlite3.Connection) -> None:
    """Give a connection the function `fold` that compiled queries call."""
    connection.create_function("fold", 1, lambda text: fold(str(text or "")), deterministic=True)


def compile_query(query: Query, *, me: str, now_ms: int, zone: dt.tzinfo = dt.UTC, prefix: str = "q") -> Where:
    """Translate a query.

    Args:
        query: What `domain.query.parse` read.
        me: The agent's id, for `assignee:me` and `is:mine`.
        now_ms: Now, in epoch milliseconds.
        zone: Whose calendar days `today` and dates mean.
        prefix: What the names of its parameters begin with, where several queries are put in one statement.
    """
    compiler = _Compiler(me, now_ms, zone, prefix)
    sql = compiler.node(query.root) if query.root is not None else "1"
    order = ", ".join([*map(_sorted, query.sort), _QUEUE]) if query.sort else _QUEUE
    source = "ticket t INDEXED BY ticket_queue" if _in_queue_order(query) else "ticket t"
    return Where(sql, compiler.parameters, order, " OR ".join(compiler.wanted) or None, query.limit, source)


def _in_queue_order(query: Query) -> bool:
    """Tell whether the queue's index serves: open tickets only, in the queue's order, none of them named by a text."""
    terms = list(query.root.terms if isinstance(query.root, All) else [query.root] if query.root is not None else [])
    terms += [inner for term in terms if isinstance(term, All) for inner in term.terms]
    is_open = any(isinstance(term, Test) and (term.field, term.value) == ("is", "open") for term in terms)
    named = any(isinstance(term, Words) or (isinstance(term, Test) and term.field == "ref") for term in terms)
    return is_open and not named and not query.sort


def _sorted(sort: Sort) -> str:
    """Order by one field; tickets that lack it come last either way."""
    column = _SORT[sort.field]
    lacking = f"{column} IS NULL, " if sort.field in _LACKING else ""
    return f"{lacking}{column}{' DESC' if sort.descending else ''}"


class _Compiler:
    def __init__(self, me: str, now_ms: int, zone: dt.tzinfo, prefix: str) -> None:
        self.parameters: dict[str, Parameter] = {}
        self.wanted: list[str] = []
        self._me = me
        self._now = now_ms
        self._zone = zone
        self._prefix = prefix
        self._negations = 0

    def node(self, node: Node) -> str:
        match node:
            case All(terms=terms):
                return "(" + " AND ".join(map(self.node, terms)) + ")"
            case Either(terms=terms):
                return "(" + " OR ".join(map(self.node, terms)) + ")"
            case Not(term=term):
                self._negations += 1
                inner = self.node(term)
                self._negations -= 1
                return f"({inner}) IS NOT TRUE"
            case Words():
                return self._words(node)
            case Test():
                return self._test(node)

    def _bind(self, value: Parameter) -> str:
        name = f"{self._prefix}{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"

    def _words(self, words: Words) -> str:
        match = match_expression([words.text], prefix=words.partial)
        if not match:
            return "1"
        if self._negations % 2 == 0:
            self.wanted.append(match)
        return _IN_TEXT.format(match=self._bind(match))

    def _test(self, test: Test) -> str:
        name, value = test.field, str(test.value)
        if name == "lang" and value == NONE:
            return "t.lang IS NULL"
        if name in _PLAIN:
            return f"{_PLAIN[name]} = {self._bind(value)}"
        match name:
            case "assignee":
                return self._assignee(value)
            case "tag":
                return self._tag(value)
            case "priority":
                first, last = pressure(test.operator, value)
                return f"t.priority BETWEEN {self._bind(first)} AND {self._bind(last)}"
            case "tier":
                return f"t.tier = {self._bind(TIERS[value])}"
            case "from":
                part = self._bind(fold(value))
                return f"(instr(fold(t.requester_address), {part}) > 0 OR instr(fold(t.requester_name), {part}) > 0)"
            case "subject":
                return f"instr(fold(t.subject), {self._bind(fold(value))}) > 0"
            case "problem":
                return "t.problem IS NULL" if value == NONE else f"t.problem = {self._bind(int(value))}"
            case "mentions":
                return _MENTIONS.format(agent=self._bind(self._me.casefold() if value == "me" else value))
            case "has":
                return _HAS[value]
            case "is":
                return self._is(value)
        return self._instant(test)

    def _assignee(self, value: str) -> str:
        if value.lower() == NONE:
            return "t.assignee IS NULL"
        return f"t.assignee = {self._bind(self._me if value.lower() == 'me' else value)}"

    def _tag(self, value: str) -> str:
        if value == NONE:
            return f"NOT {_HAS['tag']}"
        names = f"{_TAGS} WHERE fold(name) = {self._bind(fold(value))}"
        return f"t.key IN (SELECT g.ticket_key FROM tag g WHERE g.name IN ({names}))"  # noqa: S608 the value is bound

    def _is(self, value: str) -> str:
        match value:
            case "mine":
                return self._assignee("me")
            case "unassigned":
                return "t.assignee IS NULL"
            case "open":
                return _OURS
            case "waiting":
                return "t.status = 'pending'"
            case "overdue":
                return f"t.due_at < {self._bind(self._now)}"
            case "snoozed":
                return f"t.snoozed_until > {self._bind(self._now)}"
            case "auto":
                return "t.automatic = 1"
            case "undelivered":
                return "t.undelivered = 1"
            case _:
                return "t.history = 1"

    def _instant(self, test: Test) -> str:
        """Compare an instant: of the ticket, or of one of its clocks."""
        name = test.field
        if name == "waiting" and not isinstance(test.value, Duration):
            return "0"
        ahead = name == "due" or name in CLOCKS
        span = instants(test.operator, test.value, self._now, self._zone, ahead=ahead)
        if name in CLOCKS:
            return _CLOCK.format(kind=name, due=f" AND {self._within('c.due_at', span)}")
        found = self._within(_INSTANT[name], span)
        return f"({_OURS} AND {found})" if name == "waiting" else found

    def _within(self, column: str, span: Span) -> str:
        first, end = span
        parts = [] if first is None else [f"{column} >= {self._bind(first)}"]
        parts += [] if end is None else [f"{column} < {self._bind(end)}"]
        return f"({' AND '.join(parts)})"
