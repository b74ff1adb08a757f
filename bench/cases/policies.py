"""Winding the clocks of every open ticket anew, as after a change of the policies."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from statistics import median

from bench.big_store import big_store, copy
from bench.registry import Row, Session, bench
from supportterm.bootstrap import build_desk
from supportterm.config import Policy, load
from supportterm.desk.rerank import rewind

OPEN = 5_000
LIMIT = 2.0
_RUNS = 3


@bench("policies")
def policies(session: Session) -> Iterator[Row]:
    """Change the policy a few times under a store of so many tickets, nearly all open, three messages each."""
    with session.scratch() as folder:
        config = load(copy(big_store(folder, OPEN), folder))
        desk = build_desk(config)
        try:
            rewind(desk.database, desk.ranking, desk.clock)
            taken = []
            for hours in range(_RUNS):
                policy = Policy(first_reply_hours=8.0 + hours, resolution="5 d")
                desk.ranking.follow(dataclasses.replace(config, policy=policy))
                begun = time.perf_counter()
                rewind(desk.database, desk.ranking, desk.clock)
                taken.append(time.perf_counter() - begun)
        finally:
            desk.database.close()
    yield Row("policies", f"{OPEN:,} open tickets after a change of the policy", median(taken), limit=LIMIT)
