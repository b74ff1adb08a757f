"""S7: what the console holds in memory after the agent has been through a long queue."""

from __future__ import annotations

from collections.abc import Iterator

from bench import big_store, clients
from bench.contenders import CHECKOUT, OURS
from bench.registry import DATA, BenchError, Row, Session, bench
from bench.terminal import Terminal

LIMIT_MB = 85.0
PAGES = 1_000
_AT_ONCE = 20


@bench("S7")
def memory(session: Session) -> Iterator[Row]:
    """Page through the queue from the top, go to its end and back, and look at the resident memory."""
    rows = 10 * session.messages
    work = f"memory after paging through {rows:,}"
    with session.scratch() as folder:
        config = big_store.copy(big_store.big_store(DATA, rows), folder)
        first, _ = big_store.first_rows(config)
        resident, proportional = _paged((*OURS, "--config", str(config)), {}, first, b"\x04")
    peer, note = None, f"proportional: {proportional:.0f} MB"
    try:
        with session.scratch() as folder:
            client = clients.neomutt(clients.many_mails(DATA, rows), folder)
            peer = _paged(client.command, client.environment, clients.NEWEST, b"\x04")[0]
    except BenchError as error:
        note = str(error)
    yield Row("S7", work, resident, "neomutt", peer, 0.35, unit="MB", note=note)
    yield Row("S7", work, resident, limit=LIMIT_MB, unit="MB")


def _paged(command: tuple[str, ...], environment: dict[str, str], first: bytes, page: bytes) -> tuple[float, float]:
    with Terminal(command, CHECKOUT, environment) as terminal:
        terminal.until(lambda _: first in terminal.output)
        terminal.settle(1.0)
        for _ in range(PAGES // _AT_ONCE):
            terminal.press(page * _AT_ONCE)
            terminal.settle(0.1)
            terminal.output.clear()
        for key in (b"G", b"g"):
            terminal.press(key)
            terminal.settle(0.5)
        found = terminal.memory()
    if not found[0]:
        raise BenchError("this system does not tell a process's memory")
    return found
