"""A console killed during a call, a reply open beside it: call, hold and notes are there for the next console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from supportterm.domain.calls import Call, State
from supportterm.store.views import reading
from tests.faults.scene import Scene
from tests.faults.test_draft_killed import Typist, key_of, scene

__all__ = ["scene"]
F2, F3, F12 = "\x1bOQ", "\x1bOR", "\x1b[24~"


@pytest.fixture
def typist(scene: Scene) -> Iterator[Typist]:
    started = Typist(scene.place, key_of(scene))
    yield started
    started.close()


def call_of(scene: Scene) -> Call | None:
    with reading(scene.store) as views:
        return next((call for agent in ("me", "agent", "ada", *agents(scene)) if (call := views.call(agent))), None)


def agents(scene: Scene) -> list[str]:
    with reading(scene.store) as views:
        return views.agents() + [event.by for event in views.events(key_of(scene))]


def test_a_call_outlives_the_console(scene: Scene, typist: Typist) -> None:
    typist.until(lambda: b"REPLY" in typist.shown)
    typist.type(F2)
    typist.until(lambda: b"On the phone with" in typist.shown)
    typist.type("\r")
    typist.until(lambda: call_of(scene) is not None)
    typist.type(F3)
    typist.until(lambda: (call := call_of(scene)) is not None and call.state is State.ASKING)
    typist.type(F3)
    typist.until(lambda: (call := call_of(scene)) is not None and call.state is State.HOLD)
    typist.type(F12 + "Refund agreed")
    typist.until(lambda: (call := call_of(scene)) is not None and call.notes == "Refund agreed")
    typist.kill()

    left = call_of(scene)
    assert left is not None
    assert (left.state, left.notes, left.ended_at) == (State.HOLD, "Refund agreed", None)
    again = Typist(scene.place, key_of(scene))
    try:
        again.until(lambda: b"was under way" in again.shown)
        again.type(F3)
        again.until(lambda: b"HOLD" in again.shown)
        again.type(F3)
        again.until(lambda: (call := call_of(scene)) is not None and call.state is State.LINE)
        call = call_of(scene)
        assert call is not None
        assert (call.id, call.notes, call.turns[:2]) == (left.id, "Refund agreed", left.turns)
    finally:
        again.close()
