"""What is pasted comes as one piece, however it arrives; keys before and after it are keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from supportterm.screens import driver
from supportterm.screens.driver import BEGINS, ENDS, Keyboard
from tests.screens.terminal import end_worker, keep, terminal

TYPED = f"a\x1b[A{BEGINS}Hello \x1b[20 [201~\nyou{ENDS}b\x1b[B{BEGINS}{ENDS}{BEGINS}c{ENDS}é"


LOG = "line of a log\n" * 200_000


def seen(messages: list[Message]) -> list[str]:
    return [
        m.key if isinstance(m, events.Key) else m.text for m in messages if isinstance(m, events.Key | events.Paste)
    ]


def test_an_escape_alone_is_a_key_once_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(driver.time, "monotonic", lambda: clock[0])
    for begun, keys in (("\x1b", ["escape"]), ("\x1b[", ["left_square_bracket"])):
        keyboard = Keyboard()
        assert seen([*keyboard.feed(begun), *keyboard.tick()]) == []
        clock[0] += 0.2
        assert seen([*keyboard.tick()]) == keys
        assert seen([*keyboard.feed("x")]) == ["x"]


@pytest.mark.parametrize("size", range(1, len(TYPED) + 1))
def test_it_is_the_same_in_pieces_of_every_size(size: int) -> None:
    keyboard = Keyboard()
    messages: list[Message] = []
    for start in range(0, len(TYPED), size):
        messages += keyboard.feed(TYPED[start : start + size])
    found = [each for each in seen(messages) if each]
    assert found == ["a", "up", "Hello \x1b[20 [201~\nyou", "b", "down", "c", "é"]


def test_textual_never_sees_a_letter_of_a_large_paste(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would look at each by itself, which takes seconds."""
    fed: list[str] = []
    feed = XTermParser.feed
    monkeypatch.setattr(XTermParser, "feed", lambda self, data: fed.append(data) or feed(self, data))
    keyboard, text = Keyboard(), "word " * 1_000_000
    wire, messages = f"a{BEGINS}{text}{ENDS}b", []
    for start in range(0, len(wire), 4096):
        messages += keyboard.feed(wire[start : start + 4096])
    assert seen(messages) == ["a", text, "b"]
    assert fed == ["a", "b"]


def test_a_paste_without_end_takes_no_memory_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "LONGEST", 10)
    keyboard = Keyboard()
    messages = [
        *keyboard.feed(BEGINS),
        *keyboard.feed("12345678"),
        *keyboard.feed("9abcdef"),
        *keyboard.feed("g" + ENDS),
    ]
    assert seen(messages) == ["123456789a"]


def test_a_paste_of_megabytes_is_offered_as_a_file_and_keys_go_on(tmp_path: Path) -> None:
    path = keep(tmp_path)
    try:
        with terminal(path, size=(100, 30), env={"THROWAWAY": "none"}) as shown:
            shown.until("? keys")
            shown.type("r")
            shown.until("REPLY")
            shown.type("before ")
            shown.until("before")
            wire = f"{BEGINS}{LOG}{ENDS}".encode()
            while wire:
                wire = wire[os.write(shown._master, wire) :]
            shown.until("too long to paste", 10)
            shown.type("a")
            shown.until("pasted.txt 2.8 MB", 10)
            shown.type("after", "\xff")
            shown.until("before after")
            os.write(shown._master, b"\xff!")  # a byte that is no UTF-8 ends nothing
            shown.until("!", 10)
            shown.type("ctrl+q")
            assert shown.wait() == 0
    finally:
        end_worker(tmp_path / "store.sqlite3")


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("\x1bc", ["alt+c"]),
        ("\x1bc\x1bc\x1bc", ["alt+c"] * 3),
        ("\x1bcx", ["alt+c", "x"]),
        ("\x1b1\x1b9", ["alt+1", "alt+9"]),
        ("\x1bs\x1b[A", ["alt+s", "up"]),
        ("\x1bS", ["alt+shift+s"]),
        ("\x1bb\x1bf", ["ctrl+left", "ctrl+right"]),
        ("\x1bOP\x1bOQ", ["f1", "f2"]),
        ("\x1bя", ["alt+я"]),
        ("\x1b.\x1b-", ["alt+full_stop", "alt+minus"]),
    ],
)
def test_alt_with_a_letter_is_that_key_however_soon_another_follows(typed: str, keys: list[str]) -> None:
    assert seen([*Keyboard().feed(typed)]) == keys
    keyboard = Keyboard()
    assert seen([message for sign in typed for message in keyboard.feed(sign)]) == keys
