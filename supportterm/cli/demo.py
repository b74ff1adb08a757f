"""`demo`: the main job on a mail server of its own; nothing to configure, nothing left behind."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from supportterm.cli.output import Output, width
from supportterm.domain.errors import ConfigError

if TYPE_CHECKING:
    from supportterm.demo.story import Step

COLUMNS = 80
_PREFIX = "supportterm-demo-"
_INDENT = 16
"""Columns before what was seen: the mark and the step's name."""
_TITLE = """\
supportterm demo: the main job, from a full mailbox to an empty outbox

A mail server of its own on this machine, customers who write back, a real
worker, a scratch store. Each line was seen in the store and on the server."""


def demo(args: argparse.Namespace, output: Output) -> int:
    """Open the console on the demo; without a terminal play the main job, with status 1 where a step failed."""
    if not (args.headless or output.as_json) and sys.stdin.isatty() and sys.stdout.isatty():
        from supportterm.cli.live_demo import play

        if args.keep:
            with _scratch(args.keep) as folder:
                return play(folder, output, kept=True)
        return play(Path(tempfile.mkdtemp(prefix=_PREFIX)), output, kept=False)
    with _scratch(args.keep) as folder:
        started = time.monotonic()
        try:
            ok = asyncio.run(_play(folder, output))
        except asyncio.CancelledError:
            return 130
        seconds = round(time.monotonic() - started, 1)
        kept = str(folder) if args.keep else None
        if ok:
            output.record({"step": "done", "ok": True, "seconds": seconds, "kept": kept}, _ending(seconds, kept))
    return 0 if ok else 1


async def _play(folder: Path, output: Output) -> bool:
    from supportterm.demo.server import DemoServer
    from supportterm.demo.story import perform

    loop, playing = asyncio.get_running_loop(), asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if playing is not None:
            loop.add_signal_handler(number, playing.cancel)
    server = DemoServer()
    scenes: set[str] = set()

    def tell(step: Step) -> None:
        heading = "" if step.scene in scenes else f"\n{step.scene}\n"
        scenes.add(step.scene)
        output.record(record(step), heading + "\n".join(lines(step)))
        sys.stdout.flush()

    try:
        await server.start()
        output.text(_TITLE)
        return await perform(server, folder, tell)
    finally:
        await server.stop()


def record(step: Step) -> dict[str, object]:
    """Return a step for `--json`."""
    seen = " ".join(line.strip() for line in step.lines)
    told: dict[str, object] = {"step": step.name, "ok": step.ok, "seen": seen}
    if step.expected:
        told["expected"] = step.expected
    if step.command:
        told["command"] = shlex.join(step.command)
    return told | dict(step.facts)


def lines(step: Step) -> Iterator[str]:
    """Yield a step as people read it, at most 80 columns wide."""
    paragraphs = list(_command(step.command))
    if step.ok:
        paragraphs += [wrapped for line in step.lines for wrapped in _wrapped(line)]
    else:
        paragraphs += _wrapped(f"expected {step.expected}")
        paragraphs += [wrapped for line in step.lines for wrapped in _wrapped(f"seen     {line}")]
    margin = f"  {'✓' if step.ok else '✗'} {step.name}".ljust(_INDENT)
    for paragraph in paragraphs:
        yield margin + paragraph
        margin = " " * _INDENT


def _command(words: Sequence[str]) -> Iterator[str]:
    """Yield a command line, broken between its words as a shell takes it; an option keeps its value beside it."""
    line, start = "$", True
    for part in _pieces(words):
        if not start and width(line) + width(part) + 3 > COLUMNS - _INDENT:
            yield f"{line} \\"
            line = "   "
        line, start = f"{line} {part}", False
    if words:
        yield line


def _pieces(words: Sequence[str]) -> list[str]:
    pieces: list[str] = []
    for before, word in zip(("", *words), words, strict=False):
        if before.startswith("--") and not word.startswith("--"):
            pieces[-1] += f" {shlex.quote(word)}"
        else:
            pieces.append(shlex.quote(word))
    return pieces


def _wrapped(line: str) -> list[str]:
    """Break a line at words, keeping its indent."""
    from rich.console import Console
    from rich.text import Text

    words = line.lstrip()
    indent = line[: len(line) - len(words)]
    room = COLUMNS - _INDENT - len(indent)
    return [indent + part.plain.rstrip() for part in Text(words).wrap(Console(width=room), room)]


def _ending(seconds: float, kept: str | None) -> str:
    if kept is None:
        return f"\nAll seen in {seconds:.0f} seconds; the scratch store is gone again."
    config = shlex.quote(f"{kept}/config.toml")
    return f"\nAll seen in {seconds:.0f} seconds. The store is kept:\n  supportterm --config {config} queue"


@contextmanager
def _scratch(keep: str | None) -> Iterator[Path]:
    """Give an empty folder for the store, removed again unless it is to be kept.

    Raises:
        ConfigError: the folder to keep it in cannot be used.
    """
    if keep is None:
        with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
            yield Path(folder)
        return
    kept = Path(keep).expanduser().resolve()
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = any(kept.iterdir())
    except OSError as error:
        raise ConfigError(f"{kept} cannot be used: {error.strerror}. Name a folder you may write to.") from None
    if taken:
        raise ConfigError(f"{kept} is not empty, and the demo overwrites nothing. Name a new folder.")
    yield kept
