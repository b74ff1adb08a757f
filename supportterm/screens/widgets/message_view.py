"""One message as rows of a conversation: who and when, what was written, what is folded; it draws nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from rich.cells import cell_len

from supportterm.domain.mail import Address, Attachment
from supportterm.domain.mail_size import in_words as size
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind
from supportterm.screens import format as shown_as
from supportterm.screens import hosts
from supportterm.screens.glyphs import Glyphs
from supportterm.screens.link_places import in_row
from supportterm.screens.widgets.folded import Folded, folded, visible
from supportterm.screens.widgets.wrapping import Rows

INDENT = 3
"""Cells before a body's text; a heading begins at cell 1, so no body can look like one."""

WORDS: Mapping[MessageKind, str] = {
    MessageKind.REPLY: "US",
    MessageKind.INSIDE: "INSIDE",
    MessageKind.NOTE: "NOTE, stays inside",
    MessageKind.AUTOMATIC: "AUTOMATIC",
    MessageKind.BOUNCE: "BOUNCE",
    MessageKind.RECEIPT: "RECEIPT",
    MessageKind.CALL: "CALL",
}
"""What stands before everybody who is not a customer."""

_OURS = (MessageKind.INSIDE, MessageKind.NOTE)
_NO_TEXT = "(no text)"


class Piece(NamedTuple):
    """A run of one row's text, the name of its style, and what a click on it does."""

    text: str
    style: str = "text"
    meta: Mapping[str, Any] | None = None


class MessageView:
    """The rows of one message at a width: heading, body, what is folded, one blank row."""

    def __init__(
        self, message: Message, width: int, now: datetime, *, whole: bool, fate: tuple[str, bool], glyphs: Glyphs
    ) -> None:
        self.message = message
        self.whole = whole
        self.fate = fate
        self.width = width
        self.day = now.astimezone().date()
        self._glyphs = glyphs
        self._is_line = message.kind is MessageKind.RECEIPT and not whole
        self._folded = Folded(more=message.text.count("\n") + 1) if self._is_line else folded(message)
        room = max(width - INDENT, 8)
        self.body = Rows(self._text(), room)
        self.heading = self._heading(now)
        if self._fits_beside():
            self.heading[-1] += [Piece("  "), *linked(self.body, 0)]
            self.beside = True
        else:
            self.beside = False
        self.tail = self._tail(room)

    def __len__(self) -> int:
        return len(self.heading) + self.body_rows + len(self.tail) + 1

    @property
    def body_rows(self) -> int:
        """The rows of the body below the heading."""
        return 0 if self.beside or self._is_line else len(self.body)

    @property
    def background(self) -> str:
        """The name of the rows' ground: what is inside has its own."""
        return self.message.kind.value if self.message.kind in _OURS else ""

    def row(self, number: int) -> list[Piece]:
        """Return a row; the last one of a message is blank."""
        lead = Piece(f" {self._glyphs.bar} ", "bar") if self.background else Piece(" " * INDENT)
        if number < len(self.heading):
            pieces = self.heading[number]
            return pieces if number == 0 else [lead, *pieces]
        number -= len(self.heading)
        if number < self.body_rows:
            text = self.body[number]
            return [lead, *linked(self.body, number, "quote" if self._is_quote(number, text) else "text")]
        number -= self.body_rows
        return [lead, *self.tail[number]] if number < len(self.tail) else []

    def body_row(self, number: int) -> int | None:
        """Return which row of the body a row is, or None."""
        number -= len(self.heading)
        return number if 0 <= number < self.body_rows else None

    def _text(self) -> str:
        message = self.message
        if self.whole:
            text = shown_as.body(message.text)
        else:
            text = shown_as.body(visible(message.reply_text or message.text)[0])
        return text.strip("\n").rstrip() or _NO_TEXT

    def _fits_beside(self) -> bool:
        if self.message.kind not in _OURS or len(self.body) != 1 or len(self.heading) != 1 or self.whole:
            return False
        return sum(cell_len(p.text) for p in self.heading[0]) + 2 + cell_len(self.body[0]) <= self.width

    def _is_quote(self, number: int, text: str) -> bool:
        return self.whole and text.lstrip()[:1] in (">", "＞", "»") and text != ""

    def _heading(self, now: datetime) -> list[list[Piece]]:
        message = self.message
        word = WORDS.get(message.kind, "")
        first = [Piece(" ")]
        if word:
            first += [Piece(word, f"word-{message.kind.value}"), Piece("  ")]
        when = shown_as.when(message.at, now)
        words, urgent = self.fate
        fixed = cell_len(when) + 3 + (cell_len(words) + 3 if words else 0) + sum(cell_len(p.text) for p in first)
        name = _name(message)
        room = max(self.width - fixed, 12)
        first.append(Piece(name if cell_len(name) <= room else shown_as.fit(name, room).rstrip(), "author"))
        address = self._address(name)
        rows = [first]
        if address and cell_len(name) + 2 + cell_len(address) <= room:
            first += [Piece("  "), Piece(address, "quiet")]
        elif address:
            rows += [[Piece(row, "quiet")] for row in _rows(address, self.width - INDENT)]
        first += [Piece("  "), Piece(when, "quiet")]
        if words:
            first += [Piece("   "), Piece(words, "warning" if urgent else "state")]
        return rows + self._people() + self._warnings()

    def _address(self, name: str) -> str:
        message = self.message
        if message.kind is MessageKind.NOTE:
            return ""
        if message.kind in (MessageKind.REPLY, MessageKind.RECEIPT, MessageKind.CALL):
            to = ", ".join(shown_as.line(a.address) for a in message.to[:3]) + (" …" if len(message.to) > 3 else "")
            return f"{self._glyphs.arrow} {to}" if to else ""
        address = shown_as.line(message.sender.address)
        return "" if address == name else address

    def _people(self) -> list[list[Piece]]:
        message, rows = self.message, []
        fields: list[tuple[str, tuple[Address, ...]]] = [("cc", message.cc), ("bcc, inside only:", message.bcc)]
        if self.whole:
            fields = [("to", message.to), *fields, ("answers to", message.reply_to)]
        for label, people in fields:
            if people and message.kind is not MessageKind.NOTE:
                some = people if self.whole else people[:6]
                words = ", ".join(shown_as.line(str(a), 300) for a in some)
                words += f" and {len(people) - len(some)} more" if len(some) < len(people) else ""
                rows += _rows(f"{label} {words}", self.width - INDENT)
        if self.whole and message.subject:
            rows += _rows(f"subject {shown_as.line(message.subject)}", self.width - INDENT)
        return [[Piece(row, "quiet")] for row in rows]

    def _warnings(self) -> list[list[Piece]]:
        return [
            [Piece(row, "warning")]
            for words in (*doubts(self.message), *(shown_as.line(d, 300) for d in self.message.defects))
            for row in _rows(f"! {words}", self.width - INDENT)
        ]

    def _tail(self, room: int) -> list[list[Piece]]:
        number = self.message.id
        fold = {"fold": number}
        pieces = []
        if self.whole and self._folded:
            pieces.append(Piece("- fold again", "fold", fold))
        elif not self.whole:
            pieces += [Piece(f"{self._glyphs.folded} {words}", "fold", fold) for words in self._folded.in_words()]
        pieces += [
            Piece(f"{self._glyphs.folded} {in_words(a)}", "fold", {"attachment": (number, a.part)})
            for a in self.message.attachments
            if self.whole or not a.inline
        ]
        rows: list[list[Piece]] = []
        left = 0
        for piece in pieces:
            text = piece.text if cell_len(piece.text) <= room else shown_as.fit(piece.text, room)
            needed = cell_len(text) + 3
            if not rows or needed > left + 3:
                rows.append([])
                left = room
            if rows[-1]:
                rows[-1].append(Piece("   "))
            rows[-1].append(piece._replace(text=text))
            left -= needed
        return rows


def linked(body: Rows, number: int, style: str = "text") -> list[Piece]:
    """Return a row of a body in pieces: those of a link are clicked to see it in full, and then to open it."""
    text, (start, end) = body[number], body.span(number)
    pieces, place = [], start
    for left, right, link in in_row(body.text, start, end):
        meta = {"link": (link.address, link.words, link.warning)}
        pieces += [Piece(body.text[place:left], style), Piece(body.text[left:right], style, meta)]
        place = right
    return [*pieces, Piece(body.text[place:end], style)] if pieces else [Piece(text, style)]


def in_words(attachment: Attachment) -> str:
    """Return an attachment's name and size: `export.png 48 KB`."""
    return f"{shown_as.line(attachment.filename, 200) or 'unnamed'} {size(attachment.size)}"


def doubts(message: Message) -> list[str]:
    """Say where a mail's sender may not be whom they seem to be."""
    if message.kind not in (MessageKind.CUSTOMER, MessageKind.AUTOMATIC):
        return []
    address, found = message.sender.address, []
    if "@" in message.sender.name and address.lower() not in message.sender.name.lower():
        found.append(f"the name holds an address, but the mail came from {shown_as.line(address)}")
    if hosts.disguised(address.rpartition("@")[2]):
        found.append(f"its letters are not plain: the address is {shown_as.line(hosts.real_address(address))}")
    others = [a.address for a in message.reply_to if a.address and a.address.lower() != address.lower()]
    if others and address:
        found.append(f"an answer goes to {shown_as.line(', '.join(others[:3]))}, not to {shown_as.line(address)}")
    return found


def _name(message: Message) -> str:
    """Return who wrote it; a name that begins like our own words is put in quotes."""
    name = shown_as.line(message.sender.name, 300) or (message.author or "")
    name = name or shown_as.line(message.sender.address, 400) or shown_as.NOBODY
    if message.kind is MessageKind.CUSTOMER and name.upper().startswith(("US ", "US", *_RESERVED)):
        plain = name.upper().split()[:1]
        return f'"{name}"' if plain and plain[0].strip(",:") in {"US", *_RESERVED} else name
    return name


_RESERVED = ("INSIDE", "NOTE", "AUTOMATIC", "BOUNCE", "RECEIPT", "CALL")


def _rows(text: str, width: int) -> list[str]:
    rows = Rows(text, width)
    return [rows[n] for n in range(len(rows))]
