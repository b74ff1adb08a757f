"""Macros carried out on tickets, and what becomes of the snippets of a reply."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.desk import applying, verbs
from supportterm.desk.macros import MacroLibrary
from supportterm.desk.replying import reply
from supportterm.domain.drafts import Draft, Mode
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.policies import Policy, PolicyBook, pin
from supportterm.domain.rewriting import Habit, Inserted
from supportterm.domain.ticket import MessageKind, Priority, Status, Ticket
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


async def arrived(world: World, count: int = 1) -> list[str]:
    await world.sync()
    world.clock.advance(60)
    for number in range(count):
        world.server.put(letter(f"Question {number}", message_id=f"q{number}@x"), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        return [ticket.key for ticket in views.queue(Where("1"), 10)]


def ticket(world: World, key: str) -> Ticket:
    with reading(world.desk.database.path) as views:
        found = views.ticket(key)
    assert found is not None
    return found


def notes(world: World, key: str) -> list[str]:
    with reading(world.desk.database.path) as views:
        return [m.text for m in views.messages(key) if m.kind is MessageKind.NOTE]


def habits(world: World) -> dict[tuple[str, str], Habit]:
    with reading(world.desk.database.path) as views:
        return views.habits(0)


@pytest.fixture
def library(tmp_path: Path) -> MacroLibrary:
    (tmp_path / "park.md").write_text(
        '+++\ntrigger = ";park"\n[actions]\nstatus = "on-hold"\ntags_add = ["parked"]\ntags_remove = ["new"]\n'
        'assignee = "me"\npriority = "high"\nsnooze = "2d"\npolicy = "slow lane"\n'
        'note = "Parked for {{ticket.requester.name}}."\n+++\n',
        encoding="utf-8",
    )
    (tmp_path / "words.md").write_text("+++\n+++\nOnly words.", encoding="utf-8")
    return MacroLibrary([tmp_path])


async def test_all_its_actions_are_one_step(world: World, library: MacroLibrary) -> None:
    (key,) = await arrived(world)
    verbs.change(world.desk, key, verbs.Change(add_tags=frozenset({"new"})))
    before = ticket(world, key)
    done = applying.apply(world.desk, [key], library, ";park")
    after = ticket(world, key)
    assert (after.status, after.assignee, after.override) == (Status.ON_HOLD, "ada", Priority.P2)
    assert after.tags == {"parked", "policy:slow-lane"}
    assert after.snoozed_until is not None
    assert notes(world, key) == ["Parked for Mara Lind."]
    assert "tag +parked" in done.words
    verbs.undo(world.desk)
    back = ticket(world, key)
    assert (back.status, back.assignee, back.override, back.tags, back.snoozed_until) == (
        before.status, before.assignee, before.override, before.tags, before.snoozed_until,
    )  # fmt: skip
    assert notes(world, key) == []
    assert "tag +new" in verbs.undo(world.desk).words


async def test_on_several_tickets_one_undo_takes_all_back(world: World, library: MacroLibrary) -> None:
    keys = await arrived(world, 3)
    assert applying.apply(world.desk, keys, library, "park").ref == "3 tickets"
    assert all(ticket(world, key).status is Status.ON_HOLD and notes(world, key) for key in keys)
    verbs.undo(world.desk)
    assert not any(ticket(world, key).tags or notes(world, key) for key in keys)


@pytest.mark.parametrize(
    ("when", "is_offered"),
    [
        ("parcel", True),
        ('"never asked"', False),
        ("mentions:kai", True),
        ("mentions:ada", False),
        ("has:note -has:attachment", True),
        ("has:attachment", False),
        ("has:reply", False),
        ("has:draft", False),
        ("has:promise", False),
    ],
)
async def test_a_condition_may_ask_for_what_was_written_on_the_ticket(
    world: World, tmp_path: Path, when: str, is_offered: bool
) -> None:
    (tmp_path / "odd.md").write_text(
        f"+++\ntrigger = ';odd'\nwhen = '{when}'\n[actions]\ntags_add = ['odd']\n+++\n", encoding="utf-8"
    )
    (tmp_path / "any.md").write_text("+++\ntrigger = ';odd'\n[actions]\ntags_add = ['any']\n+++\n", encoding="utf-8")
    library = MacroLibrary([tmp_path])
    await world.sync()
    world.clock.advance(60)
    world.server.put(letter("Where is my parcel?", message_id="p@x"), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        key = views.queue(Where("1"), 1)[0].key
    verbs.note(world.desk, key, "@kai please ask the carrier")
    applying.apply(world.desk, [key], library, ";odd")
    assert ("odd" in ticket(world, key).tags) is is_offered


async def test_what_cannot_be_applied_is_refused(world: World, library: MacroLibrary) -> None:
    (key,) = await arrived(world)
    with pytest.raises(RefusedError, match="nothing but its text"):
        applying.apply(world.desk, [key], library, "words")
    with pytest.raises(NotFoundError, match="park"):
        applying.apply(world.desk, [key], library, "prak")


async def test_snippets_are_measured_when_the_reply_goes_and_forgotten_with_it(world: World) -> None:
    (key,) = await arrived(world)
    used = (Inserted("late", "en", "It is ready on"), Inserted("sorry", "en", "We looked into it and found nothing"))
    draft = Draft(key, world.desk.me, Mode.REPLY, "It is ready on Friday. We looked.", snippets=used)
    reply(world.desk, key, draft.text, draft=draft)
    assert habits(world) == {("late", "en"): Habit(1, 0), ("sorry", "en"): Habit(1, 1)}
    verbs.undo(world.desk)
    assert habits(world) == {}


def test_a_tag_puts_a_ticket_under_a_policy_whatever_the_queries_say() -> None:
    slow, fast = Policy("Slow lane", when="lang:en"), Policy("fast", when="lang:en")
    book = PolicyBook((slow, fast))
    assert pin("Slow lane") == "policy:slow-lane"
    assert book.pinned({"policy:fast", "x"}, "email") == fast
    assert book.pinned({"policy:slow-lane"}, "email") == slow
    assert book.pinned({"policy:default"}, "email") == book.default.on("email")
    assert book.pinned({"policy:gone", "x"}, "email") is None


async def test_a_macro_for_what_was_written_is_taken_where_it_was(world: World, tmp_path: Path) -> None:
    for name, when, tag in (
        ("any", "", "any"),
        ("asks", "question has:question", "asks"),
        ("noted", "has:note", "noted"),
    ):
        text = f'+++\ntrigger = ";do"\nwhen = "{when}"\n[actions]\ntags_add = ["{tag}"]\n+++\n'
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    library = MacroLibrary([tmp_path])
    (key,) = await arrived(world)
    applying.apply(world.desk, [key], library, ";do")
    assert ticket(world, key).tags == {"any"}
    verbs.note(world.desk, key, "Look at it.")
    applying.apply(world.desk, [key], library, ";do")
    assert ticket(world, key).tags == {"any", "noted"}
    world.server.put(letter("One more question: when?", message_id="q9@x", refs=("q0@x",)), at=world.clock.now())
    await world.sync()
    applying.apply(world.desk, [key], library, ";do")
    assert ticket(world, key).tags == {"any", "noted", "asks"}
