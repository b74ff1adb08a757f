import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supportterm.domain.folding import fold
from supportterm.domain.query import parse
from supportterm.store.filters import compile_query, prepare

NOW = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000
DAY = 24 * HOUR

TICKETS: list[dict[str, object]] = [
    {"key": "late", "subject": "Refund for the blender", "status": "open", "assignee": "mara", "priority": 2,
     "tier": 0, "due_at": NOW - HOUR, "created_at": NOW - 2 * DAY, "last_customer_at": NOW - 30 * HOUR,
     "requester_name": "Ada Byrne", "requester_address": "ada@example.com", "lang": "en"},
    {"key": "soon", "subject": "Не пришёл счёт", "status": "new", "priority": 1, "tier": 0,
     "due_at": NOW + HOUR, "created_at": NOW - 3 * HOUR, "last_customer_at": NOW - 3 * HOUR,
     "requester_name": "Пётр Ильин", "requester_address": "petr@example.org", "lang": "ru", "channel": "chat",
     "override": 1},
    {"key": "idle", "subject": "消費税の計算", "status": "pending", "assignee": "mara", "priority": 5, "tier": 2,
     "created_at": NOW - 10 * DAY, "last_customer_at": NOW - 9 * DAY, "requester_name": "田中 太郎",
     "requester_address": "tanaka@example.jp", "lang": "ja", "undelivered": 1},
    {"key": "held", "subject": "Işık yanmıyor", "status": "on-hold", "assignee": "oleg", "priority": 4, "tier": 1,
     "due_at": NOW + 30 * HOUR, "created_at": NOW - 20 * HOUR, "last_customer_at": NOW - 20 * HOUR,
     "snoozed_until": NOW + DAY, "requester_name": "İrem Şahin", "requester_address": "irem@example.net",
     "lang": "tr"},
    {"key": "auto", "subject": "Out of office", "status": "closed", "priority": 3, "tier": 3, "automatic": 1,
     "history": 1, "created_at": NOW - 40 * DAY, "requester_name": "", "requester_address": "100%_sure@example.com"},
]  # fmt: skip


@pytest.fixture(scope="module")
def store() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    prepare(connection)
    connection.executescript(
        """
        CREATE TABLE ticket(key TEXT PRIMARY KEY, ref TEXT, subject TEXT, status TEXT, channel TEXT, priority INTEGER,
            tier INTEGER, assignee TEXT, requester_name TEXT, requester_address TEXT, lang TEXT, created_at INTEGER,
            updated_at INTEGER, last_customer_at INTEGER, due_at INTEGER, snoozed_until INTEGER, history INTEGER,
            automatic INTEGER, undelivered INTEGER, override INTEGER);
        CREATE TABLE tag(ticket_key TEXT, name TEXT);
        CREATE TABLE draft(ticket_key TEXT);
        CREATE TABLE clock(ticket_key TEXT, kind TEXT, state TEXT, due_at INTEGER);
        CREATE TABLE message(id INTEGER PRIMARY KEY, ticket_key TEXT, kind TEXT, attachment_count INTEGER);
        CREATE VIRTUAL TABLE search USING fts5(subject, body, people, tokenize = 'unicode61 remove_diacritics 2');
        """
    )
    columns = [row[1] for row in connection.execute("PRAGMA table_info(ticket)")]
    for number, ticket in enumerate(TICKETS):
        defaults = {"ref": f"ST-0000{number}", "channel": "email", "history": 0, "automatic": 0}
        row: dict[str, object] = {**dict.fromkeys(columns), **defaults, **ticket}
        row["updated_at"] = row["created_at"]
        names = ", ".join(columns)
        connection.execute(f"INSERT INTO ticket({names}) VALUES ({', '.join(':' + c for c in columns)})", row)  # noqa: S608 # our own column names
    message(connection, "late", "customer", "The blender came broken.", attachments=1)
    message(connection, "late", "reply", "Your refund is on its way, you have it by Friday.")
    message(connection, "soon", "customer", "Здравствуйте, ещё не пришёл счёт за октябрь")
    message(connection, "idle", "customer", "消費税の計算が合いません")
    message(connection, "held", "note", "Waiting for the electrician")
    message(connection, "held", "customer", "IŞIK yanmıyor, yardım edin")
    message(connection, "auto", "automatic", "I am away until Friday")
    connection.executemany("INSERT INTO tag VALUES (?, ?)", [("late", "Billing"), ("late", "vip"), ("soon", "billing")])
    connection.execute("INSERT INTO draft VALUES ('held')")
    clocks = [
        ("late", "promise", "running", NOW + HOUR),
        ("soon", "promise", "met", NOW + HOUR),
        ("idle", "promise", "running", NOW + 3 * DAY),
        ("idle", "callback", "running", NOW + HOUR),
        ("held", "follow-up", "running", None),
    ]
    connection.executemany("INSERT INTO clock VALUES (?, ?, ?, ?)", clocks)
    yield connection
    connection.close()


def message(connection: sqlite3.Connection, key: str, kind: str, body: str, attachments: int = 0) -> None:
    inserted = connection.execute(
        "INSERT INTO message(ticket_key, kind, attachment_count) VALUES (?, ?, ?)", (key, kind, attachments)
    )
    connection.execute(
        "INSERT INTO search(rowid, subject, body, people) VALUES (?, '', ?, '')", (inserted.lastrowid, fold(body))
    )


def keys(store: sqlite3.Connection, text: str, zone: ZoneInfo | None = None) -> list[str]:
    where = compile_query(parse(text), me="mara", now_ms=NOW, zone=zone or UTC)
    sql = f"SELECT t.key FROM ticket t WHERE {where.sql} ORDER BY {where.order}"  # noqa: S608 # what is under test
    return [row[0] for row in store.execute(sql, where.parameters)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"late", "soon", "idle", "held", "auto"}),
        ("status:open", {"late"}),
        ("is:open", {"late", "soon"}),
        ("status:on-hold", {"held"}),
        ("assignee:me", {"late", "idle"}),
        ("is:mine", {"late", "idle"}),
        ("-assignee:me", {"soon", "held", "auto"}),
        ("assignee:none", {"soon", "auto"}),
        ("is:unassigned", {"soon", "auto"}),
        ("assignee:oleg", {"held"}),
        ("tag:billing", {"late", "soon"}),
        ("tag:BILLING -tag:vip", {"soon"}),
        ("channel:chat", {"soon"}),
        ("priority:low", {"idle", "held"}),
        ("priority:p5", {"idle"}),
        ("priority>=high", {"late", "soon"}),
        ("priority>high", {"soon"}),
        ("priority<normal", {"idle", "held"}),
        ("priority<=normal", {"idle", "held", "auto"}),
        ("priority>low", {"late", "soon", "auto"}),
        ("tier:now", {"late", "soon"}),
        ("from:ada", {"late"}),
        ("from:петр", {"soon"}),
        ("from:irem", {"held"}),
        ("from:sahin", {"held"}),
        ("from:太郎", {"idle"}),
        ("from:100%_", {"auto"}),
        ("from:%", {"auto"}),
        ("subject:blender", {"late"}),
        ("subject:費税", {"idle"}),
        ("lang:ru", {"soon"}),
        ("ref:00001", {"soon"}),
        ("#00001", {"soon"}),
        ("has:attachment", {"late"}),
        ("has:reply", {"late"}),
        ("has:note", {"held"}),
        ("is:waiting", {"idle"}),
        ("is:overdue", {"late"}),
        ("is:snoozed", {"held"}),
        ("is:auto", {"auto"}),
        ("is:history", {"auto"}),
        ("due<2h", {"late", "soon"}),
        ("-due<2h", {"idle", "held", "auto"}),
        ("due>2h", {"held"}),
        ("due<-30m", {"late"}),
        ("due:today", {"late", "soon"}),
        ("due:tomorrow", {"held"}),
        ("due<=today", {"late", "soon"}),
        ("created>-7d", {"late", "soon", "held"}),
        ("created<7d", {"late", "soon", "held"}),
        ("created>7d", {"idle", "auto"}),
        ("created<2026-11-13", {"idle", "auto"}),
        ("created<=2026-11-12", {"idle", "auto"}),
        ("created>2026-11-12", {"late", "soon", "held"}),
        ("created:2026-11-12", {"idle"}),
        ("updated>=yesterday", {"soon", "held"}),
        ("waiting>1d", {"late"}),
        ("waiting<1d", {"soon"}),
        ("refund", {"late"}),
        ("broken refund", {"late"}),
        ('"refund is on its way"', {"late"}),
        ('"way its on"', set()),
        ("счет", {"soon"}),
        ("計算", {"idle"}),
        ("税", {"idle"}),
        ("isik", {"held"}),
        ("friday -refund", {"auto"}),
        ("frid", {"late", "auto"}),
        ("tag:vip OR lang:tr", {"late", "held"}),
        ("(tag:vip OR lang:tr) -is:snoozed", {"late"}),
        ("-(tag:vip OR lang:tr)", {"soon", "idle", "auto"}),
        ("--tag:vip", {"late"}),
        ("!!! tag:vip", {"late"}),
        ("status:open,pending", {"late", "idle"}),
        ("-status:open,pending", {"soon", "held", "auto"}),
        ("assignee:oleg,none", {"soon", "held", "auto"}),
        ("tag:vip,nonesuch", {"late"}),
        ("tag:none", {"idle", "held", "auto"}),
        ("has:tag", {"late", "soon"}),
        ("has:draft", {"held"}),
        ("has:clock", {"late", "soon", "held"}),
        ("has:override", {"soon"}),
        ("is:undelivered", {"idle"}),
        ("has:promise", {"late", "idle"}),
        ("has:callback", {"idle"}),
        ("has:follow-up", {"held"}),
        ("promise<2h", {"late"}),
        ("promise>1d", {"idle"}),
        ("promise:today -callback<1d", {"late"}),
        ("reminder<1w", set()),
    ],
)
def test_queries_name_the_tickets_they_say(store: sqlite3.Connection, query: str, expected: set[str]) -> None:
    assert set(keys(store, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["late", "soon", "held", "idle", "auto"]),
        ("sort:due", ["late", "soon", "held", "idle", "auto"]),
        ("sort:-due", ["held", "soon", "late", "idle", "auto"]),
        ("sort:priority", ["soon", "late", "auto", "held", "idle"]),
        ("sort:-created", ["soon", "held", "late", "idle", "auto"]),
        ("sort:subject", ["held", "auto", "late", "soon", "idle"]),
        ("sort:status", ["soon", "late", "idle", "held", "auto"]),
        ("sort:tier sort:-created", ["soon", "late", "held", "idle", "auto"]),
    ],
)
def test_the_order(store: sqlite3.Connection, query: str, expected: list[str]) -> None:
    assert keys(store, query) == expected


def test_days_are_those_of_the_zone(store: sqlite3.Connection) -> None:
    assert keys(store, "created:2026-11-21") == ["held"]
    assert keys(store, "created:2026-11-22", ZoneInfo("Pacific/Kiritimati")) == ["soon", "held"]


def test_words_to_mark_and_the_limit_come_along() -> None:
    where = compile_query(parse('refund -broken limit:7 "two words" frid'), me="m", now_ms=NOW)
    assert where.text == '"refund" OR "two words" OR "frid" *'
    assert where.limit == 7
    assert compile_query(parse("tag:a"), me="m", now_ms=NOW).text is None


@pytest.mark.parametrize(
    "evil", ["tag:x'--", 'from:"\';DROP"', "assignee:'||1", "x'y", "subject:\"a' OR '1'='1\"", "lang:'", "ref:'"]
)
def test_no_value_reaches_the_sql(store: sqlite3.Connection, evil: str) -> None:
    where = compile_query(parse(evil), me="mara'", now_ms=NOW)
    assert "'" not in where.sql.replace("'withdrawn'", "")
    assert keys(store, evil) == []


TERMS = [
    "status:open", "assignee:me", "assignee:none", "tag:billing", "priority>=high", "due<2h", "due:today",
    "created>-7d", "waiting>1d", "is:snoozed", "is:overdue", "has:note", "from:a", "refund", "税", '"on its way"',
    "lang:ru", "updated<=yesterday",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.sampled_from(TERMS), min_size=1, max_size=4), st.sampled_from([" ", " OR "]))
def test_a_query_and_its_opposite_share_the_tickets_out(
    store: sqlite3.Connection, terms: list[str], joint: str
) -> None:
    query = f"({joint.join(terms)})"
    assert sorted(keys(store, query) + keys(store, f"-{query}")) == sorted(str(t["key"]) for t in TICKETS)


def test_the_longest_query_still_runs(store: sqlite3.Connection) -> None:
    assert keys(store, " ".join(["refund"] * 99)) == ["late"]
    assert keys(store, "(" * 29 + "tag:vip" + ")" * 29) == ["late"]
