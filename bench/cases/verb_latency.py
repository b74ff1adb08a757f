"""How long an agent's verb takes to be durable: when nothing else happens, and during a first sync."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from bench.contenders import Supportterm
from bench.registry import BenchError, Row, Session, bench

LIMIT_MS = 50.0


def measure_verb_latency(config_path: Path) -> list[float]:
    """Commit a few dozen verbs on the store of a configuration, each by itself, and return the milliseconds of each.

    Raises:
        BenchError: it cannot be measured.
    """
    raise BenchError(f"not measured yet: no verb is known here for {config_path.name}")


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
