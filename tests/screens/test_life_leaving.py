"""Leaving the console with mail on its way: named, and left to the agent; nothing is lost and nothing waits unsaid."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from supportterm import bootstrap, config
from supportterm.cli.sync import NICENESS
from supportterm.demo import samples
from supportterm.demo.server import DemoServer
from supportterm.desk import holding, replying, synclock
from supportterm.desk.hurry import hurry
from supportterm.domain.operations import Operation, State
from supportterm.mail.gateway import Answer
from supportterm.screens.leaving import LeavingScreen
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import ADDRESS, NOW, World, letter
from tests.screens.office import office, seed, text_of, until
from tests.screens.terminal import PATIENCE, end_worker, keep, terminal

T = TypeVar("T")
LEAST_PRIORITY = 19


def mails_of(world: World) -> list[Operation]:
    with reading(world.desk.database.path) as views:
        return views.outbox()


class Server:
    """The demo's mail server, spoken to from a test that is no coroutine."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.real = DemoServer()
        self.do(self.real.start())

    def do(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(60)

    def accepted(self) -> int:
        return len(self.do(self.real.accepted()))

    def stop(self) -> None:
        self.do(self.real.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.stop()


@pytest.fixture(autouse=True)
def no_worker_stays(tmp_path: Path) -> Iterator[None]:
    yield
    end_worker(tmp_path / "store.sqlite3")


def write(path: Path, mails: int = 1) -> None:
    """Reply to so many tickets, as the console would."""
    desk = bootstrap.build_desk(config.load(path))
    with reading(desk.database.path) as views:
        keys = [ticket.key for ticket in views.queue(Where("t.status = 'new'"), limit=mails)]
    for key in keys:
        replying.reply(desk, key, "We have found it, and it works again.")
    desk.database.close()


def wait_for(what: Callable[[], object], patience: float = PATIENCE) -> None:
    ends = time.monotonic() + patience
    while not what():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.1)


def few() -> list[samples.Sample]:
    return samples.load(datetime.now(UTC) - timedelta(minutes=5), ADDRESS)[-6:]


def opened(tmp_path: Path, server: Server, undo_seconds: int) -> Path:
    host = server.real
    return keep(tmp_path, imap=host.imap_port, smtp=host.smtp_port, mails=few(), undo_seconds=undo_seconds)


def states(path: Path) -> list[State]:
    with reading(path.with_name("store.sqlite3")) as views:
        return [mail.state for mail in views.outbox(everything=True)]


def test_mail_is_sent_now_and_the_worker_goes_home_after_it(tmp_path: Path, server: Server) -> None:
    path = opened(tmp_path, server, undo_seconds=3000)
    store = path.with_name("store.sqlite3")
    write(path)
    before = server.accepted()
    with terminal(path, size=(100, 24), env={"THROWAWAY": server.real.password}) as seen:
        wait_for(lambda: synclock.holder(store))
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, synclock.holder(store).pid) == min(own + NICENESS, LEAST_PRIORITY)
        seen.type("ctrl+q")
        seen.until("1 mail has not left")
        seen.until("leaves in 50 min")
        seen.type("escape")
        seen.until(lambda text: "has not left" not in text)
        seen.type("ctrl+q")
        seen.until("send now")
        seen.type("s")
        assert seen.wait() == 0
        assert seen.left_on == set()
    assert server.accepted() == before + 1
    assert states(path) == [State.ACCEPTED]
    wait_for(lambda: synclock.holder(store) is None)


def test_mail_that_is_kept_is_sent_by_the_worker_when_nobody_is_there(tmp_path: Path, server: Server) -> None:
    path = opened(tmp_path, server, undo_seconds=3000)
    store = path.with_name("store.sqlite3")
    before = server.accepted()
    with terminal(path, size=(100, 24), env={"THROWAWAY": server.real.password}) as seen:
        wait_for(lambda: synclock.holder(store))
        write(path, 2)
        seen.type("ctrl+q")
        seen.until("2 mails have not left")
        seen.type("k")
        assert seen.wait() == 0
    assert states(path) == [State.QUEUED] * 2
    desk = bootstrap.build_desk(config.load(path))
    assert hurry(desk, [1, 2]) == 2
    desk.database.close()
    wait_for(lambda: synclock.holder(store) is None)
    assert states(path) == [State.ACCEPTED] * 2
    assert server.accepted() == before + 2


def test_off_line_the_worker_stays_with_what_waits(tmp_path: Path) -> None:
    path = keep(tmp_path, mails=few(), undo_seconds=0)
    store = path.with_name("store.sqlite3")
    write(path)
    with terminal(path, size=(100, 24), env={"THROWAWAY": "none"}) as seen:
        wait_for(lambda: "offline" in str(states_of_sync(path)))
        seen.type("ctrl+q")
        seen.until("waits for the network")
        seen.until("they go when the network is back; the worker stays for that")
        seen.type("k")
        assert seen.wait() == 0
    worker = synclock.holder(store)
    time.sleep(2.5)  # longer than a worker that nobody wants would stay
    assert worker is not None
    assert (found := synclock.holder(store)) is not None
    assert found.pid == worker.pid
    assert states(path) == [State.QUEUED]


def states_of_sync(path: Path) -> dict[str, Any]:
    with reading(path.with_name("store.sqlite3")) as views:
        return views.sync()


async def queued(world: World, mails: int = 2) -> None:
    seed(world)
    await world.sync()
    with reading(world.desk.database.path) as views:
        keys = [ticket.key for ticket in views.queue(Where("t.status = 'new'"), limit=mails)]
    for key in keys:
        replying.reply(world.desk, key, "We have found it, and it works again.")


async def test_with_nothing_waiting_it_quits_at_once(world: World) -> None:
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)
        assert app.return_value == 0


async def test_waiting_shows_what_leaves_and_ends_with_it(world: World) -> None:
    await queued(world)
    async with office(world, (80, 24)) as (app, pilot):
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "2 mails have not left" in text_of(app))
        assert text_of(app).count("leaves in 10 s") == 2
        world.server.answers = {}
        await pilot.press("w")
        await until(pilot, lambda: "then the console closes" in text_of(app))
        world.clock.advance(11)
        await world.sync()
        await until(pilot, lambda: app._exit)
        assert app.return_value == 0
    assert len(world.server.accepted) == 2


async def test_what_is_held_for_days_is_named_with_the_machine_it_needs_and_not_waited_for(world: World) -> None:
    await queued(world, 1)
    (key,) = {mail.ticket_key for mail in mails_of(world)}
    holding.change(world.desk, mails_of(world)[0].id or 0, holding.read("thursday 9:00", world.desk.config, NOW, UTC))
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "leaves Thu 09:00" in text_of(app) and "is awake" in text_of(app))
        assert "send now" not in text_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: app._exit)
    assert [mail.ticket_key for mail in mails_of(world)] == [key]
    assert mails_of(world)[0].state is State.QUEUED


async def test_a_mail_that_is_refused_keeps_the_console_open(world: World) -> None:
    await queued(world, 1)
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, LeavingScreen))
        await pilot.press("enter")
        (mail,) = app.support.views.outbox()
        world.server.answers = {r.address: (Answer.REFUSED, 550, "no such mailbox") for r in mail.recipients}
        world.clock.advance(11)
        await world.sync()
        await until(pilot, lambda: "1 mail did not leave" in str([note.message for note in app._notifications]))
        assert not app._exit
        assert not isinstance(app.screen, LeavingScreen)


async def test_a_refused_sign_in_is_named(world: World) -> None:
    await queued(world, 1)
    world.worker()._say("refused", "The server does not take the password.")
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "refused the sign-in" in text_of(app))
        await pilot.press("q")
        await until(pilot, lambda: not isinstance(app.screen, LeavingScreen))
        assert not app._exit


@pytest.mark.parametrize(("answer", "leaves"), [("#keep", True), ("#back", False)])
async def test_every_answer_can_be_clicked(world: World, answer: str, leaves: bool) -> None:
    await queued(world, 1)
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, LeavingScreen) and "has not left" in text_of(app))
        await pilot.click(answer)
        await until(pilot, lambda: app._exit or not isinstance(app.screen, LeavingScreen))
        assert app._exit is leaves


async def test_hostile_subjects_are_shown_as_text(world: World) -> None:
    world.server.put(letter("Hello?", subject="[/b] [@click=app.quit]x\x1b[2J\u202eyz"), at=NOW)
    await world.sync()
    with reading(world.desk.database.path) as views:
        (ticket,) = views.queue(Where("1"))
    replying.reply(world.desk, ticket.key, "Hello, it works again.")
    with contextlib.closing(sqlite3.connect(world.desk.database.path)) as past_the_reader:
        past_the_reader.execute("UPDATE ticket SET subject = ?", ["\x1b\u202e[@click=app.quit]x"])
        past_the_reader.commit()
    async with office(world) as (app, pilot):
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "[@click=app.quit]x" in text_of(app))
        assert "\x1b" not in text_of(app)
        assert "\u202e" not in text_of(app)
