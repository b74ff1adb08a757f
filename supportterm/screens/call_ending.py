"""The end of a call: its summary is read back and put right, then how it ended is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from supportterm.domain import callers
from supportterm.domain.calls import Call, Ending, State, spoken
from supportterm.domain.ledger import ClockState
from supportterm.domain.policies import ClockKind
from supportterm.domain.ticket import Status, Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.leaving_once import LeavesOnce

if TYPE_CHECKING:
    from supportterm.screens.console import Console
    from supportterm.screens.phone import Phone

_UNREACHED = "nobody reached"
_OUTCOMES: tuple[Status | str, ...] = (Status.PENDING, Status.SOLVED, Status.OPEN, Status.ON_HOLD, _UNREACHED)
_MAILS = ("no mail", "draft to look at", "send it")
_SENT = {"draft to look at": "draft", "send it": "send"}
DROP = "drop"
Ended = Ending | str


class CallEnding(LeavesOnce[Ended | None], ModalScreen[Ended | None]):
    """Answers how the call ended, `drop` where there was none, None to go on; F-keys, as one types here."""

    DEFAULT_CSS = """
    CallEnding { align: center middle; background: $background 60%; }
    CallEnding > Vertical { width: 84; max-width: 96%; height: auto; max-height: 96%;
                            background: $panel; padding: 1 2; }
    CallEnding .part { height: auto; width: 1fr; }
    CallEnding #head { text-style: bold; }
    CallEnding TextArea, CallEnding TextArea:focus { height: 8; border: none; padding: 0 1; margin: 1 0;
                                                     background: $boost; }
    CallEnding.-short TextArea, CallEnding.-short TextArea:focus { height: 5; margin: 0; }
    CallEnding .choice { pointer: pointer; }
    CallEnding .choice:hover { background: $boost; }
    CallEnding #why { color: $warning; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "finish", "End"),
        ("f3", "outcome", "Outcome"),
        ("f4", "read_back", "Read back"),
        ("f5", "mail", "Mail"),
        ("f8", "drop", "No call"),
        ("escape", "back", "Back"),
    ]

    def __init__(self, phone: Phone, call: Call, ticket: Ticket | None, console: Console) -> None:
        super().__init__()
        self._phone, self._call, self._ticket, self._support = phone, call, ticket, console
        self._left_at = phone.left_at
        running = console.views.clocks(ticket.key) if ticket is not None else []
        back = any(
            c.kind == ClockKind.CALLBACK and c.state is ClockState.RUNNING and c.started_at >= call.started_at
            for c in running
        )
        self._outcome: Status | str = Status.OPEN if back else Status.PENDING
        self._read_back = self._left_at is None
        self._mail = _MAILS[0]

    def compose(self) -> ComposeResult:
        """Lay out the summary and the choices."""
        with Vertical():
            yield Static("", id="head", classes="part", markup=False)
            yield Static("", id="ask", classes="part quiet", markup=False)
            yield TextArea(
                self._phone.notes,
                soft_wrap=True,
                show_line_numbers=False,
                tab_behavior="focus",
                highlight_cursor_line=False,
                placeholder="what was agreed",
            )
            for name in ("outcome", "read_back", "mail"):
                yield Static("", id=name, name=name, classes="part choice", markup=False)
            yield Static("", id="why", markup=False)
            yield Static(_key("F2", "end the call"), name="finish", classes="part choice", markup=False)
            yield Static(_key("F8", "there was no call: forget it"), name="drop", classes="part choice", markup=False)
            yield Static(_key("Esc", "go on talking"), name="back", classes="part choice", markup=False)

    def on_mount(self) -> None:
        """Begin behind the last word, and let the time go on."""
        self.set_class(self.app.size.height < 30, "-short")
        area = self.query_one(TextArea)
        area.focus()
        area.move_cursor(area.document.end)
        self.set_interval(1, self._show)
        self._show()

    def _show(self) -> None:
        call, now = self._call, self._support.now()
        until = self._left_at or now
        held, lasted = call.held(until), call.length(until)
        parts = [f"Call with {shown_as.line(call.who, 60)}", spoken(lasted)]
        parts += [f"on hold {spoken(held)}"] if held else []
        self.query_one("#head", Static).update("   ".join(parts))
        ask = "Read this back to them, and put it right:" if call.state is State.LINE else "What was agreed:"
        if self._left_at is not None:
            ask = f"It ends as of {shown_as.when(self._left_at, now)}, when the console closed. What was agreed:"
        self.query_one("#ask", Static).update(ask)
        address = self._ticket.requester_address if self._ticket is not None else ""
        no_mail = not address or callers.is_number(address)
        mail = "no address to mail to" if no_mail else self._mail
        self.query_one("#outcome", Static).update(_key("F3", "after it", str(self._outcome)))
        self.query_one("#read_back", Static).update(
            _key("F4", "summary", "read back, they agree" if self._read_back else "not read back")
        )
        self.query_one("#mail", Static).update(
            _key(
                "F5",
                "summary mail",
                mail if no_mail or mail == _MAILS[0] else f"{mail}, to {shown_as.line(address, 60)}",
            )
        )

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked line says; a click beside it goes on talking."""
        name = event.widget.name if event.widget is not None else None
        if name:
            getattr(self, f"action_{name}")()
        elif event.widget is self:
            self.action_back()

    def action_outcome(self) -> None:
        """Choose the next status."""
        self._outcome = _OUTCOMES[(_OUTCOMES.index(self._outcome) + 1) % len(_OUTCOMES)]
        if self._outcome == _UNREACHED:
            self._read_back = False
        self._show()

    def action_read_back(self) -> None:
        """Say whether the summary was read back."""
        self._read_back = not self._read_back
        self._show()

    def action_mail(self) -> None:
        """Choose what becomes of a summary mail."""
        address = self._ticket.requester_address if self._ticket is not None else ""
        if not address or callers.is_number(address):
            self.query_one("#why", Static).update("There is no address to mail to.")
            return
        self._mail = _MAILS[(_MAILS.index(self._mail) + 1) % len(_MAILS)]
        self._show()

    def action_finish(self) -> None:
        """End the call."""
        text = self.query_one(TextArea).text
        if self._mail in _SENT and not text.strip():
            self.query_one("#why", Static).update("A mail needs a summary: write what was agreed.")
            return
        self._phone.typed(text)
        reached = self._outcome != _UNREACHED
        self.dismiss(
            Ending(
                Status(self._outcome) if reached else None,
                reached,
                self._read_back and bool(text.strip()) and reached,
                _SENT.get(self._mail, ""),
                self._left_at,
            )
        )

    def action_drop(self) -> None:
        """Say that there was no call."""
        self.dismiss(DROP)

    def action_back(self) -> None:
        """Go on talking, with the notes as they are now."""
        self._phone.typed(self.query_one(TextArea).text)
        self.dismiss(None)


def _key(key: str, words: str, value: str = "") -> Text:
    text = Text(f"{key:<4}", "bold").append(f"{words:<14}" if value else words, "not bold dim" if value else "not bold")
    return text.append(value, "not bold") if value else text
