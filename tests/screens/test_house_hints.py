"""What a house adds to the hints counts while the console runs; a text sent on another ticket counts as sent."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from supportterm.desk import replying
from supportterm.domain.drafts import Mode
from supportterm.screens.reply import ReplyScreen
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter
from tests.screens.office import office, told, until
from tests.screens.test_hinting import hinted, writing

FILE = 'format = 1\nlang = "en"\n[words]\ninternal-leak = ["project falcon"]\n'
TEXT = (
    "Hello Mara, the export is part of project Falcon, and every row is in it since ten this morning. "
    "We moved it by hand, so please have a look. "
)


async def test_a_file_counts_once_it_is_written_and_its_fault_is_told(world: World, tmp_path: Path) -> None:
    config = dataclasses.replace(world.desk.config, path=tmp_path / "config.toml")
    world.desk = dataclasses.replace(world.desk, config=config)
    folder = tmp_path / "packs" / "hints"
    folder.mkdir(parents=True)
    async with writing(world) as (app, pilot, screen):
        screen.editor.insert(TEXT)
        await until(pilot, lambda: screen.hinting._text == TEXT)
        assert not any(hint.rule == "internal-leak" for hint in screen.hinting.shown)
        (folder / "ours.toml").write_text(FILE, encoding="utf-8")
        screen.editor.insert("It is so. ")
        await hinted(pilot, screen, "internal-leak")
        (folder / "ours.toml").write_text(FILE.replace("[words]", "[wrods]"), encoding="utf-8")
        screen.editor.insert("It stays so. ")
        await until(pilot, lambda: "ours.toml, line 3: unknown key" in told(app))
        assert any(hint.rule == "internal-leak" for hint in screen.hinting.shown)


async def test_what_the_customer_was_told_on_another_ticket_is_the_same_text_again(world: World) -> None:
    for subject in ("Parcel", "Export"):
        mail = letter(f"Hello, what about the {subject}?", subject=subject, message_id=f"{subject}@example.org")
        world.server.put(mail, at=world.clock.now())
    await world.sync()
    with reading(world.desk.database.path) as views:
        keys = {ticket.subject: ticket.key for ticket in views.queue(Where("1"), 5)}
    replying.reply(world.desk, keys["Parcel"], TEXT)
    async with office(world) as (app, pilot):
        screen = ReplyScreen(keys["Export"], Mode.REPLY)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.is_mounted and screen.editor.has_focus)
        screen.editor.insert(TEXT)
        await until(pilot, lambda: any(hint.rule == "macro-repeat" for hint in screen.hinting.about_all))
