"""How a reply ends: the closing by one key, and the signature that leaves with it."""

from __future__ import annotations

import dataclasses

from supportterm.desk import attending
from supportterm.domain.drafts import Mode
from supportterm.domain.ticket import MessageKind, Status
from supportterm.screens.send_check import SendCheck
from supportterm.screens.widgets.signature_line import SignatureLine
from supportterm.store.views import reading
from tests.desk.fakes import World
from tests.screens.office import send, text_of, told, until
from tests.screens.test_reply import arrive, writing


def sign(world: World, signature: str) -> None:
    config = world.desk.config
    mailbox = dataclasses.replace(config.mailbox, signature=signature)
    world.desk = dataclasses.replace(world.desk, config=dataclasses.replace(config, mailbox=mailbox))


async def test_one_key_cycles_the_closing_and_undo_takes_one_step_back(world: World) -> None:
    await arrive(world)
    async with writing(world) as (_, pilot, screen):
        await pilot.press(*"It ships.")
        await pilot.press("alt+c")
        await until(pilot, lambda: screen.editor.text.startswith("It ships.\n\n"))
        first = screen.editor.text
        await pilot.press("alt+c")
        await until(pilot, lambda: screen.editor.text != first)
        assert screen.editor.text.startswith("It ships.\n\n")
        assert first.split("\n\n")[1] not in screen.editor.text
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.editor.text == first)


async def test_the_signature_shows_while_one_writes_and_leaves_with_the_mail_once(world: World) -> None:
    await arrive(world)
    sign(world, "{{agent.name}}\nAcme Support")
    async with writing(world, size=(80, 24)) as (app, pilot, screen):
        await pilot.press(*"It ships.")
        await until(pilot, lambda: "Acme Support" in text_of(app))
        await pilot.press("f7")
        await until(pilot, lambda: screen.mode is Mode.NOTE)
        await until(pilot, lambda: not screen.query_one(SignatureLine).display)
        await pilot.press("f7")
        await until(pilot, lambda: "Acme Support" in text_of(app))
        key = screen.key
        await send(pilot)
        await until(pilot, lambda: app.support.views.outbox(everything=True))
    with reading(world.desk.database.path) as views:
        (sent,) = (m for m in views.messages(key) if m.kind is MessageKind.REPLY)
    assert sent.text == f"It ships.\n\n-- \n{world.desk.config.agent.name}\nAcme Support"
    assert sent.reply_text == "It ships."


async def test_a_closing_that_says_again_by_when_is_noticed(world: World) -> None:
    await arrive(world)
    async with writing(world) as (app, pilot, screen):
        screen.change(status=Status.OPEN)
        screen.editor.insert("You hear from me by tomorrow, 12:00.")
        await pilot.press("alt+c")
        await until(pilot, lambda: "straight to me" in screen.editor.text)
        assert "says already by when" not in told(app)
        await pilot.press("alt+c")
        await until(pilot, lambda: "says already by when" in told(app))


async def test_the_check_shows_the_signature_that_will_stand_below(world: World) -> None:
    await arrive(world)
    sign(world, "{{agent.name}}\nAcme Support")
    async with writing(world, size=(80, 24)) as (app, pilot, screen):
        await pilot.press(*"I write to you again by tomorrow noon.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        await until(pilot, lambda: "Below it" in text_of(app) and "Acme Support" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        screen.editor.insert("\n\n-- \nSam")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SendCheck))
        assert "Below it" not in text_of(app)


async def test_a_colleagues_name_is_completed_in_a_note_and_stays_text_in_a_reply(world: World) -> None:
    await arrive(world)
    config = world.desk.config
    for name in ("kai", "karla"):
        agent = dataclasses.replace(config.agent, id=name)
        attending.arrive(dataclasses.replace(world.desk, config=dataclasses.replace(config, agent=agent)))
    async with writing(world, Mode.NOTE) as (app, pilot, screen):
        await pilot.press(*"@k", "tab")
        await until(pilot, lambda: "Who? kai, karla" in told(app))
        assert screen.editor.text == "@ka"
        await pilot.press("i", "tab")
        await until(pilot, lambda: screen.editor.text == "@kai ")
        await pilot.press(*"@zz", "tab")
        await until(pilot, lambda: "Nobody here is called @zz" in told(app))
