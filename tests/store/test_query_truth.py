"""One truth: a query names the same tickets in the store and in memory, whatever the tickets and the query."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from supportterm.domain.folding import fold
from supportterm.domain.query import parse
from supportterm.domain.query_fields import CHANNELS, CLOCKS, FIELDS, HAS, IS, PRIORITIES, TIERS
from supportterm.domain.query_matching import Facts, matches
from supportterm.domain.ticket import Priority, Status, Ticket, Tier
from supportterm.store import tickets
from supportterm.store.database import Database
from supportterm.store.filters import compile_query
from supportterm.store.rows import execute
from supportterm.store.views import Views

NOW = datetime(2026, 11, 22, 12, 30, 15, 7000, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
ZONES = ("UTC", "Asia/Tokyo", "America/Los_Angeles")
WORDS = (
    "refund",
    "Re-fund",
    "счёт",
    "СЧЕТ",
    "мой",
    "計算",
    "消費税の計算",
    "ışık",
    "ISIK",
    "Straße",
    "cafe\u0301",
    "Q3",
    "_",
)
NAMES = ("Ada Byrne", "Пётр", "İrem Şahin", "田中 太郎", "", "100%_sure")
TAGS = ("billing", "Billing", "vip", "two words", "a,b", "none", "счёт")
STEPS = (-40 * 1440, -8 * 1440, -7 * 1440, -1441, -1440, -120, -1, 0, 1, 30, 120, 121, 1440, 3 * 1440)
"""Minutes from now at which things happen: on the edges of what queries ask for, too."""


def moment(rng: random.Random) -> datetime:
    return NOW + timedelta(minutes=rng.choice(STEPS), milliseconds=rng.choice((-1, 0, 1)))


def maybe(rng: random.Random) -> datetime | None:
    return moment(rng) if rng.random() < 0.7 else None


def made(number: int) -> tuple[Ticket, Facts]:
    rng = random.Random(f"truth-{number}")  # noqa: S311 tickets of a test
    ticket = Ticket(
        key=f"{number:010}",
        ref=f"ST-{number:05}",
        subject=" ".join(rng.sample(WORDS, rng.randrange(4))),
        status=rng.choice(list(Status)),
        channel=rng.choice(CHANNELS),
        requester_name=rng.choice(NAMES),
        requester_address=f"{rng.choice(('ada', 'İrem', 'x_y'))}@shop.example",
        created_at=moment(rng),
        updated_at=moment(rng),
        last_message_at=NOW,
        assignee=rng.choice((None, "ada", "bob", "Ada")),
        lang=rng.choice((None, "en", "ru")),
        tags=frozenset(rng.sample(TAGS, rng.randrange(3))),
        priority=rng.choice(list(Priority)),
        override=rng.choice((None, None, *Priority)),
        problem=rng.choice((None, None, 1, 2)),
        tier=rng.choice(list(Tier)),
        last_customer_at=maybe(rng),
        due_at=maybe(rng),
        snoozed_until=maybe(rng),
        history=rng.random() < 0.3,
        automatic=rng.random() < 0.3,
        undelivered=rng.random() < 0.3,
        asks=rng.choice((None, False, True)),
    )
    facts = Facts(
        (" ".join(rng.sample(WORDS, rng.randrange(5))),),
        frozenset(rng.sample(("attachment", "note", "reply", "call", "draft"), rng.randrange(5))),
        {kind: (maybe(rng), maybe(rng)) for kind in rng.sample(CLOCKS, rng.randrange(3))},
    )
    if "note" in facts.has:
        facts = replace(facts, mentions=frozenset(rng.sample(("ada", "bob", "işıl"), rng.randrange(3))))
    return ticket, facts


MADE = [made(number) for number in range(150)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Views]:
    database = Database(tmp_path_factory.mktemp("truth") / Path("store.sqlite3"))
    with database.write() as session:
        tickets.save(session, [ticket for ticket, _ in MADE], with_tags=True)
        for number, (ticket, facts) in enumerate(MADE, 1):
            put(session, number, ticket, facts)
    yield Views(database.reader())
    database.close()


def put(session: object, number: int, ticket: Ticket, facts: Facts) -> None:
    """Write what the facts say into the tables the SQL looks at."""
    kinds = ["customer", *(kind for kind in ("note", "reply", "call") if kind in facts.has)]
    for place, kind in enumerate(kinds):
        count = int(place == 0 and "attachment" in facts.has)
        execute(
            session,  # type: ignore[arg-type] # a session, whose library has its door in the store
            "INSERT INTO message (id, ticket_key, kind, fingerprint, sender_name, sender_address, people, subject, at,"
            " text, intent, attachments, attachment_count, defects, links, joined_by)"
            " VALUES (?, ?, ?, '', '', '', '[]', '', 0, '', '', '[]', ?, '[]', '[]', '')",
            [number * 10 + place, ticket.key, kind, count],
        )
    for agent in facts.mentions:
        note = number * 10 + kinds.index("note")
        execute(session, "INSERT INTO note_mention VALUES (?, ?, 0, 0)", [agent, note])  # type: ignore[arg-type] # as above
    search = "INSERT INTO search (rowid, subject, body, people) VALUES (?, ?, ?, '')"
    execute(session, search, [number * 10, fold(ticket.subject), fold(facts.texts[0])])  # type: ignore[arg-type] # as above
    if "draft" in facts.has:
        execute(session, "INSERT INTO draft VALUES (?, 'ada', 'reply', 0, '{}')", [ticket.key])  # type: ignore[arg-type] # as above
    clocks = [(kind, "running", end) for kind, ends in facts.clocks.items() for end in ends]
    clocks += [("promise", "met", NOW), ("first reply", "running", NOW)]
    for place, (kind, state, end) in enumerate(clocks):
        due = None if end is None else int((end - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
        execute(
            session,  # type: ignore[arg-type] # as above
            "INSERT INTO clock VALUES (?, ?, ?, ?, NULL, 0, ?, 0, '', '', '[]', '')",
            [f"{ticket.key}-{place}", ticket.key, kind, state, due],
        )


def one_of(field: str, *values: str, operators: tuple[str, ...] = (":",)) -> st.SearchStrategy[str]:
    quoted = [f'"{value}"' if set(value) & set(' ,"') or not value else value for value in values]
    return st.builds("{}{}{}".format, st.just(field), st.sampled_from(operators), st.sampled_from(quoted))


def listed(field: str, *values: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3).map(lambda found: f"{field}:{','.join(found)}")


COMPARED = ("<", "<=", ">", ">=")
TIMES = ("30m", "2h", "1d", "1w", "-7d", "-30m", "+2h", "+1d")
DAYS = ("today", "yesterday", "tomorrow", "2026-11-22", "2026-11-14")
TESTS = st.one_of(
    listed("status", *Status),
    listed("assignee", "me", "none", "bob", "Ada", "ME", "nobody"),
    one_of("tag", *TAGS),
    listed("channel", *CHANNELS),
    one_of("priority", *PRIORITIES, operators=(":", *COMPARED)),
    listed("tier", *TIERS),
    one_of("from", "ada", "ИРЕМ", "irem", "петр", "太郎", "%", "_", "shop.example"),
    one_of("subject", *WORDS, "ка", "fund", " "),
    listed("lang", "en", "ru", "none", "ja"),
    one_of("ref", "00007", "ST-00011"),
    listed("has", *HAS),
    listed("is", *IS),
    one_of("problem", "P-1", "2", "p3", "none"),
    listed("mentions", "me", "Bob", "işıl", "nobody"),
    *(one_of(name, *TIMES, operators=COMPARED) for name in ("due", "created", "updated", "promise", "callback")),
    *(one_of(name, *DAYS, operators=(":", *COMPARED)) for name in ("due", "created", "updated", "reminder")),
    one_of("waiting", "30m", "2h", "1d", "1w", operators=COMPARED),
    st.sampled_from([*WORDS, '"refund счёт"', '"計算 ışık"', "ref", "計", "税", '"two words"', "!!!"]),
)
QUERIES = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        inner.map(lambda term: f"-{term}" if not term.startswith("-") else f"NOT {term}"),
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: f"({' '.join(terms)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: f"({' OR '.join(terms)})"),
    ),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(QUERIES, st.sampled_from(ZONES))
@example("", "UTC")
@example("-(due<2h OR promise<1d)", "Asia/Tokyo")
@example("мои", "UTC")
def test_the_store_and_the_memory_name_the_same_tickets(store: Views, text: str, zone: str) -> None:
    compare(store, text, zone)


def test_every_word_and_every_time_by_itself_names_the_same_tickets(store: Views) -> None:
    times = [f"{f}{o}{t}" for f in ("due", "created", "updated", "promise") for o in COMPARED for t in TIMES]
    days = [f"{f}{o}{d}" for f in ("due", "created", "promise") for o in (":", *COMPARED) for d in DAYS]
    ages = [f"waiting{o}{t}" for o in COMPARED for t in TIMES[:4]]
    words = [f"is:{word}" for word in IS] + [f"has:{word}" for word in HAS]
    for text in [*times, *days, *ages, *words, *(f"priority{o}{p}" for o in (":", *COMPARED) for p in PRIORITIES)]:
        compare(store, text, "America/Los_Angeles")


def compare(store: Views, text: str, zone: str) -> None:
    """Assert that both name the same tickets."""
    query, place = parse(text), ZoneInfo(zone)
    where = compile_query(query, me="ada", now_ms=NOW_MS, zone=place)
    found = {ticket.key for ticket in store.queue(where, 1000)}
    said = {t.key for t, facts in MADE if matches(query, t, me="ada", now=NOW, zone=place, facts=facts)}
    assert said == found, text


def test_every_field_is_among_what_is_compared() -> None:
    asked = {"status", "assignee", "tag", "channel", "priority", "tier", "from", "subject", "lang", "ref", "has", "is"}
    asked |= {"mentions", "problem"}
    assert asked | {"due", "created", "updated", "promise", "callback", "reminder", "waiting"} == set(FIELDS)


def test_free_words_are_looked_for_in_the_subject_unless_a_text_is_given() -> None:
    ticket = replace(MADE[0][0], subject="Where is my parcel")
    assert matches(parse("parcel"), ticket, me="ada", now=NOW)
    assert not matches(parse("broken"), ticket, me="ada", now=NOW)
    assert matches(
        parse("broken -refund"),
        ticket,
        me="ada",
        now=NOW,
        facts=Facts(("It came broken.",)),
    )
