"""A store of many tickets, made from a seed in a minute at most: what the console's benches open."""

from __future__ import annotations

import json
import random
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.mailbox import ADDRESS, LANGUAGES
from supportterm.config import Policy
from supportterm.desk.clockwork import Clockwork
from supportterm.desk.policies import Policies
from supportterm.domain import folding, query, saved_views
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.threads import reference, ticket_key
from supportterm.domain.ticket import MessageKind, Priority, Reason, Status, Ticket, Tier
from supportterm.store import messages, meta, migrations, tickets
from supportterm.store.database import Database
from supportterm.store.filters import compile_query
from supportterm.store.views import reading

MESSAGES_EACH = 3
ME = "bench"
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
_BATCH = 5_000
_STATUSES = (Status.NEW, Status.OPEN, Status.OPEN)
_OTHERS = (Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED)
_TIERS = (Tier.NOW, *[Tier.TODAY] * 9, *[Tier.CAN_WAIT] * 60, *[Tier.NO_ANSWER] * 30)
_MARKS = ("", "", "", "", " 🙏", " — ещё раз", " (再送)", " e\u0301te\u0301")
_PHRASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))


def big_store(folder: Path, count: int) -> Path:
    """Return a store of so many tickets, three messages each, made once and kept.

    Nearly all are open and mine or nobody's, so that the first view holds them; their subjects begin with a number
    of their own. Four scripts, four tiers, clocks late and to come.
    """
    path = folder / f"store-{migrations.VERSION}-{count}" / "store.sqlite3"
    if path.exists():
        return path
    making = path.parent.with_suffix(".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    database = Database(making / path.name)
    try:
        taken: set[str] = set()
        for start in range(0, count, _BATCH):
            _fill(database, range(start, min(start + _BATCH, count)), taken)
        with database.write(bulk=True) as session:
            meta.put(session, "first_sync_at", NOW.isoformat())
            meta.put(session, "sync", json.dumps({"state": "online", "since": NOW.isoformat()}))
            clockwork = Clockwork(Policies.of(Policy()))
            clockwork.is_stale(session, NOW)
            clockwork.wound(session)  # what is due was made up above; the worker is not to reckon it all anew
        database.checkpoint()
    finally:
        database.close()
    making.rename(path.parent)
    return path


def copy(store: Path, folder: Path) -> Path:
    """Copy a store into a folder of its own, a configuration beside it, and return the configuration's path."""
    target = folder / "store.sqlite3"
    shutil.copyfile(store, target)
    config = folder / "config.toml"
    server = 'host = "127.0.0.1"\nport = 1\nsecurity = "plaintext-on-loopback"\npassword_command = ["echo", "none"]\n'
    config.write_text(
        f'store = "{target}"\n[agent]\nid = "{ME}"\n[mailbox]\naddress = "{ADDRESS}"\n'
        f"[mailbox.imap]\n{server}[mailbox.smtp]\n{server}"
    )
    return config


def _fill(database: Database, numbers: range, taken: set[str]) -> None:
    made = [_ticket(number, taken) for number in numbers]
    first = numbers.start * MESSAGES_EACH + 1
    held = [message for ticket, words in made for message in _conversation(ticket, words)]
    held = [replace(message, id=first + place) for place, message in enumerate(held)]
    with database.write(bulk=True) as session:
        tickets.save(session, (ticket for ticket, _ in made), with_tags=True)
        messages.insert(session, held)
        fold = folding.fold
        messages.index(session, ((m.id or 0, fold(m.subject), fold(m.text), m.sender.address) for m in held))


def _ticket(number: int, taken: set[str]) -> tuple[Ticket, dict[str, Any]]:
    rng = random.Random(f"ticket-{number}")
    words = _PHRASES[rng.choice(LANGUAGES)]
    slots = {"product": rng.choice(_PHRASES["products"]), "order": str(10_000 + number), "name": ""}
    slots |= {"amount": f"{rng.randrange(5, 900)}.00", "day": rng.choice(_PHRASES["days"])}
    key = ticket_key(f"big-{number}")
    ref = reference(key, taken)
    taken.add(ref)
    tier = _TIERS[number % len(_TIERS)]
    arrived = NOW - timedelta(minutes=rng.randrange(60 * 24 * 90))
    due = NOW + timedelta(minutes=rng.randrange(-240, 2880) + int(tier) * 60)
    ours = rng.random() < 0.97
    ticket = Ticket(
        key=key,
        ref=ref,
        subject=f"{slots['order']}: " + rng.choice(words["subjects"]).format(**slots) + rng.choice(_MARKS),
        status=rng.choice(_STATUSES if ours else _OTHERS),
        channel="email",
        requester_name=rng.choice(words["names"]),
        requester_address=f"customer{number % 40_000}@mail.example",
        created_at=arrived,
        updated_at=arrived,
        last_message_at=arrived,
        assignee=rng.choice((None, None, ME)) if ours else "ada",
        lang=rng.choice(LANGUAGES),
        tags=frozenset({"billing"}) if rng.random() < 0.2 else frozenset(),
        priority=Priority(int(tier) + 1),
        tier=tier,
        score=40 - 10 * int(tier),
        reasons=(Reason("waiting", 20, "waits since yesterday", source="meta"), Reason("money", 10, "charged twice")),
        words="charged twice, waits since yesterday",
        last_customer_at=arrived,
        waiting_since=arrived,
        due_at=due if ours else None,
        due_kind="reply" if ours else None,
        messages=MESSAGES_EACH,
    )
    return ticket, words | {"slots": slots | {"name": ticket.requester_name}}


def _conversation(ticket: Ticket, words: dict[str, Any]) -> Iterator[Message]:
    rng = random.Random(ticket.key)
    customer, desk = Address(ticket.requester_name, ticket.requester_address), Address("Lantern", ADDRESS)
    for turn in range(MESSAGES_EACH):
        ours = turn == 1
        said = rng.sample(words["agent" if ours else "customer"], 3)
        text = "\n\n".join([rng.choice(words["greetings"]), *said, rng.choice(words["closings"])])
        text = text.format(**words["slots"])
        yield Message(
            kind=MessageKind.REPLY if ours else MessageKind.CUSTOMER,
            at=ticket.created_at - timedelta(hours=2 - turn),
            fingerprint=f"{ticket.key}-{turn}",
            ticket_key=ticket.key,
            message_id=f"{ticket.key.lower()}.{turn}@mail.example",
            sender=desk if ours else customer,
            to=(customer if ours else desk,),
            subject=ticket.subject if turn == 0 else f"Re: {ticket.subject}",
            text=text,
            reply_text=text,
            lang=ticket.lang,
        )


def first_rows(config: Path) -> tuple[bytes, bytes]:
    """Return what the subjects of the queue's first two rows begin with."""
    wanted = query.parse(saved_views.VIEWS[0].query)
    where = compile_query(wanted, me=ME, now_ms=int(datetime.now(UTC).timestamp() * 1000))
    with reading(config.with_name("store.sqlite3")) as views:
        one, two = (ticket.subject.partition(" ")[0].encode() for ticket in views.queue(where, 2))
    return one, two
