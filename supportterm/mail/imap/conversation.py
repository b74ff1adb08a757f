"""Commands and answers on one signed-in connection, blocking: who an answer is for, what an untagged line tells."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from supportterm.config import Server
from supportterm.mail.errors import ConnectionFailedError, FolderError, ProtocolError, UnsafeTextError
from supportterm.mail.faults import as_mail_error, clean_text, no_controls
from supportterm.mail.gateway import FolderState
from supportterm.mail.imap import responses
from supportterm.mail.imap.client import Client
from supportterm.mail.imap.responses import Value
from supportterm.mail.imap.wire import MAX_ANSWER, MAX_LINES, Wire

T = TypeVar("T")
Keep = Callable[[bytes, list[bytes]], None]

MAX_MESSAGES = 10_000_000
"""Messages a folder may have before its count is taken for nonsense."""

_LITERAL = re.compile(rb"\{(\d{1,20})\}\r\n\Z")
_SPOKEN = re.compile(rb"\* (?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)
COUNTED = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE|FETCH)\b ?", re.IGNORECASE)
CODE = re.compile(rb"\* OK \[(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ) (\d{1,20})\]", re.IGNORECASE)


@dataclass
class Errand:
    """A FETCH that is under way: what was asked, and what came for it. Without `uids` any will do."""

    tag: bytes
    wanted: frozenset[bytes]
    uids: frozenset[int]
    found: dict[int, dict[bytes, Value]] = field(default_factory=dict)
    done: bool = False
    refused: str = ""

    def take(self, items: dict[bytes, Value]) -> bool:
        """Keep what was asked for; items without their UID, of other mails, or for the second time are not."""
        uid = responses.number(items.get(b"UID"))
        if not uid or (self.uids and uid not in self.uids):
            return False
        known = self.found.setdefault(uid, {})
        for name in self.wanted & items.keys():
            known.setdefault(name, items[name])
        return True


class Conversation:
    """One connection and what its server has said of the open folder.

    Methods run one at a time and raise; `guard` turns whatever they raise into
    a `MailError` and drops the connection unless the error leaves it whole.
    Only `abort` and `ring` may be called from another thread.
    """

    def __init__(self, server: Server, user: str, password: str, max_message_bytes: int) -> None:
        self.server = server
        self.max_message_bytes = max_message_bytes
        self.capabilities: frozenset[bytes] = frozenset()
        self.state: FolderState | None = None
        self.selected = ""
        self.exists = 0
        self.news = False
        """Whether the folder has changed since it was opened or last waited for."""
        self.listening = False
        """Whether changed flags are news: in IDLE and NOOP, not as answers."""
        self._user = user
        self._password = password
        self._wire: Wire | None = None
        self._client: Client | None = None
        self._serial = 0
        self._under_way: list[Errand] = []
        self._bell: socket.socket | None = None
        self.ear: socket.socket | None = None

    @property
    def wire(self) -> Wire:
        """The bytes of the signed-in connection.

        Raises:
            ConnectionFailedError: there is none.
        """
        if self._wire is None or self._client is None:
            raise ConnectionFailedError(f"There is no connection to {self.server.host}. It will be tried again.")
        return self._wire

    def guard(self, errand: Callable[[], T]) -> T:
        """Run a method of this connection; whatever goes wrong comes out as a `MailError`."""
        connecting = self._client is None
        try:
            return errand()
        except (FolderError, UnsafeTextError):
            raise
        except Exception as error:
            found = as_mail_error(error, self.server, connecting=connecting)
            self.drop()
            raise found from None

    def connect(self) -> None:
        """Connect, secure and sign in within one timeout; a no-op while connected."""
        if self._client is not None:
            return
        no_controls(self._user, "user name")
        no_controls(self._password, "password")
        self._bell, self.ear = socket.socketpair()
        self._bell.setblocking(False)
        self.ear.setblocking(False)
        self._wire = Wire(self.server)
        client = Client(self.server, self._wire)
        client.sign_in(self._user, self._password)
        self.capabilities = frozenset(word.upper() for word in client.capabilities())
        self._client = client

    def leave(self) -> None:
        """Say LOGOUT, wait no more than half a second for the answer, and close."""
        with contextlib.suppress(Exception):
            if not self._under_way:
                self.wire.begin(0.5)
                self.send(b"LOGOUT")
                while not self.wire.readline().upper().startswith(b"* BYE"):
                    pass
        self.drop()

    def drop(self) -> None:
        """Close without a word and forget the folder."""
        for each in (self._wire, self._bell, self.ear):
            if each is not None:
                each.close()
        self._wire = self._client = self._bell = self.ear = self.state = None
        self._under_way.clear()
        self.selected = ""
        self.exists = 0
        self.news = self.listening = False

    def abort(self) -> None:
        """Cut the connection, from any thread."""
        if wire := self._wire:
            wire.abort()
        self.ring()

    def ring(self) -> None:
        """Wake whoever listens to `ear`, from any thread."""
        if bell := self._bell:
            with contextlib.suppress(OSError):
                bell.send(b"!")

    # -- one command

    def send(self, command: bytes) -> bytes:
        """Send a command and return its tag."""
        self._serial += 1
        tag = b"S%d" % self._serial
        self.wire.send(tag + b" " + command + b"\r\n")
        return tag

    def do(self, command: bytes, keep: Keep | None = None) -> None:
        """Send a command and read to its end; `keep` sees every untagged line.

        Raises:
            FolderError: the server said NO.
        """
        self.finish_all()
        self.wire.begin()
        tag = self.send(command)
        while not (answer := self.response())[0].startswith(tag + b" "):
            if keep is not None:
                keep(*answer)
            self.hear(answer[0])
        if refusal := self.refusal(answer[0]):
            raise FolderError(refusal)

    def response(self) -> tuple[bytes, list[bytes]]:
        """Read one response: its text, where `{n}` stands for each literal, and the literals."""
        wire = self.wire
        line = wire.readline()
        if not line.endswith(b"\r\n"):
            raise self.nonsense("sent a line that does not end as lines must")
        if not line.endswith(b"}\r\n") or not line.startswith(b"* ") or _SPOKEN.match(line):
            return line[:-2], []
        text, literals = [], []
        while (announced := _LITERAL.search(line)) is not None:
            text.append(line[:-2])
            literals.append(wire.read(int(announced[1])))
            line = wire.readline()
        text.append(line.rstrip(b"\r\n"))
        return b"".join(text), literals

    def refusal(self, tagged: bytes) -> str:
        """Return a sentence with the server's words for NO, nothing for OK.

        Raises:
            ProtocolError: it said anything else.
        """
        status, _, words = tagged.partition(b" ")[2].partition(b" ")
        if status.upper() == b"OK":
            return ""
        said = self.clean(words) or "no reason given"
        if status.upper() == b"NO":
            return f"{self.server.host} refused: {said}."
        raise self.nonsense(f"did not understand a command ({said})")

    def clean(self, text: bytes | str) -> str:
        """Make the server's words fit to be shown, without the password should they repeat it."""
        return clean_text(text, secret=self._password)

    def nonsense(self, what: str) -> ProtocolError:
        """Say what the server did that no server should."""
        return ProtocolError(f"{self.server.host} {what}. The connection was closed; it will be tried again.")

    # -- FETCH, several under way

    def start_fetch(
        self, chosen: bytes, items: bytes, wanted: Sequence[bytes], uids: Sequence[int] = (), *, extra: int = 0
    ) -> Errand:
        """Ask for items without waiting for the answer; `extra` bytes of bodies are expected."""
        self.wire.begin(extra=extra)
        tag = self.send(b"UID FETCH " + chosen + b" " + items)
        errand = Errand(tag, frozenset(wanted), frozenset(uids))
        self._under_way.append(errand)
        return errand

    def finish(self, errand: Errand, *, extra: int = 0) -> dict[int, dict[bytes, Value]]:
        """Read until this FETCH is answered; what comes for others meanwhile is kept for them.

        Raises:
            FolderError: the server refused the command.
        """
        self.wire.begin(lines=MAX_LINES + self.exists, extra=extra, literal=self.max_message_bytes)
        while not errand.done:
            self._dispatch(*self.response())
        if errand.refused:
            raise FolderError(errand.refused)
        return errand.found

    def finish_all(self) -> None:
        """Read whatever is still under way, so that the next command stands alone."""
        while self._under_way:
            with contextlib.suppress(FolderError):
                self.finish(self._under_way[0], extra=MAX_ANSWER)

    def _dispatch(self, text: bytes, literals: list[bytes]) -> None:
        if (counted := COUNTED.match(text)) and counted[2].upper() == b"FETCH":
            items = responses.parse_fetch(text[counted.end() :], literals)
            any(errand.take(items) for errand in self._under_way)
            return
        tag = text.partition(b" ")[0]
        for errand in self._under_way:
            if errand.tag == tag:
                errand.refused = self.refusal(text)
                errand.done = True
                self._under_way.remove(errand)
                return
        self.hear(text)

    # -- what untagged lines tell

    def hear(self, text: bytes) -> None:
        """Note what an untagged line says about the folder and the connection."""
        if counted := COUNTED.match(text):
            what = counted[2].upper()
            if what == b"EXISTS":
                self.news |= int(counted[1]) > self.exists
                self.exists = self.believable(int(counted[1]))
            elif what == b"EXPUNGE":
                self.news = True
                self.exists = max(0, self.exists - 1)
            else:
                self.news |= self.listening
        elif text[:10].upper() == b"* VANISHED":
            self.news = True
        elif text[:5].upper() == b"* BYE":
            raise ConnectionFailedError(
                f"{self.server.host} ended the connection ({self.clean(text[5:])}). It will be tried again."
            )
        elif (code := CODE.match(text)) and code[1].upper() == b"UIDVALIDITY":
            if self.state is not None and self.selected == self.state.name and int(code[2]) != self.state.uidvalidity:
                raise self.renumbered()
        elif not text.startswith((b"* ", b"+")):
            raise self.nonsense("sent something out of turn")

    def renumbered(self) -> ProtocolError:
        """Say that what is known of the folder's UIDs no longer holds."""
        return ProtocolError(f"{self.server.host} numbered the folder's mails anew meanwhile. It will be read again.")

    def believable(self, exists: int) -> int:
        """Return a folder's count of mails.

        Raises:
            ProtocolError: no folder has so many.
        """
        if exists > MAX_MESSAGES:
            raise self.nonsense(f"says a folder holds {exists} mails")
        return exists
