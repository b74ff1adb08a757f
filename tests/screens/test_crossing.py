"""What others do while one writes: nothing typed is lost, the cursor stays, and it is told quietly."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.config import Agent
from supportterm.desk import drafts, verbs
from supportterm.desk.context import Desk
from supportterm.desk.replying import reply
from supportterm.domain.drafts import Draft, Kind, Mode
from supportterm.domain.ticket import Status
from supportterm.screens.reply import ReplyScreen
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter
from tests.screens.office import office, send, text_of, told, until

SAID = "We are looking into it, and write again today."


def graces(world: World) -> Desk:
    """Return a colleague's desk over the same store."""
    return dataclasses.replace(world.desk, config=dataclasses.replace(world.desk.config, agent=Agent("grace", "Grace")))


async def comes(world: World, **mail: str) -> str:
    """Let a mail come and return the key of the ticket touched last."""
    refs = tuple(mail.pop("refs", "").split())
    world.clock.advance(60)
    world.server.put(letter(mail.pop("text", "The export does nothing."), refs=refs, **mail), at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        return max(views.queue(Where("1"), 9), key=lambda ticket: ticket.last_message_at).key


@asynccontextmanager
async def half_written(world: World, key: str) -> AsyncIterator[tuple[SupporttermApp, Pilot[int], ReplyScreen]]:
    """Write most of a reply, the cursor left within it."""
    async with office(world) as (app, pilot):
        screen = ReplyScreen(key)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and screen.editor.has_focus)
        await pilot.press(*SAID, "left", "left", "left")
        await until(pilot, lambda: saved(app, key) == SAID)
        yield app, pilot, screen


def saved(app: SupporttermApp, key: str) -> str:
    views = app.support.views
    draft = views.draft(views.resolve(key), "ada", Kind.REPLY)
    return draft.text if draft else ""


async def goes_on(app: SupporttermApp, pilot: Pilot[int], screen: ReplyScreen) -> None:
    """Type a letter where the cursor was, and see it saved there."""
    assert screen.editor.text == SAID
    await pilot.press("X")
    expected = f"{SAID[:-3]}X{SAID[-3:]}"
    assert screen.editor.text == expected
    await until(pilot, lambda: saved(app, screen.key) == expected)


async def test_the_customers_newer_mail_is_told_and_asked_about_before_sending(world: World) -> None:
    await world.sync()
    key = await comes(world, message_id="a@x")
    async with half_written(world, key) as (app, pilot, screen):
        await comes(world, text="Never mind, it works.", message_id="b@x", refs="a@x")
        await until(pilot, lambda: "Mara Lind wrote again" in text_of(app))
        await goes_on(app, pilot, screen)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Never mind, it works." in text_of(app) and "send as it is" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert app.support.views.outbox(everything=True) == []


async def test_a_colleagues_answer_is_told_and_asked_about_before_sending(world: World) -> None:
    await world.sync()
    key = await comes(world, message_id="a@x")
    async with half_written(world, key) as (app, pilot, screen):
        reply(graces(world), key, "It is mended.")
        await until(pilot, lambda: "Grace answered this" in text_of(app))
        await goes_on(app, pilot, screen)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "send as it is" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: len(app.support.views.outbox(everything=True)) == 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (verbs.Change(status=Status.SOLVED), "grace: status new → solved"),
        (verbs.Change(assignee="grace"), "grace: status new → open, assignee nobody → grace"),
    ],
)
async def test_a_ticket_that_is_solved_or_taken_by_a_colleague_is_told(
    change: verbs.Change, words: str, world: World
) -> None:
    await world.sync()
    key = await comes(world, message_id="a@x")
    async with half_written(world, key) as (app, pilot, screen):
        verbs.change(graces(world), key, change)
        await until(pilot, lambda: words in told(app))
        await goes_on(app, pilot, screen)
        await send(pilot)
        await until(pilot, lambda: bool(app.support.views.outbox(everything=True)))
        ticket = app.support.views.ticket(key)
        assert ticket is not None
        assert ticket.status is Status.PENDING


async def test_a_ticket_joined_with_another_takes_both_drafts_along(world: World) -> None:
    await world.sync()
    first = await comes(world, message_id="a@x", subject="Export")
    second = await comes(world, message_id="b@x", subject="Something else")
    assert first != second
    drafts.save(world.desk, Draft(first, "ada", Mode.REPLY, "Begun on the first and put aside for lunch."))
    async with half_written(world, second) as (app, pilot, screen):
        await comes(world, text="Both of it.", message_id="c@x", refs="a@x b@x")
        await until(pilot, lambda: "was joined with" in told(app))
        assert screen.key == first
        await goes_on(app, pilot, screen)
        versions = [v.draft.text for v in app.support.views.revisions(first, "ada", Kind.REPLY)]
        assert "Begun on the first and put aside for lunch." in versions
        await until(pilot, lambda: "Both of it." in text_of(app))


async def test_another_window_of_ones_own_writes_nothing_over_unseen(world: World) -> None:
    await world.sync()
    key = await comes(world, message_id="a@x")
    async with half_written(world, key) as (app, pilot, screen):
        drafts.save(world.desk, Draft(key, "ada", Mode.REPLY, "Written in another window."))
        await goes_on(app, pilot, screen)
        versions = [v.draft.text for v in app.support.views.revisions(key, "ada", Kind.REPLY)]
        assert "Written in another window." in versions
