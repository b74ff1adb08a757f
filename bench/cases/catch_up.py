"""S3: a sync with nothing new, and one with 100 new messages and 500 flag changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from statistics import median

from bench.contenders import OURS, Contender, Mbsync, MbsyncNotmuch, Supportterm, run
from bench.dovecot import Dovecot
from bench.mailbox import letters
from bench.registry import BenchError, Row, Session, bench

NEW, FLAGGED = 100, 500
SETTLE_SECONDS = 2.0
"""mbsync sleeps when its Maildir was touched a moment ago; that is not what is measured."""


@bench("S3")
def catch_up(session: Session) -> Iterator[Row]:
    """Bring each contender up to date, then time what little there is; each time is a whole process's."""
    contenders: list[Contender] = [Supportterm(), MbsyncNotmuch(), Mbsync()]
    problems: dict[str, str] = {}
    with ExitStack() as stack:
        server = stack.enter_context(session.server())
        ready: list[Contender] = []
        for contender in contenders:
            try:
                contender.prepare(server, stack.enter_context(session.scratch()))
                contender.sync()
                ready.append(contender)
            except BenchError as error:
                problems[contender.name] = str(error)
        signs = cycle("+-")
        idle = _rounds(session, ready, lambda turn: None)
        busy = _rounds(session, ready, lambda turn: _change(server, turn, next(signs)))
    try:
        start = median(run([*OURS, "--version"]).seconds for _ in range(session.repeat + 2))
    except BenchError as error:
        start = None
        problems.setdefault("supportterm", str(error))
    for work, seconds, goals in (
        ("nothing new", idle, {"mbsync": None, "mbsync + notmuch": None}),
        (f"{NEW} new, {FLAGGED} flags", busy, {"mbsync + notmuch": 0.1, "mbsync": None}),
    ):
        for peer, at_most in goals.items():
            note = "; ".join(problems[name] for name in ("supportterm", peer) if name in problems)
            ours = seconds.get("supportterm")
            yield Row("S3", f"{work}, in {session.messages:,}", ours, peer, seconds.get(peer), at_most, note=note)
    yield Row("S3", "starting the program, contained above", start)


def _rounds(session: Session, ready: list[Contender], change: Callable[[int], None]) -> dict[str, float]:
    times: dict[str, list[float]] = {contender.name: [] for contender in ready}
    for turn in range(session.repeat):
        change(turn)
        time.sleep(SETTLE_SECONDS)
        for contender in ready:
            times[contender.name].append(contender.sync().seconds)
    return {name: median(seconds) for name, seconds in times.items() if seconds}


def _change(server: Dovecot, turn: int, sign: str) -> None:
    connection = server.connect()
    for letter in letters(NEW, f"late-{turn}"):
        connection.append("INBOX", "", letter.arrived, letter.raw)
    connection.store(f"1:{FLAGGED}", f"{sign}FLAGS", r"(\Flagged)")
    connection.logout()
    server.warm()
