"""A link in a conversation is clicked: it is shown in full first, and only then opened."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from supportterm.desk import files
from supportterm.domain.message import Message
from supportterm.screens import link_places
from supportterm.screens.asking import Confirm
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.widgets.conversation import Conversation
from supportterm.store.one_ticket import OneTicket
from tests.desk.fakes import World
from tests.screens.office import office, text_of, until
from tests.screens.tickets import mail, opened

LONG = "https://files.example/" + "folder/" * 30 + "last"


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is handed to a browser."""
    found: list[str] = []
    monkeypatch.setattr(files, "opener", lambda: ["browser"])
    monkeypatch.setattr(files, "open_with", lambda _program, address: found.append(address))
    return found


async def click(pilot: Pilot[int], words: str) -> None:
    """Click the first place of the screen where some words stand."""
    await until(pilot, lambda: words in text_of(pilot.app))
    lines = text_of(pilot.app).split("\n")
    y = next(number for number, line in enumerate(lines) if words in line)
    await pilot.click(offset=(lines[y].index(words) + 1, y))


async def test_a_click_shows_where_it_leads_and_opens_nothing_by_itself(world: World, handed: list[str]) -> None:
    mail(world, "The kiln is here: bank.example <https://bank.example.evil.example/login>. Look.")
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await click(pilot, "https://bank")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        shown = text_of(app)
        assert "leads to bank.example.evil.example" in shown
        assert "The words name bank.example" in shown
        assert handed == []
        await pilot.press("o")
        await until(pilot, lambda: handed == ["https://bank.example.evil.example/login"])


async def test_a_link_of_several_rows_is_one_link_wherever_it_is_clicked(world: World, handed: list[str]) -> None:
    mail(world, f"See {LONG}, please.")
    await world.sync()
    async with office(world, (80, 24)) as (app, pilot):
        await opened(app, pilot)
        await click(pilot, "/last")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("o")
        await until(pilot, lambda: handed == [LONG])


async def test_what_cannot_be_opened_is_offered_to_be_copied_only(world: World, handed: list[str]) -> None:
    mail(world, "Try javascript:alert(1) now")
    await world.sync()
    async with office(world) as (app, pilot):
        await opened(app, pilot)
        await click(pilot, "javascript:")
        await until(pilot, lambda: isinstance(app.screen, Confirm) and "not opened from here" in text_of(app))
        await pilot.press("o", "escape")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        assert handed == []


async def test_links_above_the_editor_are_clicked_as_well(world: World, handed: list[str]) -> None:
    mail(world, "See https://a.example/x now")
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        await app.push_screen(ReplyScreen(screen.key))
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and app.screen.query(Conversation))
        await click(pilot, "https://a.example")
        await until(pilot, lambda: isinstance(app.screen, Confirm) and "leads to a.example" in text_of(app))
        await pilot.press("escape")
        assert handed == []


def test_only_what_is_near_in_the_line_is_looked_at() -> None:
    text = "x" * 5_000_000 + " https://a.example/" + "y" * 5_000_000
    at = text.index("https")
    ((left, right, link),) = link_places.in_row(text, at, at + 80)
    assert (left, right) == (at, at + 80)
    assert link.address.startswith("https://a.example/y")
    assert link_places.in_row(text, 100, 180) == []


async def test_a_conversation_is_read_again_only_where_its_messages_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportterm.desk import verbs

    mail(world, "The kiln is cold.")
    mail(world, "Another matter.", 2, subject="Another")
    await world.sync()
    read: list[str] = []
    whole = OneTicket.messages

    def messages(self: OneTicket, key: str) -> list[Message]:
        read.append(key)
        return whole(self, key)

    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        reply = ReplyScreen(screen.key)
        await app.push_screen(reply)
        await until(pilot, lambda: len(reply.conversation) == 1)
        monkeypatch.setattr(OneTicket, "messages", messages)
        verbs.change(world.desk, screen.key, verbs.Change(add_tags=frozenset({"soon"})))
        reply.store_changed()
        assert reply.ticket is not None
        assert reply.ticket.tags == {"soon"}
        assert read == []
        verbs.note(world.desk, screen.key, "asked the workshop")
        reply.store_changed()
        assert len(reply.conversation) == 2
        assert screen.key in read
