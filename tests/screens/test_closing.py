"""How a reply ends: the closing by one key, and the signature that leaves with it."""

from __future__ import annotations

import dataclasses

from supportterm.domain.drafts import Mode
from supportterm.domain.ticket import MessageKind
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.widgets.signature_line import SignatureLine
from supportterm.store.views import reading
from tests.desk.fakes import World
from tests.screens.office import text_of, until
from tests.screens.test_reply import arrive, writing


def sign(world: World, signature: str) -> None:
    config = world.desk.config
    mailbox = dataclasses.replace(config.mailbox, signature=signature)
    world.desk = dataclasses.replace(world.desk, config=dataclasses.replace(config, mailbox=mailbox))


async def test_one_key_cycles_the_closing_and_undo_takes_one_step_back(world: World) -> None:
    await arrive(world)
    async with writing(world) as (_, pilot, screen):
        await pilot.press(*"It ships today.")
        await pilot.press("alt+c")
        await until(pilot, lambda: screen.editor.text.startswith("It ships today.\n\n"))
        first = screen.editor.text
        await pilot.press("alt+c")
        await until(pilot, lambda: screen.editor.text != first)
        assert screen.editor.text.startswith("It ships today.\n\n")
        assert first.split("\n\n")[1] not in screen.editor.text
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.editor.text == first)


async def test_the_signature_shows_while_one_writes_and_leaves_with_the_mail_once(world: World) -> None:
    await arrive(world)
    sign(world, "{{agent.name}}\nAcme Support")
    async with writing(world, size=(80, 24)) as (app, pilot, screen):
        await pilot.press(*"It ships today.")
        await until(pilot, lambda: "Acme Support" in text_of(app))
        await pilot.press("f7")
        await until(pilot, lambda: screen.mode is Mode.NOTE)
        await until(pilot, lambda: not screen.query_one(SignatureLine).display)
        await pilot.press("f7")
        await until(pilot, lambda: "Acme Support" in text_of(app))
        key = screen.key
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not isinstance(app.screen, ReplyScreen))
    with reading(world.desk.database.path) as views:
        (sent,) = (m for m in views.messages(key) if m.kind is MessageKind.REPLY)
    assert sent.text == f"It ships today.\n\n-- \n{world.desk.config.agent.name}\nAcme Support"
    assert sent.reply_text == "It ships today."
