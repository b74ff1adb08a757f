"""The customer beside the conversation: who, where, which clocks run, what they asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from supportterm.domain import clocks
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.widgets.message_view import doubts

_LANGUAGES = {
    "en": "English",
    "ru": "Russian",
    "ja": "Japanese",
    "tr": "Turkish",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "uk": "Ukrainian",
    "zh": "Chinese",
    "ko": "Korean",
}


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of a ticket's customer; `offset` is that of their clock, None where no mail of theirs says."""

    ticket: Ticket
    latest: Message | None = None
    earlier: Sequence[Ticket] = field(default_factory=tuple)
    count: int = 0
    offset: timedelta | None = None
    promises: Sequence[TicketClock] = ()


class CustomerCard(VerticalScroll, can_focus=False):
    """A column beside the conversation; on a narrow screen it lies over it."""

    DEFAULT_CSS = """
    CustomerCard { width: 38; background: $surface; padding: 0 2; overflow-x: hidden; scrollbar-size-vertical: 1; }
    CustomerCard Static { width: 1fr; }
    CustomerCard .heading { color: $quiet; margin-top: 1; }
    CustomerCard .name { text-style: bold; }
    CustomerCard .doubt { color: $warning; }
    CustomerCard .quiet { color: $quiet; }
    CustomerCard OptionList { border: none; padding: 0; height: auto; max-height: 40; background: $surface;
                              overflow-x: hidden; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._customer: Customer | None = None
        self._times: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the card."""
        for name in ("name", "address", "doubt", "about quiet", "tags quiet"):
            yield Static("", classes=name, markup=False)
        yield Static("Clocks", classes="heading clocks-heading", markup=False)
        yield Static("", classes="clocks", markup=False)
        yield Static("", classes="heading earlier-heading", markup=False)
        yield OptionList(markup=False, compact=True)

    def show(self, customer: Customer | None, now: datetime) -> None:
        """Show a customer; None empties the card."""
        if customer is None:
            return
        before, self._customer = self._customer, customer
        ticket = customer.ticket
        self._set("name", shown_as.customer(ticket))
        address = shown_as.line(ticket.requester_address)
        self._set("address", address if address != shown_as.customer(ticket) else "")
        found = doubts(customer.latest) if customer.latest is not None else []
        self._set("doubt", "\n".join(f"! {words}" for words in found))
        self._set("tags", " ".join(f"#{shown_as.line(tag, 60)}" for tag in sorted(ticket.tags)))
        count = customer.count
        self._set("earlier-heading", f"{count} other ticket{'s' * (count != 1)}" if count else "First ticket")
        self._times = ()
        self.tick(now)
        if before is None or (before.ticket.key, before.earlier) != (ticket.key, customer.earlier):
            self._list(customer.earlier, now)

    def tick(self, now: datetime) -> None:
        """Show what the passing of time changed."""
        if self._customer is not None and (times := (_about(self._customer, now), _clocks(self._customer, now))):
            if times != self._times:
                self._set("about", times[0])
                self._set("clocks", times[1])
            self._times = times

    def on_descendant_focus(self) -> None:
        """Mark the first ticket of the list, to be chosen by a key."""
        options = self.query_one(OptionList)
        if options.highlighted is None and options.option_count:
            options.highlighted = 0

    def on_descendant_blur(self) -> None:
        """Mark none."""
        self.query_one(OptionList).highlighted = None

    def _set(self, name: str, words: str) -> None:
        static = self.query_one(f".{name}", Static)
        static.update(Text(words, overflow="fold"))
        static.display = bool(words)

    def _list(self, earlier: Sequence[Ticket], now: datetime) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(_line(ticket, now), id=ticket.key) for ticket in earlier])
        options.display = bool(earlier)


def offset_of(date: datetime | None) -> timedelta | None:
    """Return the offset a mail's date was written with, None where it has none."""
    return date.utcoffset() if date is not None else None


def latest_of(messages: Sequence[Message]) -> Message | None:
    """Return the customer's latest own mail."""
    return next((m for m in reversed(messages) if m.kind is MessageKind.CUSTOMER), None)


def _about(customer: Customer, now: datetime) -> str:
    parts = []
    if lang := customer.ticket.lang:
        parts.append(_LANGUAGES.get(lang, shown_as.line(lang, 12)))
    if customer.offset is not None:
        there = now.astimezone(timezone(customer.offset))
        parts.append(f"{there:%H:%M} there ({there:UTC%z})" if customer.offset else f"{there:%H:%M} there (UTC)")
    return " · ".join(_short_offset(part) for part in parts)


def _short_offset(words: str) -> str:
    head, sign, rest = words.partition("(UTC")
    if not sign or rest == ")":
        return words
    digits = rest.rstrip(")")
    hours, minutes = digits[1:3].lstrip("0") or "0", digits[3:5]
    return f"{head}(UTC{digits[:1]}{hours}{'' if minutes == '00' else ':' + minutes})"


def _clocks(customer: Customer, now: datetime) -> str:
    ticket, lines = customer.ticket, []
    if ticket.due_at is not None:
        left = clocks.in_words(ticket.due_at - now)
        lines.append(f"{ticket.due_kind or 'due'}  {left}\n  due {shown_as.when(ticket.due_at, now)}")
    for clock in customer.promises:
        if clock.state is ClockState.RUNNING and clock.due_at is not None:
            left = clocks.in_words(clock.due_at - now)
            due = shown_as.when(clock.due_at, now)
            lines.append(f"promised  {left}\n  “{shown_as.line(clock.words, 120)}”\n  due {due}")
    if ticket.waiting_since is not None:
        waiting = clocks.in_words(now - ticket.waiting_since)
        lines.append(f"waits {waiting}\n  since {shown_as.when(ticket.waiting_since, now)}")
    if ticket.first_replied_at is not None:
        lines.append(f"first answered {shown_as.when(ticket.first_replied_at, now)}")
    if ticket.snoozed_until is not None and ticket.snoozed_until > now:
        lines.append(f"snoozed until {shown_as.when(ticket.snoozed_until, now)}")
    return "\n".join(lines) or "none runs"


def _line(ticket: Ticket, now: datetime) -> Text:
    text = Text(no_wrap=False, overflow="fold")
    text.append(f"{ticket.ref.removeprefix('ST-')}  {ticket.status.value}  {shown_as.when(ticket.created_at, now)}\n")
    text.append(f"  {shown_as.fit(shown_as.subject(ticket), 31).rstrip()}", style="dim")
    return text
