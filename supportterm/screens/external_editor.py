"""Writing on in the agent's own editor and back: `$VISUAL`, `$EDITOR`, else what the machine has."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from supportterm.desk.own_editor import command
from supportterm.domain.errors import RefusedError
from supportterm.domain.text import clean_body

_LARGEST = 2_000_000


async def edit_outside(app: App[Any], text: str) -> str | None:
    """Let the agent write on in their own editor; return the text as they left it, None where it stays as it was.

    The console stands still meanwhile. What goes wrong is said, and a file
    with words in it that could not be read back stays where it is.
    """
    try:
        return _edited(app, text)
    except RefusedError as error:
        app.notify(str(error), severity="error", markup=False, timeout=20)
        return None


def open_outside(app: App[Any], path: Path) -> bool:
    """Let the agent change a file in their own editor while the console stands still; False where it did not start."""
    try:
        words = command(os.environ)
        with app.suspend(), _deaf_to_interrupts():
            subprocess.run([*words, str(path)], check=False)  # noqa: S603 the agent's own editor
    except (RefusedError, OSError, SuspendNotSupported) as error:
        app.notify(f"The editor cannot be started: {error}", severity="error", markup=False, timeout=20)
        return False
    return True


def _edited(app: App[Any], text: str) -> str:
    words = command(os.environ)
    name = Path(words[0]).name
    try:
        folder = Path(tempfile.mkdtemp(prefix="supportterm-"))
        path = _put(folder, text)
    except OSError as error:
        raise RefusedError(f"No file could be made for {name}: {error}. The text stays as it was.") from None
    try:
        with app.suspend(), _deaf_to_interrupts():
            status = subprocess.run([*words, str(path)], check=False).returncode  # noqa: S603 the agent's own editor
    except (OSError, SuspendNotSupported) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise RefusedError(f"{name} cannot be started: {error} The text stays as it was.") from None
    return _taken_back(path, text, name, status)


def _taken_back(path: Path, text: str, name: str, status: int) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise RefusedError(f"What {name} wrote is too long to take back. It is in {path}.")
        written = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        left = f" What it wrote is in {path}." if path.exists() else ""
        raise RefusedError(f"The text cannot be read back from {name}; it stays as it was.{left}") from None
    written = clean_body(written.removeprefix("\ufeff"), _LARGEST)
    if not text.endswith("\n"):
        written = written.removesuffix("\n")
    left = f" What it wrote is in {path}." if status and written != text else ""
    if not left:
        shutil.rmtree(path.parent, ignore_errors=True)
    if status:
        raise RefusedError(f"{name} ended with status {status}; the text stays as it was.{left}")
    return written


def _put(folder: Path, text: str) -> Path:
    """Write the text into a file that nobody else can read."""
    path = folder / "reply.txt"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text if text.endswith("\n") or not text else f"{text}\n")
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let Ctrl+C reach the editor and not end the console; the editor itself hears it as always."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
