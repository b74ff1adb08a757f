"""Leaving with mail that has not left: what waits, for what, and the agent's choice."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from supportterm.desk.hurry import hurry
from supportterm.domain import held
from supportterm.domain.errors import SupporttermError
from supportterm.domain.operations import Operation, State
from supportterm.screens import format as shown_as
from supportterm.screens.leaving_once import LeavesOnce

if TYPE_CHECKING:
    from supportterm.screens.console import Console
    from supportterm.screens.life import Life

_LOOK_SECONDS = 0.25
_SOON = timedelta(hours=1)
"""Mail that is held for longer is sent by whoever syncs then; the worker does not stay for it."""


def waiting(console: Console) -> list[Operation]:
    """Return the mails that have not left and are to, oldest first."""
    return [mail for mail in console.views.outbox() if not mail.state.is_settled]


class LeavingScreen(LeavesOnce[bool], ModalScreen[bool]):
    """Answers True where the console is to be left, False where the agent goes back."""

    DEFAULT_CSS = """
    LeavingScreen { align: center middle; background: $background 40%; }
    LeavingScreen > Vertical { width: 84; max-width: 96%; height: auto; max-height: 90%;
                               background: $panel; padding: 1 2; }
    LeavingScreen #question { text-style: bold; height: auto; }
    LeavingScreen VerticalScroll { height: auto; max-height: 8; margin: 1 0; }
    LeavingScreen #mails { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    LeavingScreen #how { height: auto; color: $quiet; margin-bottom: 1; }
    LeavingScreen .answer { height: 1; color: $accent; }
    LeavingScreen .answer:hover { text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("w,enter", "wait", "wait"),
        ("s", "send", "send now"),
        ("k,ctrl+q", "keep", "leave"),
        ("escape,q", "back", "back"),
    ]
    _ANSWERS: ClassVar[dict[str, tuple[str, str]]] = {
        "wait": ("w", "wait here until they have left, then quit"),
        "send": ("s", "send now: they can no longer be taken back"),
        "keep": ("k", "quit now: the worker sends them when their time is up"),
        "back": ("Esc", "back to the desk"),
    }

    def __init__(self, mails: Sequence[Operation]) -> None:
        """Ask about those mails."""
        super().__init__()
        self._mails = [mail.id for mail in mails if mail.id is not None]
        self._waits = False

    @property
    def _support(self) -> Console:
        return cast("Life", self.app).support

    def compose(self) -> ComposeResult:
        """Lay out question, mails, what will happen, answers."""
        with Vertical():
            yield Static("", id="question", markup=False)
            with VerticalScroll(can_focus=False):
                yield Static("", id="mails", markup=False)
            yield Static("", id="how", markup=False)
            for name, (key, words) in self._ANSWERS.items():
                yield Static(f"{key:<5}{words}", classes="answer", id=name, markup=False)

    def on_mount(self) -> None:
        """Look, and go on looking."""
        self._look()
        self.set_interval(_LOOK_SECONDS, self._look)

    def on_click(self, event: events.Click) -> None:
        """Answer by the mouse."""
        name = event.widget.id if event.widget is not None else None
        if name in self._ANSWERS:
            getattr(self, f"action_{name}")()

    def action_wait(self) -> None:
        """Stay until they have left."""
        self._waits = True
        self._look()

    def action_send(self) -> None:
        """Cut the undo time short, then wait."""
        self._waits = True
        app = cast("Life", self.app)

        async def send() -> None:
            try:
                await self._support.do(lambda desk: hurry(desk, self._mails))
            except (SupporttermError, sqlite3.Error) as error:
                self._waits = False
                app.refuse(error)

        self.app.run_worker(send(), exit_on_error=False)

    def action_keep(self) -> None:
        """Leave; what can leave is sent by the worker."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Stay."""
        self.dismiss(False)

    def _look(self) -> None:
        try:
            mails = self._support.views.mails(self._mails)
            sync = self._support.views.sync()
            subjects = {m.ticket_key: t for m in mails if (t := self._support.views.ticket(m.ticket_key))}
        except sqlite3.Error:
            return  # not now; the next look comes soon
        if cast("Life", self.app).worker_trouble:
            sync = {**sync, "state": "stopped"}
        now = self._support.now()
        left = [mail for mail in mails if not mail.state.is_settled]
        is_for_now = any(not _is_for_later(mail, now) for mail in left)
        if not left or (self._waits and not is_for_now):
            stopped = sum(mail.state.needs_a_look for mail in mails)
            if stopped:
                self.app.notify(
                    f"{_mails(stopped)} did not leave and need{'s' * (stopped == 1)} a look: see the outbox.",
                    severity="error",
                    markup=False,
                )
            self.dismiss(self._waits and not stopped)
            return
        rows = "\n".join(
            _row(mail, shown_as.subject(subjects[mail.ticket_key]) if mail.ticket_key in subjects else "", sync, now)
            for mail in mails
        )
        count = len(left)
        verb = "has" if count == 1 else "have"
        self.query_one("#question", Static).update(f"{_mails(count)} {verb} not left")
        self.query_one("#mails", Static).update(rows)
        self.query_one("#how", Static).update(self._how(left, sync, now))
        self.query_one("#wait").display = not self._waits and is_for_now
        self.query_one("#send").display = any(
            mail.state is State.QUEUED and mail.not_before > now and not held.is_held(mail) for mail in left
        )

    def _how(self, left: Sequence[Operation], sync: dict[str, Any], now: datetime) -> str:
        trouble = cast("Life", self.app).worker_trouble
        if sync.get("state") == "refused":
            return "The server refused the sign-in: they stay in the outbox until it works again."
        if trouble:
            return f"{shown_as.line(trouble, 200)} They stay in the outbox until it runs."
        if any(mail.not_before - now > _SOON for mail in left):
            host = shown_as.line(platform.node() or "this machine", 60)
            return f"What is held for later leaves only while {host} is awake and supportterm, or its sync, runs on it."
        if sync.get("state") == "offline":
            since = datetime.fromisoformat(sync["since"]).astimezone()
            return f"Offline since {since:%H:%M}: they go when the network is back; the worker stays for that."
        return "Waiting until they have left; then the console closes." if self._waits else ""


def _is_for_later(mail: Operation, now: datetime) -> bool:
    """Tell whether a mail is held for a time that nobody waits for here."""
    return held.is_held(mail) and mail.not_before - now > _SOON


def _mails(count: int) -> str:
    return f"{count} mail{'s' * (count != 1)}"


def _row(mail: Operation, subject: str, sync: dict[str, Any], now: datetime) -> str:
    to = ", ".join(shown_as.line(r.address, 80) for r in mail.recipients)
    return "  ".join((shown_as.fit(_state(mail, sync, now), 21), shown_as.fit(to, 22), subject))


def _state(mail: Operation, sync: dict[str, Any], now: datetime) -> str:
    left = (mail.not_before - now).total_seconds()
    if mail.state is State.ACCEPTED:
        return "has left"
    if mail.state is not State.QUEUED:
        return mail.state.value
    if left > 0 and held.of(mail) is not None:
        here = mail.not_before.astimezone()
        return f"leaves {held.in_words(held.Hold(here, here.tzinfo or UTC), now)}"
    if left > _SOON.total_seconds():
        return f"held until {shown_as.when(mail.not_before, now)}"
    if left > 0:
        return f"leaves in {left:.0f} s" if left < 100 else f"leaves in {left / 60:.0f} min"
    return {
        "offline": "waits for the network",
        "refused": "waits for the sign-in",
        "stopped": "waits for the worker",
    }.get(str(sync.get("state")), "is leaving" if not mail.attempts else "tried again soon")
