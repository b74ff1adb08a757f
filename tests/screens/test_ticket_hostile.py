"""Mail that is too long, too wide or written to deceive: the ticket's screen shows it and does nothing else."""

from __future__ import annotations

import random
import re

import pytest
from rich.cells import cell_len

from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind
from supportterm.screens.commands import Scope, of
from supportterm.screens.small import SmallScreen
from supportterm.screens.widgets.folded import LINES, folded
from supportterm.screens.widgets.text_lines import PIECE, SourceLines
from supportterm.screens.widgets.wrapping import Rows
from tests.desk.fakes import NOW, World
from tests.screens.office import SIZES, office
from tests.screens.tickets import mail, opened, text_of, until


@pytest.mark.parametrize("size", [*SIZES, (20, 5)])
async def test_a_mail_of_one_endless_line_and_an_endless_subject(world: World, size: tuple[int, int]) -> None:
    mail(world, "x" * 2_000_000, subject="The kiln " + "S" * 65_000)
    await world.sync()
    async with office(world, size) as (app, pilot):
        screen = await opened(app, pilot)
        if size in SIZES:
            await pilot.press("enter")
            await until(pilot, lambda: screen.conversation.is_whole(screen.conversation.current.id))
            await pilot.press("G", "space", "g")
        else:
            await until(pilot, lambda: isinstance(app.screen, SmallScreen) and text_of(app))
        lines = text_of(app).splitlines()
        assert len(lines) == size[1]
        assert all(cell_len(line) == size[0] for line in lines)


async def test_a_mail_of_fifty_thousand_lines_does_not_bury_the_others(world: World) -> None:
    mail(world, "\n".join(f"row {n} of it" for n in range(50_000)))
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        assert screen.conversation.virtual_size.height < LINES + 10
        await pilot.press("G")
        await until(pilot, lambda: "49,700 more lines" in text_of(app))
        await pilot.press("enter", "G")
        await until(pilot, lambda: "row 49999 of it" in text_of(app))


HOSTILE = (
    "[/x] [@click=app.exit]x[/] [bold]not bold[/bold]",
    "\x1b]52;c;aGk=\x07 \x1b[2J \x9b31m \x1b]8;;https://evil.example\x07words\x1b]8;;\x07",
    "a\u202egnp.exe and \u200bzero\u200bwidth",
    "e" + "\u0301" * 60,
)
_ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b]")


async def test_what_is_written_to_act_is_only_shown(world: World) -> None:
    for number, text in enumerate(HOSTILE, 1):
        bare = re.sub("[\x00-\x1f\x7f-\x9f]", "", text)
        refs = list(range(1, number))
        mail(world, f"{text}\nthe end", number, refs=refs, subject=f"The kiln {bare}", sender=f'"{bare}" <m@l.example>')
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        await until(pilot, lambda: "[/x] [@click=app.exit]x[/] [bold]not bold[/bold]" in text_of(app))
        for keys in (["g"], ["enter"], ["h"], ["q", "H"], ["q", "j", "H"], ["q", "j", "H"], ["q", "v"]):
            await pilot.press(*keys)
            await pilot.pause(0.05)
            assert not _ACTS.search(text_of(app))
        assert app.screen is screen


async def test_every_key_of_the_conversation_answers(world: World) -> None:
    mail(world, "Where? https://a.example/x\n\n> quoted\n", files=[("k.png", "image/png", b"1" * 900)])
    await world.sync()
    async with office(world) as (app, pilot):
        screen = await opened(app, pilot)
        for command in of(Scope.CONVERSATION, Scope.LIST):
            for key in command.keys:
                if command.id != "list.back":
                    await pilot.press(key)
                    await pilot.pause(0.02)
                    while app.screen is not screen:
                        await pilot.press("escape")
                        await pilot.pause(0.02)
        await until(pilot, lambda: "Where? https://a.example/x" in text_of(app))
        for key in ("escape", "q"):
            assert any(key in command.keys for command in of(Scope.LIST))
        await pilot.press("q")
        await until(pilot, lambda: app.screen is not screen)


def test_rows_hold_every_word_and_none_is_too_wide() -> None:
    chance = random.Random(7)  # noqa: S311 texts to break, no secret
    pieces = ["word", "и", "二重", "👍🏽", "⚠️", "e\u0301", " ", "  ", "\n", "-", "longerthanarow" * 3]
    for width in (8, 20, 77):
        for _ in range(200):
            text = "".join(chance.choice(pieces) for _ in range(60))
            rows = Rows(text, width)
            shown = [rows[n] for n in range(len(rows))]
            assert all(cell_len(row) <= width for row in shown)
            assert "".join(shown).replace(" ", "") == text.replace("\n", "").replace(" ", "")
            assert rows.between(0, 0, len(rows) - 1, 1 << 30) == text.rstrip(" ") or text.endswith(" ")


@pytest.mark.parametrize(
    ("text", "new", "words"),
    [
        ("Hello.\n\n> one\n> two", "Hello.", ["2 quoted lines"]),
        ("Hello.\n\n-- \nMara\nLind", "Hello.", ["signature"]),
        ("Hello.\n\nSent from my phone", "Hello.", ["signature"]),
        ("Hello.\n-- \nM\n> one\n> two", "Hello.", ["2 quoted lines", "signature"]),
        ("Hello.\n\nFrom: A\nSent: B\nTo: C\n\nWhat was said.", "Hello.", ["4 quoted lines"]),
        ("> one\nmy answer\n> two", "> one\nmy answer", ["1 quoted line"]),
        ("Hello.", "Hello.", []),
    ],
)
def test_what_is_folded_is_named(text: str, new: str, words: list[str]) -> None:
    message = Message(MessageKind.CUSTOMER, NOW, "f", text=text, reply_text=new)
    assert folded(message).in_words() == words


def test_a_source_is_cut_at_whole_characters_and_loses_nothing() -> None:
    raw = ("é" * (PIECE * 2) + "\r\nnext\n\nlast").encode()
    lines = SourceLines(raw)
    shown = [lines[n] for n in range(len(lines))]
    assert "".join(shown[:-3]) == "é" * (PIECE * 2)
    assert shown[-3:] == ["next", "", "last"]
    assert SourceLines(b"\xff\xfe caf\xe9\x1b[2J")[0].endswith("café␛[2J")
    assert len(SourceLines(b"")) == 0
