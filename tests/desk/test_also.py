"""What else follows from a reply: in the step that queues it, and taken back with it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from supportterm.desk import outbox, verbs
from supportterm.desk.hurry import hurry
from supportterm.desk.replying import forward, reply
from supportterm.domain.drafts import Also, Draft, Kind, Mode, Recipients, from_json, to_json
from supportterm.domain.events import Event, EventKind
from supportterm.domain.mail import Address
from supportterm.domain.ticket import MessageKind, Priority, Status, Ticket
from supportterm.mail.gateway import Answer
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import NOW, World, letter

EVERYTHING = Also("grace", "urgent", 86_400, "The depot looks for it.", ("waiting",), "parcels")


async def asked(world: World) -> str:
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my parcel?", message_id="q@x"), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        return views.queue(Where("1"), 1)[0].key


def ticket(world: World, key: str) -> Ticket:
    with reading(world.desk.database.path) as views:
        found = views.ticket(key)
    assert found is not None
    return found


def notes(world: World, key: str) -> list[str]:
    with reading(world.desk.database.path) as views:
        return [m.text for m in views.messages(key) if m.kind is MessageKind.NOTE]


def draft(world: World, key: str, kind: Kind = Kind.REPLY) -> Draft | None:
    with reading(world.desk.database.path) as views:
        return views.draft(key, world.desk.me, kind)


def events(world: World, key: str) -> list[Event]:
    with reading(world.desk.database.path) as views:
        return views.events(key)


async def test_all_of_it_follows_at_once_and_one_undo_takes_it_back(world: World) -> None:
    key = await asked(world)
    verbs.change(world.desk, key, verbs.Change(add_tags=frozenset({"waiting", "policy:old"})))
    before = ticket(world, key)
    written = Draft(key, world.desk.me, Mode.REPLY, "Soon.", also=EVERYTHING)
    reply(world.desk, key, "Soon.", also=EVERYTHING, draft=written)
    after = ticket(world, key)
    assert (after.assignee, after.override) == ("grace", Priority.P1)
    assert after.tags == {"policy:parcels"}
    assert after.snoozed_until == world.clock.now() + timedelta(days=1)
    assert notes(world, key) == ["The depot looks for it."]

    verbs.undo(world.desk)
    back = ticket(world, key)
    assert (back.status, back.assignee, back.override, back.snoozed_until, back.tags) == (
        before.status, before.assignee, before.override, before.snoozed_until, before.tags,
    )  # fmt: skip
    assert notes(world, key) == []
    found = draft(world, key)
    assert found is not None
    assert (found.text, found.also) == ("Soon.", EVERYTHING)


async def test_undo_takes_the_note_back_once_only(world: World) -> None:
    key = await asked(world)
    verbs.change(world.desk, key, verbs.Change(add_tags=frozenset({"parcel"})))
    reply(world.desk, key, "Soon.", also=EVERYTHING)
    verbs.undo(world.desk)
    assert "tag +parcel" in verbs.undo(world.desk).words


@pytest.mark.parametrize(("assignee", "expected"), [("me", "ada"), ("none", None), (None, "ada"), ("grace", "grace")])
async def test_me_and_none_are_whom_they_say(assignee: str | None, expected: str | None, world: World) -> None:
    key = await asked(world)
    reply(world.desk, key, "Soon.", also=Also(assignee))
    assert ticket(world, key).assignee == expected


async def test_a_forward_carries_it_out_too(world: World) -> None:
    key = await asked(world)
    forward(world.desk, key, "Please look.", Recipients((Address("", "depot@x.example"),)), also=EVERYTHING)
    assert ticket(world, key).override is Priority.P1
    assert notes(world, key) == ["The depot looks for it."]


def test_a_draft_keeps_it_and_one_from_before_has_none() -> None:
    written = Draft("k", "ada", Mode.REPLY, "Soon.", also=EVERYTHING, updated_at=NOW)
    assert from_json(to_json(written), NOW) == written
    older = json.loads(to_json(written))
    of_old = older["also"] = older["also"][:4]
    assert from_json(json.dumps(older), NOW).also == Also(*of_old)
    del older["also"], older["snippets"]
    assert from_json(json.dumps(older), NOW).also == Also()


async def test_a_discarded_mail_is_a_draft_again_with_whom_it_went_to(world: World) -> None:
    key = await asked(world)
    people = Recipients((Address("", "mara@lind.example"),), bcc=(Address("", "boss@acme.example"),))
    written = Draft(key, world.desk.me, Mode.REPLY, "On Friday.", people=people)
    queued = reply(world.desk, key, "On Friday.", people=people, draft=written)
    world.server.answers = dict.fromkeys(queued.recipients, (Answer.REFUSED, 550, "no"))
    world.clock.advance(11)
    await world.sync()
    done = outbox.drop(world.desk, queued.operation)
    assert (done.text, done.mode, done.key) == ("On Friday.", Mode.REPLY, key)
    found = draft(world, key)
    assert found is not None
    assert (found.text, found.people) == ("On Friday.", people)
    assert ticket(world, key).status is Status.OPEN


async def test_what_was_begun_meanwhile_is_an_earlier_version_when_a_mail_is_discarded(world: World) -> None:
    key = await asked(world)
    queued = reply(world.desk, key, "On Friday.")
    from supportterm.desk import drafts

    drafts.save(world.desk, Draft(key, world.desk.me, Mode.REPLY, "Something else."))
    outbox.drop(world.desk, queued.operation)
    found = draft(world, key)
    assert found is not None
    assert found.text == "On Friday."
    with reading(world.desk.database.path) as views:
        assert "Something else." in {v.draft.text for v in views.revisions(key, world.desk.me, Kind.REPLY)}


async def test_a_discarded_forward_is_a_forward_again(world: World) -> None:
    key = await asked(world)
    depot = Recipients((Address("", "depot@x.example"),))
    queued = forward(world.desk, key, "Please look.", depot, subject="Lost parcel")
    assert outbox.drop(world.desk, queued.operation).mode is Mode.FORWARD
    found = draft(world, key, Kind.FORWARD)
    assert found is not None
    assert (found.people, found.subject) == (depot, "Lost parcel")


async def test_sending_at_once_is_told_in_the_journal_and_undo_still_takes_it_back(world: World) -> None:
    key = await asked(world)
    queued = reply(world.desk, key, "Soon.")
    assert hurry(world.desk, [queued.operation]) == 1
    told = [e for e in events(world, key) if e.kind is EventKind.REPLY_RELEASED]
    assert [e.payload["why"] for e in told] == ["sent at once"]
    assert "draft again" in verbs.undo(world.desk).words
    world.clock.advance(11)
    await world.sync()
    assert world.server.accepted == []
