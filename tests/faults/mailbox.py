"""A mailbox in plain files: it outlives a killed worker, and writes down what it was told to change."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from supportterm.mail.gateway import FetchedMail, Folder, FolderRole, FolderState, Mailbox

_ROLES = {"INBOX": FolderRole.INBOX, "Sent": FolderRole.SENT}
_BATCH = 7
"""Mails a batch: an odd number, so that batches end in the middle of whatever the worker does with them."""


def deliver(root: Path, raw: bytes, when: datetime, folder: str = "INBOX") -> int:
    """Put a mail into a folder and return its UID."""
    place = root / folder
    place.mkdir(parents=True, exist_ok=True)
    uid = max(_uids(place), default=0) + 1
    written = place / "writing"
    written.write_bytes(raw)
    os.utime(written, (when.timestamp(), when.timestamp()))
    written.rename(place / f"{uid:08}.eml")
    return uid


def renumber(root: Path, folder: str) -> None:
    """Give a folder another UIDVALIDITY and every mail in it another UID, in the old order, as a moved server does."""
    place = root / folder
    old = _uids(place)
    for uid in reversed(old):
        for ending in ("eml", "flags"):
            if (place / f"{uid:08}.{ending}").exists():
                (place / f"{uid:08}.{ending}").rename(place / f"{uid + 3:08}.{ending}")
    (place / "uidvalidity").write_text(str(_uidvalidity(place) + 1))


def copies(root: Path, folder: str, message_id: str) -> int:
    """Count the mails with this Message-ID."""
    place = root / folder
    return sum(_message_id((place / f"{uid:08}.eml").read_bytes()) == message_id for uid in _uids(place))


def changes(root: Path) -> list[str]:
    """Return every change asked for: the command, the folder and what of it."""
    log = root / "changes.log"
    return log.read_text().splitlines() if log.exists() else []


def nothing() -> None:
    """Let a step pass."""


class FileMailbox(Mailbox):
    """A mailbox in a folder of folders; `step` is called before each command and each mail, and may raise or kill."""

    def __init__(self, root: Path, step: Callable[[], None] = nothing) -> None:
        self._root = root
        self._step = step
        self._open = root

    async def connect(self) -> None:
        self._step()

    async def folders(self) -> list[Folder]:
        self._step()
        return [Folder(name, role) for name, role in _ROLES.items()]

    async def open(self, folder: str) -> FolderState:
        self._step()
        self._open = self._root / folder
        self._open.mkdir(exist_ok=True)
        uids = _uids(self._open)
        return FolderState(folder, _uidvalidity(self._open), max(uids, default=0) + 1, len(uids))

    async def uids(self, first: int = 1) -> list[int]:
        self._step()
        return [uid for uid in _uids(self._open) if uid >= first]

    async def fetch(self, uids: Sequence[int]) -> AsyncIterator[list[FetchedMail]]:
        there = set(_uids(self._open))
        for start in range(0, len(uids), _BATCH):
            batch = []
            for uid in uids[start : start + _BATCH]:
                self._step()
                if uid in there:
                    batch.append(self._mail(uid))
            yield batch

    async def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]:
        self._step()
        return {uid: self._flags(uid) for uid in set(uids) & set(_uids(self._open))}

    async def changed_since(self, modseq: int) -> dict[int, frozenset[str]] | None:
        return None

    async def add_flags(self, uids: Sequence[int], flags: Sequence[str]) -> None:
        self._step()
        for uid in set(uids) & set(_uids(self._open)):
            self._note(f"STORE {self._open.name} {' '.join(flags)}")
            (self._open / f"{uid:08}.flags").write_text(" ".join(sorted({*self._flags(uid), *flags})))

    async def append(self, folder: str, raw: bytes, flags: Sequence[str], when: datetime) -> None:
        self._step()
        self._note(f"APPEND {folder}")
        deliver(self._root, raw, when, folder)

    async def find(self, folder: str, message_id: str) -> list[int]:
        self._step()
        place = self._root / folder
        return [uid for uid in _uids(place) if _message_id((place / f"{uid:08}.eml").read_bytes()) == message_id]

    async def wait(self, seconds: float) -> bool:
        return False

    async def close(self) -> None:
        return None

    def _mail(self, uid: int) -> FetchedMail:
        source = self._open / f"{uid:08}.eml"
        raw = source.read_bytes()
        received = datetime.fromtimestamp(source.stat().st_mtime, UTC)
        return FetchedMail(uid, raw, self._flags(uid), received, len(raw))

    def _flags(self, uid: int) -> frozenset[str]:
        kept = self._open / f"{uid:08}.flags"
        return frozenset(kept.read_text().split()) if kept.exists() else frozenset()

    def _note(self, change: str) -> None:
        with (self._root / "changes.log").open("a") as log:
            log.write(change + "\n")


def _uids(place: Path) -> list[int]:
    return sorted(int(found.stem) for found in place.glob("*.eml"))


def _uidvalidity(place: Path) -> int:
    kept = place / "uidvalidity"
    return int(kept.read_text()) if kept.exists() else 7


def _message_id(raw: bytes) -> str:
    header = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    found = re.search(rb"(?mi)^message-id:\s*<([^>]*)>", header)
    return found[1].decode("utf-8", "replace") if found else ""
