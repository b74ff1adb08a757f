"""S10: the queue's top, its counts, and bulk writing, in a store of a hundred tickets for each message of the run."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.big_store import ME
from bench.registry import BenchError, Row, Session, bench
from supportterm.domain import folding, query, saved_views
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind
from supportterm.store import messages
from supportterm.store.database import Database, connect
from supportterm.store.filters import Where, compile_query
from supportterm.store.mapping import MESSAGE_COLUMNS, message_values
from supportterm.store.views import Views

ORDER_AT_MOST, BULK_AT_MOST = 0.01, 1.15
TIMES = 100
"""Tickets of the store for each message of the run."""
_TOP = 50
_TICKETS = """INSERT INTO ticket (key, ref, subject, status, channel, requester_name, requester_address, lang, assignee,
        priority, override, tier, score, reasons, words, intent, created_at, updated_at, last_message_at,
        last_customer_at, last_reply_at, first_replied_at, waiting_since, due_at, due_kind, rank_changes_at,
        snoozed_until, history, automatic, undelivered, messages, follows)
    WITH RECURSIVE number (n, r) AS (SELECT 0, 12345 UNION ALL
        SELECT n + 1, (r * 1103515245 + 12345) % 2147483648 FROM number WHERE n + 1 < :count),
    one (n, a, b, c) AS (SELECT n, r / 65536, r / 4096 % 4096, r / 1024 FROM number)
    SELECT printf('%010d', n), printf('ST-%07d', n), 'Matter ' || n,
        CASE WHEN a % 10 = 0 THEN 'closed' WHEN b % 3 = 0 THEN 'new' ELSE 'open' END, 'email', 'Customer ' || n % 40000,
        'customer' || n % 40000 || '@mail.example', 'en', CASE b % 4 WHEN 0 THEN :me WHEN 1 THEN 'bob' END,
        1 + a % 5, NULL, a % 4, b % 90, '[]', 'charged twice', '', :now - c * 3700, :now - c * 400, :now - c * 400,
        :now - c * 3700, NULL, NULL, :now - c * 3700, :now + (c % 172800 - 14400) * 1000, 'reply', NULL, NULL, 0, 0, 0,
        3, NULL
    FROM one"""
"""Tickets in every tier, nine of ten open, a quarter mine and half nobody's, from a seed."""
_COMPUTED = """SELECT t.* FROM ticket t NOT INDEXED WHERE t.status IN ('new', 'open') AND t.snoozed_until IS NULL
    AND (t.assignee IS NULL OR t.assignee = :me)
    ORDER BY t.priority * 25 - t.score + (t.due_at < :now) * -50, t.due_at - :now LIMIT :top"""
_MESSAGE = f"INSERT INTO message ({', '.join(MESSAGE_COLUMNS)}) VALUES ({', '.join('?' * len(MESSAGE_COLUMNS))})"


@bench("S10")
def queue_order(session: Session) -> Iterator[Row]:
    """Fill a store by SQL alone, then look at it as the queue does and as one would without keys and counters."""
    count = TIMES * session.messages
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    with session.scratch() as folder:
        database = Database(folder / "store.sqlite3")
        database.close()
        _fill(folder / "store.sqlite3", count, now_ms)
        views = Views(connect(folder / "store.sqlite3", readonly=True))
        now = saved_views.VIEWS[0]
        where = compile_query(query.parse(now.query), me=ME, now_ms=now_ms)
        asked = {"me": ME, "now": now_ms, "top": _TOP}
        runs = session.repeat
        if len(views.queue(where, _TOP)) < _TOP:
            raise BenchError("the store has too few tickets: take more messages")
        ours = _median(lambda: views.queue(where, _TOP), 20 * runs)
        peer = _median(lambda: views._rows(_COMPUTED, asked), runs)
        yield Row("S10", f"top {_TOP} of {count:,}", ours, "order computed by a scan", peer, at_most=ORDER_AT_MOST)
        ours = _median(lambda: views.counts(ME, now_ms), 20 * runs)
        peer = _median(lambda: [views.count(_of(view, now_ms)) for view in saved_views.VIEWS], runs)
        yield Row("S10", f"badges at {count:,}", ours, "counting", peer, at_most=ORDER_AT_MOST)
        views.close()
    yield Row("S10", *_bulk(session), at_most=BULK_AT_MOST)


def _fill(store: Path, count: int, now_ms: int) -> None:
    """Insert the tickets in one statement; the triggers stand aside, and the counters are made from the rows."""
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ticket'")
    aside = list(triggers)
    for name, _ in aside:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("BEGIN")
    connection.execute(_TICKETS, {"count": count, "me": ME, "now": now_ms})
    connection.execute(
        "INSERT INTO counter SELECT status, ifnull(assignee, ''), tier, snoozed_until IS NOT NULL, history, count(*)"
        " FROM ticket GROUP BY 1, 2, 3, 4, 5"
    )
    for _, sql in aside:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.close()


def _of(view: saved_views.SavedView, now_ms: int) -> Where:
    return compile_query(query.parse(view.query), me=ME, now_ms=now_ms)


def _bulk(session: Session) -> tuple[str, float, str, float]:
    """Write the run's messages and their search rows: ours from domain values, the peer from rows made before.

    The best of each counts: the two are so near that what else the machine does would decide.
    """
    made = list(_messages(session.messages))
    rows = [message_values(message) for message in made]
    fold = folding.fold
    words = [(message.id or 0, fold(message.subject), fold(message.text), message.sender.address) for message in made]
    search = "INSERT INTO search (rowid, subject, body, people) VALUES (?, ?, ?, ?)"
    ours, peer = [], []
    for _ in range(max(session.repeat, 5)):
        with session.scratch() as folder:
            database = Database(folder / "ours.sqlite3")
            begun = time.perf_counter()
            with database.write(bulk=True) as writing:
                messages.insert(writing, made)
                messages.index(writing, words)
            ours.append(time.perf_counter() - begun)
            database.close()
            Database(folder / "raw.sqlite3").close()
            raw = connect(folder / "raw.sqlite3")
            begun = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany(_MESSAGE, rows)
            raw.executemany(search, words)
            raw.execute("COMMIT")
            peer.append(time.perf_counter() - begun)
            raw.close()
    return f"bulk path, {len(made):,} mails indexed", min(ours), "raw executemany", min(peer)


def _messages(count: int) -> Iterator[Message]:
    now = datetime.now(UTC)
    for number in range(count):
        said = " ".join(f"word{(number * 31 + place * place) % 5000}" for place in range(120))
        yield Message(
            kind=MessageKind.CUSTOMER,
            at=now - timedelta(minutes=number),
            fingerprint=f"print-{number}",
            ticket_key=f"{number // 3:010}",
            message_id=f"{number}@mail.example",
            sender=Address("Mara Lind", f"customer{number % 4000}@mail.example"),
            subject=f"Matter {number}",
            text=said,
            reply_text=said,
            lang="en",
            id=number + 1,
        )


def _median(work: Callable[[], object], times: int) -> float:
    work()
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return median(seconds)
