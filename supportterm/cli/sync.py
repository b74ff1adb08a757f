"""`sync`: fetch and deliver, once or for as long as it runs."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from datetime import UTC, datetime

from supportterm.cli.context import at_desk
from supportterm.cli.output import Output, local
from supportterm.desk.folder_sync import Progress
from supportterm.desk.worker import Report, Worker


def sync(args: argparse.Namespace, output: Output) -> int:
    """Bring store and server in step."""
    from supportterm.bootstrap import build_worker
    from supportterm.desk.synclock import SyncLock

    with at_desk(args) as desk:
        lock = SyncLock(desk.database.path)
        try:
            os.nice(5)
            worker = build_worker(desk, _progress(), output.say if args.watch else lambda _: None)
            if args.watch:
                asyncio.run(_watch(worker))
                return 0
            report = asyncio.run(_once(worker))
        finally:
            lock.release()
    drained = report.drained
    record = {
        "new": report.new,
        "accepted": drained.accepted,
        "later": drained.later,
        "stopped": drained.stopped,
        "trouble": drained.trouble,
        "held": _held(args),
    }
    words = [f"{report.new} new"]
    words += [f"{drained.accepted} sent"] if drained.accepted else []
    words += [f"{drained.stopped} stopped: `supportterm outbox list` says why"] if drained.stopped else []
    words += [f"{drained.later} to be tried again"] if drained.later else []
    words += [f"{record['held']} held until their undo time is over"] if record["held"] else []
    output.record(record, ", ".join(words) + ".")
    if drained.trouble:
        output.say(drained.trouble)
        return 3
    return 1 if drained.stopped else 0


def _held(args: argparse.Namespace) -> int:
    from supportterm.cli.context import reading

    with reading(args) as (views, _):
        now = datetime.now(UTC)
        return sum(o.state.value == "queued" and o.not_before > now for o in views.outbox())


async def _once(worker: Worker) -> Report:
    try:
        return await worker.once()
    finally:
        await worker.close()


async def _watch(worker: Worker) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    try:
        await worker.watch(stop)
    finally:
        await worker.close()


def _progress() -> Progress:
    started: dict[str, datetime] = {}

    def tell(folder: str, done: int, total: int) -> None:
        if total < 200 or not sys.stderr.isatty():
            return
        begun = started.setdefault(folder, datetime.now(UTC))
        now = datetime.now(UTC)
        left = (now - begun) * ((total - done) / max(done, 1))
        ends = "\n" if done == total else ""
        sys.stderr.write(f"\r{folder}: {done} of {total}, ready about {local(now + left, now)}   {ends}")
        sys.stderr.flush()

    return tell
