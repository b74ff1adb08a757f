"""What is typed outlives whatever happens to the console, the disk and the store; the cursor is where it was."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportterm.domain.drafts import Draft, Kind
from supportterm.screens.widgets.editor_state import EditorState
from supportterm.store.views import reading
from tests.faults.bulk_process import write_in_bulk
from tests.screens.terminal import Terminal, supportterm

SIZE = (100, 30)
ENV = {"THROWAWAY": "none"}
SAID = "It left on Friday."
AT = SAID.index("day")
"""Where the cursor is once all is typed."""


@contextlib.contextmanager
def writing(config: Path, *broken: str) -> Iterator[Terminal]:
    """Open the console and in it the editor of a reply to the first ticket."""
    command = [sys.executable, "-m", "tests.faults.console_process", *broken, "--config", str(config)]
    seen = Terminal(command if broken else supportterm(config), SIZE, ENV)
    try:
        seen.until("? keys")
        seen.type("r")
        seen.until("REPLY")
        yield seen
    finally:
        seen.end()


def draft(config: Path) -> Draft | None:
    with reading(config.with_name("store.sqlite3")) as views:
        return next((views.draft(key, "ada", Kind.REPLY) for key in views.drafts()), None)


def text(config: Path) -> str:
    found = draft(config)
    return found.text if found else ""


def wait_for(what: Callable[[], object]) -> None:
    ends = time.monotonic() + 20
    while not what():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)


def goes_on_where_it_was(config: Path, said: str = SAID, cursor: int | None = None) -> None:
    found = draft(config)
    assert found is not None
    assert found.text == said
    assert EditorState.from_json(found.editor).cursor == (len(said) if cursor is None else cursor)
    with writing(config) as seen:
        seen.until(said)
        seen.type("!")
        at = len(said) if cursor is None else cursor
        wait_for(lambda: text(config) == f"{said[:at]}!{said[at:]}")


def on_screen(seen: Terminal) -> None:
    """Type it with its middle last, so that it is there only once every key was heard."""
    seen.type(SAID[:AT].removesuffix("Fri"), SAID[AT:], *["left"] * len(SAID[AT:]), "Fri")
    seen.until(SAID)


ENDS: dict[str, tuple[Callable[[Terminal], object], int, list[str]]] = {
    "SIGTERM": (lambda seen: os.kill(seen.pid, signal.SIGTERM), 128 + signal.SIGTERM, []),
    "SIGHUP": (lambda seen: os.kill(seen.pid, signal.SIGHUP), 128 + signal.SIGHUP, []),
    "closed window": (Terminal.hang_up, 128 + signal.SIGHUP, []),
    "a mistake in a screen": (lambda seen: seen.type("f1"), 70, ["render"]),
    "a mistake in a key": (lambda seen: seen.type("f1"), 70, ["action"]),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_was_typed_just_before_the_end_is_kept(how: str, kept: Path) -> None:
    """Not even the moment is waited for after which a draft is saved."""
    end, status, broken = ENDS[how]
    with writing(kept, *broken) as seen:
        on_screen(seen)
        end(seen)
        assert seen.process.wait(10) == status if how == "closed window" else seen.wait() == status
    goes_on_where_it_was(kept, cursor=AT)


def test_on_a_full_disk_the_text_stays_in_the_editor_and_is_saved_when_there_is_room(kept: Path) -> None:
    with writing(kept) as seen:
        seen.type("First.")
        wait_for(lambda: text(kept) == "First.")
        resource.prlimit(seen.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        seen.type(" Second.")
        assert "First. Second." in seen.until("NOT SAVED")
        seen.until_told("The draft could not be saved")
        assert text(kept) == "First."
        seen.type(" Third.")
        seen.until("First. Second. Third.")
        resource.prlimit(seen.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        wait_for(lambda: text(kept) == "First. Second. Third.")
        seen.until(lambda shown: "NOT SAVED" not in shown)


def test_over_a_store_that_is_locked_for_long_one_types_on_and_it_is_saved_in_the_end(kept: Path) -> None:
    """Longer than a writer waits: the first try fails, is told, and made again."""
    with writing(kept) as seen:
        seen.type("First.")
        wait_for(lambda: text(kept) == "First.")
        with contextlib.closing(sqlite3.connect(kept.with_name("store.sqlite3"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            seen.type(" Second.")
            for letter in " and on":
                asked = time.monotonic()
                seen.type(letter)
                seen.look(0.3)
                assert time.monotonic() - asked < 2
            seen.until("First. Second. and on", 3)
            seen.until("is locked by another program")
            assert "First. Second. and on" in seen.until("NOT SAVED")
            assert text(kept) == "First."
            other.execute("ROLLBACK")
        wait_for(lambda: text(kept) == "First. Second. and on")
        seen.until(lambda shown: "NOT SAVED" not in shown)


def test_what_is_typed_is_saved_while_a_first_sync_writes_without_a_pause(kept: Path) -> None:
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    writer = context.Process(target=write_in_bulk, args=(kept.with_name("store.sqlite3"), stop))
    writer.start()
    try:
        with writing(kept) as seen:
            on_screen(seen)
            wait_for(lambda: text(kept) == SAID)
            assert "NOT SAVED" not in seen.text
            assert writer.is_alive()
            os.kill(seen.pid, signal.SIGKILL)
        goes_on_where_it_was(kept, cursor=AT)
    finally:
        stop.set()
        writer.join(20)
    assert writer.exitcode == 0
