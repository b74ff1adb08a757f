"""A worker that dies, hangs or shouts never stops a key; its reason is shown, and another takes its place."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportterm.desk import presence, synclock
from supportterm.desk.presence import Presence
from supportterm.desk.supervisor import Supervisor
from supportterm.desk.synclock import SyncLock
from tests.faults.console_process import worker_that
from tests.screens.terminal import Terminal, configure, end_worker, keep, terminal

ENV = {"THROWAWAY": "none"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    """A place for a store; a worker that holds it is ended at the end."""
    path = tmp_path / "store.sqlite3"
    path.touch()
    yield path
    end_worker(path)


class Time:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def wait_for(what: Callable[[], object]) -> None:
    ends = time.monotonic() + 20
    while not what():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.02)


def look(watching: Supervisor, clock: Time, seconds: float, until: Callable[[], object]) -> None:
    """Look once a second of the clock's, until something is so."""
    for _ in range(round(seconds)):
        if until():
            return
        clock.now += 1
        watching.look()
        time.sleep(0.05)
    assert until(), watching.trouble


def test_a_worker_that_dies_is_started_again_ever_later_and_its_last_words_are_shown(store: Path) -> None:
    clock = Time()
    watching = Supervisor(store, worker_that("dies", store), monotonic=clock)
    pauses = []
    for _ in range(3):
        look(watching, clock, 70, lambda: watching._child is not None)
        assert watching._child is not None
        watching._child.wait()
        clock.now += 1
        watching.look()
        assert watching.trouble.startswith("The mail worker ended: the last words. It ")
        pauses.append(watching._next_start - clock.now)
    assert pauses == sorted(pauses)
    assert len(set(pauses)) == 3
    assert watching.log_file.stat().st_mode & 0o077 == 0


def test_a_worker_that_hangs_is_ended_and_another_started(store: Path) -> None:
    clock = Time()
    watching = Supervisor(store, worker_that("sleeps", store), patience=10, monotonic=clock)
    watching.look()
    wait_for(lambda: synclock.holder(store))
    first = synclock.holder(store)
    assert first is not None
    os.kill(first.pid, signal.SIGSTOP)  # not even SIGTERM is heard
    look(watching, clock, 40, lambda: "no sign of life for 10 seconds" in watching.trouble)
    look(watching, clock, 40, lambda: watching._child is not None and watching._child.pid != first.pid)
    wait_for(lambda: synclock.holder(store))
    again = synclock.holder(store)
    assert again is not None
    assert again.pid != first.pid


def test_a_machine_that_slept_ends_no_worker(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Time()
    ended: list[tuple[int, int]] = []
    for name in ("kill", "killpg"):
        monkeypatch.setattr(os, name, lambda *what: ended.append(what))
    watching = Supervisor(store, [], patience=10, monotonic=clock)
    lock = SyncLock(store, for_consoles=True)
    for _ in range(3):
        clock.now += 3600
        watching.look()
    assert ended == []
    assert watching.trouble == ""
    lock.release()


def test_a_worker_started_by_hand_is_named_and_left_alone(store: Path) -> None:
    clock = Time()
    watching = Supervisor(store, [], patience=3, monotonic=clock)
    lock = SyncLock(store)
    look(watching, clock, 10, lambda: "not started by a console" in watching.trouble)
    assert str(os.getpid()) in watching.trouble
    lock.release()


def test_a_second_console_starts_no_second_worker(store: Path) -> None:
    clock = Time()
    one, two = (Supervisor(store, worker_that("sleeps", store), monotonic=clock) for _ in range(2))
    one.look()
    wait_for(lambda: synclock.holder(store))
    two.look()
    assert two._child is None
    held = synclock.holder(store)
    assert held is not None
    os.kill(held.pid, signal.SIGKILL)
    wait_for(lambda: synclock.holder(store) is None)
    two.look()
    wait_for(lambda: synclock.holder(store))
    assert two._child is not None


def test_passwords_go_through_the_pipe_and_nowhere_else(store: Path) -> None:
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.readline())"
    told = store.with_name("told")
    watching = Supervisor(store, [sys.executable, "-c", script, str(told)], {"ada@imap.example": "s3cret-throwaway"})
    watching.look()
    assert watching._child is not None
    pid = watching._child.pid
    with contextlib.suppress(OSError):
        assert b"s3cret" not in Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
    watching._child.wait()
    assert told.read_text() == '{"ada@imap.example": "s3cret-throwaway"}\n'
    assert b"s3cret" not in watching.log_file.read_bytes()


def test_a_console_is_there_until_it_leaves(store: Path) -> None:
    assert not presence.anybody(store)
    one, two = Presence(store), Presence(store)
    assert presence.anybody(store)
    one.leave()
    assert presence.anybody(store)
    two.leave()
    assert not presence.anybody(store)


@pytest.mark.parametrize(
    ("worker", "shown"),
    [
        ("dies", "The mail worker ended: the last words."),
        ("sleeps", "gave no sign of life"),
        ("spews", ""),
    ],
)
def test_keys_move_whatever_the_worker_does(worker: str, shown: str, tmp_path: Path) -> None:
    path = keep(tmp_path, mails=[])
    command = [sys.executable, "-m", "tests.faults.console_process", worker, "--config", str(path)]
    seen = Terminal(command, (100, 24), ENV)
    try:
        seen.until("? keys")
        seen.until(shown)
        for _ in range(3):
            seen.type("?")
            seen.until("Open the selected ticket.")
            seen.type("escape")
            seen.until(lambda text: "Open the selected ticket." not in text)
        seen.type("ctrl+q")
        assert seen.wait() == 0
        assert b"the last words\n" not in seen.raw
    finally:
        seen.end()
        end_worker(tmp_path / "store.sqlite3")


def test_two_consoles_share_a_worker_that_leaves_after_both(tmp_path: Path) -> None:
    """It is restarted by whichever is open when it is killed; the real worker, and nobody to talk to."""
    path = keep(tmp_path, mails=[])
    store = tmp_path / "store.sqlite3"
    with terminal(path, size=(100, 24), env=ENV) as one, terminal(path, size=(100, 24), env=ENV) as two:
        for seen in (one, two):
            seen.until("? keys")
        wait_for(lambda: synclock.holder(store))
        first = synclock.holder(store)
        one.type("ctrl+q")
        assert one.wait() == 0
        time.sleep(1.5)
        found = synclock.holder(store)
        assert found is not None
        assert first is not None
        assert found.pid == first.pid
        os.kill(found.pid, signal.SIGKILL)
        wait_for(lambda: (held := synclock.holder(store)) and held.pid != found.pid)
        assert "Traceback" not in two.text
        two.type("ctrl+q")
        assert two.wait() == 0
    wait_for(lambda: synclock.holder(store) is None)


def test_the_password_is_asked_for_before_the_screen_is_taken(tmp_path: Path) -> None:
    keep(tmp_path, mails=[])
    path = configure(tmp_path, password=())
    with terminal(path, size=(100, 24), env={"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}) as seen:
        seen.until("kept in memory only")
        assert b"\x1b[?1049h" not in seen.raw
        seen.type("s3cret-throwaway", "enter")
        seen.until("? keys")
        wait_for(lambda: synclock.holder(tmp_path / "store.sqlite3"))
        seen.until("offline since")  # the worker has what it needs, and nobody to talk to
        assert b"s3cret" not in seen.raw
        seen.type("ctrl+q")
        assert seen.wait() == 0
    wait_for(lambda: synclock.holder(tmp_path / "store.sqlite3") is None)
    for file in tmp_path.iterdir():
        assert b"s3cret" not in file.read_bytes()


def test_a_password_command_that_gives_nothing_is_told_and_tried_again_on_a_key(tmp_path: Path) -> None:
    keep(tmp_path, mails=[])
    secret = tmp_path / "secret"
    path = configure(tmp_path, password=("cat", str(secret)))
    try:
        with terminal(path, size=(80, 24)) as seen:
            seen.until("gave no password")
            seen.until("F5 tries at once")
            secret.write_text("s3cret-throwaway")
            seen.type("f5")
            seen.until("offline since", 15)
            seen.until(lambda text: "gave no password" not in text, 15)
            seen.type("ctrl+q")
            assert seen.wait() == 0
    finally:
        end_worker(tmp_path / "store.sqlite3")
