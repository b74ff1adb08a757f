"""Files that are to go along: looked at, read, and packed for the store, each refusal a sentence."""

from __future__ import annotations

import mimetypes
import os
import stat
from pathlib import Path

from supportterm.domain.drafts import FILE_LIMIT, DraftFile
from supportterm.domain.errors import RefusedError
from supportterm.domain.text import clean
from supportterm.mail.attachments import safe_name
from supportterm.store.messages import pack

Packed = tuple[DraftFile, tuple[str, int, bytes]]


def path_of(typed: str) -> Path:
    """Return the path a person typed, `~` their home."""
    try:
        return Path(typed.strip()).expanduser()
    except RuntimeError:
        return Path(typed.strip())


def wrong_with(path: Path) -> str:
    """Return why a file cannot be attached, as a sentence; empty where it can."""
    name = clean(path.name or str(path), 120)
    try:
        if path.is_symlink() and not path.exists():
            return f"{name} is a link to a file that is not there. Attach the file itself."
        found = path.stat()
    except FileNotFoundError:
        return f"There is no file {clean(str(path), 200)}. Check the name."
    except (OSError, ValueError) as error:
        return f"{name} cannot be looked at ({getattr(error, 'strerror', None) or error}). Choose another file."
    if stat.S_ISDIR(found.st_mode):
        return f"{name} is a folder. Pack it into one file first, or choose a file in it."
    if not stat.S_ISREG(found.st_mode):
        return f"{name} is no ordinary file. Choose another."
    if not os.access(path, os.R_OK):
        return f"{name} may not be read by you. Change its permissions, or choose another file."
    if found.st_size > FILE_LIMIT:
        return f"{name} has {found.st_size // 1_000_000} MB, more than any mail carries. Send a link to it."
    return ""


def read(path: Path) -> Packed:
    """Read a file and pack it; takes a while for a large one.

    Raises:
        RefusedError: it cannot be attached.
    """
    if problem := wrong_with(path):
        raise RefusedError(problem)
    try:
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
    except OSError as error:
        raise RefusedError(f"{clean(path.name, 120)} cannot be read ({error.strerror}). Choose another file.") from None
    return enclosed(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", content)


def enclosed(name: str, content_type: str, content: bytes) -> Packed:
    """Pack a file's bytes under a name that is safe to send.

    Raises:
        RefusedError: it is too large.
    """
    if len(content) > FILE_LIMIT:
        raise RefusedError(f"{clean(name, 120)} is larger than any mail carries. Send a link to it.")
    packed = pack(content)
    return DraftFile(safe_name(name, content_type), content_type, len(content), packed[0]), packed
