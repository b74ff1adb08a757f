"""`sync`: fetch and deliver, once or for as long as it runs."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from supportterm.cli.context import at_desk
from supportterm.cli.output import Output, local
from supportterm.desk.folder_sync import Progress
from supportterm.desk.worker import Report, Worker
from supportterm.domain.errors import ConfigError

NICENESS = 10


def sync(args: argparse.Namespace, output: Output) -> int:
    """Bring store and server in step."""
    _step_back()
    if args.watch:
        return _watch(args, output)
    if args.while_wanted:
        raise ConfigError("`--while-wanted` says when `sync --watch` ends: give both.")
    from supportterm.bootstrap import build_worker
    from supportterm.desk.synclock import SyncLock

    with at_desk(args) as desk:
        lock = SyncLock(desk.database.path)
        try:
            report = asyncio.run(_once(build_worker(desk, _progress())))
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


def _step_back() -> None:
    """Leave the processor to whoever answers keys."""
    os.nice(NICENESS)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        if os.getsid(0) == os.getpid():
            _step_back_as_session()


def _step_back_as_session() -> None:
    """Give this session the same rank: where Linux groups by sessions, a process's own counts only within its group."""
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(f"{NICENESS}", encoding="ascii")


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


def _watch(args: argparse.Namespace, output: Output) -> int:
    from supportterm.bootstrap import build_worker
    from supportterm.desk import errorlog, shift
    from supportterm.desk.synclock import SyncLock

    given = _given() if args.while_wanted else {}
    with at_desk(args) as desk:
        store = desk.database.path
        errorlog.begin(store)
        lock = SyncLock(store, for_consoles=args.while_wanted)

        def build() -> Worker:
            return build_worker(desk, _progress(), output.say, given)

        async def prepared() -> Worker:
            return await asyncio.to_thread(build) if args.while_wanted else build()

        try:
            asyncio.run(shift.work(prepared, store, lock, while_wanted=args.while_wanted))
        finally:
            lock.release()
    return 0


def _given() -> dict[str, str]:
    """Read what the console was told: passwords by account, one JSON line; nothing from a terminal or an empty file."""
    if sys.stdin is None or sys.stdin.isatty():
        return {}
    line = sys.stdin.readline()
    try:
        found = json.loads(line) if line.strip() else {}
    except ValueError:
        raise ConfigError("Standard input holds no passwords: one JSON object on one line is expected.") from None
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


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
