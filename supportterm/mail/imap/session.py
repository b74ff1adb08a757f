"""What a mailbox does, blocking: all of it runs in the connection's own thread."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from supportterm.mail.errors import FolderError, ProtocolError, UnsafeTextError
from supportterm.mail.faults import clean_text, no_controls
from supportterm.mail.gateway import Folder, FolderState
from supportterm.mail.imap import responses
from supportterm.mail.imap.conversation import CODE, COUNTED, Conversation
from supportterm.mail.imap.folders import encode_name, read_list
from supportterm.mail.imap.responses import MAX_UID, Value

SEARCH_STEP = 50_000
"""Messages one SEARCH may name, so that its one line stays well under the limit."""
FLAG_STEP = 5_000
"""Messages one FETCH of flags may name."""
MAX_HITS = 1_000
"""Search hits whose header is looked at, newest first."""
_SET_BYTES = 7_000
"""Bytes a list of UIDs may have, so that a command stays within 8192 (RFC 7162 section 4)."""
_FLAG = re.compile(r"\\?[A-Za-z0-9!#$&'+,\-./:;<=>?@^_`|~]{1,100}")
_MESSAGE_ID = b"HEADER.FIELDS (MESSAGE-ID)"


class Session(Conversation):
    """One connection: the blocking twin of `Mailbox`, method by method.

    `find` looks into another folder and comes back: the folder the caller
    opened is `home`, selected again when it is next needed.
    """

    home: FolderState | None = None
    owed = False
    """News of the home folder that came before `find` left it."""

    def drop(self) -> None:
        """Close without a word and forget the folder."""
        super().drop()
        self.home = None
        self.owed = False

    def folders(self) -> list[Folder]:
        """List the selectable folders with their roles."""
        commands = [b'LIST "" "*"']
        if b"SPECIAL-USE" in self.capabilities:
            if b"LIST-EXTENDED" in self.capabilities:
                commands = [b'LIST "" "*" RETURN (SPECIAL-USE)']
            else:
                commands.append(b'LIST (SPECIAL-USE) "" "*"')
        lines: list[tuple[bytes, list[bytes]]] = []

        def keep(text: bytes, literals: list[bytes]) -> None:
            if text[:7].upper() == b"* LIST ":
                lines.append((text[7:], literals))

        for command in commands:
            self.do(command, keep)
        return read_list(lines)

    def open(self, folder: str) -> FolderState:
        """Select a folder; always asks the server anew."""
        encode_name(folder)
        self.home, self.owed = None, False
        self.home = self._select(folder)
        return self.home

    def uids(self, first: int) -> list[int]:
        """Return the open folder's UIDs from `first` on, ascending."""
        state = self.come_home()
        first = max(1, first)
        if first > MAX_UID:
            return []
        span = b"UID %d:*" % first
        if min(self.exists, state.uidnext - first) <= SEARCH_STEP:
            found = set(self._search(span))
        else:
            # From the newest down: a removal on the way moves mails into steps still to come, so none is missed.
            found = set()
            for start in range((self.exists - 1) // SEARCH_STEP * SEARCH_STEP + 1, 0, -SEARCH_STEP):
                end = b"*" if start + SEARCH_STEP > self.exists else b"%d" % (start + SEARCH_STEP - 1)
                found.update(self._search(b"%d:%s %s" % (start, end, span)))
        return sorted(uid for uid in found if uid >= first)

    def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]:
        """Return the flags of those of these UIDs that still exist."""
        self.come_home()
        found: dict[int, frozenset[str]] = {}
        for some in portions(valid_uids(uids), FLAG_STEP):
            errand = self.start_fetch(responses.uid_set(some), b"(UID FLAGS)", [b"FLAGS"], some)
            found |= _flags_of(self.finish(errand))
        return found

    def changed_since(self, modseq: int) -> dict[int, frozenset[str]] | None:
        """Return flags changed since `modseq`, or None where the server cannot say."""
        state = self.come_home()
        if b"CONDSTORE" not in self.capabilities or state.highestmodseq is None:
            return None
        if not self.exists:
            return {}
        self.finish_all()
        errand = self.start_fetch(b"1:*", b"(UID FLAGS) (CHANGEDSINCE %d)" % max(1, modseq), [b"FLAGS"])
        try:
            return _flags_of(self.finish(errand))
        except FolderError:
            return None

    def add_flags(self, uids: Sequence[int], flags: Sequence[str]) -> None:
        """Set flags, silently leaving out mails that are gone."""
        words = check_flags(flags)
        self.come_home()
        if words:
            for some in portions(valid_uids(uids), FLAG_STEP):
                self.do(b"UID STORE %s +FLAGS.SILENT (%s)" % (responses.uid_set(some), words))

    def append(self, folder: str, raw: bytes, flags: Sequence[str], when: datetime) -> None:
        """File a copy of a mail in a folder, creating the folder where it is missing."""
        name = encode_name(folder)
        if b"\0" in raw or not raw:
            raise UnsafeTextError("The mail is empty or holds a NUL byte, which no folder takes. Nothing was filed.")
        arguments = b"%s (%s) %s" % (name, check_flags(flags), responses.date_time(when))
        try:
            self._append(arguments, raw)
        except FolderError:
            if any(known.name == folder for known in self.folders()):
                raise
            self.do(b"CREATE " + name)
            with contextlib.suppress(FolderError):
                self.do(b"SUBSCRIBE " + name)
            self._append(arguments, raw)

    def find(self, folder: str, message_id: str) -> list[int]:
        """Return the UIDs in `folder` whose Message-ID header is exactly this; empty where there is no such folder."""
        wanted = no_controls(message_id, "Message-ID").strip().strip("<>")
        encode_name(folder)
        # SEARCH looks for a part anyway: the longest run it can carry narrows, the header itself decides.
        run = max(re.findall(r"[!#-\[\]-~]+", wanted), key=len, default="")[:200]
        if not run:
            return []
        self.owed |= self.news
        try:
            # Anew even where it is open: a mail filed a moment ago is to be seen.
            self._select(folder)
        except FolderError:
            if any(known.name == folder for known in self.folders()):
                raise
            return []
        hits = sorted(self._search(b"HEADER Message-ID " + responses.quoted(run)))[-MAX_HITS:]
        matching: list[int] = []
        for some in portions(hits, 100):
            extra = len(some) << 16
            errand = self.start_fetch(
                responses.uid_set(some),
                b"(UID BODY.PEEK[%s])" % _MESSAGE_ID,
                [b"BODY[%s]" % _MESSAGE_ID],
                some,
                extra=extra,
            )
            found = self.finish(errand, extra=extra)
            matching += [uid for uid in some if _says(found.get(uid, {}).get(b"BODY[%s]" % _MESSAGE_ID), wanted)]
        return matching

    def come_home(self) -> FolderState:
        """Return the open folder, selecting it again if `find` went elsewhere.

        Raises:
            FolderError: no folder is open.
            ProtocolError: its mails were numbered anew meanwhile.
        """
        home = self.home
        if home is None:
            _ = self.wire
            raise FolderError("No folder is open. Open one first.")
        if self.state is None or self.state is not home:
            state = self.state if self.state and self.selected == home.name else self._select(home.name)
            if state.uidvalidity != home.uidvalidity:
                raise self.renumbered()
            self.news |= self.owed or state != home
            home = self.home = state
            self.owed = False
        return home

    def _select(self, folder: str) -> FolderState:
        name = encode_name(folder)
        found: dict[bytes, int] = {}

        def keep(text: bytes, _: list[bytes]) -> None:
            if code := CODE.match(text):
                found[code[1].upper()] = int(code[2])
            elif (count := COUNTED.match(text)) and count[2].upper() == b"EXISTS":
                found[b"EXISTS"] = int(count[1])

        self.finish_all()
        self.state, self.selected, self.exists = None, "", 0
        self.do(b"SELECT " + name + (b" (CONDSTORE)" if b"CONDSTORE" in self.capabilities else b""), keep)
        validity, uidnext = found.get(b"UIDVALIDITY", 0), found.get(b"UIDNEXT", 0)
        if not 0 < validity <= MAX_UID:
            raise ProtocolError(
                f"{self.server.host} does not say how it numbers the mails of {clean_text(folder)} (UIDVALIDITY). "
                "It cannot be read safely."
            )
        self.exists = self.believable(found.get(b"EXISTS", 0))
        if not 0 < uidnext <= MAX_UID:
            uidnext = max(self._search(b"UID *"), default=0) + 1 if self.exists else 1
        self.state = FolderState(folder, validity, uidnext, self.exists, found.get(b"HIGHESTMODSEQ") or None)
        self.selected = folder
        self.news = False
        return self.state

    def _append(self, arguments: bytes, raw: bytes) -> None:
        self.finish_all()
        self.wire.begin()
        tag = self.send(b"APPEND %s {%d}" % (arguments, len(raw)))
        while not (text := self.response()[0]).startswith(b"+"):
            if text.startswith(tag + b" "):
                raise FolderError(self.refusal(text) or f"{self.server.host} took no mail for that folder.")
            self.hear(text)
        self.wire.send(raw + b"\r\n")
        while not (text := self.response()[0]).startswith(tag + b" "):
            self.hear(text)
        if refusal := self.refusal(text):
            raise FolderError(refusal)

    def _search(self, criteria: bytes) -> list[int]:
        found: list[int] = []

        def keep(text: bytes, _: list[bytes]) -> None:
            if text[:8].upper() == b"* SEARCH":
                words = text[8:].partition(b"(")[0].split()
                found.extend(int(word) for word in words if word.isdigit() and len(word) <= 10)

        self.do(b"UID SEARCH " + criteria, keep)
        return [uid for uid in found if 0 < uid <= MAX_UID]


def valid_uids(uids: Sequence[int]) -> list[int]:
    """Return those that can be UIDs, each once, in the order given."""
    return [uid for uid in dict.fromkeys(uids) if 0 < uid <= MAX_UID]


def portions(uids: Sequence[int], most: int) -> Iterator[list[int]]:
    """Split UIDs, in order, so that each portion has at most `most` and fits into one command."""
    some: list[int] = []
    room = _SET_BYTES
    for uid in uids:
        cost = 0 if some and uid == some[-1] + 1 else 22
        if some and (len(some) >= most or cost > room):
            yield some
            some, room = [], _SET_BYTES
        some.append(uid)
        room -= cost
    if some:
        yield some


def check_flags(flags: Sequence[str]) -> bytes:
    r"""Write flags for a command; each is one word IMAP can carry, like `\Seen` or `$Forwarded`.

    Raises:
        UnsafeTextError: one is not.
    """
    for flag in flags:
        if not _FLAG.fullmatch(flag):
            raise UnsafeTextError(f"“{clean_text(flag)}” cannot be a flag. Use letters, digits, $ and -.")
    return " ".join(flags).encode("ascii")


def _flags_of(found: dict[int, dict[bytes, Value]]) -> dict[int, frozenset[str]]:
    return {uid: responses.flags(items[b"FLAGS"]) for uid, items in found.items() if b"FLAGS" in items}


def _says(header: Value, message_id: str) -> bool:
    if not isinstance(header, bytes):
        return False
    value = re.sub(r"\r?\n[ \t]+", " ", header.decode("utf-8", "surrogateescape")).partition(":")[2]
    return value.strip().strip("<>").strip() == message_id
