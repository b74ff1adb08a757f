"""How long an agent's verb takes to be durable: when nothing else happens, and during a first sync."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from bench.contenders import Supportterm
from bench.registry import BenchError, Row, Session, bench
from supportterm.bootstrap import build_desk
from supportterm.config import load
from supportterm.desk.verbs import Change, change
from supportterm.store.filters import Where
from supportterm.store.views import reading

LIMIT_MS = 50.0
_VERBS = 30
_PAUSE = 0.03
"""Seconds between verbs: an agent in a hurry."""


def measure_verb_latency(config_path: Path) -> list[float]:
    """Commit a few dozen verbs on the store of a configuration, each by itself, and return the milliseconds of each.

    Raises:
        BenchError: the store holds no ticket yet.
    """
    desk = build_desk(load(config_path))
    try:
        with reading(desk.database.path) as views:
            tickets = views.queue(Where("1"), _VERBS)
        if not tickets:
            raise BenchError("no ticket to work on")
        taken = []
        for ticket in tickets:
            started = time.perf_counter()
            change(desk, ticket.key, Change(add_tags=frozenset({f"bench-{time.monotonic_ns()}"})))
            taken.append((time.perf_counter() - started) * 1000)
            time.sleep(_PAUSE)
        return taken
    finally:
        desk.database.close()


@bench("verbs")
def verb_latency(session: Session) -> Iterator[Row]:
    """Sample verbs while a first sync runs in a process of its own, then again when it has ended."""
    work = f"a verb during a first sync of {session.messages:,}, p95"
    try:
        busy, idle = _samples(session)
    except BenchError as error:
        yield Row("verbs", work, None, "idle", None, limit=LIMIT_MS, unit="ms", note=str(error))
        return
    yield Row("verbs", work, _p95(busy), "idle", _p95(idle), limit=LIMIT_MS, unit="ms", note=f"{len(busy)} verbs")


def _samples(session: Session) -> tuple[list[float], list[float]]:
    busy: list[float] = []
    problems: list[BenchError] = []
    with session.server() as server, session.scratch() as folder:
        ours = Supportterm()
        ours.prepare(server, folder)

        def sync() -> None:
            try:
                ours.sync()
            except BenchError as error:
                problems.append(error)

        worker = threading.Thread(target=sync)
        worker.start()
        try:
            while worker.is_alive() and not ours.held():
                worker.join(0.05)
            while worker.is_alive():
                busy += measure_verb_latency(ours.config)
        finally:
            worker.join()
        if problems:
            raise problems[0]
        if not busy:
            raise BenchError("the sync ended before a verb could be measured: take more messages")
        return busy, measure_verb_latency(ours.config)


def _p95(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=20)[-1] if len(milliseconds) > 1 else milliseconds[0]
