"""Work asked for often is done at once, then rarely, and not between two keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

import pytest

from supportterm.screens import pace
from supportterm.screens.pace import Pace


class Owner:
    """Keeps what was put off, with how long."""

    def __init__(self) -> None:
        self.later: list[tuple[float, Callable[[], None]]] = []

    def set_timer(self, wait: float, work: Callable[[], None]) -> object:
        self.later.append((wait, work))
        return object()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    instant = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: instant[0])
    return instant


def make(owner: Owner, done: list[float], now: list[float], keys: Callable[[], float] = lambda: 0.0) -> Pace:
    return Pace(cast("Any", owner), lambda: done.append(now[0]), 1.0, keys)


def test_it_is_done_at_once_and_again_after_a_while(now: list[float]) -> None:
    owner, done = Owner(), list[float]()
    paced = make(owner, done, now)
    paced.ask()
    paced.ask()
    paced.ask()
    assert done == [100.0]
    (wait, work), *others = owner.later
    assert others == []
    now[0] += wait
    work()
    assert done == [100.0, 101.0]


def test_it_waits_until_the_keys_rest_but_not_for_ever(now: list[float]) -> None:
    owner, done = Owner(), list[float]()
    last = [now[0]]
    paced = make(owner, done, now, lambda: last[0])
    paced.ask()
    assert done == []
    while not done:
        wait, work = owner.later.pop()
        assert 0 < wait <= pace.REST_SECONDS
        now[0] += wait
        last[0] = now[0]
        work()
    assert 100.0 + pace.REST_SECONDS < done[0] <= 100.0 + pace.LATEST_SECONDS


def test_what_waited_for_keys_is_done_together(now: list[float]) -> None:
    owner, done = Owner(), list[float]()
    now[0] = 10 * pace.LATEST_SECONDS + 0.1
    for later in (0.0, 0.4, 0.5):
        now[0] += later
        make(owner, done, now, lambda: now[0]).ask()
    while owner.later:
        wait, work = owner.later.pop(0)
        now[0] += min(wait, 0.02)
        work()
    assert done == [pytest.approx(11 * pace.LATEST_SECONDS, abs=pace.REST_SECONDS)] * 3


def test_it_is_done_once_the_keys_rest(now: list[float]) -> None:
    owner, done = Owner(), list[float]()
    last = now[0]
    paced = make(owner, done, now, lambda: last)
    paced.ask()
    wait, work = owner.later.pop()
    now[0] += wait
    work()
    assert done == [100.0 + pace.REST_SECONDS]


def test_what_hurries_waits_for_no_key(now: list[float]) -> None:
    owner, done = Owner(), list[float]()
    make(owner, done, now, lambda: now[0]).hurry()
    assert done == [100.0]
