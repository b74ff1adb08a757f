"""Why a ticket stands where it stands: its reasons with points and evidence, its clock's steps, its messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from supportterm.domain.message import Message
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.leaving_once import LeavesOnce


class WhyScreen(LeavesOnce[None], ModalScreen[None]):
    """The reasons of one ticket; any of the keys that leave a screen closes it."""

    DEFAULT_CSS = """
    WhyScreen { align: center middle; background: $background 40%; }
    WhyScreen > VerticalScroll { width: 84%; max-width: 110; height: auto; max-height: 84%;
                                 background: $panel; padding: 1 2; scrollbar-size-vertical: 1; }
    WhyScreen Static { width: 1fr; }
    WhyScreen .heading { color: $accent; margin-top: 1; }
    WhyScreen .title { text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,w,enter", "leave", "Close"),
        ("j,down", "scroll(1)", "Down"),
        ("k,up", "scroll(-1)", "Up"),
    ]

    def __init__(
        self,
        ticket: Ticket,
        messages: Sequence[Message],
        clock_steps: Sequence[str],
        now: datetime,
        receipt: Sequence[str] = (),
    ) -> None:
        """Explain this ticket, which holds these messages, as of now.

        `clock_steps` tell its clocks in sentences, `receipt` what became of its receipt.
        """
        super().__init__()
        self._ticket = ticket
        self._messages = messages
        self._clock_steps = clock_steps
        self._now = now
        self._receipt = receipt

    def compose(self) -> ComposeResult:
        """Lay out title, reasons, clock and messages."""
        ticket = self._ticket
        with VerticalScroll():
            yield _static(f"{ticket.ref}  {shown_as.subject(ticket)}", "title")
            yield _static(_place(ticket), "heading")
            for line in reasons(ticket):
                yield _static(line)
            yield _static("Clocks", "heading")
            for line in self._clock_steps:
                indent = " " * (len(line) - len(line.lstrip()) + 2)
                yield _static(indent + shown_as.line(line, 400).strip())
            if self._receipt:
                yield _static("Receipt", "heading")
                for sentence in self._receipt:
                    yield _static(f"  {shown_as.line(sentence, 400)}")
            if joined := [message for message in self._messages if message.joined_by]:
                yield _static("Messages", "heading")
                for message in joined:
                    who = shown_as.line(message.sender.name or message.sender.address) or shown_as.NOBODY
                    why = shown_as.line(message.joined_by)
                    yield _static(f"  {shown_as.when(message.at, self._now)}  {who}: {why}")

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Go a line down or up."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def on_click(self) -> None:
        """Close by the mouse."""
        self.dismiss(None)


def _static(line: str, classes: str = "") -> Static:
    return Static(Text(line), classes=classes, markup=False)


def _place(ticket: Ticket) -> str:
    if not ticket.status.is_ours:
        return f"{ticket.status.value}: it waits for nobody here, so it has no place in the queue"
    return f"{ticket.tier.title}: {ticket.effective_priority.word}, {ticket.score} points"


def reasons(ticket: Ticket) -> Iterator[str]:
    """Say each line of the score, with the customer's words it rests on."""
    for reason in ticket.reasons if ticket.status.is_ours else ():
        evidence = f"  “{shown_as.line(reason.evidence, 200)}”" if reason.evidence else ""
        yield f"  {reason.points:+4d}  {shown_as.line(reason.words)}{evidence}"
    if ticket.override is not None:
        yield f"        an agent set the priority to {ticket.override.word}; it wins"
