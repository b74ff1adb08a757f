"""Why a ticket stands where it stands: its reasons with points and evidence, its clock's steps, its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.events import Click
from textual.message import Message as Event
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from supportterm.domain import rejections
from supportterm.domain.errors import SupporttermError
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind, Reason, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.leaving_once import LeavesOnce
from supportterm.screens.widgets.reason_list import ReasonList

if TYPE_CHECKING:
    from supportterm.screens.console import Console


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a reason's words stand: the message, None where it is gone, and the words."""

    message: int | None
    words: str


class WhyScreen(LeavesOnce[Evidence | None], ModalScreen[Evidence | None]):
    """The reasons of one ticket; Enter on one goes to its words, `x` says that it is not true here."""

    DEFAULT_CSS = """
    WhyScreen { align: center middle; background: $background 40%; }
    WhyScreen > VerticalScroll { width: 84%; max-width: 110; height: auto; max-height: 84%;
                                 background: $panel; padding: 1 2; scrollbar-size-vertical: 1; }
    WhyScreen Static { width: 1fr; }
    WhyScreen .heading { color: $accent; margin-top: 1; }
    WhyScreen .title { text-style: bold; }
    WhyScreen .hint { color: $quiet; }
    WhyScreen ReasonList { margin-bottom: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,w", "leave", "Close"),
        ("j,down", "move(1)", "Down"),
        ("k,up", "move(-1)", "Up"),
        ("x", "reject", "Not true here"),
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

    class Rejected(Event):
        """An agent said that a line is not true of this ticket."""

        def __init__(self, reason: Reason) -> None:
            super().__init__()
            self.reason = reason

    def compose(self) -> ComposeResult:
        """Lay out title, reasons, clock and messages."""
        ticket = self._ticket
        with VerticalScroll():
            yield _static(f"{ticket.ref}  {shown_as.subject(ticket)}", "title")
            yield _static(_place(ticket), "heading")
            yield ReasonList()
            yield _static("", "hint")
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

    def on_mount(self) -> None:
        """Show the reasons."""
        self._show(self._ticket)

    def store_changed(self) -> None:
        """Show what became of the reasons."""
        views = self._support.views
        ticket = views.ticket(views.resolve(self._ticket.key))
        if ticket is not None and ticket != self._ticket:
            self._show(ticket)

    def _show(self, ticket: Ticket) -> None:
        self._ticket = ticket
        self.query_one(".heading", Static).update(Text(_place(ticket)))
        reasons = self.query_one(ReasonList)
        reasons.show(ticket, self._support.views.rejections_of)
        on_a_line = "Enter goes to the words, x says it is not true here, " if reasons.reason is not None else ""
        self.query_one(".hint", Static).update(Text(f"{on_a_line}Esc closes"))
        reasons.focus()

    @property
    def _support(self) -> Console:
        return cast("Console", cast("Any", self.app).support)

    def action_move(self, step: int) -> None:
        """Choose the next or previous line; behind the last, scroll."""
        reasons = self.query_one(ReasonList)
        place = reasons.highlighted
        last = len([reason for reason in self._ticket.reasons if self._ticket.status.is_ours]) - 1
        if place is None or not 0 <= place + step <= last:
            self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)
        else:
            reasons.highlighted = place + step
            reasons.scroll_visible(animate=False)

    @on(OptionList.OptionSelected)
    def jump(self) -> None:
        """Go to the words of the chosen line; where it has none, say so."""
        reason = self.query_one(ReasonList).reason
        if reason is None or not reason.evidence:
            self.app.notify("This line rests on a fact, not on the customer's words.")
            return
        self.dismiss(Evidence(spoken(self._messages, reason.evidence), reason.evidence))

    def action_reject(self) -> None:
        """Say that the chosen line is not true here."""
        reason = self.query_one(ReasonList).reason
        if reason is None:
            return
        if problem := rejections.why_not(reason):
            self.app.notify(problem)
        else:
            self.post_message(self.Rejected(reason))

    @on(Rejected)
    def carry_out(self, event: Rejected) -> None:
        """Take the line out of the score, and show what is left of it."""
        self.run_worker(self._reject(event.reason), exit_on_error=False)

    async def _reject(self, reason: Reason) -> None:
        from supportterm.desk import rejecting

        key = self._ticket.key
        try:
            done = await self._support.do(lambda desk: rejecting.reject(desk, key, reason))
        except SupporttermError as problem:
            self.app.notify(str(problem), severity="warning")
            return
        if self.is_mounted:
            self.app.notify(f"{done.ref}: {done.words}")
            self.store_changed()

    def on_click(self, event: Click) -> None:
        """Close by the mouse, beside the lines."""
        if not isinstance(event.widget, ReasonList):
            self.dismiss(None)


def _static(line: str, classes: str = "") -> Static:
    return Static(Text(line), classes=classes, markup=False)


def _place(ticket: Ticket) -> str:
    if not ticket.status.is_ours:
        return f"{ticket.status.value}: it waits for nobody here, so it has no place in the queue"
    return f"{ticket.tier.title}: {ticket.effective_priority.word}, {ticket.score} points"


def spoken(messages: Sequence[Message], words: str) -> int | None:
    """Return the customer's newest message that holds these words."""
    sought = " ".join(words.split())
    theirs = [m for m in messages if m.kind is MessageKind.CUSTOMER]
    texts = ((m, " ".join((m.reply_text or m.text).split())) for m in reversed(theirs))
    found = next((m.id for m, text in texts if sought in text), None)
    return found if found is not None or not theirs else theirs[-1].id
