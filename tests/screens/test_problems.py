"""The page about sync: a person reads what is wrong, what to do, what waits, and who works."""

from __future__ import annotations

import json

import pytest

from supportterm.desk.synclock import SyncLock, holder
from supportterm.screens.problems import ProblemsScreen
from supportterm.store import meta
from tests.desk.fakes import NOW, World, letter
from tests.screens.office import SIZES, office, text_of, told, until


def say(world: World, state: str, error: str = "") -> None:
    with world.desk.database.write() as session:
        value = {"state": state, "since": NOW.isoformat(), "success": NOW.isoformat(), "error": error}
        meta.put(session, "sync", json.dumps(value))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("state", "error", "advice"),
    [
        ("refused", "mx.example refused the sign-in of us. Check `user` and the password.", "password_command"),
        ("refused", "The certificate of mx.example is not trusted.", "ca_file"),
        ("offline", "No server named mx.exmaple was found. Check `host`, or the network.", "Check `host`"),
        ("offline", "mx.example, port 993, takes no connections.", "tried again by itself"),
        ("online", "The server refuses Sent: over quota.", "sent_folder"),
        ("online", "", "Nothing: mail comes and goes."),
    ],
)
async def test_what_was_said_and_what_to_do(
    world: World, size: tuple[int, int], state: str, error: str, advice: str
) -> None:
    say(world, state, error)
    lock = SyncLock(world.desk.database.path)
    try:
        async with office(world, size) as (app, pilot):
            await pilot.press("E")
            await until(pilot, lambda: isinstance(app.screen, ProblemsScreen) and "What to do" in text_of(app))
            flat = " ".join(text_of(app).split())
            assert advice in flat
            assert error.split(".")[0] in flat
            assert "Traceback" not in flat
    finally:
        lock.release()


async def test_who_works_and_where_the_files_are(world: World) -> None:
    lock = SyncLock(world.desk.database.path)
    held = holder(world.desk.database.path)
    assert held is not None
    async with office(world, (200, 50)) as (app, pilot):
        await pilot.press("E")
        await until(pilot, lambda: f"process {held.pid}, since" in text_of(app))
        await until(pilot, lambda: "store.sqlite3" in text_of(app))
        await until(pilot, lambda: "all here 0 tickets, 0 files" in text_of(app))
        lock.release()
        await until(pilot, lambda: "none runs" in text_of(app))
        await until(pilot, lambda: "supportterm sync --watch" in text_of(app))
        await pilot.press("j", "k", "G", "g", "space", "ctrl+u", "q")
        await until(pilot, lambda: not isinstance(app.screen, ProblemsScreen))
    assert holder(world.desk.database.path) is None


async def test_mail_that_could_not_be_read_is_listed(world: World) -> None:
    world.server.put(letter("x", subject="Good one", message_id="g@x"))
    world.server.put(b"From: a@[\nDate: never\nSubject: Broken \x1b[2J one\nMIME-Version: 1.0\n\ntext")
    await world.sync()
    async with office(world, (200, 50)) as (app, pilot):
        await pilot.press("E")
        await until(pilot, lambda: "could not be read" in text_of(app))
        await until(pilot, lambda: "Broken" in text_of(app))
        assert "Good one" not in text_of(app)
        assert "\x1b" not in text_of(app)


async def test_sync_now_leaves_a_wish_where_a_worker_hears_it_and_says_where_none_does(world: World) -> None:
    from supportterm.desk import sync_wish

    async with office(world) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: "No worker syncs this store" in told(app))
        assert sync_wish.asked(world.desk.database) == ""
        lock = SyncLock(world.desk.database.path)
        await pilot.press("f5")
        await until(pilot, lambda: sync_wish.asked(world.desk.database) == "1")
        await pilot.press("f5")
        await until(pilot, lambda: sync_wish.asked(world.desk.database) == "2")
        lock.release()
