"""Colleagues named in a note: they are found, told once, and never by an address."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from supportterm.desk import attending, mentioning, verbs
from supportterm.domain.mentions import completed, mentioned
from supportterm.domain.query import parse
from supportterm.domain.since import News
from supportterm.store.filters import Where, compile_query
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Kai please look", ("kai",)),
        ("Ask @kai, or @ben.ali.", ("kai", "ben.ali")),
        ("(@kai) and @kai again", ("kai",)),
        ("@健 さん、お願いします", ("健",)),
        ("mara@lind.example wrote, and kim@@x", ()),
        ("costs 5 @ 3", ()),
    ],
)
def test_who_is_named(text: str, named: tuple[str, ...]) -> None:
    assert mentioned(text) == named


def test_what_was_begun_is_completed_from_those_who_work_here() -> None:
    assert completed("K", ["kim", "kai", "ben"]) == ("kai", "kim")
    assert completed("x", ["kim"]) == ()


async def test_a_colleague_finds_the_note_is_told_once_and_sees_it_after_a_pause(world: World) -> None:
    world.server.put(letter("Where is it?"), at=world.clock.now())
    await world.sync()
    path, now = world.desk.database.path, world.clock.now()
    with reading(path) as views:
        ref = views.queue(Where("1"), 1)[0].ref
    verbs.note(world.desk, ref, "@kai do you know? @grace too")
    config = world.desk.config
    kai = dataclasses.replace(
        world.desk, config=dataclasses.replace(config, agent=dataclasses.replace(config.agent, id="Kai"))
    )

    def found(query: str, me: str) -> list[str]:
        where = compile_query(parse(query), me=me, now_ms=0)
        with reading(path) as views:
            return [ticket.ref for ticket in views.queue(where)]

    assert found("mentions:me", "Kai") == found("mentions:GRACE", "ada") == [ref]
    assert found("mentions:me", "ada") == []
    with reading(path) as views:
        assert views.has_untold_mention("Kai")
        lines = {line.news: line for line in attending.news(views, kai.config, now - timedelta(hours=1), now)}
    assert [ticket.ref for ticket in lines[News.MENTIONED].tickets] == [ref]
    (told,) = mentioning.claim(kai)
    assert (told.ticket.ref, told.text) == (ref, "@kai do you know? @grace too")
    assert mentioning.claim(kai) == []
    verbs.undo(world.desk)
    assert found("mentions:me", "Kai") == []


async def test_a_note_that_is_taken_back_is_not_told_and_ones_own_name_neither(world: World) -> None:
    world.server.put(letter("Where is it?"), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        ref = views.queue(Where("1"), 1)[0].ref
    verbs.note(world.desk, ref, f"@{world.desk.me} remember this")
    assert mentioning.claim(world.desk) == []
    verbs.note(world.desk, ref, "@kai look")
    verbs.undo(world.desk)
    config = world.desk.config
    agent = dataclasses.replace(config.agent, id="kai")
    kai = dataclasses.replace(world.desk, config=dataclasses.replace(config, agent=agent))
    assert mentioning.claim(kai) == []


@pytest.mark.parametrize(
    ("text", "customer", "channel", "leaks"),
    [
        ("@kai can you look at this?", "Mara Lind", "email", True),
        ("Hello Mara,\n\n@kai: is that so?", "Mara Lind", "email", True),
        ("NOTE, stays inside\nCustomer seems angry.", "Mara Lind", "email", True),
        ("@Mara: yes, on Monday.", "Mara Lind", "email", False),
        ("@kai fixed, reload the page", "", "social", False),
        ("Write to kai@acme.example.", "Mara Lind", "email", False),
    ],
)
def test_what_was_meant_for_colleagues_is_caught_in_a_reply(
    text: str, customer: str, channel: str, leaks: bool
) -> None:
    from supportterm.desk import hint_packs
    from supportterm.domain.hints.checking import hints_on
    from supportterm.domain.hints.reply import Reply
    from supportterm.domain.hints.subject import Subject

    reply = Reply(text, "en", channel=channel, customer_name=customer or None)
    rules = {hint.rule for hint in hints_on(Subject(reply, hint_packs.shipped()))}
    assert ("internal-leak" in rules) is leaks
