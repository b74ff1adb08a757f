"""A console killed while one types loses what was typed in the last moment only, and the cursor is where it was."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportterm.domain.drafts import Draft, Kind
from supportterm.screens.widgets.editor_state import EditorState
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.faults.mailbox import deliver
from tests.faults.scene import NOW, Scene, letter
from tests.faults.test_store_faults import CONFIG

PATIENCE = 30.0


class Typist:
    """Types into a console on a pseudo-terminal."""

    def __init__(self, place: Path, key: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writing_process", str(place), key],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = b""

    def until(self, seen: Callable[[], object]) -> None:
        """Take in what the console draws until something is so."""
        end = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < end, self.shown[-3000:].decode(errors="replace")
            if select.select([self._ours], [], [], 0.02)[0]:
                self.shown += os.read(self._ours, 65536)

    def look(self, seconds: float) -> None:
        """Take in what the console draws for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self._ours], [], [], left)[0]:
                self.shown += os.read(self._ours, 65536)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def kill(self) -> None:
        """End the console without a word to it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Let go of the terminal."""
        self.kill()
        os.close(self._ours)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    made = Scene(tmp_path)
    deliver(made.root, letter("Buyer <b@buyer.example>", "Parcel", "Where is it?", message_id="<1@b.example>"), NOW)
    asyncio.run(made.sync())
    (tmp_path / "config.toml").write_text(CONFIG.format(store=made.store))
    return made


@pytest.fixture
def typist(scene: Scene) -> Iterator[Typist]:
    started = Typist(scene.place, key_of(scene))
    yield started
    started.close()


def key_of(scene: Scene) -> str:
    with reading(scene.store) as views:
        return views.queue(Where("1"), 1)[0].key


def draft_of(scene: Scene) -> Draft | None:
    with reading(scene.store) as views:
        return next(
            (
                d
                for agent in ("me", *set(views.drafts().values()))
                if (d := views.draft(key_of(scene), agent, Kind.REPLY))
            ),
            None,
        )


def text_of(scene: Scene) -> str:
    found = draft_of(scene)
    return found.text if found else ""


def test_a_killed_console_loses_no_more_than_the_last_moment_and_keeps_the_cursor(scene: Scene, typist: Typist) -> None:
    typist.until(lambda: b"REPLY" in typist.shown)
    typist.type("It left on Friday.\x1b[D\x1b[D")
    typist.until(lambda: text_of(scene) == "It left on Friday." and cursor_of(scene) == 16)
    typist.type(" the 20th")
    typist.kill()
    assert "It left on Friday." in {text_of(scene), text_of(scene).replace(" the 20th", "")}

    again = Typist(scene.place, key_of(scene))
    try:
        again.until(lambda: b"It left on" in again.shown)
        again.type("!")
        again.until(lambda: "!" in text_of(scene))
        before, _, after = text_of(scene).partition("!")
        assert before.startswith("It left on Frida")
        assert after == "y."
    finally:
        again.close()


def test_it_is_kept_while_one_types_on_without_a_pause(scene: Scene, typist: Typist) -> None:
    typist.until(lambda: b"REPLY" in typist.shown)
    said = "No pause to save in is ever made by one who types like this, not once in all of it. "
    for letter_typed in said * 20:
        typist.type(letter_typed)
        typist.look(0.03)
        if len(text_of(scene)) >= 40:
            break
    typist.kill()
    assert len(text_of(scene)) >= 40


def cursor_of(scene: Scene) -> int:
    found = draft_of(scene)
    return EditorState.from_json(found.editor).cursor if found else -1
