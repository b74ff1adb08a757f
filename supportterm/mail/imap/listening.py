"""Waiting for a folder to change: IDLE (RFC 2177) where the server has it, else NOOP now and then."""

from __future__ import annotations

import contextlib
import threading
import time

from supportterm.mail.errors import ConnectionFailedError
from supportterm.mail.imap.conversation import Conversation

IDLE_RENEWAL = 540.0
"""Seconds after which IDLE is said anew: servers and routers forget quiet connections."""
POLL_SECONDS = 30.0
_MAX_LINES = 10_000


def wait(conversation: Conversation, seconds: float, stop: threading.Event) -> bool:
    """Wait until the open folder changes (True) or the time is up (False); `stop` with `ring` ends it early."""
    _empty_ear(conversation)
    conversation.finish_all()
    end = time.monotonic() + seconds
    while not _over(conversation, stop) and (left := end - time.monotonic()) > 0:
        if b"IDLE" in conversation.capabilities:
            _idle(conversation, min(left, IDLE_RENEWAL), stop)
        else:
            _noop(conversation)
            if not _over(conversation, stop):
                _sleep(conversation, min(POLL_SECONDS, end - time.monotonic()))
    if not _over(conversation, stop) and b"IDLE" not in conversation.capabilities:
        _noop(conversation)
    news, conversation.news = conversation.news, False
    return news


def _over(conversation: Conversation, stop: threading.Event) -> bool:
    return conversation.news or stop.is_set()


def _idle(conversation: Conversation, seconds: float, stop: threading.Event) -> None:
    wire = conversation.wire
    end = time.monotonic() + seconds
    wire.begin()
    tag = conversation.send(b"IDLE")
    while not (text := conversation.response()[0]).startswith(b"+"):
        if text.startswith(tag + b" "):
            conversation.capabilities -= {b"IDLE"}
            return
        conversation.hear(text)
    conversation.listening = True
    lines = 0
    while not _over(conversation, stop) and _sleep(conversation, end - time.monotonic()):
        wire.begin()
        text = conversation.response()[0]
        if text.startswith(tag + b" "):
            raise ConnectionFailedError(
                f"{conversation.server.host} stopped reporting new mail. It will be tried again."
            )
        conversation.hear(text)
        lines += 1
        if lines > _MAX_LINES:
            raise conversation.nonsense("talks without end")
    wire.begin(min(5.0, conversation.server.timeout_seconds) if stop.is_set() else None)
    wire.send(b"DONE\r\n")
    while not (text := conversation.response()[0]).startswith(tag + b" "):
        conversation.hear(text)
    conversation.listening = False


def _noop(conversation: Conversation) -> None:
    conversation.listening = True
    conversation.do(b"NOOP")
    conversation.listening = False


def _sleep(conversation: Conversation, seconds: float) -> bool:
    """Sleep until the server says something (True), the bell rings or the time is up (False)."""
    ear = conversation.ear
    return ear is not None and seconds > 0 and conversation.wire.readable(seconds, ear)


def _empty_ear(conversation: Conversation) -> None:
    """Forget rings meant for an earlier wait."""
    if conversation.ear is not None:
        with contextlib.suppress(BlockingIOError):
            while conversation.ear.recv(64):
                pass
