"""Warnings in the console: told once, asked once, and on the terminal nothing but one clean sequence."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from supportterm.desk import noticing, reminding, verbs
from supportterm.desk.verbs import Change
from supportterm.domain.ticket import Priority
from supportterm.screens import noticing as told_here
from supportterm.screens.confirm import Confirm
from supportterm.store.rows import tuples
from tests.desk.fakes import World, letter
from tests.screens.office import office, text_of, told, until

HOUR = 3600
HOSTILE = "Help\x1b]52;c;ZXZpbA==\x07 \x9d0;x\x9c \x1b\\\x1bPtmux;\x1b\x1b]9;evil\x07 \u202e"


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "TMUX_PANE", "STY", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(told_here, "_IDLE", 0.0)


async def late(world: World, subject: str = "Parcel", change: Change | None = None, hours: float = 25) -> str:
    """Let a customer write and wait too long; return their ticket's reference."""
    await world.sync()
    world.clock.advance(60)
    at = world.clock.now()
    world.server.put(letter("Where is my parcel?", subject=subject, at=at), at=at)
    await world.sync()
    with world.desk.database.write() as session:
        ref = str(tuples(session, "SELECT ref FROM ticket")[0][0])
    if change is not None:
        verbs.change(world.desk, ref, change)
    world.clock.advance(hours * HOUR)
    await world.sync()
    return ref


def heard(app: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Return what finds the notices that were written to the terminal."""
    written: list[str] = []
    write = app._driver.write

    def both(data: str) -> None:
        written.append(data)
        write(data)

    monkeypatch.setattr(app._driver, "write", both)
    return lambda: [data for data in written if "supportterm" in data and "\x1b" in data]


async def shown(pilot: Pilot[int], words: str) -> None:
    await until(pilot, lambda: words in told(pilot.app))


async def test_the_first_warning_asks_once_and_the_answer_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await late(world)
    async with office(world) as (app, pilot):
        notices = heard(app, monkeypatch)
        await until(pilot, lambda: isinstance(app.screen, Confirm) and "on the desktop" in text_of(app))
        await until(pilot, lambda: ref in told(app))
        await pilot.press("y")
        await until(pilot, notices)
        assert notices() == [f"\x1b]9;supportterm: {ref} first reply past its time: Parcel\x07"]
        await until(pilot, lambda: world.desk.database.fact(noticing.CHOICE) == "on")
        app.support.asked_for_notices = False
        reminding.remind(world.desk, ref, world.clock.now() + timedelta(hours=1), "call Jo")
        world.clock.advance(2 * HOUR)
        await until(pilot, lambda: len(notices()) == 2)
        assert notices()[1] == f"\x1b]9;supportterm: {ref} reminder: call Jo\x07"
        assert not isinstance(app.screen, Confirm)


async def test_whoever_says_no_is_told_on_the_status_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = await late(world)
    async with office(world) as (app, pilot):
        notices = heard(app, monkeypatch)
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: world.desk.database.fact(noticing.CHOICE) == "off")
        await until(pilot, lambda: f"{ref}  first reply past its time: Parcel" in told(app))
        assert notices() == []


async def test_nobody_is_asked_while_writing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await late(world, hours=1)
    async with office(world) as (app, pilot):
        await pilot.press("r")
        await until(pilot, lambda: app.focused is not None and "REPLY" in text_of(app))
        world.clock.advance(25 * HOUR)
        await world.sync()
        await shown(pilot, "first reply past its time")
        await pilot.press("y", "n")
        assert not isinstance(app.screen, Confirm)
        assert world.desk.database.fact(noticing.CHOICE) is None


@pytest.mark.parametrize(("choice", "count"), [("on", 1), ("off", 0)])
async def test_the_configuration_answers_instead(
    world: World, monkeypatch: pytest.MonkeyPatch, choice: str, count: int
) -> None:
    await late(world, hours=1)
    async with office(world, notices=choice) as (app, pilot):
        notices = heard(app, monkeypatch)
        world.clock.advance(25 * HOUR)
        await world.sync()
        await shown(pilot, "first reply past its time")
        await pilot.pause(0.1)
        assert len(notices()) == count
        assert not isinstance(app.screen, Confirm)


@pytest.mark.parametrize(("allowed", "count"), [("3.4 on", 1), ("3.4 off", 0)])
async def test_through_tmux_where_it_hands_on(
    world: World, monkeypatch: pytest.MonkeyPatch, allowed: str, count: int
) -> None:
    ref = await late(world, hours=1)
    monkeypatch.setenv("TMUX", "/run/tmux,1,0")
    asked: list[list[str]] = []

    def answers(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, allowed, "")

    monkeypatch.setattr(told_here.subprocess, "run", answers)
    async with office(world, notices="on") as (app, pilot):
        notices = heard(app, monkeypatch)
        world.clock.advance(25 * HOUR)
        await world.sync()
        await shown(pilot, "first reply past its time")
        await until(pilot, lambda: asked)
        await pilot.pause(0.1)
        wrapped = f"\x1bPtmux;\x1b\x1b]9;supportterm: {ref} first reply past its time: Parcel\x07\x1b\\"
        assert notices() == [wrapped] * count


async def test_a_hostile_subject_never_reaches_the_sequence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await late(world, hours=1)
    with world.desk.database.write() as session:
        session.connection().exec_driver_sql("UPDATE ticket SET subject = ?", (HOSTILE,))
    async with office(world, notices="on") as (app, pilot):
        notices = heard(app, monkeypatch)
        world.clock.advance(25 * HOUR)
        await world.sync()
        await until(pilot, notices)
        (written,) = notices()
        inside = written.removeprefix("\x1b]9;").removesuffix("\x07")
        assert written == f"\x1b]9;{inside}\x07"
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", inside)


async def test_each_warning_is_told_on_one_console_and_once(world: World) -> None:
    await late(world, change=Change(assignee="ada"))
    first = noticing.claim(world.desk)
    assert [(n.warned.kind, n.warned.percent) for n in first] == [("first reply", 100)]
    assert noticing.claim(world.desk) == []
    world.clock.advance(3 * 24 * HOUR)
    await world.sync()
    assert noticing.claim(world.desk) == []


async def test_clocks_of_colleagues_and_early_warnings_of_nobodys_are_not_told(world: World) -> None:
    ref = await late(world, hours=19)
    assert noticing.claim(world.desk) == [], "75 % of a clock that is nobody's"
    verbs.change(world.desk, ref, Change(assignee="kai"))
    reminding.remind(world.desk, ref, world.clock.now() + timedelta(hours=11), "my own, which rings at its end")
    world.clock.advance(10 * HOUR)
    await world.sync()
    assert noticing.claim(world.desk) == []


@pytest.mark.parametrize(
    ("change", "rings"),
    [
        (Change(assignee="ada", priority=Priority.P1), 1),
        (Change(assignee="ada", priority=Priority.P2), 0),
        (Change(priority=Priority.P1), 0),
    ],
)
async def test_the_bell_is_for_ones_own_urgent_breach(
    world: World, monkeypatch: pytest.MonkeyPatch, change: Change, rings: int
) -> None:
    await late(world, change=change, hours=1)
    async with office(world, notices="off") as (app, pilot):
        bells: list[int] = []
        monkeypatch.setattr(app, "bell", lambda: bells.append(1))
        world.clock.advance(25 * HOUR)
        await world.sync()
        await shown(pilot, "first reply past its time")
        assert len(bells) == rings


async def test_it_is_chosen_by_a_command_as_well(world: World) -> None:
    await late(world, hours=1)
    async with office(world) as (_app, pilot):
        for word, kept in (("on", "on"), ("off", "off")):
            await pilot.press("colon", *"notices", "space", *word, "enter")
            await until(pilot, lambda kept=kept: world.desk.database.fact(noticing.CHOICE) == kept)


async def test_what_came_while_the_machine_slept_is_one_line(world: World) -> None:
    await late(world, hours=0)
    for number in range(4):
        at = world.clock.now()
        mail = letter("And mine?", subject=f"Parcel {number}", message_id=f"n{number}@lind.example", at=at)
        world.server.put(mail, at=at)
    await world.sync()
    async with office(world, notices="off") as (app, pilot):
        world.clock.advance(25 * HOUR)
        await world.sync()
        await shown(pilot, "5 clocks:")
        assert told(app).count("past its time") == 2
        await until(pilot, lambda: "3 more" in told(app))
        assert len(told(app).splitlines()) == 1
