"""S4: from starting the program to a queue that shows its first row and has answered a key."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import big_store, clients
from bench.clients import Client
from bench.contenders import CHECKOUT, OURS
from bench.registry import DATA, BenchError, Row, Session, bench
from bench.terminal import Terminal

OUR_NAME, FLOOR = "supportterm", "a bare list in Textual"
SETTLE = 2.0
"""Seconds without output after which a program has written its caches."""


@dataclass(slots=True)
class Starter:
    """A program and how its first two rows begin; the seconds it took."""

    client: Client
    first: bytes
    second: bytes
    seconds: list[float] = field(default_factory=list)

    def warm(self) -> None:
        """Let it run until it has nothing more to do."""
        with Terminal(self.client.command, CHECKOUT, self.client.environment) as terminal:
            terminal.until(lambda _: self.first in terminal.output)
            terminal.settle(SETTLE)

    def start(self) -> None:
        """Time it once: until `j` has drawn the second row anew."""
        with Terminal(self.client.command, CHECKOUT, self.client.environment) as terminal:
            terminal.until(lambda _: self.first in terminal.output)
            drawn = terminal.output.count(self.second)
            terminal.press(b"j")
            shown = terminal.until(lambda _: terminal.output.count(self.second) > max(drawn, 1))
            self.seconds.append(shown - terminal.started)


@bench("S4")
def start(session: Session) -> Iterator[Row]:
    """Start each in turn, ours on ten times as many tickets as well."""
    small, big = session.messages, 10 * session.messages
    runs = max(session.repeat, 5)
    notes: dict[str, str] = {}
    with ExitStack() as stack:
        makers: dict[str, Callable[[], Starter]] = {
            OUR_NAME: lambda: ours(stack.enter_context(session.scratch()), big),
            f"itself at {small:,}": lambda: ours(stack.enter_context(session.scratch()), small),
            FLOOR: lambda: floor(big),
            "aerc": lambda: peer(clients.aerc, stack.enter_context(session.scratch()), big),
            "neomutt": lambda: peer(clients.neomutt, stack.enter_context(session.scratch()), big),
        }
        starters: dict[str, Starter] = {}
        for name, make in makers.items():
            try:
                starters[name] = make()
                starters[name].warm()
            except BenchError as error:
                starters.pop(name, None)
                notes[name] = str(error)
        for _ in range(runs):
            for name in list(starters):
                try:
                    starters[name].start()
                except BenchError as error:
                    notes[name] = str(error)
                    del starters[name]
    figures = {name: median(starter.seconds) for name, starter in starters.items() if starter.seconds}
    goals = {FLOOR: 1.3, "aerc": 0.4, "neomutt": 0.15, f"itself at {small:,}": 1.05}
    for name, at_most in goals.items():
        note = "; ".join(notes[who] for who in (OUR_NAME, name) if who in notes)
        work = f"start to a queue of {big:,} that answers"
        yield Row("S4", work, figures.get(OUR_NAME), name, figures.get(name), at_most, note=note)


def ours(folder: Path, tickets: int) -> Starter:
    """Set up the console on a store of so many tickets, with three messages each."""
    config = big_store.copy(big_store.big_store(DATA, tickets), folder)
    return Starter(Client(OUR_NAME, (*OURS, "--config", str(config)), {}), *big_store.first_rows(config))


def floor(rows: int) -> Starter:
    """Set up the barest list."""
    command = (sys.executable, "-m", "bench.line_app", str(rows))
    return Starter(Client(FLOOR, command, {}), b"row-000000", b"row-000001")


def peer(make: Callable[[Path, Path], Client], folder: Path, mails: int) -> Starter:
    """Set up a mail program on a Maildir of so many mails."""
    return Starter(make(clients.many_mails(DATA, mails), folder), clients.NEWEST, clients.SECOND)
