"""Sending: at once or later, on to the next ticket, after one list of what is worth a look; undo that is too late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from supportterm.app import SupporttermApp
from supportterm.desk import correspondents, drafts, enclosing, holding
from supportterm.desk.correspondents import BROKEN
from supportterm.desk.replying import reply
from supportterm.domain.drafts import Mode, Recipients
from supportterm.domain.mail import Address
from supportterm.domain.operations import Operation, State
from supportterm.domain.ticket import Status
from supportterm.screens.asking import Confirm, Pick
from supportterm.screens.outbox import OutboxScreen
from supportterm.screens.queue import QueueScreen
from supportterm.screens.recipients import EditRecipients
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.send_check import SendCheck
from supportterm.screens.ticket import TicketScreen
from supportterm.store.filters import Where
from supportterm.store.rows import execute
from tests.desk.fakes import NOW, World, letter
from tests.screens.office import office, send, text_of, told, until

TEXT = "Hello Mara,\n\nthe export works again since this morning.\n\nKind regards\nAda"


async def arrive(world: World, raw: bytes | None = None) -> None:
    world.server.put(raw or letter("The export does nothing.", subject="Export"), at=world.clock.now())
    await world.sync()


def key_of(app: SupporttermApp, subject: str = "Export") -> str:
    return next(t.key for t in app.support.views.queue(Where("1"), 9) if t.subject == subject)


def outbox(app: SupporttermApp) -> list[Operation]:
    return app.support.views.outbox(everything=True)


@asynccontextmanager
async def writing(
    world: World, text: str = TEXT, mode: Mode = Mode.REPLY, size: tuple[int, int] = (120, 36), **look: str
) -> AsyncIterator[tuple[SupporttermApp, Pilot[int], ReplyScreen]]:
    async with office(world, size, **look) as (app, pilot):
        await app.push_screen(TicketScreen(key_of(app)))
        screen = ReplyScreen(key_of(app), mode)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and screen.editor.has_focus)
        screen.editor.insert(text)
        await pilot.pause()
        yield app, pilot, screen


async def hold(app: SupporttermApp, pilot: Pilot[int], typed: str) -> None:
    await pilot.press("alt+l")
    await until(pilot, lambda: isinstance(app.screen, Pick))
    app.screen.query_one(Input).value = typed
    await until(pilot, lambda: f"leaves {typed[:3].title()}" in text_of(app))
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, Pick))


# Later


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_a_reply_is_sent_later_by_the_customers_clocks_and_says_when(world: World, size: tuple[int, int]) -> None:
    await arrive(world)
    async with writing(world, size=size) as (app, pilot, screen):
        await hold(app, pilot, "tuesday 9:00 utc+9")
        await send(pilot, "")
        await until(pilot, lambda: "Leaves Tue 09:00 (UTC+9; 00:00 yours)" in told(app))
        (mail,) = outbox(app)
        assert f"{mail.not_before:%a %H:%M}" == "Tue 00:00"
        assert screen not in app.screen_stack
        await until(pilot, lambda: "leaves Tue 09:00" in text_of(app))
        await app.push_screen(OutboxScreen())
        await until(pilot, lambda: "leaves Tue 09:00" in text_of(app))
        await until(pilot, lambda: "is awake" in text_of(app).replace("\n", " "))


async def test_a_time_after_the_reply_is_due_is_said_before_it_is_queued(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await hold(app, pilot, "friday 9:00")
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await until(pilot, lambda: "it leaves Fri 09:00, and the first reply is due Tue 12:00" in text_of(app))
        assert outbox(app) == []
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == TEXT
        assert outbox(app) == []


async def test_what_names_no_time_cannot_be_chosen_and_esc_writes_on(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        await pilot.press("alt+l")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        app.screen.query_one(Input).value = "whenever it suits"
        await pilot.pause()
        await pilot.press("enter")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen and screen.editor.has_focus)
        assert outbox(app) == []


async def test_undo_and_the_outbox_give_a_held_reply_back_and_change_its_time(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, _):
        await hold(app, pilot, "tuesday 9:00")
        await send(pilot, "")
        await until(pilot, lambda: len(outbox(app)) == 1)
        await app.push_screen(OutboxScreen())
        await until(pilot, lambda: "leaves Tue 09:00" in text_of(app))
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        app.screen.query_one(Input).value = "wednesday 10:00"
        await until(pilot, lambda: "leaves Wed 10:00" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: f"{outbox(app)[0].not_before:%a %H:%M}" == "Wed 10:00")
        await until(pilot, lambda: "leaves Wed 10:00" in text_of(app))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and app.screen.editor.text == TEXT)
        assert outbox(app)[0].state is State.UNDONE


async def test_another_reply_on_the_ticket_says_that_one_is_held(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        reply(world.desk, screen.key, "One.", hold=holding.read("tuesday 9:00", world.desk.config, NOW, UTC))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "another reply on this ticket is held: it leaves Tue 09:00" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: len(outbox(app)) == 2)


async def test_the_author_is_told_when_the_customer_writes_first(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, _):
        await hold(app, pilot, "tuesday 9:00")
        await send(pilot, "")
        await until(pilot, lambda: len(outbox(app)) == 1)
        world.clock.advance(60)
        await arrive(world, letter("It works.", subject="Export", message_id="m2@x", refs=["m1@lind.example"]))
        await until(pilot, lambda: "Mara Lind wrote first" in told(app))
        await until(pilot, lambda: "Mara Lind wrote first" in text_of(app))


# And then


@pytest.mark.parametrize("after_send", ["stay", "next", "queue"])
async def test_where_one_is_after_sending_is_a_setting(world: World, after_send: str) -> None:
    await arrive(world)
    await arrive(world, letter("Where is it?", subject="Parcel", message_id="p@x", sender="jo@park.example"))
    async with writing(world, after_send=after_send) as (app, pilot, screen):
        await send(pilot)
        await until(pilot, lambda: len(outbox(app)) == 1)
        await until(pilot, lambda: screen not in app.screen_stack)
        if after_send == "queue":
            await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        else:
            subject = "Parcel" if after_send == "next" else "Export"
            await until(pilot, lambda: isinstance(app.screen, TicketScreen) and app.screen.key == key_of(app, subject))


async def test_status_and_next_ticket_go_together_and_the_answered_one_is_not_skipped(world: World) -> None:
    await arrive(world)
    await arrive(world, letter("Where is it?", subject="Parcel", message_id="p@x", sender="jo@park.example"))
    async with writing(world) as (app, pilot, _):
        await pilot.press("alt+t")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"open", "enter")
        await send(pilot, "")
        await until(pilot, lambda: isinstance(app.screen, TicketScreen) and app.screen.key == key_of(app, "Parcel"))
        ticket = app.support.views.ticket(key_of(app))
        assert ticket is not None
        assert ticket.status is Status.OPEN


async def test_the_last_ticket_says_that_nothing_else_presses(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, _):
        await send(pilot, "alt+s")
        await until(pilot, lambda: "Nothing else presses." in told(app))


# Whom it goes to


async def test_recipients_as_they_were_say_nothing(world: World) -> None:
    await arrive(world, letter("The export does nothing.", subject="Export", Cc="Kim <kim@lind.example>"))
    async with writing(world, mode=Mode.REPLY_ALL) as (app, pilot, _):
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(outbox(app)) == 1 or isinstance(app.screen, SendCheck))
        assert not isinstance(app.screen, SendCheck)


@pytest.mark.parametrize(
    ("to", "cc", "words"),
    [
        (
            "mara@lind.example",
            "kim@lind.example, boss@rival.example",
            "boss@rival.example was not in this conversation",
        ),
        ("mara@lind.example", "", "kim@lind.example was on the last mail and will not get this"),
        ("kim@lind.example", "mara@lind.example", "it goes to kim@lind.example, not to mara@lind.example"),
    ],
)
async def test_others_than_before_are_one_line_each(to: str, cc: str, words: str, world: World) -> None:
    await arrive(world, letter("The export does nothing.", subject="Export", Cc="Kim <kim@lind.example>"))
    async with writing(world, mode=Mode.REPLY_ALL) as (app, pilot, screen):
        people = Recipients(
            tuple(Address("", a) for a in to.split(", ")), tuple(Address("", a) for a in cc.split(", ") if a)
        )
        screen.change(people=people)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck) and words in text_of(app))
        assert outbox(app) == []
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == TEXT
        await send(pilot)
        await until(pilot, lambda: len(outbox(app)) == 1)


async def test_whom_we_left_out_before_is_not_asked_about_again(world: World) -> None:
    await world.sync()
    world.clock.advance(60)
    await arrive(world, letter("The export does nothing.", subject="Export", Cc="Kim <kim@lind.example>"))
    async with office(world) as (app, _):
        key = key_of(app)
    reply(world.desk, key, "We look into it.")
    world.clock.advance(11)
    await world.sync()
    again = letter("And?", subject="Export", message_id="m2@x", refs=["m1@lind.example"], Cc="Kim <kim@lind.example>")
    await arrive(world, again)
    async with writing(world) as (app, pilot, _):
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(outbox(app)) == 2 or isinstance(app.screen, SendCheck))
        assert "will not get this" not in text_of(app)


# Too late


async def test_undo_after_the_mail_has_left_says_so_and_offers_a_correction(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, _):
        await send(pilot)
        await until(pilot, lambda: len(outbox(app)) == 1)
        world.clock.advance(11)
        await world.sync()
        await until(pilot, lambda: outbox(app)[0].state is State.ACCEPTED)
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, Confirm) and "has left already" in text_of(app))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen) and app.screen.editor.text == TEXT)
        assert len(outbox(app)) == 1


# What cannot go


async def test_a_file_goes_as_it_was_chosen_and_one_that_is_lost_is_told_while_the_draft_stays(
    world: World, tmp_path: Path
) -> None:
    await arrive(world)
    path = tmp_path / "fix.txt"
    path.write_text("off and on")
    async with writing(world) as (app, pilot, screen):
        file, packed = enclosing.read(path)
        path.unlink()
        screen.change(files=(file,))
        draft = screen.written()
        await app.support.do(lambda desk: drafts.save(desk, draft, files=[packed]))
        with world.desk.database.write() as session:
            execute(session, "DELETE FROM enclosure WHERE sha = ?", [file.sha])
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "fix.txt is no longer kept" in told(app))
        assert outbox(app) == []
        await until(pilot, lambda: app.screen is screen and not screen.is_busy)
        assert screen.editor.text == TEXT
        await app.support.do(lambda desk: drafts.save(desk, draft, files=[packed]))
        await send(pilot)
        await until(pilot, lambda: len(outbox(app)) == 1)
        (answer,) = [m for m in app.support.views.messages(screen.key) if m.author]
        assert [a.filename for a in answer.attachments] == ["fix.txt"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\u2028"])
async def test_a_list_of_recipients_with_a_line_break_is_refused_typed_or_pasted(world: World, line_break: str) -> None:
    assert correspondents.read(f"kai@lad.example{line_break}jo@lad.example", world.desk.people) == ((), BROKEN)
    assert correspondents.read(f"kai@lad.example{line_break}", world.desk.people)[1] == ""
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        before = screen.people
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))
        line = app.screen.query_one("#to", Input)
        line.post_message(events.Paste(f", kai@lad.example{line_break}Bcc: jo@lad.example"))
        await until(pilot, lambda: "A line break stands in the list" in text_of(app))
        assert line.value == "Mara Lind <mara@lind.example>"
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.people == before
        assert screen.editor.text == TEXT
