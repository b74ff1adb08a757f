"""What went wrong between store and server, in plain words, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from supportterm.domain.message import Message
from supportterm.screens import format as shown_as

_SIGN_IN = (
    "Check `user` and the password: `password_command`, or the one in the keyring. Many providers want an app password"
    " where two-step sign-in is on. It is tried again only every five minutes, so that the account is not locked."
)
_CERTIFICATE = (
    "The server could not prove who it is, or offers no TLS, so nothing was sent to it. Check `host`, `port` and"
    " `security` in the configuration; a server with a certificate of its own needs `ca_file`. Nothing is ever tried in"
    " clear instead."
)
_NAME = "The server's name was not found. Check `host` in the configuration, and whether this machine has a network."
_OFFLINE = "The server cannot be reached. It is tried again by itself, at most a minute apart."
_KEPT = "Everything here can be read, written and queued meanwhile; it leaves once the server is back."
_PARTLY = (
    "Mail comes and goes; only this one thing did not work, and it is tried again. If it is about a folder, check"
    " `inbox` and `sent_folder` in the configuration, and whether the mailbox is full."
)
_CONFIG = "Mend that line and save the file: it is read again by itself. Mail comes and goes meanwhile."
_NO_WORKER = "Nobody brings and sends mail right now. Start the console again, or run `supportterm sync --watch`."
_NAME_MARKS = (
    "no server named",
    "name was not found",
    "not known",
    "no address",
    "cannot be found",
    "name or service",
    "no such host",
)


def said(sync: Mapping[str, Any], trouble: str) -> str:
    """Return what was said about the problem; empty where there is none."""
    words = shown_as.line(trouble or str(sync.get("error") or sync.get("config") or ""), 600)
    return f"It was said: {words}" if words else ""


def advice(sync: Mapping[str, Any], trouble: str, *, working: bool, key: str) -> str:
    """Return what to do, in a sentence or two."""
    state, error = sync.get("state"), str(sync.get("error") or "").lower()
    at_once = f" {key} tries at once." if key else ""
    if trouble or not working:
        return _NO_WORKER
    if state == "refused":
        return (_SIGN_IN if "sign-in" in error or "password" in error else _CERTIFICATE) + at_once
    if state == "offline":
        return f"{_NAME if any(mark in error for mark in _NAME_MARKS) else _OFFLINE} {_KEPT}{at_once}"
    if sync.get("config") and not error:
        return _CONFIG
    if error:
        return _PARTLY + at_once
    if state == "online":
        return f"Nothing: mail comes and goes.{f' {key} looks for mail at once.' if key else ''}"
    return "Nothing: the mail is being read, the newest first. You can work meanwhile."


def waiting(operations: Mapping[str, int], outbox: str) -> str:
    """Return what the server has yet to learn of."""
    flags, copies = operations.get("flag", 0), operations.get("file", 0)
    lines = [outbox]
    lines += [f"{flags:,} mark{'s' * (flags != 1)} (read, answered)"] if flags else []
    lines += [f"{copies:,} sent mail{'s' * (copies != 1)} to file in Sent"] if copies else []
    return "\n".join(lines)


def unreadable(message: Message, size: int, now: datetime) -> str:
    """Return one line for a mail that is shown as far as it could be read."""
    subject = shown_as.line(message.subject, 60) or shown_as.NO_SUBJECT
    why = ", ".join(shown_as.line(defect, 80) for defect in message.defects[:3])
    return f"{shown_as.when(message.at, now)}  {subject}  ({_bytes(size)}): {why}"


def failed(run: Mapping[str, Any], now: datetime) -> str:
    """Return one line for a program of a trigger that failed."""
    at = datetime.fromtimestamp(run["at"] / 1000, UTC)
    name, said = shown_as.line(run["name"], 60), shown_as.line(run["said"], 300)
    return f"{shown_as.when(at, now)}  {name}: {said}"


def _bytes(size: int) -> str:
    for unit, limit in (("B", 1_000), ("kB", 1_000_000), ("MB", 1_000_000_000)):
        if size < limit:
            return f"{size * 1000 // limit if unit != 'B' else size} {unit}"
    return f"{size // 1_000_000_000} GB"
