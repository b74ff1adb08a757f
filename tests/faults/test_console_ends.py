"""However the console ends, the terminal is as it was, a person is told in one sentence, and nothing runs on."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportterm.desk import errorlog
from tests.faults.console_process import BROKEN
from tests.screens.terminal import Terminal, end_worker, keep, supportterm

SIZE = (100, 24)
ENV = {"THROWAWAY": "none"}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with tickets; what waits for the network there keeps no worker."""
    place = tmp_path_factory.mktemp("kept")
    yield keep(place)
    end_worker(place / "store.sqlite3")


def opened(config: Path, *broken: str) -> Iterator[Terminal]:
    command = [sys.executable, "-m", "tests.faults.console_process", *broken, "--config", str(config)]
    seen = Terminal(command if broken else supportterm(config), SIZE, ENV)
    try:
        seen.until("? keys")
        yield seen
    finally:
        seen.end()


@pytest.mark.parametrize("what", ["render", "action", "timer"])
def test_a_mistake_of_ours_ends_in_one_sentence_and_a_log(what: str, config: Path) -> None:
    log = errorlog.path_beside(config.with_name("store.sqlite3"))
    log.unlink(missing_ok=True)
    for seen in opened(config, what):
        seen.type("?")
        assert seen.wait() == 70
        assert seen.left_on == set()
        said = " ".join(seen.text.split())
        assert re.fullmatch(
            r"supportterm: Something went wrong that should not have \(RuntimeError\)\. Details: \S+"
            r" Drafts are saved; start supportterm again\.",
            said,
        )
        assert str(log) in said
        assert b"Traceback" not in seen.raw
    assert "Traceback" in log.read_text()
    assert "a mistake" in log.read_text()
    assert "\x1b" in BROKEN
    assert "\x1b" not in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("what", ["background", "thread"])
def test_a_mistake_in_the_background_is_logged_and_the_console_goes_on(what: str, config: Path) -> None:
    log = errorlog.path_beside(config.with_name("store.sqlite3"))
    log.unlink(missing_ok=True)
    for seen in opened(config, what):
        seen.type("?")
        if what == "background":
            seen.until("Details:")
        ends = time.monotonic() + 10
        while not (log.exists() and "Traceback" in log.read_text()):
            assert time.monotonic() < ends
            seen.look(0.1)
        seen.type("ctrl+q")
        assert seen.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_within_two_seconds(number: signal.Signals, config: Path) -> None:
    for seen in opened(config):
        started = time.monotonic()
        os.kill(seen.pid, number)
        assert seen.wait() == 128 + number
        assert time.monotonic() - started < 2
        assert seen.left_on == set()
        assert "Traceback" not in seen.text


def test_a_closed_window_leaves_no_console_behind(config: Path) -> None:
    for seen in opened(config):
        seen.hang_up()
        assert seen.process.wait(2) == 128 + signal.SIGHUP


def test_a_console_that_is_stuck_is_ended_by_the_last_resort(config: Path) -> None:
    for seen in opened(config, "stuck"):
        seen.type("?")
        time.sleep(0.5)
        os.kill(seen.pid, signal.SIGTERM)
        assert seen.wait(2.5) == 128 + signal.SIGTERM
        assert seen.left_on == set()


def test_ctrl_c_says_how_to_leave(config: Path) -> None:
    for seen in opened(config):
        seen.type("ctrl+c")
        seen.until("^Q leaves the console.")
        os.kill(seen.pid, signal.SIGINT)
        seen.look(0.3)
        seen.type("?")
        seen.until("Open the selected ticket.")


def test_it_is_suspended_and_comes_back_whole(config: Path) -> None:
    """In a shell with job control, as a person has one: only such a shell can stop and continue it."""
    seen = Terminal(["bash", "--norc", "--noprofile", "-i"], SIZE, {**ENV, "PS1": "$ "})
    try:
        seen.until("$")
        seen.type(" ".join(supportterm(config)), "enter")
        seen.until("? keys")
        seen.type("?")
        seen.until("Open the selected ticket.")
        time.sleep(0.8)  # until the last of it is drawn
        before = seen.text
        for _ in range(2):
            seen.type("ctrl+z")
            seen.until("Stopped")
            seen.until(lambda _: not seen.left_on - {2004, -1})  # the shell's own line editor may be at work again
            seen.type("echo here", "enter")
            seen.until(lambda text: text.count("here") >= 2)
            seen.type("fg", "enter")
            seen.until(lambda text: text == before)
        seen.type("escape")
        seen.until("? keys")
        seen.type("ctrl+q")
        seen.until(lambda text: text.rstrip().endswith("$"))
        seen.type("echo status $?", "enter")
        seen.until("status 0")
    finally:
        seen.end()
