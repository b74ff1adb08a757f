"""The call at the foot of a screen: who, how long, the hold's timer, what the keys do now; its notes once opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import TextArea

from supportterm.domain.calls import Call, State, spoken
from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.words_line import Word, WordsLine, length

if TYPE_CHECKING:
    from supportterm.screens.phone import Phone

_NAME = 24


class CallLine(WordsLine):
    """One line about the call; its words can be clicked."""

    DEFAULT_CSS = """
    CallLine { background: $selected; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._call: Call | None = None
        self._now: datetime | None = None
        self._writes = False
        self._left_at: datetime | None = None
        self._shown: Sequence[Word] = ()

    def show(self, phone: Phone, now: datetime) -> None:
        """Show how the call stands; drawn anew only where its words change."""
        self._call, self._now, self._left_at, self._writes = phone.call, now, phone.left_at, phone.writes
        words = self.words(self.size.width)
        if words != self._shown:
            self._shown = words
            self.refresh()

    def words(self, width: int) -> Sequence[Word]:
        """Return who it is with and for how long, then what the keys do, in fewer words where there is less room."""
        call, now = self._call, self._now
        if call is None or now is None:
            return ()
        for short in (False, True):
            head = self._head(call, now, short=short)
            keys = self._keys(call, short=short)
            found = [*head, Word("   " if short else "      "), *keys]
            if length(found) <= width:
                return found
        while keys and length([*head, Word("  "), *keys]) > width:
            keys = keys[:-2]
        return [*head, Word("  "), *keys]

    def _head(self, call: Call, now: datetime, *, short: bool) -> list[Word]:
        name = shown_as.line(call.who, 80)
        name = name.split()[0] if short and len(name.split()) > 1 else name
        name = shown_as.fit(name, _NAME).rstrip()
        if self._left_at is not None:
            since = shown_as.when(self._left_at, now)
            told = "was under way" if short else "was under way when the console closed,"
            return [Word(" CALL ", "active"), Word(f"{name} ", "name"), Word(f"{told} {since}", "warn")]
        head = [Word(" CALL ", "active"), Word(f"{name} {spoken(call.length(now))}", "name")]
        if call.state is State.ASKING:
            head.append(Word("  ask: hold?" if short else "   ask: “May I put you on hold?”", "warn"))
        elif call.state is State.HOLD:
            sign = call.sign(now)
            mark = {"late": " !!", "warn": " !"}.get(sign.look, "")
            head.append(Word(f"   HOLD {spoken(call.waits(now))}{mark}", sign.look or "active"))
            if sign.offers:
                offer = "offer to call back" if short else "it takes longer: offer to call back"
                head.append(Word(f"  {offer}", "warn", "call.callback"))
        return head

    def _keys(self, call: Call, *, short: bool) -> list[Word]:
        if self._left_at is not None:
            entries = [("call.call", "end it"), ("call.hold", "go on")]
        elif call.state is State.HOLD:
            told, back = ("told", "back") if short else ("told them", "back on the line")
            entries = [("call.call", told), ("call.hold", back), ("call.callback", _back(short))]
        elif call.state is State.ASKING:
            entries = [("call.hold", "they agree"), ("call.call", "they do not"), ("call.callback", _back(short))]
        else:
            entries = [("call.call", "end"), ("call.hold", "hold"), ("call.callback", _back(short))]
        entries.append(("call.call-notes", "close notes" if self._writes and not short else "notes"))
        screen = self.screen
        words: list[Word] = []
        for command, told in entries:
            key = screen.key_of(command) if isinstance(screen, DeskScreen) else ""
            words.append(Word(key, "key", command))
            words.append(Word(f" {told}" + ("  " if short else "   "), "plain", command))
        return words


def _back(short: bool) -> str:
    return "call back" if short else "call back at …"


class NotesArea(TextArea):
    """The call's notes; Esc and the notes' key go back to where one was."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "Back")]

    def action_leave(self) -> None:
        """Go back to where one was."""
        if isinstance(dock := self.parent, CallDock):
            dock.phone.write()


class CallDock(Vertical):
    """Docked over the foot of a screen while a call is under way."""

    DEFAULT_CSS = """
    CallDock { dock: bottom; height: auto; width: 1fr; margin: 0 0 1 0; background: $panel; }
    CallDock NotesArea, CallDock NotesArea:focus { display: none; height: 4; border: none; padding: 0 1;
                                                   background: $panel; }
    CallDock.-writing NotesArea { display: block; }
    CallDock.-roomy NotesArea { height: 7; }
    DeskScreen.-calling CoachLine { display: none !important; }
    """

    def __init__(self, phone: Phone) -> None:
        super().__init__()
        self.phone = phone
        self._before: Widget | None = None

    @classmethod
    def seat(cls, screen: Screen[Any], phone: Phone, now: datetime) -> None:
        """Show the call on a screen, or take it away where there is none."""
        if not isinstance(screen, DeskScreen) or not screen.is_mounted:
            return
        found = screen.query(cls)
        screen.set_class(phone.call is not None, "-calling")
        if phone.call is None:
            for dock in found:
                dock._close()
            found.remove()
        elif found:
            found.first()._show(now)
        else:
            screen.mount(dock := cls(phone))
            dock.call_after_refresh(dock._show, now)

    def compose(self) -> ComposeResult:
        """Lay out the line and the notes."""
        yield CallLine()
        notes = NotesArea(
            self.phone.notes,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder="notes of the call: what they want, what was agreed",
        )
        notes.can_focus = False
        yield notes

    @on(TextArea.Changed)
    def typed(self, event: TextArea.Changed) -> None:
        """Keep what is written."""
        event.stop()
        if event.text_area.has_focus:
            self.phone.typed(event.text_area.text)

    def _show(self, now: datetime) -> None:
        if not self.is_attached or not self.query(NotesArea):
            return
        self.query_one(CallLine).show(self.phone, now)
        self.set_class(self.app.size.height >= 30, "-roomy")
        area = self.query_one(NotesArea)
        if area.text != self.phone.notes:
            area.load_text(self.phone.notes)
        if self.phone.writes is not self.has_class("-writing"):
            self._open() if self.phone.writes else self._close()

    def _open(self) -> None:
        area = self.query_one(NotesArea)
        self._before = self.screen.focused
        self.add_class("-writing")
        area.can_focus = True
        area.focus()
        area.move_cursor(area.document.end)

    def _close(self) -> None:
        self.remove_class("-writing")
        for area in self.query(NotesArea):
            if area.has_focus:
                before = self._before
                self.screen.set_focus(before if before is not None and before.is_attached else None)
            area.can_focus = False
        self._before = None
