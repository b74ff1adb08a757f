"""Starting: what keeps the console from opening is one sentence; the first start says what there is to do."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportterm.screens.asking import Confirm
from supportterm.screens.queue import QueueScreen
from supportterm.screens.small import SmallScreen
from supportterm.screens.start import Start
from tests.desk.fakes import World
from tests.screens.office import office, seed, text_of, until
from tests.screens.terminal import ROOT, Terminal, end_worker, keep, supportterm, terminal


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    yield keep(tmp_path, mails=[])
    end_worker(tmp_path / "store.sqlite3")


def refused(seen: Terminal, status: int) -> str:
    """Return the sentence of a start that was refused before the screen was taken."""
    try:
        assert seen.wait() == status
        assert b"\x1b[?1049h" not in seen.raw
        said = " ".join(seen.text.split())
        assert said.startswith("supportterm: ")
        assert said.endswith((".", "?"))
        return said
    finally:
        seen.end()


def test_without_a_configuration_it_says_how_to_begin_and_plays_the_demo_on_a_key(home: dict[str, str]) -> None:
    with terminal(None, size=(80, 24), env=home) as seen:
        seen.until("Welcome to supportterm")
        seen.until(lambda text: "are not part of this version yet" in " ".join(text.split()))
        seen.type("c")
        seen.until("[mailbox.imap]")
        assert str(Path(home["XDG_CONFIG_HOME"]) / "supportterm" / "config.toml") in "".join(seen.text.split())
        seen.type("q")
        assert seen.wait() == 0
        assert seen.left_on == set()
    assert not Path(home["XDG_DATA_HOME"]).exists()


async def test_the_demo_is_a_key_away() -> None:
    for size in ((80, 24), (20, 5)):
        app = Start(Path("nowhere.toml"))
        async with app.run_test(size=size) as pilot:
            await pilot.press("d")
        assert app.return_value == "demo"


async def test_the_first_start_is_worked_by_the_mouse() -> None:
    app = Start(Path("[/b]nowhere.toml"))
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.click("#begin")
        assert app.query_one("#how").has_class("shown")
        await pilot.click("#leave")
    assert app.return_value == ""


def test_without_a_terminal_it_prints_its_help(config: Path) -> None:
    run = subprocess.run(
        supportterm(config), cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert run.returncode == 2
    assert "usage: supportterm" in run.stdout


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_show_it_is_told_of_the_commands(term: str, config: Path) -> None:
    said = refused(Terminal(supportterm(config), (80, 24), {"TERM": term}), 2)
    assert "supportterm queue" in said


def test_a_mistake_in_the_configuration_is_named(config: Path) -> None:
    config.write_text(config.read_text() + "\n[console]\ntheme = 'pink'\n")
    assert "theme" in refused(Terminal(supportterm(config), (80, 24)), 2)


def test_a_mistake_in_the_keys_is_named(config: Path) -> None:
    config.with_name("keys.toml").write_text("[keys]\n'desk.qit' = 'x'\n")
    assert "desk.quit" in refused(Terminal(supportterm(config), (80, 24)), 2)


def test_a_configuration_that_is_named_and_not_there_is_a_mistake(tmp_path: Path) -> None:
    assert "No configuration" in refused(Terminal(supportterm(tmp_path / "none.toml"), (80, 24)), 2)


def test_a_terminal_too_small_says_so_and_everything_is_as_it_was_when_it_grows(config: Path) -> None:
    with terminal(config, size=(20, 5), env={"THROWAWAY": "none"}) as seen:
        seen.until("This terminal is 20x5; the console needs 60x16.", 8)
        seen.resize(80, 24)
        seen.until("? keys")
        seen.resize(30, 8)
        seen.until("This terminal is 30x8")
        seen.type("q")
        assert seen.wait() == 0
        assert seen.left_on == set()


async def test_a_question_that_comes_up_in_a_small_terminal_waits_until_there_is_room(world: World) -> None:
    async with office(world, (80, 24)) as (app, pilot):
        await pilot.resize_terminal(20, 5)
        await until(pilot, lambda: isinstance(app.screen, SmallScreen))
        app.push_screen(Confirm("Send it?", "It goes to Mara.", {"y": "send it"}))
        await until(pilot, lambda: isinstance(app.screen, SmallScreen) and len(app.screen_stack) > 2)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))


async def test_a_terminal_that_shrinks_keeps_what_is_open(world: World) -> None:
    seed(world)
    await world.sync()
    async with office(world, (80, 24)) as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: "Open the selected ticket." in text_of(app))
        for size in ((20, 5), (1, 1), (59, 24), (80, 15)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: isinstance(app.screen, SmallScreen))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Open the selected ticket." in text_of(app))
