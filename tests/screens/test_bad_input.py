"""What nobody should type, receive or drag: the console goes on, the frame stands, a sentence says what is wrong."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.desk.fakes import NOW, World, letter
from tests.screens.office import office, text_of, until
from tests.screens.terminal import Terminal, keep, terminal

LINE = 10_000_000
SUBJECT = 65_536
PASTE = 5_000_000
SLOW = """
import os, sys, time
from pathlib import Path
from supportterm.screens.driver import Driver
measure, armed = Driver._get_terminal_size, Path(os.environ["ARMED"])
def slowly(self):
    size = measure(self)
    if armed.exists():
        armed.unlink()
        ends = time.monotonic() + 20
        while measure(self) == size and time.monotonic() < ends:
            time.sleep(0.01)
    return size
Driver._get_terminal_size = slowly
from supportterm.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
"""The console, which reads a size when a file is there, and tells it once the size is another."""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'[keys]\n"ticket.claim" = \xff\xfe\n', "cannot be read"),
        (b"[keys\n", "line 1: this is not valid"),
        (b'[keys]\n"ticket.clam" = "c"\n', "ticket.claim"),
        (b'[keys]\n"ticket.claim" = "r"\n', "r"),
        (b'[keys]\n"ticket.claim" = 7\n', "ticket.claim"),
    ],
)
def test_a_keys_file_that_cannot_be_used_is_said_before_the_screen_is_taken(
    tmp_path: Path, content: bytes, told: str
) -> None:
    config = keep(tmp_path, mails=())
    (tmp_path / "keys.toml").write_bytes(content)
    with terminal(config) as seen:
        assert seen.wait() == 2
        said = "".join(seen.text.split())
        assert "".join(told.split()) in said
        assert "keys.toml" in said
        assert b"\x1b[?1049h" not in seen.raw


def test_a_terminal_of_twenty_by_five_says_so_and_loses_nothing(tmp_path: Path) -> None:
    with terminal(keep(tmp_path), size=(20, 5)) as seen:
        seen.until(lambda text: text.strip())
        seen.type("j", "j")
        seen.resize(120, 36)
        seen.until("? keys")
        seen.resize(20, 5)
        seen.type("x")
        seen.resize(80, 24)
        seen.until("? keys")
        assert seen.process.poll() is None


async def test_a_mail_of_one_line_of_ten_megabytes_is_read_and_answered(world: World) -> None:
    world.server.put(letter("Where is it? " + "x" * LINE, subject="Endless line", message_id="long@lind.example"))
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "Endless line" in text_of(app))
        began = time.monotonic()
        await pilot.press("enter")
        await until(pilot, lambda: "Where is it?" in text_of(app))
        await pilot.press("G", "g", "quotation_mark", "r")
        await until(pilot, lambda: "? keys" in text_of(app) or "send" in text_of(app))
        assert time.monotonic() - began < 30
        assert app.return_code in (None, 0)


async def test_a_subject_of_sixty_four_kilobytes_keeps_the_frame(world: World) -> None:
    world.server.put(letter("Hello", subject="Re: " + "long " * (SUBJECT // 5), message_id="s@lind.example", at=NOW))
    await world.sync()
    async with office(world) as (app, pilot):
        await until(pilot, lambda: "long long" in text_of(app))
        await until(pilot, lambda: "? keys" in text_of(app).splitlines()[-1])
        await pilot.press("enter")
        await until(pilot, lambda: "Hello" in text_of(app))
        await until(pilot, lambda: "? keys" in text_of(app).splitlines()[-1])
        await pilot.press("w", "escape", "escape", "slash", *"subject:long", "enter")
        await until(pilot, lambda: "? keys" in text_of(app).splitlines()[-1])


def test_five_megabytes_pasted_into_the_editor_and_into_a_prompt_stop_nothing(tmp_path: Path) -> None:
    text = ("Dear customer, this is a long letter. " * 40 + "\n") * (PASTE // 1_520)
    with terminal(keep(tmp_path)) as seen:
        seen.until("? keys")
        seen.type("r")
        seen.until("send")
        _paste(seen, text)
        seen.type("Kanarie")
        seen.until(lambda shown: "Kanarie" in shown or "MB" in shown or "long" in shown)
        assert seen.process.poll() is None
        seen.type("escape")
        seen.until("? keys")
        seen.type("/")
        _paste(seen, text)
        seen.type("escape")
        seen.until("? keys")
        assert seen.process.poll() is None


def _paste(seen: Terminal, text: str) -> None:
    import os
    import select

    left = memoryview(f"\x1b[200~{text}\x1b[201~".encode())
    while left:
        readable, writable, _ = select.select([seen._master], [seen._master], [], 10.0)
        if readable:
            seen.look()
        if writable:
            left = left[os.write(seen._master, left[:4096]) :]
        assert readable or writable, "the console takes nothing any more"
    time.sleep(0.2)


def test_a_storm_of_sizes_while_typing_loses_no_letter(tmp_path: Path) -> None:
    words = [f"quick{number}" for number in range(40)]
    with terminal(keep(tmp_path)) as seen:
        seen.until("? keys")
        seen.type("r")
        seen.until("send")
        for number, word in enumerate(words):
            if number % 5 == 4:
                seen.resize(20, 5)
                seen.look(0.02)
                seen.resize(80, 24)
                seen.until("send")
            seen.resize(*((80, 24), (200, 50), (64, 18))[number % 3])
            seen.type(word, "space")
            seen.look(0.02)
        seen.resize(120, 36)
        seen.until(lambda text: set(words) <= set(text.split()))


def test_a_window_that_changes_while_its_size_is_read_ends_at_the_size_it_was_left_at(tmp_path: Path) -> None:
    config, armed = keep(tmp_path), tmp_path / "armed"
    command = [sys.executable, "-c", SLOW, "--config", str(config)]
    seen = Terminal(command, (120, 36), {"ARMED": str(armed)})
    try:
        seen.until("? keys")
        armed.touch()
        seen.resize(20, 5)
        while armed.exists():
            time.sleep(0.01)
        seen.resize(80, 24)
        seen.until("? keys")
    finally:
        seen.end()
