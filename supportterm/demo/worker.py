"""The demo's worker, a process of its own as in the product."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from supportterm.demo.scratch import CONFIG

STOP_SECONDS = 5.0


@contextmanager
def syncing(folder: Path) -> Iterator[None]:
    """Keep a worker syncing the store of a scratch folder; its password comes from the environment."""
    process = subprocess.Popen(  # noqa: S603 our own program, with arguments of our own
        [sys.executable, "-m", "supportterm", "--config", str(folder / CONFIG), "sync", "--watch"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
