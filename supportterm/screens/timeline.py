"""What happened to a ticket: every mail and every step of an agent, in words, oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from textual.binding import BindingType

from supportterm.domain import events
from supportterm.domain.events import Event, EventKind
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.commands import Scope
from supportterm.screens.reading import ReadingScreen
from supportterm.screens.widgets.text_lines import TextLines
from supportterm.screens.widgets.wrapping import Rows

_WHEN, _WHO = 18, 18
_CAME = {
    MessageKind.CUSTOMER: "wrote",
    MessageKind.REPLY: "answered",
    MessageKind.INSIDE: "wrote, inside",
    MessageKind.AUTOMATIC: "sent an automatic mail",
    MessageKind.BOUNCE: "returned our mail",
    MessageKind.RECEIPT: "got our receipt",
}


class TimelineScreen(ReadingScreen):
    """The journal of one ticket, with what brought each mail into it."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LIST,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.LIST)]
    TITLE_WORDS = "Timeline"

    def __init__(self, ticket: Ticket) -> None:
        """Show what happened to this ticket."""
        super().__init__()
        self._ticket = ticket

    def head(self) -> str:
        """Return which ticket it is."""
        return f"{self._ticket.ref.removeprefix('ST-')}  {shown_as.subject(self._ticket)}   what happened"

    def on_mount(self) -> None:
        """Show the end of it, which is where it goes on."""
        self.call_after_refresh(self._show, to_end=True)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self._show)

    def store_changed(self) -> None:
        """Read it again."""
        if self.is_mounted:
            self._show()

    def _show(self, *, to_end: bool = False) -> None:
        if not self.query(TextLines):
            return  # it was left before its first rows were read
        views, key = self.console.views, self._ticket.key
        lines = self.lines
        rows = timeline(
            views.events(key), views.messages(key), self.console.now(), self.console.me, max(lines.size.width - 2, 40)
        )
        lines.show(_Rows(rows), _WHEN)
        if to_end:
            lines.action_bottom()


class _Rows(list[str]):
    """Rows of text that fit the screen."""

    width = 0


def timeline(
    journal: Sequence[Event], messages: Sequence[Message], now: datetime, me: str, width: int = 120
) -> list[str]:
    """Return what happened as rows: when, who, what; steps that were taken back say so."""
    undone = events.undone(journal)
    happened = [(m.at, *_mail(m, me)) for m in messages if m.kind in _CAME and m.author is None]
    happened += [(e.at, "you" if e.by == me else e.by, _step(e, taken_back=e.id in undone)) for e in journal]
    happened.sort(key=lambda one: one[0])
    rows: list[str] = []
    last = ""
    for at, who, what in happened:
        when = shown_as.when(at, now)
        words = Rows(shown_as.line(what, 1_000), width - _WHEN - _WHO)
        lead = shown_as.fit("" if when == last else when, _WHEN) + shown_as.fit(shown_as.line(who, 80), _WHO - 2) + "  "
        rows += [(lead if n == 0 else " " * (_WHEN + _WHO)) + words[n] for n in range(len(words))]
        last = when
    return rows


def _mail(message: Message, me: str) -> tuple[str, str]:
    who = shown_as.line(message.sender.name or message.sender.address, 80) or shown_as.NOBODY
    joined = f"   ({shown_as.line(message.joined_by, 300)})" if message.joined_by else ""
    return who, f"{_CAME[message.kind]}: {_gist(message.reply_text)}{joined}"


def _step(event: Event, *, taken_back: bool) -> str:
    payload = event.payload
    change = events.in_words(EventKind.CHANGED, payload.get("change") or {})
    said = ": ".join(str(payload[name]) for name in ("state", "why") if payload.get(name))
    words = {
        EventKind.NOTED: f"wrote a note: {_gist(str(payload.get('text', '')))}",
        EventKind.NOTE_WITHDRAWN: "took the note back",
        EventKind.REPLY_QUEUED: "wrote a reply" + (f"; {change}" if change else ""),
        EventKind.REPLY_UNDONE: "took the reply back before it left"
        + (f": {said}" if said else "")
        + (f"; {change}" if change else ""),
        EventKind.REPLY_ACCEPTED: "the mail server took the reply",
        EventKind.REPLY_STOPPED: f"the reply stopped: {said}" if said else "the reply stopped",
        EventKind.REPLY_RELEASED: f"decided about the reply: {said}" if said else "released the stopped reply",
        EventKind.RECEIPT_QUEUED: "queued a receipt for the customer",
        EventKind.RECEIPT_SENT: "the mail server took the receipt",
        EventKind.RECEIPT_STOPPED: f"the receipt did not leave: {said}",
        EventKind.RECEIPT_WITHHELD: f"sent no receipt: {said}",
        EventKind.MERGED: f"joined {payload.get('ref') or 'another ticket'} with this one{said and ': '}{said}",
        EventKind.UNMERGED: f"took {payload.get('ref')} out again: it is a ticket of its own",
        EventKind.SPLIT: f"made a part of this {payload.get('ref')}",
        EventKind.SPLIT_OFF: f"made this a ticket of its own, out of {payload.get('ref')}",
        EventKind.BLOCKED: f"blocked the sender, {_named(payload)}" + (f"; {change}" if change else ""),
        EventKind.UNBLOCKED: f"let the sender in again, {_named(payload)}" + (f"; {change}" if change else ""),
        EventKind.HINT_MUTED: f"muted the hint “{payload.get('rule')}”",
        EventKind.HINT_HEARD: f"hears the hint “{payload.get('rule')}” again",
    }.get(event.kind) or events.in_words(event.kind, payload)
    if event.undoes and event.kind is EventKind.CHANGED:
        words = f"took a step back: {words}"
    return f"{words}   (taken back)" if taken_back else words


def _named(payload: Mapping[str, Any]) -> str:
    return shown_as.line(", ".join(payload.get("addresses") or ()), 200) or "blocked before"


def _gist(text: str) -> str:
    bare = shown_as.line(" ".join(text[:400].split()), 120)
    return f"“{bare}”" if bare else "(no text)"
