"""Macros carried out on tickets from the queue, without a mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.desk import verbs
from supportterm.desk.macros import MacroWatch
from supportterm.domain.errors import ConfigError
from supportterm.domain.ticket import Status
from supportterm.screens import keys, macro_writing
from supportterm.screens.reply import ReplyScreen
from supportterm.screens.ticket import TicketScreen
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, until
from tests.screens.test_reply import arrive, writing


async def test_it_is_shown_then_done_to_every_marked_ticket_and_one_undo_takes_it_back(
    world: World, tmp_path: Path
) -> None:
    seed(world)
    await world.sync()
    (tmp_path / "park.md").write_text(
        '+++\ntitle = "Park it"\ntrigger = ";park"\n[actions]\nstatus = "on-hold"\ntags_add = ["parked"]\n'
        'note = "Parked for {{ticket.requester.address}}."\n+++\nText.',
        encoding="utf-8",
    )
    (tmp_path / "words.md").write_text('+++\ntitle = "Only words"\n+++\nText.', encoding="utf-8")
    async with office(world) as (app, pilot):
        app.support._macros = MacroWatch(lambda: [tmp_path])
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("at")
        await until(pilot, lambda: "Parked for" in text_of(app))
        assert "{{ticket" not in text_of(app)
        await pilot.press("escape")
        await until(pilot, lambda: "Parked for" not in text_of(app))
        await pilot.press("x", "j", "x", "at")
        await until(pilot, lambda: "Also sets on-hold; tags parked; leaves" in text_of(app))
        await until(pilot, lambda: "on 2 tickets" in text_of(app))
        assert "Only words" not in text_of(app)
        await pilot.press("enter")

        def parked() -> list[Status]:
            return [t.status for t in app.support.views.queue(app.support.where("tag:parked"))]

        await until(pilot, lambda: parked() == [Status.ON_HOLD, Status.ON_HOLD])
        await pilot.press("z")
        await until(pilot, lambda: not parked())


async def test_a_macro_is_offered_by_what_was_written_on_the_ticket(world: World, tmp_path: Path) -> None:
    await arrive(world)
    for name, when in (("named", "mentions:kai has:note"), ("other", "has:call OR mentions:ada")):
        (tmp_path / f"{name}.md").write_text(
            f'+++\ntitle = "It is {name}"\ntrigger = ";{name}"\nwhen = "{when}"\n+++\nText.', encoding="utf-8"
        )
    with reading(world.desk.database.path) as views:
        key = views.queue(Where("1"), 1)[0].key
    verbs.note(world.desk, key, "@kai do you know?")
    async with writing(world) as (app, pilot, _):
        app.support._macros = MacroWatch(lambda: [tmp_path])
        await pilot.press("ctrl+o")
        await until(pilot, lambda: "It is named" in text_of(app))
        assert "It is other" not in text_of(app)


async def test_it_is_typed_by_its_name(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("colon", *"macro ;known", "enter")
        await until(pilot, lambda: app.support.views.queue(app.support.where("tag:known-problem status:on-hold")))


async def test_a_macro_with_a_key_of_its_own_is_done_to_the_ticket_and_put_into_the_text(
    world: World, tmp_path: Path
) -> None:
    await arrive(world)
    (tmp_path / "park.md").write_text(
        '+++\ntitle = "Park it"\ntrigger = ";park"\n[actions]\ntags_add = ["parked"]\n+++\nIt is parked.',
        encoding="utf-8",
    )
    file = tmp_path / "keys.toml"
    file.write_text('[macros]\n";park" = "alt+1"\n', encoding="utf-8")
    async with office(world) as (app, pilot):
        app.support._macros = MacroWatch(lambda: [tmp_path])
        app.support.keymap = keys.load("support", file)
        await until(pilot, lambda: "? keys" in text_of(app))
        ticket = app.support.views.queue(app.support.where(""))[0]
        screen = TicketScreen(ticket.key)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted)
        await pilot.press("alt+1")
        await until(pilot, lambda: app.support.views.queue(app.support.where("tag:parked")))
        await pilot.press("z")
        await until(pilot, lambda: not app.support.views.queue(app.support.where("tag:parked")))
        await pilot.press("question_mark", "slash", *"park it", "enter")
        await until(pilot, lambda: "MACROS WITH A KEY" in text_of(app) and "Alt+1" in text_of(app))
        await pilot.press("G", "enter")
        await until(pilot, lambda: app.support.views.queue(app.support.where("tag:parked")))
        reply = ReplyScreen(ticket.key)
        await app.push_screen(reply)
        await until(pilot, lambda: reply.is_mounted and reply.editor.has_focus)
        await pilot.press("alt+1")
        await until(pilot, lambda: reply.editor.text == "It is parked.")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: not reply.editor.text)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('";park" = "ctrl+s"', "the key ^S is given to `reply.send`"),
        ('";park" = "f7"', "to the macro `;park` (line 2)"),
        ('";park" = "x"', "Change one of them"),
        ('";park" = "å"', "is for typing the reply"),
        ('";park" = "alt+1"\n";late" = "alt+1"', "and to the macro `;late` (line 3)"),
        ('";park" = "kontrol"', "is no key"),
    ],
)
def test_a_macros_key_that_is_somebody_elses_stops_the_start(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(f"[macros]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        keys.load("support", file)
    assert told in str(refused.value)


async def test_the_picker_opens_a_macro_in_the_agents_editor_and_takes_it_in_at_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await arrive(world)
    mine = tmp_path / "park.md"
    mine.write_text('+++\ntitle = "Park it"\n[actions]\ntags_add = ["parked"]\n+++\nText.', encoding="utf-8")

    def written(_app: object, path: Path) -> bool:
        path.write_text(path.read_text(encoding="utf-8").replace("Park it", "Put aside"), encoding="utf-8")
        return True

    monkeypatch.setattr(macro_writing, "open_outside", written)
    async with office(world) as (app, pilot):
        app.support._macros = MacroWatch(lambda: [tmp_path])
        await until(pilot, lambda: "? keys" in text_of(app))
        await pilot.press("at")
        await until(pilot, lambda: "Park it" in text_of(app))
        await pilot.press("ctrl+g")
        await until(pilot, lambda: "Put aside" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.support.views.queue(app.support.where("tag:parked")))
