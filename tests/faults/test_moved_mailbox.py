"""P6: a changed UIDVALIDITY or a lost store deletes and sends nothing, and leaves what agents did where it was."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from supportterm.desk import verbs
from supportterm.desk.replying import reply
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.faults.mailbox import changes, deliver, renumber
from tests.faults.scene import NOW, Scene, letter
from tests.servers.smtpd import SmtpServer

CUSTOMERS = 20


async def worked_on(place: Path, server: SmtpServer) -> Scene:
    """Return a mailbox an agent has worked on: notes, owners and tags everywhere, every second ticket answered."""
    scene = Scene(place, server.server())
    for number in range(CUSTOMERS):
        mail = letter(
            f"Buyer <buyer{number}@buyer.example>",
            f"Matter {number}",
            f"Question {number}.",
            message_id=None if number % 5 == 4 else f"<{number}@buyer.example>",
        )
        deliver(scene.root, mail, NOW - timedelta(hours=CUSTOMERS - number))
    await scene.sync()
    refs = scene.refs()
    with scene.desk() as desk:
        for number in range(CUSTOMERS):
            ref = refs[f"buyer{number}@buyer.example"]
            verbs.note(desk, ref, f"Note {number}.")
            verbs.change(desk, ref, verbs.Change(assignee=f"agent{number}", add_tags=frozenset({f"tag{number}"})))
            if number % 2:
                reply(desk, ref, f"Answer {number}.")
    await scene.work()
    return scene


def work(scene: Scene) -> dict[str, tuple[object, ...]]:
    """Return what agents did, by ticket."""
    with reading(scene.store) as views:
        return {t.key: _work(t, views.messages(t.key)) for t in views.queue(Where("1"), limit=1000)}


def _work(ticket: Ticket, messages: list[Message]) -> tuple[object, ...]:
    said = [(m.kind, m.text) for m in messages]
    return (ticket.ref, ticket.status, ticket.assignee, ticket.tags, ticket.first_replied_at is not None, said)


async def test_a_changed_uidvalidity_changes_nothing_else(tmp_path: Path, smtp_server: SmtpServer) -> None:
    scene = await worked_on(tmp_path, smtp_server)
    before, asked, taken = work(scene), changes(scene.root), len(smtp_server.taken)
    for folder in ("INBOX", "Sent", "INBOX"):
        renumber(scene.root, folder)
        assert await scene.sync() == 0
        await scene.work(timedelta(minutes=5))
    asked_since = changes(scene.root)[len(asked) :]
    print(
        f"\n3 changes of UIDVALIDITY: {len(asked_since)} changes on the server, {len(smtp_server.taken) - taken} mails"
    )
    assert asked_since == []
    assert len(smtp_server.taken) == taken == CUSTOMERS // 2
    assert work(scene) == before


async def test_flags_queued_under_an_old_uidvalidity_find_their_mail(tmp_path: Path, smtp_server: SmtpServer) -> None:
    """The answer is accepted, then the folder is numbered anew before its flags are set."""
    scene = Scene(tmp_path, smtp_server.server())
    for name in ("first", "second", "third"):
        mail = letter(f"{name} <{name}@buyer.example>", name, "Hello.", message_id=f"<{name}@buyer.example>")
        deliver(scene.root, mail, NOW - timedelta(hours=1))
    await scene.sync()
    with scene.desk() as desk:
        reply(desk, scene.refs()["second@buyer.example"], "Hello.")
    scene.clock.advance(11)
    await scene.sync()
    renumber(scene.root, "INBOX")
    await scene.work(timedelta(seconds=1))
    flagged = [flags.with_suffix(".eml").read_bytes() for flags in (scene.root / "INBOX").glob("*.flags")]
    assert [b"second@buyer.example" in raw for raw in flagged] == [True]


async def test_a_lost_store_comes_back_from_the_backup(tmp_path: Path, smtp_server: SmtpServer) -> None:
    scene = await worked_on(tmp_path, smtp_server)
    with scene.desk() as desk:
        backup = desk.database.backup()
    before, asked, taken = work(scene), changes(scene.root), len(smtp_server.taken)
    late = letter("Late <late@buyer.example>", "Since", "After the backup.", message_id="<late@buyer.example>")
    deliver(scene.root, late, scene.clock.now())
    await scene.sync()
    scene.restore(backup)
    renumber(scene.root, "INBOX")
    assert await scene.sync() == 1
    await scene.work(timedelta(minutes=5))
    after = work(scene)
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 1
    assert changes(scene.root) == asked
    assert len(smtp_server.taken) == taken


async def test_a_lost_store_without_a_backup_asks_nothing_of_the_server(
    tmp_path: Path, smtp_server: SmtpServer
) -> None:
    """The mails come back, our answers with them; only notes are lost."""
    scene = await worked_on(tmp_path, smtp_server)
    asked, taken, refs = changes(scene.root), len(smtp_server.taken), scene.refs()
    for lost in scene.place.glob("store.sqlite3*"):
        lost.unlink()
    assert await scene.sync() == CUSTOMERS + CUSTOMERS // 2
    await scene.work(timedelta(minutes=5))
    assert changes(scene.root) == asked
    assert len(smtp_server.taken) == taken
    assert scene.refs() == refs
    kinds = [kind for row in work(scene).values() for kind, _ in row[-1]]  # type: ignore[attr-defined]  # the last is the list
    assert kinds.count(MessageKind.REPLY) == CUSTOMERS // 2
