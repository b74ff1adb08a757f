"""Whom a mail goes to: a line each for To, Cc and Bcc, with people one has written with as one types."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from supportterm.desk import correspondents
from supportterm.desk.people import People
from supportterm.domain.drafts import Recipients
from supportterm.domain.mail import Address
from supportterm.screens import format as shown_as
from supportterm.screens.console import Console
from supportterm.screens.latest import only_latest
from supportterm.screens.leaving_once import LeavesOnce
from supportterm.screens.widgets.address_line import AddressLine

_FIELDS = ("to", "cc", "bcc")


class EditRecipients(LeavesOnce[tuple[Recipients, str] | None], ModalScreen[tuple[Recipients, str] | None]):
    """Lines at the foot of the screen; Enter takes them, Tab a suggestion or else the next line."""

    DEFAULT_CSS = """
    EditRecipients { align: left bottom; background: $background 0%; }
    EditRecipients > Vertical { height: auto; background: $panel; padding: 0 1; }
    EditRecipients OptionList { height: auto; max-height: 8; border: none; background: $panel; padding: 0 0 0 9;
                                display: none; }
    EditRecipients Horizontal { height: 1; }
    EditRecipients .label { width: 9; color: $accent; }
    EditRecipients Input { border: none; height: 1; padding: 0; background: $panel; width: 1fr; }
    EditRecipients Input:focus { background: $selected; }
    EditRecipients #problem { height: auto; color: $warning; display: none; }
    EditRecipients #keys { height: 1; color: $quiet; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "cancel", "Cancel"),
        ("up", "move(-1)", "Up"),
        ("down", "move(1)", "Down"),
    ]

    def __init__(self, people: Recipients, own: People, subject: str | None = None) -> None:
        """Begin with these; where a subject is given it can be changed too."""
        super().__init__()
        self._people = people
        self._own = own
        self._subject = subject
        self._found: list[Address] = []

    def compose(self) -> ComposeResult:
        """Lay out suggestions, problem and lines."""
        groups = (self._people.to, self._people.cc, self._people.bcc)
        with Vertical():
            yield OptionList(markup=False, compact=True)
            yield Static("", id="problem", markup=False)
            for name, group in zip(_FIELDS, groups, strict=True):
                with Horizontal():
                    yield Static(name.capitalize(), classes="label", markup=False)
                    yield AddressLine(correspondents.written(group), id=name, select_on_focus=False, compact=True)
            if self._subject is not None:
                with Horizontal():
                    yield Static("Subject", classes="label", markup=False)
                    yield Input(self._subject, id="subject", select_on_focus=False, compact=True)
            yield Static("Enter done   Tab suggestion or next line   Esc as it was", id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin in the first line."""
        self.query_one(OptionList).can_focus = False
        for line in self.query(Input):
            line.cursor_position = len(line.value)
        self.query_one("#to", Input).focus()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Look for people."""
        self.query_one("#problem").display = False
        if event.input.has_focus and event.input.id in _FIELDS:
            self._suggest(event.input)

    def on_descendant_focus(self) -> None:
        """Another line: what was suggested for the one before is gone."""
        self.query_one(OptionList).display = False

    @on(AddressLine.Broken)
    def broken(self, event: AddressLine.Broken) -> None:
        """Say that a list of several lines was not taken."""
        self._tell(correspondents.BROKEN, event.line)

    @on(Input.Submitted)
    def entered(self) -> None:
        """Answer with the lines, unless something is wrong with one."""
        groups = {}
        for name in _FIELDS:
            line = self.query_one(f"#{name}", Input)
            groups[name], problem = correspondents.read(line.value, self._own)
            if problem:
                self._tell(problem, line)
                return
        if not groups["to"]:
            self._tell("Nobody stands behind To. Name at least one.", self.query_one("#to", Input))
            return
        named: set[str] = set()
        for name in _FIELDS:
            groups[name] = tuple(a for a in groups[name] if a.address.lower() not in named)
            named |= {a.address.lower() for a in groups[name]}
        subject = self.query_one("#subject", Input).value.strip() if self._subject is not None else ""
        self.dismiss((Recipients(groups["to"], groups["cc"], groups["bcc"]), subject))

    @on(OptionList.OptionSelected)
    def picked(self, event: OptionList.OptionSelected) -> None:
        """Take a suggestion by the mouse."""
        self._take(event.option_index)

    def on_key(self, event: events.Key) -> None:
        """Tab takes the suggestion that is marked, else the first, else goes on to the next line."""
        options = self.query_one(OptionList)
        if event.key == "tab" and options.display and options.option_count:
            event.stop()
            event.prevent_default()
            self._take(options.highlighted or 0)

    def action_cancel(self) -> None:
        """Leave them as they were."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Mark another suggestion, or go to another line."""
        options = self.query_one(OptionList)
        if options.display and options.option_count:
            marked = options.highlighted if options.highlighted is not None else -step
            options.highlighted = (marked + step) % options.option_count
        elif step > 0:
            self.focus_next(Input)
        else:
            self.focus_previous(Input)

    def _suggest(self, line: Input) -> None:
        begun = line.value[: line.cursor_position].rpartition(",")[2].strip()

        async def look() -> None:
            console = cast("Console", cast("Any", self.app).support)
            found = await console.ask(lambda views: views.addresses(begun)) if begun else []
            self._found = [a for a in found if not correspondents.wrong_with(a, self._own)]
            if not self.is_mounted or not line.has_focus:
                return
            if [correspondents.written([a]) for a in self._found] == [begun]:
                self._found = []
            options = self.query_one(OptionList)
            options.clear_options()
            options.add_options([Option(Text(shown_as.line(str(a), 200))) for a in self._found])
            options.display = bool(self._found)

        only_latest(self, look, "completion")

    def _take(self, index: int) -> None:
        line = self.focused
        if not isinstance(line, Input) or index >= len(self._found):
            return
        before, after = line.value[: line.cursor_position], line.value[line.cursor_position :]
        kept = before.rpartition(",")[0]
        taken = (f"{kept}, " if kept else "") + correspondents.written([self._found[index]]) + ", "
        self.query_one(OptionList).display = False
        with self.prevent(Input.Changed):
            line.value = taken + after.lstrip(", ")
        line.cursor_position = len(taken)

    def _tell(self, problem: str, line: Input) -> None:
        told = self.query_one("#problem", Static)
        told.update(Text(shown_as.line(problem, 500)))
        told.display = True
        line.focus()
