"""Drafts: kept apart by kind, given back by undo, never in the journal, and nothing inside in a forward."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from supportterm.desk import drafts, enclosing, forwarding, verbs
from supportterm.desk.outbox import retry
from supportterm.desk.replying import forward, reply
from supportterm.domain.drafts import Draft, Kind, Mode, Recipients, Seen, Why
from supportterm.domain.errors import RefusedError
from supportterm.domain.mail import Address
from supportterm.domain.operations import OperationKind, State
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.mail.compose import ComposeError
from supportterm.store import drafts as kept
from supportterm.store import tickets
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter

MARA = Recipients((Address("Mara", "mara@lind.example"),))
DEV = Recipients((Address("", "dev@supplier.example"),))


async def opened(world: World, raw: bytes | None = None) -> Ticket:
    world.server.put(raw or letter("When?"), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0]


def draft_of(world: World, ticket: Ticket, kind: Kind = Kind.REPLY) -> Draft | None:
    with reading(world.desk.database.path) as views:
        return views.draft(ticket.key, "ada", kind)


def begun(ticket: Ticket, text: str, mode: Mode = Mode.REPLY) -> Draft:
    return Draft(ticket.key, "ada", mode, text)


async def test_an_agent_has_a_draft_of_each_kind_and_none_of_it_is_an_event(world: World) -> None:
    ticket = await opened(world)
    with reading(world.desk.database.path) as views:
        before = views.events(ticket.key)
    for mode in (Mode.REPLY, Mode.NOTE, Mode.FORWARD):
        drafts.save(world.desk, begun(ticket, f"A {mode} of mine", mode))
    drafts.save(world.desk, begun(ticket, "To all of them", Mode.REPLY_ALL))
    found = [draft_of(world, ticket, kind) for kind in (Kind.REPLY, Kind.NOTE, Kind.FORWARD)]
    assert [d and d.text for d in found] == ["To all of them", "A note of mine", "A forward of mine"]
    with reading(world.desk.database.path) as views:
        assert views.events(ticket.key) == before
        assert views.drafts() == {ticket.key: "ada"}


async def test_a_version_is_kept_each_minute_and_before_much_is_deleted(world: World) -> None:
    ticket = await opened(world)
    for second in range(0, 180, 10):
        drafts.save(world.desk, begun(ticket, "A text that grows " + "on " * second))
        world.clock.advance(10)
    drafts.save(world.desk, begun(ticket, "Gone"))
    with reading(world.desk.database.path) as views:
        versions = views.revisions(ticket.key, "ada", Kind.REPLY)
    assert 3 <= len(versions) <= 6
    assert versions[0].draft.text.endswith("on " * 170)
    for number in range(40):
        drafts.save(world.desk, begun(ticket, f"Version {number}"), why=Why.EDITOR)
    with reading(world.desk.database.path) as views:
        assert len(views.revisions(ticket.key, "ada", Kind.REPLY)) <= 21


async def test_a_reply_takes_its_draft_along_and_undo_gives_all_of_it_back(world: World, tmp_path: Path) -> None:
    ticket = await opened(world)
    (tmp_path / "fix.txt").write_text("off and on")
    file, packed = enclosing.read(tmp_path / "fix.txt")
    draft = dataclasses.replace(begun(ticket, "See the file."), files=(file,), people=MARA, editor='{"text":"x"}')
    drafts.save(world.desk, draft, files=[packed])
    reply(world.desk, ticket.ref, draft.text, people=MARA, draft=draft)
    assert draft_of(world, ticket) is None
    with reading(world.desk.database.path) as views:
        (answer,) = [m for m in views.messages(ticket.key) if m.kind is MessageKind.REPLY]
    assert [a.filename for a in answer.attachments] == ["fix.txt"]
    done = verbs.undo(world.desk)
    assert (done.key, done.mode, done.text) == (ticket.key, Mode.REPLY, "See the file.")
    back = draft_of(world, ticket)
    assert back is not None
    assert (back.text, back.files, back.people, back.editor) == (draft.text, (file,), MARA, '{"text":"x"}')
    with world.desk.database.write() as session:
        assert kept.file(session, file.sha) == b"off and on"


async def test_a_reply_of_the_command_line_comes_back_as_a_draft_too_and_sets_no_other_aside_for_good(
    world: World,
) -> None:
    ticket = await opened(world)
    reply(world.desk, ticket.ref, "From the shell.")
    drafts.save(world.desk, begun(ticket, "Begun meanwhile, with care."))
    verbs.undo(world.desk)
    back = draft_of(world, ticket)
    assert back is not None
    assert back.text == "From the shell."
    with reading(world.desk.database.path) as views:
        versions = views.revisions(ticket.key, "ada", Kind.REPLY)
    assert "Begun meanwhile, with care." in [v.draft.text for v in versions]


async def test_undo_takes_back_what_was_done_last_be_it_a_discard_or_a_step(world: World) -> None:
    ticket = await opened(world)
    drafts.discard(world.desk, begun(ticket, "Not like this."))
    world.clock.advance(1)
    verbs.change(world.desk, ticket.ref, verbs.Change(status=Status.ON_HOLD))
    assert verbs.undo(world.desk).words.startswith("took back")
    assert draft_of(world, ticket) is None
    assert verbs.undo(world.desk).words == "the draft thrown away is back"
    back = draft_of(world, ticket)
    assert back is not None
    assert back.text == "Not like this."
    with pytest.raises(RefusedError, match="nothing of yours"):
        verbs.undo(world.desk)


async def test_the_base_of_a_reply_is_what_its_author_has_seen(world: World) -> None:
    ticket = await opened(world)
    with reading(world.desk.database.path) as views:
        seen = views.seen(ticket.key)
    world.clock.advance(60)
    await opened(world, letter("Never mind.", message_id="m2@lind.example", refs=["m1@lind.example"]))
    with reading(world.desk.database.path) as views:
        assert [m.text.strip() for m in views.since(ticket.key, seen, "ada")] == ["Never mind."]
        now_seen = views.seen(ticket.key)
        assert views.since(ticket.key, now_seen, "ada") == []
    queued = reply(world.desk, ticket.ref, "On Friday.", seen=seen)
    world.clock.advance(11)
    await world.sync()
    with reading(world.desk.database.path) as views:
        assert views.outbox()[0].state is State.REVIEW
    assert world.server.accepted == []
    retry(world.desk, queued.operation)
    await world.sync()
    assert len(world.server.accepted) == 1


async def test_a_forward_stops_no_clock_marks_nothing_answered_and_keeps_the_status(world: World) -> None:
    ticket = await opened(world)
    forward(world.desk, ticket.ref, "Please look.", DEV, seen=Seen(99, 0))
    world.clock.advance(11)
    await world.sync()
    with reading(world.desk.database.path) as views:
        after = views.ticket(ticket.key)
        operations = views.waiting_operations()
    assert after is not None
    assert (after.status, after.first_replied_at, after.waiting_since) == (ticket.status, None, ticket.waiting_since)
    assert OperationKind.FLAG.value not in operations
    (envelope,) = world.server.accepted
    assert envelope.recipients == ("dev@supplier.example",)
    assert b"In-Reply-To" not in envelope.raw
    assert not any("\\Answered" in mail.flags for mail in world.server.folders["INBOX"].values())


async def test_what_is_quoted_in_a_forward_was_said_between_customer_and_desk(world: World) -> None:
    ticket = await opened(world)
    verbs.note(world.desk, ticket.ref, "Secret words.")
    reply(world.desk, ticket.ref, "Answered and accepted.")
    world.clock.advance(11)
    await world.sync()
    reply(world.desk, ticket.ref, "Held back still.")
    with reading(world.desk.database.path) as views:
        conversation, outbox = views.messages(ticket.key), views.outbox(ticket.key, everything=True)
    text = forwarding.quoted(conversation, outbox, ZoneInfo("UTC"))
    assert "When?" in text
    assert "Answered and accepted." in text
    assert "Secret" not in text
    assert "Held back" not in text


async def test_blind_copies_are_in_the_envelope_alone_and_each_address_once(world: World) -> None:
    ticket = await opened(world)
    people = Recipients(MARA.to, (Address("", "MARA@lind.example"),), (Address("Boss", "boss@lad.example"),))
    queued = reply(world.desk, ticket.ref, "On Friday.", people=people)
    assert sorted(a.lower() for a in queued.recipients) == ["boss@lad.example", "mara@lind.example"]
    world.clock.advance(11)
    await world.sync()
    assert b"boss" not in world.server.accepted[0].raw.lower()


async def test_an_address_that_cannot_go_out_is_refused_when_it_is_queued(world: World) -> None:
    ticket = await opened(world)
    for bad in ("олег@lad.example", "a b@lad.example", "x@lad.example>\r\nRCPT TO:<y@z.example"):
        with pytest.raises(ComposeError):
            reply(world.desk, ticket.ref, "Hm.", people=Recipients(MARA.to, bcc=(Address("", bad),)))
    with reading(world.desk.database.path) as views:
        assert views.outbox() == []


async def test_a_merged_ticket_takes_drafts_along(world: World) -> None:
    await opened(world)
    await opened(world, letter("Else", subject="Else", message_id="z@q.example", sender="Q <q@q.example>"))
    with reading(world.desk.database.path) as views:
        first, second = views.queue(Where("1"), 5)
    drafts.save(world.desk, begun(first, "Mine on the first"))
    drafts.save(world.desk, begun(second, "Mine on the second"))
    with world.desk.database.write() as session:
        tickets.absorb(session, first.key, second)
    drafts.save(world.desk, begun(second, "Written on, while it was joined"))
    with reading(world.desk.database.path) as views:
        assert views.drafts() == {first.key: "ada"}
        versions = [v.draft.text for v in views.revisions(first.key, "ada", Kind.REPLY)]
    found = draft_of(world, first)
    assert found is not None
    assert found.text == "Written on, while it was joined"
    assert "Mine on the second" in versions


async def test_a_file_nobody_needs_any_more_is_let_go(world: World, tmp_path: Path) -> None:
    ticket = await opened(world)
    (tmp_path / "big.bin").write_bytes(b"\1" * 5000)
    file, packed = enclosing.read(tmp_path / "big.bin")
    drafts.save(world.desk, dataclasses.replace(begun(ticket, "x"), files=(file,)), files=[packed])
    drafts.save(world.desk, begun(ticket, "x"))
    with world.desk.database.write() as session:
        assert kept.file(session, file.sha) is None
