"""S1: the first sync of a mailbox, with threads and full-text index, from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.contenders import Contender, Cost, Mbsync, MbsyncNotmuch, Supportterm
from bench.dovecot import Dovecot
from bench.registry import BenchError, Row, Session, bench


@bench("S1")
def first_sync(session: Session) -> Iterator[Row]:
    """Time each contender from an empty folder, in turns, against one server."""
    contenders: list[Contender] = [Supportterm(), MbsyncNotmuch(), Mbsync()]
    costs: dict[str, list[Cost]] = {contender.name: [] for contender in contenders}
    problems: dict[str, str] = {}
    with session.server() as server:
        for _ in range(session.repeat):
            for contender in contenders:
                if contender.name not in problems:
                    try:
                        costs[contender.name].append(_once(session, server, contender))
                    except BenchError as error:
                        problems[contender.name] = str(error)
    work = f"first sync, {session.messages:,} messages"
    ours = _seconds(costs["supportterm"])
    for peer, at_most in (("mbsync + notmuch", 0.12), ("mbsync", None)):
        note = "; ".join(problems[name] for name in ("supportterm", peer) if name in problems)
        yield Row("S1", work, ours, peer, _seconds(costs[peer]), at_most, note=note)
    peaks = [cost.peak_mb for cost in costs["supportterm"]]
    yield Row("S1", "peak memory of its largest process", median(peaks) if peaks else None, limit=200, unit="MB")


def _once(session: Session, server: Dovecot, contender: Contender) -> Cost:
    with session.scratch() as folder:
        contender.prepare(server, folder)
        cost = contender.sync()
        if contender.held() < session.messages:
            raise BenchError(f"{contender.name} holds {contender.held()} of {session.messages} messages")
    return cost


def _seconds(costs: list[Cost]) -> float | None:
    return median(cost.seconds for cost in costs) if costs else None
