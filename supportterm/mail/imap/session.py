"""The commands of one IMAP connection, blocking: all of it runs in the connection's own thread."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from supportterm.config import Server
from supportterm.mail.errors import (
    ConnectionFailedError,
    FolderError,
    ProtocolError,
    UnsafeTextError,
)
from supportterm.mail.faults import as_mail_error, clean_text, no_controls
from supportterm.mail.gateway import Folder, FolderState
from supportterm.mail.imap import responses
from supportterm.mail.imap.client import Client
from supportterm.mail.imap.folders import encode_name, read_list
from supportterm.mail.imap.responses import MAX_UID, Value
from supportterm.mail.imap.wire import MAX_LINES, Wire

T = TypeVar("T")

MAX_MESSAGES = 10_000_000
"""Messages a folder may have before its count is taken for nonsense."""
SEARCH_STEP = 50_000
"""Messages one SEARCH may name, so that its one line stays well under the limit."""
FLAG_STEP = 2_000
IDLE_RENEWAL = 540.0
POLL_SECONDS = 30.0

_LITERAL = re.compile(rb"\{(\d{1,20})\}\r\n\Z")
_SPOKEN = re.compile(rb"\* (?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)
_COUNTED = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE|FETCH)\b ?", re.IGNORECASE)
_CODE = re.compile(rb"\* OK \[(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ) (\d{1,20})\]", re.IGNORECASE)
_FLAG = re.compile(r"\\?[A-Za-z0-9!#$&'+,\-./:;<=>?@^_`|~]+")


@dataclass
class Errand:
    """A FETCH that is under way: what was asked, and what came for it."""

    tag: bytes
    wanted: frozenset[bytes]
    uids: frozenset[int]
    found: dict[int, dict[bytes, Value]] = field(default_factory=dict)
    done: bool = False
    refused: str = ""

    def take(self, items: dict[bytes, Value]) -> bool:
        """Keep what was asked for; items without their UID, of other mails, or for the second time are not."""
        uid = responses.number(items.get(b"UID"))
        if uid is None or (self.uids and uid not in self.uids):
            return False
        known = self.found.setdefault(uid, {})
        for name in self.wanted & items.keys():
            known.setdefault(name, items[name])
        return True


class Session:
    """One connection and what is known of it. Methods raise `MailError`, run one at a time, and keep to `limits`.

    After any error but `FolderError` and `UnsafeTextError` the connection is
    gone. `abort` alone may be called from another thread.
    """

    def __init__(self, server: Server, user: str, password: str, max_message_bytes: int) -> None:
        self.server = server
        self.max_message_bytes = max_message_bytes
        self._user = user
        self._password = password
        self._wire: Wire | None = None
        self._client: Client | None = None
        self._capabilities: frozenset[bytes] = frozenset()
        self._serial = 0
        self._under_way: list[Errand] = []
        self._wanted_folder = ""
        self._selected = ""
        self._state: FolderState | None = None
        self._exists = 0
        self._news = False
        self._listening = False
        self._bell, self._ear = _bell_and_ear()

    @property
    def connected(self) -> bool:
        """Whether there is a signed-in connection."""
        return self._client is not None

    def guard(self, errand: Callable[[], T]) -> T:
        """Run a method of this session; whatever goes wrong comes out as a `MailError`."""
        connecting = self._client is None
        try:
            return errand()
        except (FolderError, UnsafeTextError):
            raise
        except Exception as error:
            found = as_mail_error(error, self.server, connecting=connecting)
            self.drop()
            raise found from None

    # -- coming and going

    def connect(self) -> None:
        """Connect, secure and sign in within one timeout."""
        if self._client is not None:
            return
        no_controls(self._user, "user name")
        no_controls(self._password, "password")
        self._wire = Wire(self.server)
        client = Client(self.server, self._wire)
        client.sign_in(self._user, self._password)
        self._capabilities = frozenset(word.upper() for word in client.capabilities())
        self._client = client
        self._wanted_folder = self._selected = ""

    def leave(self) -> None:
        """Say LOGOUT, wait for no more than half a second for the answer, and close."""
        try:
            if self._client is not None and self._wire is not None and not self._under_way:
                self._wire.begin(0.5)
                self._send(b"LOGOUT")
                while not self._wire.readline().startswith(b"* BYE"):
                    pass
        except Exception:  # noqa: S110 - the connection is closed either way
            pass
        finally:
            self.drop()

    def drop(self) -> None:
        """Close without a word."""
        if self._wire is not None:
            self._wire.close()
        self._wire = self._client = self._state = None
        self._under_way.clear()
        self._selected = self._wanted_folder = ""
        self._news = self._listening = False

    def abort(self) -> None:
        """Cut the connection, from any thread."""
        if wire := self._wire:
            wire.abort()
        self.ring()

    def ring(self) -> None:
        """Wake `wait`, from any thread."""
        with contextlib.suppress(OSError):
            self._bell.send(b"!")

    # -- folders

    def folders(self) -> list[Folder]:
        """See `Mailbox.folders`."""
        asked = [b'LIST "" "*"']
        if b"SPECIAL-USE" in self._capabilities and b"LIST-EXTENDED" in self._capabilities:
            asked = [b'LIST "" "*" RETURN (SPECIAL-USE)']
        elif b"SPECIAL-USE" in self._capabilities:
            asked.append(b'LIST (SPECIAL-USE) "" "*"')
        lines: list[tuple[bytes, list[bytes]]] = []

        def keep(text: bytes, literals: list[bytes]) -> None:
            if text[:7].upper() == b"* LIST ":
                lines.append((text[7:], literals))

        for command in asked:
            self._do(command, keep)
        return read_list(lines)

    def select(self, folder: str) -> FolderState:
        """See `Mailbox.open`."""
        name = encode_name(folder)
        self._finish_all()
        found: dict[bytes, int] = {}

        def keep(text: bytes, _: list[bytes]) -> None:
            if code := _CODE.match(text):
                found[code[1].upper()] = int(code[2])
            elif (count := _COUNTED.match(text)) and count[2].upper() == b"EXISTS":
                found[b"EXISTS"] = int(count[1])

        self._state, self._selected, self._wanted_folder = None, "", ""
        self._do(b"SELECT " + name + (b" (CONDSTORE)" if b"CONDSTORE" in self._capabilities else b""), keep)
        validity = found.get(b"UIDVALIDITY", 0)
        if not 0 < validity <= MAX_UID:
            raise ProtocolError(
                f"{self.server.host} does not number the mails of {clean_text(folder)} (no UIDVALIDITY). "
                "It cannot be read safely."
            )
        self._exists = self._believable(found.get(b"EXISTS", 0))
        self._selected = self._wanted_folder = folder
        state = FolderState(
            folder, validity, found.get(b"UIDNEXT", 0), self._exists, found.get(b"HIGHESTMODSEQ") or None
        )
        if not 0 < state.uidnext <= MAX_UID:
            newest = self._search(b"UID *") if self._exists else []
            state = FolderState(folder, validity, max(newest, default=0) + 1, self._exists, state.highestmodseq)
        self._state = state
        self._news = False
        return state

    def uids(self, first: int) -> list[int]:
        """See `Mailbox.uids`."""
        state = self._ensure()
        first = max(1, first)
        if first > MAX_UID:
            return []
        span = b"UID %d:*" % first
        if min(self._exists, max(state.uidnext, 1) - first) <= SEARCH_STEP:
            found = set(self._search(span))
        else:
            # From the newest down: a removal on the way moves mails into chunks still to come, so none is missed.
            found = set()
            for start in range((self._exists - 1) // SEARCH_STEP * SEARCH_STEP + 1, 0, -SEARCH_STEP):
                end = b"*" if start + SEARCH_STEP > self._exists else b"%d" % (start + SEARCH_STEP - 1)
                found.update(self._search(b"%d:%s %s" % (start, end, span)))
        return sorted(uid for uid in found if uid >= first)

    # -- mails

    def start_fetch(self, uids: Sequence[int], items: bytes, wanted: Sequence[bytes], extra: int = 0) -> Errand:
        """Ask for items of these UIDs without waiting for the answer; `extra` bytes of bodies are expected."""
        self._ensure()
        self._wire_now.begin(lines=MAX_LINES, extra=extra)
        tag = self._send(b"UID FETCH " + responses.uid_set(uids) + b" " + items)
        errand = Errand(tag, frozenset(wanted), frozenset(uids))
        self._under_way.append(errand)
        return errand

    def finish(self, errand: Errand, *, extra: int = 0) -> dict[int, dict[bytes, Value]]:
        """Read until this FETCH is answered; what came for others meanwhile is kept for them.

        Raises:
            FolderError: the server refused the command.
        """
        self._wire_now.begin(lines=MAX_LINES, extra=extra, literal=self.max_message_bytes + 1024)
        while not errand.done:
            self._dispatch(*self._response())
        if errand.refused:
            raise FolderError(errand.refused)
        return errand.found

    def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]:
        """See `Mailbox.flags`."""
        found: dict[int, frozenset[str]] = {}
        known = valid_uids(uids)
        for start in range(0, len(known), FLAG_STEP):
            errand = self.start_fetch(known[start : start + FLAG_STEP], b"(UID FLAGS)", [b"FLAGS"])
            for uid, items in self.finish(errand).items():
                if b"FLAGS" in items:
                    found[uid] = responses.flags(items[b"FLAGS"])
        return found

    def changed_since(self, modseq: int) -> dict[int, frozenset[str]] | None:
        """See `Mailbox.changed_since`."""
        state = self._ensure()
        if b"CONDSTORE" not in self._capabilities or state.highestmodseq is None:
            return None
        if not self._exists:
            return {}
        self._finish_all()
        self._wire_now.begin(lines=MAX_LINES + self._exists)
        tag = self._send(b"UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE %d)" % max(1, modseq))
        errand = Errand(tag, frozenset([b"FLAGS"]), frozenset())
        self._under_way.append(errand)
        while not errand.done:
            self._dispatch(*self._response())
        if errand.refused:
            return None
        return {uid: responses.flags(items[b"FLAGS"]) for uid, items in errand.found.items() if b"FLAGS" in items}

    def add_flags(self, uids: Sequence[int], flags: Sequence[str]) -> None:
        """See `Mailbox.add_flags`."""
        words = check_flags(flags)
        known = valid_uids(uids)
        self._ensure()
        for start in range(0, len(known), FLAG_STEP):
            chosen = responses.uid_set(known[start : start + FLAG_STEP])
            self._do(b"UID STORE " + chosen + b" +FLAGS.SILENT (" + " ".join(words).encode() + b")")

    def append(self, folder: str, raw: bytes, flags: Sequence[str], when: datetime) -> None:
        """See `Mailbox.append`."""
        encode_name(folder)
        words = check_flags(flags)
        if b"\0" in raw:
            raise UnsafeTextError("The mail holds a NUL byte, which no folder can take. Nothing was filed.")
        try:
            self._append(encode_name(folder), raw, words, when)
        except FolderError:
            self._do(b"CREATE " + encode_name(folder))
            with contextlib.suppress(FolderError):
                self._do(b"SUBSCRIBE " + encode_name(folder))
            self._append(encode_name(folder), raw, words, when)

    def find(self, folder: str, message_id: str) -> list[int]:
        """See `Mailbox.find`."""
        no_controls(message_id, "Message-ID")
        encode_name(folder)
        wanted = message_id.strip().strip("<>")
        # SEARCH looks for a part anyway: the longest run it can carry narrows, the header itself decides.
        run = max(re.findall(r"[!#-\[\]-~]+", wanted), key=len, default="")[:200]
        if not run:
            return []
        home = self._wanted_folder
        try:
            self._go_to(folder)
        except FolderError:
            if any(known.name == folder for known in self.folders()):
                raise
            return []
        hits = self._search(b"HEADER Message-ID " + responses.quoted(run))[-1000:]
        matching: list[int] = []
        for start in range(0, len(hits), 100):
            some = hits[start : start + 100]
            section = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"
            errand = self.start_fetch(
                some, b"(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])", [section], extra=len(some) << 16
            )
            found = self.finish(errand, extra=len(some) << 16)
            matching += [uid for uid in some if _says(found.get(uid, {}).get(section), wanted)]
        self._wanted_folder = home
        return matching

    # -- waiting

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """See `Mailbox.wait`; `stop` with `ring` ends it early."""
        self._ensure()
        self._finish_all()
        with contextlib.suppress(BlockingIOError):
            while self._ear.recv(64):
                pass
        end = time.monotonic() + seconds
        while not self._news and not stop.is_set() and (left := end - time.monotonic()) > 0:
            if b"IDLE" in self._capabilities:
                self._idle(min(left, IDLE_RENEWAL), stop)
            else:
                self._poll(min(left, POLL_SECONDS), stop)
        if not self._news and not stop.is_set() and b"IDLE" not in self._capabilities:
            self._listen_to(b"NOOP")
        news, self._news = self._news, False
        return news

    def _idle(self, seconds: float, stop: threading.Event) -> None:
        wire = self._wire_now
        end = time.monotonic() + seconds
        wire.begin()
        tag = self._send(b"IDLE")
        self._listening = True
        lines = 0
        while not (text := self._response()[0]).startswith(b"+"):
            self._hear(text)
            if text.startswith(tag):
                self._capabilities -= {b"IDLE"}
                self._listening = False
                return
        while not self._news and not stop.is_set() and (left := end - time.monotonic()) > 0:
            if not wire.readable(left, self._ear):
                break
            wire.begin()
            text = self._response()[0]
            self._hear(text)
            lines += 1
            if lines > 10_000:
                raise ProtocolError(
                    f"{self.server.host} talks without end. The connection was closed; it will be tried again."
                )
            if text.startswith(tag):
                raise ConnectionFailedError(f"{self.server.host} stopped reporting new mail. It will be tried again.")
        wire.begin(min(5.0, self.server.timeout_seconds) if stop.is_set() else None)
        wire.send(b"DONE\r\n")
        while not (text := self._response()[0]).startswith(tag):
            self._hear(text)
        self._listening = False

    def _poll(self, seconds: float, stop: threading.Event) -> None:
        self._listen_to(b"NOOP")
        if not self._news and not stop.is_set():
            self._wire_now.readable(seconds, self._ear)

    def _listen_to(self, command: bytes) -> None:
        self._listening = True
        try:
            self._do(command)
        finally:
            self._listening = False

    # -- one command

    @property
    def _wire_now(self) -> Wire:
        if self._wire is None or self._client is None:
            raise ConnectionFailedError(f"There is no connection to {self.server.host}. It will be tried again.")
        return self._wire

    def _ensure(self) -> FolderState:
        wire = self._wire_now
        if self._selected != self._wanted_folder and self._wanted_folder:
            before = self._state
            state = self.select(self._wanted_folder)
            if before is not None and before.name == state.name and before.uidvalidity != state.uidvalidity:
                raise self._renumbered()
        if self._state is None:
            wire.abort()
            raise ProtocolError("No folder is open. Open one first.")
        return self._state

    def _go_to(self, folder: str) -> None:
        """Select a folder for a moment; `_ensure` finds the way home."""
        home, state = self._wanted_folder, self._state
        try:
            if self._selected != folder:
                self.select(folder)
        except FolderError:
            self._wanted_folder, self._state = home, state
            raise
        if folder != home:
            self._state = state if home else self._state

    def _send(self, command: bytes) -> bytes:
        self._serial += 1
        tag = b"S%d" % self._serial
        self._wire_now.send(tag + b" " + command + b"\r\n")
        return tag

    def _do(self, command: bytes, keep: Callable[[bytes, list[bytes]], None] | None = None) -> None:
        """Send a command and read to its end; `keep` sees every untagged line.

        Raises:
            FolderError: the server said NO.
        """
        self._finish_all()
        self._wire_now.begin()
        tag = self._send(command)
        while True:
            text, literals = self._response()
            if text.startswith(tag + b" "):
                if refusal := self._refusal(text):
                    raise FolderError(refusal)
                return
            if keep is not None:
                keep(text, literals)
            self._hear(text)

    def _response(self) -> tuple[bytes, list[bytes]]:
        """Read one response: its text, where `{n}` stands for each literal, and the literals."""
        wire = self._wire_now
        line = wire.readline()
        if not line.endswith(b"\r\n"):
            raise ProtocolError(
                f"{self.server.host} sent a line that does not end as lines must. The connection was closed."
            )
        if not line.endswith(b"}\r\n") or not line.startswith(b"* ") or _SPOKEN.match(line):
            return line[:-2], []
        text, literals = [], []
        while (announced := _LITERAL.search(line)) is not None:
            text.append(line[:-2])
            literals.append(wire.read(int(announced[1])))
            line = wire.readline()
        text.append(line.rstrip(b"\r\n"))
        return b"".join(text), literals

    def _refusal(self, tagged: bytes) -> str:
        """Return the server's words for NO, nothing for OK.

        Raises:
            ProtocolError: it said anything else.
        """
        status, _, words = tagged.partition(b" ")[2].partition(b" ")
        if status.upper() == b"OK":
            return ""
        said = clean_text(words, secret=self._password)
        if status.upper() == b"NO":
            return f"{self.server.host} refused: {said or 'no reason given'}."
        raise ProtocolError(f"{self.server.host} did not understand a command: {said}. The connection was closed.")

    def _dispatch(self, text: bytes, literals: list[bytes]) -> None:
        """Give a response to the FETCH it belongs to."""
        if text.startswith(b"S") and self._under_way:
            for errand in self._under_way:
                if text.startswith(errand.tag + b" "):
                    errand.refused = self._refusal(text)
                    errand.done = True
                    self._under_way.remove(errand)
                    return
        if (counted := _COUNTED.match(text)) and counted[2].upper() == b"FETCH":
            items = responses.parse_fetch(text[counted.end() :], literals)
            for errand in self._under_way:
                if errand.take(items):
                    return
            return
        self._hear(text)

    def _hear(self, text: bytes) -> None:
        """Note what an untagged line says about the folder and the connection."""
        if counted := _COUNTED.match(text):
            what = counted[2].upper()
            if what == b"EXISTS":
                self._news |= int(counted[1]) > self._exists
                self._exists = self._believable(int(counted[1]))
            elif what == b"EXPUNGE":
                self._news = True
                self._exists = max(0, self._exists - 1)
            elif self._listening:
                self._news = True
        elif text[:10].upper() == b"* VANISHED":
            self._news = True
        elif text[:5].upper() == b"* BYE":
            said = clean_text(text[5:], secret=self._password)
            raise ConnectionFailedError(f"{self.server.host} ended the connection ({said}). It will be tried again.")
        elif (code := _CODE.match(text)) and code[1].upper() == b"UIDVALIDITY" and self._state is not None:
            if self._selected == self._state.name and int(code[2]) != self._state.uidvalidity:
                raise self._renumbered()
        elif not text.startswith((b"* ", b"+")):
            raise ProtocolError(
                f"{self.server.host} sent something out of turn. The connection was closed; it will be tried again."
            )

    def _renumbered(self) -> ProtocolError:
        return ProtocolError(
            f"{self.server.host} numbered the folder's mails anew meanwhile. The folder will be read again."
        )

    def _believable(self, exists: int) -> int:
        if exists > MAX_MESSAGES:
            raise ProtocolError(f"{self.server.host} says a folder holds {exists} mails. The connection was closed.")
        return exists

    def _search(self, criteria: bytes) -> list[int]:
        found: list[int] = []

        def keep(text: bytes, _: list[bytes]) -> None:
            if text[:8].upper() == b"* SEARCH":
                words = text[8:].partition(b"(")[0].split()
                found.extend(int(word) for word in words if word.isdigit() and 0 < len(word) <= 10)

        self._do(b"UID SEARCH " + criteria, keep)
        return [uid for uid in found if 0 < uid <= MAX_UID]

    def _finish_all(self) -> None:
        while self._under_way:
            with contextlib.suppress(FolderError):
                self.finish(self._under_way[0], extra=64 << 20)

    def _append(self, name: bytes, raw: bytes, flags: list[str], when: datetime) -> None:
        self._finish_all()
        self._wire_now.begin()
        date = responses.date_time(when)
        tag = self._send(b"APPEND %s (%s) %s {%d}" % (name, " ".join(flags).encode(), date, len(raw)))
        while not (text := self._response()[0]).startswith(b"+"):
            if text.startswith(tag + b" "):
                raise FolderError(self._refusal(text) or f"{self.server.host} took no mail for that folder.")
            self._hear(text)
        self._wire_now.send(raw + b"\r\n")
        while not (text := self._response()[0]).startswith(tag + b" "):
            self._hear(text)
        if refusal := self._refusal(text):
            raise FolderError(refusal)


def _bell_and_ear() -> tuple[socket.socket, socket.socket]:
    bell, ear = socket.socketpair()
    bell.setblocking(False)
    ear.setblocking(False)
    return bell, ear


def valid_uids(uids: Sequence[int]) -> list[int]:
    """Return those that can be UIDs, each once, in the order given."""
    return [uid for uid in dict.fromkeys(uids) if 0 < uid <= MAX_UID]


def check_flags(flags: Sequence[str]) -> list[str]:
    r"""Return the flags if each is one word IMAP can carry, like `\Seen` or `$Forwarded`.

    Raises:
        UnsafeTextError: one is not.
    """
    for flag in flags:
        if not _FLAG.fullmatch(flag):
            raise UnsafeTextError(f"{clean_text(flag)!r} cannot be a flag. Use letters, digits, $ and -.")
    return list(flags)


def _says(header: Value | None, message_id: str) -> bool:
    if not isinstance(header, bytes):
        return False
    value = re.sub(r"\r?\n[ \t]+", " ", header.decode("utf-8", "surrogateescape")).partition(":")[2]
    return value.strip().strip("<>").strip() == message_id
