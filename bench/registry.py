"""What a bench is: a function that yields rows, registered under the goal it measures."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bench.dovecot import Dovecot

DATA = Path(__file__).resolve().parent / "data"


class BenchError(Exception):
    """A contender or its server cannot run here; the text says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: ours beside a peer's, and what we want.

    `ours` and `peer` are medians in `unit`; `at_most` bounds their ratio,
    `limit` bounds ours alone. `note` says what is missing where one is None.
    """

    bench: str
    work: str
    ours: float | None
    peer_name: str = ""
    peer: float | None = None
    at_most: float | None = None
    limit: float | None = None
    unit: Literal["s", "ms", "MB"] = "s"
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's."""
        return self.ours / self.peer if self.ours is not None and self.peer else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is no goal or no figure."""
        if self.at_most is not None and self.ratio is not None:
            return self.ratio <= self.at_most
        if self.limit is not None and self.ours is not None:
            return self.ours <= self.limit
        return None


@dataclass(frozen=True, slots=True)
class Session:
    """What every bench of one run shares."""

    messages: int
    repeat: int

    @contextmanager
    def server(self) -> Iterator[Dovecot]:
        """Yield a private Dovecot with the generated mailbox, its indexes warm."""
        from bench.dovecot import Dovecot
        from bench.mailbox import maildir

        with Dovecot(maildir(DATA, self.messages)) as server:
            found = server.warm()
            if found != self.messages:
                raise BenchError(f"the server shows {found} of {self.messages} messages")
            yield server

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Yield a new folder, gone afterwards."""
        with TemporaryDirectory(prefix="bench-") as folder:
            yield Path(folder)


Bench = Callable[[Session], Iterator[Row]]
BENCHES: dict[str, Bench] = {}


def bench(name: str) -> Callable[[Bench], Bench]:
    """Register a bench under a short name; a clash stops the start."""

    def register(function: Bench) -> Bench:
        if name in BENCHES:
            raise ValueError(f"two benches are called {name}")
        BENCHES[name] = function
        return function

    return register


def load() -> dict[str, Bench]:
    """Import every module in bench/cases, each of which registers its benches, and return them by name."""
    from bench import cases

    for module in pkgutil.iter_modules(cases.__path__):
        importlib.import_module(f"bench.cases.{module.name}")
    return dict(sorted(BENCHES.items()))
