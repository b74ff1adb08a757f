"""The main job against a real Dovecot: killed in between, nothing is lost, doubled, or sent past a colleague."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supportterm.demo import stage, story
from supportterm.demo.conversation import Conversation, conversations
from supportterm.demo.samples import Sample
from supportterm.demo.stage import PASSWORD_VARIABLE, Stage
from supportterm.demo.story import SCENES, Step, perform
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.paths import shipped_macros
from supportterm.store.filters import Where
from supportterm.store.views import Views, reading
from tests.journeys.dovecot_host import DovecotHost
from tests.servers.dovecot import missing

pytestmark = [
    pytest.mark.dovecot,
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]
ROOT = shipped_macros().parent
HISTORY = timedelta(days=14)
PATIENCE = 90.0


def server() -> DovecotHost:
    if reason := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"These tests need a real server: {reason}.")
        pytest.skip(reason)
    return DovecotHost().start()


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[DovecotHost, list[Sample]]]:
    """A Dovecot that holds the sample mailbox, and nobody changes it."""
    host = server()
    yield host, asyncio.run(story.fill(host))
    host.stop()


def synced(host: DovecotHost, folder: Path) -> dict[str, Any]:
    """Run `sync --once` as a person would and return what it says."""
    folder.mkdir(exist_ok=True)
    config = Stage(host, folder).config_file
    run = subprocess.run(
        [sys.executable, "-m", "supportterm", "--config", str(config), "sync", "--once", "--json"],
        cwd=ROOT,
        env={**os.environ, PASSWORD_VARIABLE: host.password},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (run.returncode, run.stderr) == (0, "")
    return dict(json.loads(run.stdout))


@pytest.fixture(scope="module")
def first(filled: tuple[DovecotHost, list[Sample]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store after its first sync."""
    folder = tmp_path_factory.mktemp("first")
    host, samples = filled
    assert synced(host, folder)["new"] == len(samples)
    return folder / "store.sqlite3"


def everything(views: Views) -> dict[str, tuple[Ticket, list[Message]]]:
    """Return every ticket with its messages, by key."""
    return {ticket.key: (ticket, views.messages(ticket.key)) for ticket in views.queue(Where("1"), 100_000)}


def picture(store: Path) -> list[tuple[object, ...]]:
    """Return what a store shows: every ticket as it stands, and its mails."""
    with reading(store) as views:
        return sorted(
            (ticket.key, ticket.ref, ticket.status, ticket.history, sorted(str(m.message_id) for m in messages))
            for ticket, messages in everything(views).values()
        )


def test_the_first_sync_brings_the_newest_mail_first(first: Path) -> None:
    """Ids follow the order of arrival here, UIDs that on the server."""
    with sqlite3.connect(first) as store:
        for folder in ("INBOX", "Sent"):
            uids = [
                uid
                for (uid,) in store.execute(
                    "SELECT l.uid FROM location l JOIN folder f ON f.id = l.folder_id WHERE f.name = ?"
                    " ORDER BY l.message",
                    [folder],
                )
            ]
            assert len(uids) > 5
            assert uids == sorted(uids, reverse=True)


def test_the_first_sync_marks_nothing_on_the_server(filled: tuple[DovecotHost, list[Sample]], first: Path) -> None:
    host, samples = filled
    for folder in ("INBOX", "Sent"):
        there = Counter(mail.flags - {"\\Recent"} for mail in asyncio.run(host.mails(folder)))
        assert there == Counter(frozenset(sample.flags) for sample in samples if sample.folder == folder)


def test_a_second_sync_and_a_second_first_sync_show_the_same(
    filled: tuple[DovecotHost, list[Sample]], first: Path, tmp_path: Path
) -> None:
    host, samples = filled
    before = picture(first)
    assert synced(host, first.parent)["new"] == 0
    assert picture(first) == before
    assert synced(host, tmp_path)["new"] == len(samples)
    assert picture(tmp_path / "store.sqlite3") == before


def test_a_mailbox_that_numbers_its_mail_anew_shows_each_mail_once(tmp_path: Path) -> None:
    """Another UIDVALIDITY (RFC 3501 2.3.1.1): everything is read again, nothing doubles, nothing is sent or marked."""
    host = server()
    try:
        asyncio.run(story.fill(host))
        synced(host, tmp_path)
        before, marks = picture(tmp_path / "store.sqlite3"), asyncio.run(host.mails("INBOX"))
        host.dovecot.kill()
        for folder in ("INBOX", "Sent"):
            for path in host.dovecot.maildir(folder).glob("dovecot*"):
                path.unlink()
        host.dovecot.start()
        assert synced(host, tmp_path)["new"] == 0
        assert picture(tmp_path / "store.sqlite3") == before
        after = asyncio.run(host.mails("INBOX"))
        assert [(m.message_id, m.flags - {"\\Recent"}) for m in sorted(after, key=lambda m: m.received_at)] == [
            (m.message_id, m.flags - {"\\Recent"}) for m in sorted(marks, key=lambda m: m.received_at)
        ]
        assert asyncio.run(host.accepted()) == []
    finally:
        host.stop()


def age(conversation: Conversation) -> timedelta:
    return min(mail.age for mail in conversation.mails)


def tickets_of(conversation: Conversation, views: Views) -> list[tuple[Ticket, list[Message]]]:
    return [
        (ticket, messages)
        for ticket, messages in everything(views).values()
        if any((message.message_id or "").startswith(f"{conversation.token}.") for message in messages)
    ]


def test_conversations_older_than_a_fortnight_arrive_at_rest_without_clocks(first: Path) -> None:
    """Ours the last word: pending. Theirs: closed."""
    old = [conversation for conversation in conversations() if age(conversation) > HISTORY]
    assert len(old) >= 3
    with reading(first) as views:
        for conversation in old:
            for ticket, messages in tickets_of(conversation, views):
                ours = [m.kind for m in messages if m.kind in (MessageKind.CUSTOMER, MessageKind.REPLY)][-1:]
                expected = Status.PENDING if ours == [MessageKind.REPLY] else Status.CLOSED
                assert (ticket.status, ticket.history, ticket.due_at) == (expected, True, None), conversation.name


def test_newer_ones_wait_for_who_did_not_have_the_last_word(first: Path) -> None:
    """Ours the last word: pending. Theirs: open, or new where nobody ever answered. Machines have no say."""
    seen: Counter[Status] = Counter()
    with reading(first) as views:
        for ticket, messages in everything(views).values():
            if ticket.last_message_at < datetime.now(UTC) - HISTORY:
                continue
            kinds = [m.kind for m in messages if m.kind in (MessageKind.CUSTOMER, MessageKind.REPLY)]
            bounced = messages[-1].kind is MessageKind.BOUNCE
            ours = bool(kinds) and kinds[-1] is MessageKind.REPLY and not bounced
            answered = MessageKind.REPLY in kinds
            expected = Status.PENDING if ours else Status.OPEN if answered else Status.NEW
            assert (ticket.status, ticket.history) == (expected, False), ticket.subject
            assert (ticket.due_at is None) == (ours or not ticket.waiting_since or ticket.automatic), ticket.subject
            seen[expected] += 1
    assert min(seen[status] for status in (Status.PENDING, Status.OPEN, Status.NEW)) >= 1


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    """The story, played on a Dovecot of its own."""
    host = server()
    told: list[Step] = []
    try:
        ok = asyncio.run(perform(host, tmp_path_factory.mktemp("story"), told.append, PATIENCE))
    finally:
        host.stop()
    assert ok, (told[-1].name, told[-1].expected, told[-1].lines)
    return {step.name: step for step in told}


def test_the_whole_story_is_seen(played: dict[str, Step]) -> None:
    assert list(played) == [name for _, acts in SCENES for name, _ in acts]


def test_the_reply_is_accepted_once_filed_once_and_the_customers_mail_marked(played: dict[str, Step]) -> None:
    assert played["accepted"].facts["times"] == 1
    assert played["in Sent"].facts["copies"] == 1
    assert {"\\Seen", "\\Answered"} <= set(played["in Sent"].facts["flags"])


def test_the_customers_answer_is_heard_of_and_joins_the_ticket(played: dict[str, Step]) -> None:
    """The story's worker polls only every hour: the server told of the mail (IDLE)."""
    assert PATIENCE < stage.POLL_SECONDS
    answer = played["answer"].facts
    assert answer["ref"] == played["open"].facts["ref"]
    assert answer["joined_by"].startswith("its link to")


def test_a_server_killed_in_between_delays_and_doubles_nothing(played: dict[str, Step]) -> None:
    assert (played["offline"].facts["state"], played["offline"].facts["readable"]) == ("queued", True)
    assert played["online"].facts["times"] == 1
    assert (played["crossing"].facts["state"], played["crossing"].facts["times"]) == ("review", 0)
    assert played["release"].facts["times"] == 1
    assert played["drained"].facts["copies"] == [1, 1, 1]
