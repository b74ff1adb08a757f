"""What the editor says and does about the address a mail is from, its size, and files pasted or carried on."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from supportterm.app import SupporttermApp
from supportterm.desk.people import People
from supportterm.domain.drafts import Kind, Mode
from supportterm.domain.ticket import MessageKind
from supportterm.screens.confirm import Confirm
from supportterm.screens.recipients import EditRecipients
from supportterm.screens.reply import ReplyScreen
from supportterm.store import server_size
from supportterm.store.filters import Where
from tests.desk.fakes import ADDRESS, NOW, World, letter
from tests.screens.office import office, send, text_of, told, until

SALES = "sales@acme.example"


@asynccontextmanager
async def writing(
    world: World, mode: Mode = Mode.REPLY, raw: bytes = b""
) -> AsyncIterator[tuple[SupporttermApp, Pilot[int], ReplyScreen]]:
    world.server.put(raw or letter("Where is it?", subject="Parcel"), at=NOW)
    await world.sync()
    async with office(world) as (app, pilot):
        screen = ReplyScreen(app.support.views.queue(Where("1"), 1)[0].key, mode)
        await app.push_screen(screen)
        await until(pilot, lambda: (screen.is_mounted and screen.editor.has_focus) or isinstance(app.screen, Confirm))
        yield app, pilot, screen


def has_several(world: World) -> None:
    config = world.desk.config
    config = dataclasses.replace(config, mailbox=dataclasses.replace(config.mailbox, aliases=(SALES,)))
    world.desk = dataclasses.replace(world.desk, config=config, people=People.of(config.mailbox))


def takes(world: World, limit: int) -> None:
    with world.desk.database.write() as session:
        server_size.learn(session, world.desk.config.mailbox.smtp.host, limit)


def with_files() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Mara <mara@lind.example>", ADDRESS, "Parcel"
    mail["Message-ID"] = "<m1@lind.example>"
    mail.set_content("Here they are.")
    mail.add_attachment(b"%PDF one", maintype="application", subtype="pdf", filename="offer.pdf")
    mail.add_attachment(b"two", maintype="text", subtype="csv", filename="list [b]x.csv")
    return mail.as_bytes()


async def drop(pilot: Pilot[int], text: str) -> None:
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def test_one_key_sends_from_another_of_our_addresses_and_the_draft_keeps_it(world: World) -> None:
    has_several(world)
    async with writing(world, raw=letter("Where is it?", to=SALES)) as (app, pilot, screen):
        await until(pilot, lambda: f"REPLY  from {SALES}  to" in text_of(app))
        await pilot.press(*"Soon.", "alt+a")
        await until(pilot, lambda: f"REPLY  from {ADDRESS}  to" in text_of(app))
        kept = app.support.views.draft
        await until(pilot, lambda: (d := kept(screen.key, "ada", Kind.REPLY)) is not None and d.sender == ADDRESS)
        await send(pilot)
        await until(pilot, lambda: bool(app.support.views.outbox(everything=True)))
        world.clock.advance(11)
        await world.sync()
    mail = message_from_bytes(world.server.accepted[0].raw, policy=policy.default)
    assert mail["From"].addresses[0].addr_spec == ADDRESS


async def test_alt_and_a_letter_is_the_command_and_not_the_letter(world: World) -> None:
    has_several(world)
    async with writing(world, raw=letter("Where is it?", to=SALES)) as (app, pilot, screen):
        await until(pilot, lambda: f"from {SALES}" in text_of(app))
        app.post_message(events.Key("alt+a", "a"))
        await until(pilot, lambda: screen.draft.sender == ADDRESS)
        app.post_message(events.Key("alt+q", "q"))
        await until(pilot, lambda: "> Where is it?" in screen.editor.text)
        for key, character in (("alt+z", "z"), ("alt+shift+z", "Z"), ("alt+7", "7")):
            app.post_message(events.Key(key, character))
        app.post_message(events.Key("x", "x"))
        await until(pilot, lambda: "x" in screen.editor.text)
        assert not set("azZ7q") & set(screen.editor.text.replace("> Where is it?", ""))


async def test_a_mailbox_of_one_address_says_so(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        await pilot.press("alt+a")
        await until(pilot, lambda: "has one address" in told(app))
        assert screen.draft.sender == ""


async def test_a_blind_copy_shows_in_the_ticket_as_known_inside(world: World) -> None:
    async with writing(world) as (app, pilot, screen):
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.screen, EditRecipients))
        await pilot.press("tab", "tab", *"bo@partner.example", "enter")
        await until(pilot, lambda: app.screen is screen and "bo@partner.example" in text_of(app))
        await pilot.press(*"Soon.")
        await send(pilot)
        await until(pilot, lambda: bool(app.support.views.outbox(everything=True)))
        (mine,) = (m for m in app.support.views.messages(screen.key) if m.kind is MessageKind.REPLY)
        assert [a.address for a in mine.bcc] == ["bo@partner.example"]
        again = ReplyScreen(screen.key)
        await app.push_screen(again)
        await until(pilot, lambda: "bcc, inside only: bo@partner.example" in text_of(app))


async def test_a_dropped_file_is_offered_and_goes_along_on_one_key(world: World, tmp_path: Path) -> None:
    path = tmp_path / "my offer.pdf"
    path.write_bytes(b"%PDF")
    async with writing(world) as (app, pilot, screen):
        await pilot.press(*"Look: ")
        await drop(pilot, f"'{path}' ")
        await until(pilot, lambda: isinstance(app.screen, Confirm) and "my offer.pdf" in text_of(app))
        assert screen.draft.files == ()
        await pilot.press("a")
        await until(pilot, lambda: [f.name for f in screen.draft.files] == ["my offer.pdf"])
        await until(pilot, lambda: screen.editor.text == "Look: ")


@pytest.mark.parametrize("key", ["t", "escape"])
async def test_declined_the_path_stays_the_text_it_is(key: str, world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    async with writing(world) as (app, pilot, screen):
        await drop(pilot, f"{path}\nfile://{path}")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press(key)
        await until(pilot, lambda: app.screen is screen)
        assert screen.editor.text == f"{path}\nfile://{path}"
        assert screen.draft.files == ()


async def test_text_that_names_no_file_is_pasted_and_nothing_is_asked(world: World, tmp_path: Path) -> None:
    async with writing(world) as (app, pilot, screen):
        await drop(pilot, f"{tmp_path}/not-there.txt")
        await until(pilot, lambda: screen.editor.text.endswith("not-there.txt"))
        await pilot.pause(0.1)
        assert app.screen is screen


async def test_a_mail_larger_than_the_server_takes_is_told_and_does_not_go(world: World, tmp_path: Path) -> None:
    takes(world, 10_000)
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(12_000))
    async with writing(world) as (app, pilot, screen):
        await pilot.press(*"See the film.", "enter")
        await drop(pilot, str(path))
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("a")
        await until(pilot, lambda: bool(screen.draft.files))
        await until(pilot, lambda: "19 KB of 10 KB the server takes" in told(app))
        await until(pilot, lambda: "1 file: 19 KB of 10 KB" in text_of(app))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Take a file off" in told(app))
        assert app.support.views.outbox() == []
        assert screen.editor.text.startswith("See the film.")


async def test_where_no_limit_is_known_nothing_is_said(world: World, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(12_000))
    async with writing(world) as (app, pilot, screen):
        await drop(pilot, str(path))
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("a")
        await until(pilot, lambda: bool(screen.draft.files))
        assert "the server takes" not in told(app) + text_of(app)


@pytest.mark.parametrize(("key", "names"), [("y", ["list [b]x.csv", "offer.pdf"]), ("n", []), ("escape", [])])
async def test_a_forward_goes_with_the_files_or_without(key: str, names: list[str], world: World) -> None:
    async with writing(world, Mode.FORWARD, with_files()) as (app, pilot, screen):
        await until(pilot, lambda: isinstance(app.screen, Confirm) and "offer.pdf" in text_of(app))
        await pilot.press(key)
        await until(pilot, lambda: app.screen is screen and len(screen.draft.files) == len(names))
        assert sorted(f.name for f in screen.draft.files) == names
        assert "Here they are." in screen.editor.text


async def test_a_reply_takes_no_files_along_and_asks_nothing(world: World) -> None:
    async with writing(world, Mode.REPLY_ALL, with_files()) as (app, _pilot, screen):
        assert app.screen is screen
        assert screen.draft.files == ()
