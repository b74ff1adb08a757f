"""A query as SQL: conditions over the `ticket` table, every value a bound parameter."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass, field

from supportterm.domain.folding import fold, match_expression
from supportterm.domain.query import All, Either, Node, Not, Query, QueryError, Sort, Test, Words
from supportterm.domain.query_fields import PRIORITIES, TIERS, Day, Duration, Offset, Operator

Parameter = str | int

_OURS = "likely(t.status IN ('new', 'open'))"
"""Said to be likely, so that SQLite walks the queue's own index and sorts nothing."""
_IN_TEXT = "t.key IN (SELECT m.ticket_key FROM search s JOIN message m ON m.id = s.rowid WHERE search MATCH {match})"
_QUEUE = "t.tier, ifnull(t.due_at, 9223372036854775807), t.created_at, t.key"
_DAY = dt.timedelta(days=1)

_HAS = {
    "attachment": "EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key AND m.attachment_count > 0)",
    "note": "EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key AND m.kind = 'note')",
    "reply": "EXISTS (SELECT 1 FROM message m WHERE m.ticket_key = t.key AND m.kind = 'reply')",
    "draft": "t.key IN (SELECT d.ticket_key FROM draft d)",
}
_PLAIN = {"status": "t.status", "channel": "t.channel", "lang": "t.lang", "ref": "t.ref"}
_INSTANT = {"due": "t.due_at", "created": "t.created_at", "updated": "t.updated_at"}
_SORT = {
    "due": "t.due_at",
    "created": "t.created_at",
    "updated": "t.updated_at",
    "waiting": "t.last_customer_at",
    "priority": "t.priority",
    "tier": "t.tier",
    "subject": "fold(t.subject)",
    "from": "fold(coalesce(nullif(t.requester_name, ''), t.requester_address))",
    "status": "CASE t.status WHEN 'new' THEN 0 WHEN 'open' THEN 1 WHEN 'pending' THEN 2 WHEN 'on-hold' THEN 3"
    " WHEN 'solved' THEN 4 WHEN 'closed' THEN 5 ELSE 6 END",
}
_LACKING = ("due", "waiting")
"""Fields that a ticket may lack; without the others' test for it an index gives their order."""
_MIRRORED: dict[Operator, Operator] = {":": ":", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


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


def compile_query(query: Query, *, me: str, now_ms: int, zone: dt.tzinfo = dt.UTC) -> Where:
    """Translate a query.

    Args:
        query: What `domain.query.parse` read.
        me: The agent's id, for `assignee:me` and `is:mine`.
        now_ms: Now, in epoch milliseconds.
        zone: Whose calendar days `today` and dates mean.
    """
    compiler = _Compiler(me, now_ms, zone)
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
    def __init__(self, me: str, now_ms: int, zone: dt.tzinfo) -> None:
        self.parameters: dict[str, Parameter] = {}
        self.wanted: list[str] = []
        self._me = me
        self._now = now_ms
        self._today = dt.datetime.fromtimestamp(now_ms / 1000, zone).date()
        self._zone = zone
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
        name = f"q{len(self.parameters)}"
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
        name, value = test.field, test.value
        if name in _PLAIN:
            return f"{_PLAIN[name]} = {self._bind(str(value))}"
        if name == "assignee":
            return self._assignee(str(value))
        if name == "tag":
            tags = "SELECT g.name FROM tag g WHERE g.ticket_key = t.key"
            return f"EXISTS ({tags} AND fold(g.name) = {self._bind(fold(str(value)))})"
        if name == "priority":
            return self._priority(test.operator, str(value))
        if name == "tier":
            return f"t.tier = {self._bind(TIERS[str(value)])}"
        if name == "from":
            part = self._bind(fold(str(value)))
            return f"(instr(fold(t.requester_address), {part}) > 0 OR instr(fold(t.requester_name), {part}) > 0)"
        if name == "subject":
            return f"instr(fold(t.subject), {self._bind(fold(str(value)))}) > 0"
        if name == "has":
            if value not in _HAS:
                raise QueryError(f"`has:{value}` is not recorded yet by this version.", test.start, test.end)
            return _HAS[str(value)]
        if name == "is":
            return self._is(str(value))
        if name == "waiting" and isinstance(value, Duration):
            return f"({_OURS} AND {self._age('t.last_customer_at', test.operator, value)})"
        return self._instant(test)

    def _assignee(self, value: str) -> str:
        if value.lower() == "none":
            return "t.assignee IS NULL"
        return f"t.assignee = {self._bind(self._me if value.lower() == 'me' else value)}"

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
            case _:
                return "t.history = 1"

    def _priority(self, operator: Operator, word: str) -> str:
        """Compare by pressure: `>=high` is P1 and P2, `low` is P4 and P5."""
        first = PRIORITIES[word]
        last = 5 if word == "low" else first
        match operator:
            case ":":
                return f"t.priority BETWEEN {self._bind(first)} AND {self._bind(last)}"
            case ">":
                return f"t.priority < {self._bind(first)}"
            case ">=":
                return f"t.priority <= {self._bind(last)}"
            case "<":
                return f"t.priority > {self._bind(last)}"
            case "<=":
                return f"t.priority >= {self._bind(first)}"

    def _instant(self, test: Test) -> str:
        """Compare an instant: a length is time left for `due` and age for the past; a day is all of it."""
        column, value = _INSTANT[test.field], test.value
        if isinstance(value, Duration) and test.field != "due":
            return self._age(column, test.operator, value)
        if isinstance(value, Duration | Offset):
            return self._compare(column, test.operator, self._now + value.seconds * 1000)
        day = self._today + _DAY * value.days if isinstance(value, Day) else value
        if not isinstance(day, dt.date):
            return "0"
        start, end = self._midnight(day), self._midnight(day + _DAY)
        match test.operator:
            case ":":
                return f"({column} >= {self._bind(start)} AND {column} < {self._bind(end)})"
            case "<" | ">=":
                return f"{column} {test.operator} {self._bind(start)}"
            case "<=":
                return f"{column} < {self._bind(end)}"
            case ">":
                return f"{column} >= {self._bind(end)}"

    def _age(self, column: str, operator: Operator, value: Duration) -> str:
        return self._compare(column, _MIRRORED[operator], self._now - value.seconds * 1000)

    def _compare(self, column: str, operator: Operator, instant: int) -> str:
        return f"{column} {'=' if operator == ':' else operator} {self._bind(instant)}"

    def _midnight(self, day: dt.date) -> int:
        return int(dt.datetime.combine(day, dt.time(), self._zone).timestamp() * 1000)
