"""How sync goes, in words: at the head of a screen, as a banner, and who works on it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from supportterm.app import SupporttermApp
from supportterm.screens import sync_advice
from supportterm.screens.problems import ProblemsScreen
from supportterm.screens.widgets import sync_line
from supportterm.screens.widgets.trouble import TroubleLine
from supportterm.store import meta
from tests.desk.fakes import NOW, World
from tests.screens.office import office, text_of, until

AT = NOW.isoformat()
HOUR = NOW.astimezone()


def test_a_mistake_in_the_configuration_is_told_until_it_is_mended() -> None:
    sync = {"state": "online", "success": AT, "error": "", "config": "config.toml, line 3: unknown key `polcy`."}
    assert sync_line.banner(sync) == sync["config"]
    assert sync_advice.said(sync, "").endswith(sync["config"])
    assert "read again by itself" in sync_advice.advice(sync, "", working=True, key="")
    assert sync_line.banner({**sync, "config": ""}) == ""


@pytest.mark.parametrize(
    ("sync", "trouble", "expected", "needs_a_person"),
    [
        ({}, "", "not synced yet", False),
        ({"state": "online", "success": AT}, "", "synced 20 s", False),
        ({"state": "offline", "since": AT}, "", f"offline since {HOUR:%H:%M}", False),
        ({"state": "refused", "since": AT, "error": "x refused the sign-in of y"}, "", "sign-in failed", True),
        ({"state": "refused", "since": AT, "error": "The certificate of x"}, "", "certificate refused", True),
        ({"state": "syncing", "since": AT, "done": 2000, "total": 10000}, "", "first sync 2,000 of 10,000", False),
        ({"state": "syncing", "since": AT, "done": 2000, "total": 10000, "success": AT}, "", "reading 2,000", False),
        ({"state": "online", "success": AT}, "it was killed", "worker stopped", True),
    ],
)
def test_the_state_in_words(sync: dict[str, Any], trouble: str, expected: str, needs_a_person: bool) -> None:
    now = NOW + timedelta(seconds=20)
    assert sync_line.in_words(sync, now, trouble).startswith(expected)
    assert sync_line.is_trouble(sync, trouble) is needs_a_person
    assert bool(trouble or sync_line.banner(sync)) is needs_a_person


def test_the_first_sync_says_when_it_will_be_ready() -> None:
    sync = {"state": "syncing", "since": AT, "done": 1000, "total": 4000}
    ready = (NOW + timedelta(minutes=4)).astimezone()
    assert sync_line.in_words(sync, NOW + timedelta(minutes=1)).endswith(f"ready about {ready:%H:%M}")


def test_the_outbox_in_words() -> None:
    assert sync_line.outbox_in_words(3, 1) == "outbox 3, 1 stopped"
    assert sync_line.outbox_in_words(0, 0) == "outbox 0"


async def test_a_banner_stands_while_something_needs_a_person_and_leads_to_the_page(world: World) -> None:
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await pilot.pause()
        assert not app.screen.query(TroubleLine)
        with world.desk.database.write() as session:
            refused = {
                "state": "refused",
                "since": AT,
                "success": None,
                "error": "mx.example refused the sign-in of us.",
            }
            meta.put(session, "sync", json.dumps(refused))
        await until(pilot, lambda: "mx.example refused the sign-in of us." in text_of(app))
        await until(pilot, lambda: "sign-in failed" in text_of(app))
        await pilot.click(TroubleLine)
        await until(pilot, lambda: isinstance(app.screen, ProblemsScreen))


async def test_a_mistake_in_the_configuration_stands_at_the_head_while_mail_comes_and_goes(world: World) -> None:
    async with office(world) as (app, pilot):
        with world.desk.database.write() as session:
            mistake = (
                "acme.toml, line 12: 'mondy' is no day of the week. Until then, what it said before stays in force."
            )
            online = {"state": "online", "since": AT, "success": AT, "error": "", "config": mistake}
            meta.put(session, "sync", json.dumps(online))
        await until(pilot, lambda: "line 12: 'mondy' is no day of the week." in text_of(app))
        await until(pilot, lambda: "synced" in text_of(app))
        await pilot.click(TroubleLine)
        await until(pilot, lambda: "It was said: acme.toml, line 12" in text_of(app))


async def test_a_stopped_worker_is_told_and_the_line_can_be_clicked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.sync()
    monkeypatch.setattr(SupporttermApp, "worker_trouble", "The worker ran out of memory.")
    async with office(world) as (app, pilot):
        await pilot.press("O")
        await until(pilot, lambda: "ran out of memory" in text_of(app) and "worker stopped" in text_of(app))
        await pilot.click("SyncLine")
        await until(pilot, lambda: isinstance(app.screen, ProblemsScreen))
