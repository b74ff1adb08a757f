"""Tickets joined by hand, taken apart, split: nothing is lost, late mail finds its way, each is undone."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from supportterm.desk import drafts, merging, splitting, verbs
from supportterm.desk.replying import reply
from supportterm.desk.verbs import Change
from supportterm.domain.drafts import Draft, Mode
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import EventKind
from supportterm.domain.ticket import Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import Views, reading
from tests.desk.fakes import World, letter, make_world

NAMES = ("a", "b", "c")


async def customers(world: World, names: tuple[str, ...] = NAMES) -> dict[str, Ticket]:
    """Let customers write, each on a matter of their own."""
    await world.sync()
    for name in names:
        world.clock.advance(60)
        put(world, name, f"{name}1@x", ())
    await world.sync()
    return {name: of(world, f"{name}1@x") for name in names}


def put(world: World, name: str, message_id: str, refs: tuple[str, ...]) -> None:
    sender = f"{name.title()} <{name}@lind.example>"
    text = f"Where is parcel {name}?"
    mail = letter(text, sender=sender, subject=f"Parcel {name}", message_id=message_id, refs=refs)
    world.server.put(mail, at=world.clock.now())


def of(world: World, message_id: str) -> Ticket:
    """Return the ticket a mail is in."""
    with reading(world.desk.database.path) as views:
        rows = views._rows("SELECT ticket_key FROM message WHERE message_id = ?", [message_id])
        found = views.ticket(rows[0]["ticket_key"])
    assert found is not None
    return found


def seen(world: World) -> Mapping[str, Any]:
    """Return everything an agent can see of every ticket, the moment of the last change left out."""
    with reading(world.desk.database.path) as views:
        return {ticket.ref: _of_one(views, ticket) for ticket in views.queue(Where("1"))}


def _of_one(views: Views, ticket: Ticket) -> Any:
    never = dataclasses.replace(ticket, updated_at=ticket.created_at, rank_changes_at=None)
    mails = views.messages(ticket.key)
    mail_states = [
        (o["id"], o["state"])
        for o in views._rows("SELECT id, state FROM operation WHERE ticket_key = ? ORDER BY id", [ticket.key])
    ]
    written = views._rows("SELECT agent, kind, content FROM draft WHERE ticket_key = ? ORDER BY 1, 2", [ticket.key])
    versions = views._rows("SELECT id, content FROM draft_revision WHERE ticket_key = ?", [ticket.key])
    leads = views._rows("SELECT message_id FROM mention WHERE ticket_key = ? ORDER BY 1", [ticket.key])
    clocks = views.clocks(ticket.key)
    found = views._rows("SELECT signal, rejected FROM fired WHERE ticket_key = ? ORDER BY 1", [ticket.key])
    return never, mails, mail_states, written, versions, leads, clocks, found


def partition(world: World) -> set[frozenset[str]]:
    with reading(world.desk.database.path) as views:
        return {frozenset(m.message_id or "" for m in views.messages(ticket.key)) for ticket in views.queue(Where("1"))}


def draft(world: World, ticket: Ticket, text: str) -> None:
    drafts.save(world.desk, Draft(ticket.key, world.desk.me, Mode.REPLY, text, updated_at=world.clock.now()))


async def test_all_of_a_ticket_goes_over_and_its_reference_leads_there(world: World) -> None:
    found = await customers(world)
    a, b = found["a"], found["b"]
    verbs.change(world.desk, b.ref, Change(add_tags=frozenset({"billing"})))
    draft(world, b, "An answer begun")
    queued = reply(world.desk, b.ref, "It is on its way.")
    merging.merge(world.desk, [b.ref], a.ref)
    with reading(world.desk.database.path) as views:
        assert [ticket.key for ticket in views.find(b.ref)] == [a.key]
        kept = views.ticket(a.key)
        assert kept is not None
        assert kept.tags == {"billing"}
        assert {m.text.strip() for m in views.messages(a.key)} >= {"Where is parcel a?", "Where is parcel b?"}
        assert a.key in views.drafts()
        assert [event.kind for event in views.events(a.key)][-1] is EventKind.MERGED
    world.clock.advance(11)
    await world.sync()
    assert [e.message_id for e in world.server.accepted] == [queued.message_id]
    put(world, "b", "b2@x", ("b1@x", queued.message_id))
    await world.sync()
    assert of(world, "b2@x").key == a.key


async def test_what_was_taken_in_comes_back_as_it_was(world: World) -> None:
    found = await customers(world)
    a, b = found["a"], found["b"]
    verbs.change(world.desk, b.ref, Change(status=Status.ON_HOLD, assignee="grace", add_tags=frozenset({"billing"})))
    reply(world.desk, b.ref, "It is on its way.")
    for ticket in (a, b):
        draft(world, ticket, f"Begun for {ticket.subject}")
    before = seen(world)
    merging.merge(world.desk, [b.ref], a.ref)
    assert seen(world) != before
    done = merging.unmerge(world.desk, b.ref)
    assert done.ref == b.ref
    assert seen(world) == before


async def test_mail_that_came_meanwhile_goes_where_it_belongs(world: World) -> None:
    found = await customers(world)
    a, b = found["a"], found["b"]
    verbs.change(world.desk, b.ref, Change(status=Status.PENDING))
    merging.merge(world.desk, [b.ref], a.ref)
    put(world, "b", "b2@x", ("b1@x",))
    put(world, "b", "b3@x", ("b2@x",))
    put(world, "a", "a2@x", ("a1@x",))
    await world.sync()
    verbs.undo(world.desk)
    assert partition(world) == {
        frozenset({"a1@x", "a2@x"}), frozenset({"b1@x", "b2@x", "b3@x"}), frozenset({"c1@x"}),
    }  # fmt: skip
    assert of(world, "b3@x").status is Status.OPEN
    put(world, "b", "b4@x", ("a1@x", "b1@x"))
    await world.sync()
    assert of(world, "b4@x").key == b.key
    assert of(world, "a1@x").key == a.key


async def test_several_are_joined_and_taken_apart_in_one_step(world: World) -> None:
    found = await customers(world)
    before = seen(world)
    merging.merge(world.desk, [t.ref for t in found.values()], found["c"].ref)
    assert len(seen(world)) == 1
    assert of(world, "a1@x").ref == found["c"].ref
    verbs.undo(world.desk)
    assert seen(world) == before
    with pytest.raises(RefusedError):
        verbs.undo(world.desk)


async def test_an_unmerge_is_undone_and_a_merge_within_a_merge_comes_apart_alone(world: World) -> None:
    found = await customers(world)
    merging.merge(world.desk, [found["b"].ref], found["a"].ref)
    merging.merge(world.desk, [found["a"].ref], found["c"].ref)
    merging.unmerge(world.desk, found["b"].ref)
    assert partition(world) == {frozenset({"a1@x", "c1@x"}), frozenset({"b1@x"})}
    verbs.undo(world.desk)
    assert partition(world) == {frozenset({"a1@x", "b1@x", "c1@x"})}
    merging.unmerge(world.desk, found["a"].ref)
    assert of(world, "a1@x").ref == found["a"].ref


async def test_what_makes_no_sense_is_refused(world: World) -> None:
    found = await customers(world)
    a = found["a"].ref
    with pytest.raises(RefusedError, match="the same ticket"):
        merging.merge(world.desk, [a], a)
    with pytest.raises(NotFoundError):
        merging.merge(world.desk, ["ST-ZZZZZ"], a)
    with pytest.raises(RefusedError, match="Nothing was joined"):
        merging.unmerge(world.desk, a)
    with pytest.raises(RefusedError, match="Nothing would be left"):
        splitting.split(world.desk, a, number(world, "a1@x"))
    with pytest.raises(NotFoundError, match="no message"):
        splitting.split(world.desk, a, number(world, "b1@x"))


def number(world: World, message_id: str) -> int:
    with reading(world.desk.database.path) as views:
        return int(views._rows("SELECT id FROM message WHERE message_id = ?", [message_id])[0]["id"])


@pytest.mark.parametrize("onward", [False, True])
async def test_a_mail_becomes_a_ticket_of_its_own_and_answers_find_the_right_one(world: World, onward: bool) -> None:
    found = await customers(world, ("a",))
    for place in (2, 3):
        world.clock.advance(60)
        put(world, "a", f"a{place}@x", tuple(f"a{n}@x" for n in range(1, place)))
        await world.sync()
    before = seen(world)
    done = splitting.split(world.desk, found["a"].ref, number(world, "a2@x"), onward=onward)
    part = of(world, "a2@x")
    assert (part.key, part.follows) == (done.key, found["a"].key)
    assert (of(world, "a3@x").key == part.key) is onward
    put(world, "a", "new@x", ("a1@x", "a2@x"))
    put(world, "a", "old@x", ("a1@x",))
    put(world, "a", "last@x", ("a1@x", "a2@x", "a3@x"))
    await world.sync()
    assert of(world, "new@x").key == part.key
    assert of(world, "old@x").key == found["a"].key
    assert of(world, "last@x").key == of(world, "a3@x").key
    verbs.undo(world.desk)
    assert len(partition(world)) == 1
    with reading(world.desk.database.path) as views:
        assert [ticket.ref for ticket in views.find(part.ref)] == [found["a"].ref]
    assert list(before) == list(seen(world))


async def test_a_split_is_taken_back_whole(world: World) -> None:
    found = await customers(world, ("a",))
    put(world, "a", "a2@x", ("a1@x",))
    await world.sync()
    before = seen(world)
    splitting.split(world.desk, found["a"].ref, number(world, "a2@x"))
    verbs.undo(world.desk)
    assert seen(world) == before


STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans()), min_size=1, max_size=4)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
@example(steps=[("a", "b", False), ("a", "c", True), ("b", "a", True)])
@example(steps=[("b", "a", False), ("b", "c", True)])
@example(steps=[("c", "b", False), ("c", "a", True), ("b", "c", True)])
async def test_any_merges_undone_leave_everything_as_it_was(steps: list[tuple[str, str, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder))
        found = await customers(world)
        draft(world, found["a"], "One")
        draft(world, found["b"], "Two")
        before = seen(world)
        done = 0
        for source, target, apart in steps:
            try:
                merging.merge(world.desk, [found[source].ref], found[target].ref)
                done += 1
                if apart:
                    merging.unmerge(world.desk, found[source].ref)
                    done += 1
            except RefusedError:
                continue
        for _ in range(done):
            if partition(world) != {frozenset({f"{name}1@x"}) for name in NAMES} or seen(world) != before:
                verbs.undo(world.desk)
        assert seen(world) == before
        world.desk.database.close()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(["ab", "bc", "mail a", "mail b", "mail c"]))
async def test_merges_and_late_mail_in_any_order_give_the_same_conversations(order: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder))
        found = await customers(world, ("a", "b", "c", "d"))
        for step in order:
            if step.startswith("mail"):
                name = step[-1]
                put(world, name, f"{name}2@x", (f"{name}1@x",))
                await world.sync()
            else:
                merging.merge(world.desk, [found[step[0]].ref], found[step[1]].ref)
        together = {f"{name}{n}@x" for name in NAMES for n in (1, 2)}
        assert partition(world) == {frozenset(together), frozenset({"d1@x"})}
        assert {of(world, f"{name}2@x").status for name in NAMES} == {Status.NEW}
        world.desk.database.close()
