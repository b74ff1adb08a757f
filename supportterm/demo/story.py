"""The main job, played: real servers, a real worker, a real command line, and every step checked at both ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportterm.demo import answering, opening, outage
from supportterm.demo.customers import Customers
from supportterm.demo.host import Host
from supportterm.demo.plot import Plot, Seen
from supportterm.demo.samples import Sample, load
from supportterm.demo.stage import PATIENCE_SECONDS, NotSeenError, staged
from supportterm.domain.errors import SupporttermError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Act = Callable[[Plot], Awaitable[Seen]]

SCENES: tuple[tuple[str, tuple[tuple[str, Act], ...]], ...] = (
    (
        "A shared mailbox becomes a queue",
        (
            ("connect", opening.connect),
            ("first sync", opening.first_sync),
            ("queue", opening.queue),
            ("open", opening.open_top),
        ),
    ),
    (
        "An answer, taken back and sent",
        (
            ("snippet", answering.snippet),
            ("blank", answering.blank),
            ("reply", answering.reply),
            ("undo", answering.undo),
            ("queue again", answering.queue_again),
            ("accepted", answering.accepted),
            ("in Sent", answering.in_sent),
            ("answer", answering.answer),
        ),
    ),
    (
        "The network goes and comes",
        (
            ("offline", outage.offline),
            ("online", outage.online),
        ),
    ),
    (
        "A colleague is faster",
        (
            ("crossing", outage.crossing),
            ("release", outage.release),
            ("drained", outage.drained),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story as it was seen, or what was expected instead."""

    scene: str
    name: str
    ok: bool
    lines: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    expected: str = ""


async def perform(host: Host, folder: Path, tell: Callable[[Step], None], patience: float = PATIENCE_SECONDS) -> bool:
    """Play the story on a server that runs, in an empty folder, and tell each step; False where one failed.

    Args:
        host: A server with an empty mailbox.
        folder: Where the scratch store goes; it stays.
        tell: Called with each step as soon as it was seen.
        patience: How many seconds a step may take to show.
    """
    samples = await fill(host)
    async with staged(host, folder, patience) as stage, _answering(host):
        plot = Plot(stage, samples)
        for scene, acts in SCENES:
            for name, act in acts:
                step = await _played(plot, scene, name, act)
                tell(step)
                if not step.ok:
                    return False
    return True


async def fill(host: Host) -> list[Sample]:
    """Put the sample mails into a server's mailbox, dated back from now."""
    samples = load(datetime.now(UTC), host.user)
    for sample in samples:
        await host.deliver(sample.raw, sample.folder, sample.received_at, sample.flags)
    return samples


async def _played(plot: Plot, scene: str, name: str, act: Act) -> Step:
    try:
        seen = await act(plot)
    except NotSeenError as missed:
        return Step(scene, name, ok=False, lines=(missed.seen,), expected=missed.expected)
    except SupporttermError as error:
        return Step(scene, name, ok=False, lines=(str(error),), expected="no error")
    return Step(
        scene, name, ok=True, lines=seen.lines, facts=seen.facts, command=seen.command.words if seen.command else ()
    )


@asynccontextmanager
async def _answering(host: Host) -> AsyncIterator[None]:
    """Let the customers answer what reaches them."""
    task = asyncio.create_task(Customers(host).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
