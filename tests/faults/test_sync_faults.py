"""P3, P5: whatever ids mails bear and wherever a sync is cut, every mail is shown once."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from supportterm.desk.replying import reply
from supportterm.domain.errors import MailError
from supportterm.mail.errors import ConnectionFailedError
from supportterm.store.views import reading
from tests.faults import worker_process
from tests.faults.mailbox import deliver, renumber
from tests.faults.scene import DESK, NOW, NOWHERE, SOAK, Scene, letter, scaled

MAILS = 1000
CUTS = scaled(120, 5000)
KILLS = scaled(8, 80)
MAILS_TO_CUT = 90

HOSTILE = (
    "<>",
    "<[",
    "<a@[>",
    "no brackets at all",
    "<two> <of them@here>",
    "<spaces in it@x>",
    "<" + "x" * 3000 + "@long.example>",
    "<\x1b]0;title\x07@esc.example>",
    "<%s%n@format.example>",
    "<'; DROP TABLE message;--@sql.example>",
    "<\u202eelpmaxe@bidi.example>",
    "<nul\x00@x.example>",
    "",
)

if SOAK:
    pytestmark = pytest.mark.soak


def strange_mails(count: int) -> list[bytes]:
    """Write mails each with a body of its own; of ten, one lacks its Message-ID, one reuses one, one is hostile."""
    random = Random(7)  # noqa: S311 - the same mails each time
    mails = []
    for number in range(count):
        kind = number % 10
        identifier: str | None = f"<mail{number}@buyer.example>"
        if kind == 0:
            identifier = None
        elif kind == 3:
            identifier = "<system@broken-mailer.example>"
        elif kind == 7:
            identifier = random.choice(HOSTILE)
        sender = f"Buyer <buyer{number % 140}@buyer.example>"
        mails.append(letter(sender, f"Question {number % 50}", f"This is text number {number}.", message_id=identifier))
    return mails


def shown(scene: Scene) -> list[str]:
    """Return the texts an agent sees in all tickets together, sorted."""
    with sqlite3.connect(scene.store) as store:
        keys = [key for (key,) in store.execute("SELECT key FROM ticket")]
    store.close()
    with reading(scene.store) as views:
        return sorted(message.text.strip() for key in keys for message in views.messages(key))


async def test_a_thousand_mails_with_bad_ids_are_each_shown_once(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    for number, raw in enumerate(strange_mails(MAILS)):
        deliver(scene.root, raw, NOW - timedelta(hours=30) + timedelta(minutes=number))
    assert await scene.sync() == MAILS
    expected = sorted(f"This is text number {number}." for number in range(MAILS))
    assert shown(scene) == expected
    again = [await scene.sync()]
    renumber(scene.root, "INBOX")
    again += [await scene.sync(), await scene.sync()]
    print(f"\n{MAILS} mails, 300 with bad ids: {len(set(shown(scene)))} shown, {sum(again)} doubled after 3 more syncs")
    assert again == [0, 0, 0]
    assert shown(scene) == expected


async def test_mails_alike_without_an_id_are_as_many_as_there_are(tmp_path: Path) -> None:
    """A form that is sent three times the same within a second is three mails, however often they are read."""
    scene = Scene(tmp_path)
    alike = letter("Form <form@buyer.example>", "Contact", "Call me.", message_id=None)
    for _ in range(3):
        deliver(scene.root, alike, NOW - timedelta(hours=1))
    await scene.sync()
    for _ in range(2):
        renumber(scene.root, "INBOX")
        await scene.sync()
    deliver(scene.root, alike, NOW)
    await scene.sync()
    assert shown(scene) == ["Call me."] * 4


async def test_a_stranger_cannot_hide_a_mail_behind_our_own_reply(tmp_path: Path) -> None:
    """Whoever got our reply knows its Message-ID, and may write under it in our name."""
    scene = Scene(tmp_path)
    deliver(scene.root, letter("Mara <mara@buyer.example>", "Hi", "Help.", message_id="<1@buyer.example>"), NOW)
    await scene.sync()
    with scene.desk() as desk:
        made = reply(desk, scene.refs()["mara@buyer.example"], "Here you are.")
    forged = letter(
        f"Shop <{DESK}>", "Re: Hi", "A forged text.", to="mara@buyer.example", message_id=f"<{made.message_id}>"
    )
    deliver(scene.root, forged, NOW + timedelta(seconds=5))
    scene.clock.advance(6)
    await scene.sync()
    assert "A forged text." in shown(scene)


def conversations(scene: Scene, count: int) -> None:
    """Fill a mailbox: conversations that refer to each other out of order, bare mails, our own answers in Sent."""
    random = Random(11)  # noqa: S311 - the same mails each time
    for number in range(count):
        thread = number % 12
        step = number // 12
        earlier = f"m{random.randrange(max(step, 1)) * 12 + thread}@t.example"
        ours = number % 9 == 4
        raw = letter(
            f"Shop <{DESK}>" if ours else f"Buyer {thread} <buyer{thread}@buyer.example>",
            f"{'Re: ' if step else ''}Matter {thread}",
            f"Text {number} of matter {thread}.",
            to=f"buyer{thread}@buyer.example" if ours else DESK,
            message_id=None if number % 10 == 7 else f"<m{number}@t.example>",
            answers=earlier if step else "",
        )
        deliver(scene.root, raw, NOW - timedelta(hours=72) + timedelta(minutes=7 * number), "Sent" if ours else "INBOX")


QUERIES = {
    "ticket": "SELECT key, ref, subject, status, channel, requester_address, assignee, priority, tier, score, reasons,"
    " intent, created_at, last_message_at, last_customer_at, last_reply_at, first_replied_at, waiting_since, due_at,"
    " due_kind, history, automatic, undelivered, messages, follows FROM ticket ORDER BY key",
    "message": "SELECT ticket_key, kind, message_id, fingerprint, sender_address, subject, at, text, lang, intent, raw"
    " FROM message ORDER BY fingerprint, at, raw",
    "location": "SELECT f.name, f.uidvalidity, l.uid, l.flags, m.raw FROM location l JOIN folder f ON f.id ="
    " l.folder_id JOIN message m ON m.id = l.message ORDER BY f.name, l.uid",
    "folder": "SELECT name, role, uidvalidity, last_uid, complete FROM folder ORDER BY name",
    "mention": "SELECT message_id, ticket_key FROM mention ORDER BY message_id",
    "raw": "SELECT sha, size FROM raw ORDER BY sha",
    "search": "SELECT count(*) FROM search",
    "alias": "SELECT key, ref, ticket_key FROM alias ORDER BY key",
}


def content(scene: Scene) -> dict[str, list[Any]]:
    """Return what a store holds, without the numbers of rows and the instants of writing."""
    with sqlite3.connect(scene.store) as store:
        found = {name: store.execute(query).fetchall() for name, query in QUERIES.items()}
    store.close()
    return found


def differences(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> list[str]:
    found = []
    for name in one:
        apart = sorted(set(one[name]) ^ set(other[name]), key=str)
        if one[name] != other[name]:
            found.append(f"{name}: {len(apart)} rows, like {apart[:2]}")
    return found


def breaking_at(cut: int) -> Callable[[], None]:
    """Return a step that loses the connection the `cut`-th time."""
    left = [cut]

    def step() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise ConnectionFailedError("The connection was lost.")

    return step


async def test_a_sync_cut_anywhere_comes_to_the_same_store(tmp_path: Path) -> None:
    whole = Scene(tmp_path / "whole")
    conversations(whole, MAILS_TO_CUT)
    steps = [0]

    def count() -> None:
        steps[0] += 1

    await whole.sync(count)
    golden = content(whole)
    diverged: dict[int, list[str]] = {}
    random = Random(3)  # noqa: S311 - the same cuts each time
    for number in range(CUTS):
        at = 1 + number % steps[0]
        scene = Scene(tmp_path / f"cut{number}")
        conversations(scene, MAILS_TO_CUT)
        with pytest.raises(MailError):
            await scene.sync(breaking_at(at))
        with contextlib.suppress(MailError):
            await scene.sync(breaking_at(random.randint(1, steps[0])))
        await scene.sync()
        if found := differences(golden, content(scene)):
            diverged[at] = found
        shutil.rmtree(scene.place)
    print(f"\n{CUTS} runs over {steps[0]} places to cut, each cut twice: {len(diverged)} diverged")
    assert diverged == {}


def test_a_worker_killed_while_it_reads_comes_to_the_same_store(tmp_path: Path) -> None:
    whole = Scene(tmp_path / "whole")
    conversations(whole, MAILS_TO_CUT)
    assert worker_process.run(whole.place, NOWHERE, NOW, 0) == 0
    golden, total = content(whole), worker_process.steps(whole.place)
    diverged: dict[int, list[str]] = {}
    for number in range(KILLS):
        at = 1 + (number + 1) * (total - 1) // (KILLS + 1)
        scene = Scene(tmp_path / f"kill{number}")
        conversations(scene, MAILS_TO_CUT)
        assert worker_process.run(scene.place, NOWHERE, NOW, at) == -signal.SIGKILL
        assert worker_process.run(scene.place, NOWHERE, NOW, 0) == 0
        if found := differences(golden, content(scene)):
            diverged[at] = found
    print(f"\n{KILLS} kills over {total} steps: {len(diverged)} diverged")
    assert diverged == {}
