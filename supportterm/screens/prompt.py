"""A line to type at the foot of the screen. Esc answers nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from supportterm.screens import format as shown_as
from supportterm.screens.leaving_once import LeavesOnce
from supportterm.screens.query_line import Place, Pointer

_SUGGESTED = 8


class Prompt(LeavesOnce[str | None], ModalScreen[str | None]):
    """One line at the foot of the screen; what could be typed next stands above it and Tab takes it.

    `complete(text, cursor)` gives what the word before the cursor could
    become, `remark(suggestion)` what is said about it; `check(text)` says what
    is wrong with the line, empty for nothing, and `where(text)` which part of
    it that is, to be marked. Enter takes a suggestion that was
    gone to with the arrows, else answers.
    """

    DEFAULT_CSS = """
    Prompt { align: left bottom; background: $background 0%; }
    Prompt > Vertical { height: auto; background: $panel; }
    Prompt OptionList { height: auto; max-height: 8; border: none; background: $panel; padding: 0 1;
                        scrollbar-size-vertical: 1; }
    Prompt Horizontal { height: 1; }
    Prompt #label { width: auto; max-width: 40%; padding: 0 1; color: $accent; text-wrap: nowrap;
                    text-overflow: ellipsis; }
    Prompt Input { border: none; height: 1; padding: 0; background: $panel; width: 1fr; }
    Prompt #problem { height: auto; color: $warning; padding: 0 1; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "cancel", "Cancel"),
        ("up", "move(-1)", "Up"),
        ("down", "move(1)", "Down"),
    ]

    def __init__(
        self,
        label: str,
        value: str = "",
        complete: Callable[[str, int], Sequence[str]] = lambda _text, _cursor: (),
        check: Callable[[str], str] = lambda _text: "",
        changed: Callable[[str], None] = lambda _text: None,
        remark: Callable[[str], str] = lambda _suggestion: "",
        where: Callable[[str], Place | None] = lambda _text: None,
    ) -> None:
        super().__init__()
        self._suggestions: list[str] = []
        self._suggested_for: tuple[str, int] | None = None
        """The line and the cursor in it that the suggestions are for; what was typed right before comes later."""
        self._remark = remark
        self._label = shown_as.line(label, 200)
        self._value = value
        self._complete = complete
        self._check = check
        self._changed = changed
        self._where = where
        self._pointer = Pointer()

    def compose(self) -> ComposeResult:
        """Lay out suggestions, problem and line."""
        with Vertical():
            yield OptionList(markup=False, compact=True)
            yield Static("", id="problem", markup=False)
            with Horizontal():
                yield Static(self._label, id="label", markup=False)
                yield Input(self._value, highlighter=self._pointer, select_on_focus=False, compact=True)

    def on_mount(self) -> None:
        """Begin with the cursor in the line."""
        self.query_one(OptionList).can_focus = False
        line = self.query_one(Input)
        line.focus()
        line.cursor_position = len(self._value)
        self._suggest()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Suggest anew."""
        self._pointer.place = None
        self._suggest()
        self._changed(event.value)

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Answer with the line, unless something is wrong with it."""
        if self._take_marked():
            return
        if problem := self._check(event.value):
            self._tell(problem)
            self._point(event.input)
        else:
            self.dismiss(event.value)

    @on(OptionList.OptionSelected)
    def picked(self, event: OptionList.OptionSelected) -> None:
        """Take a suggestion by the mouse."""
        self._take(self._suggestions[event.option_index])

    def on_key(self, event: events.Key) -> None:
        """Tab takes the suggestion that is marked, else the first."""
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            self._suggest()
            if self._suggestions:
                self._take(self._suggestions[self.query_one(OptionList).highlighted or 0])

    def action_cancel(self) -> None:
        """Answer nothing."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Mark another suggestion."""
        self._suggest()
        options = self.query_one(OptionList)
        if options.option_count:
            options.highlighted = ((options.highlighted if options.highlighted is not None else -step) + step) % (
                options.option_count
            )

    def _suggest(self) -> None:
        line, options = self.query_one(Input), self.query_one(OptionList)
        if self._suggested_for == (line.value, line.cursor_position):
            return
        self._suggested_for = line.value, line.cursor_position
        found = [one for one in self._complete(line.value, line.cursor_position) if one][:_SUGGESTED]
        self._suggestions = found
        widest = min(max((cell_len(shown_as.line(one, 200)) for one in found), default=0), 40)
        options.clear_options()
        options.add_options([Option(self._suggestion(one, widest)) for one in found])
        options.display = bool(found)
        self.query_one("#problem").display = False

    def _suggestion(self, suggestion: str, widest: int) -> Text:
        text = Text(shown_as.fit(shown_as.line(suggestion, 200), widest), no_wrap=True, overflow="ellipsis")
        return text.append(f"  {shown_as.line(self._remark(suggestion), 200)}", "dim")

    def _take_marked(self) -> bool:
        """Take the suggestion the arrows stand on; False where they stand on none, or it is typed already."""
        self._suggest()
        marked = self.query_one(OptionList).highlighted
        if marked is None or marked >= len(self._suggestions):
            return False
        line = self.query_one(Input)
        if line.value[: line.cursor_position].rstrip().endswith(self._suggestions[marked]):
            return False
        self._take(self._suggestions[marked])
        return True

    def _take(self, suggestion: str) -> None:
        line = self.query_one(Input)
        before, after = line.value[: line.cursor_position], line.value[line.cursor_position :]
        start = max(before.rfind(" "), before.rfind("("), before.rfind(")")) + 1
        ending = "" if suggestion.endswith((":", "<", ">", "=", "/")) or after.startswith(" ") else " "
        line.value = before[:start] + suggestion + ending + after
        line.cursor_position = start + len(suggestion) + len(ending)

    def _point(self, line: Input) -> None:
        """Mark the part of the line that is wrong, and put the cursor behind it."""
        self._pointer.place = self._where(line.value)
        if self._pointer.place is not None:
            line.cursor_position = self._pointer.place[1]
            line.refresh()

    def _tell(self, problem: str) -> None:
        told = self.query_one("#problem", Static)
        told.update(Text(shown_as.line(problem, 500)))
        told.display = True
