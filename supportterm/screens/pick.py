"""A list to choose from, narrowed by typing. Esc answers nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Static

from supportterm.screens import format as shown_as
from supportterm.screens.leaving_once import LeavesOnce
from supportterm.screens.likeness import ranked
from supportterm.screens.widgets.row_list import Line, Row, RowList

T = TypeVar("T")
PREVIEW_SECONDS = 0.08
"""How long the mark rests before the preview follows: nothing else moves while one types."""
_MOST = 300
"""As many lines of those found are shown; the count says that there are more."""


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One line of a picker: its words, a quieter remark, what choosing it answers.

    `key` stands at the right; `why_not` says why it cannot be chosen now.
    """

    words: str
    value: T
    remark: str = ""
    key: str = ""
    why_not: str = ""


class Pick(LeavesOnce[T | None], ModalScreen[T | None], Generic[T]):
    """A list to choose from, narrowed by typing; with a preview of the marked line where one is given.

    It keeps its size while it narrows, so that nothing jumps. `other` makes a
    choice of what was typed where it may be something the list does not hold;
    with `other_first` that comes first unless a line of the list begins so.
    """

    DEFAULT_CSS = """
    Pick { align: center middle; background: $background 60%; }
    Pick > Vertical { width: 84%; max-width: 100; height: auto; max-height: 90%; background: $panel; padding: 1 2; }
    Pick.previewing > Vertical { max-width: 140; }
    Pick #title { height: 1; width: 1fr; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    Pick #head { height: 1; margin-bottom: 1; }
    Pick #count { width: 16; text-align: right; color: $quiet; }
    Pick Input { border: none; height: 1; padding: 0; background: $boost; margin-bottom: 1; }
    Pick #middle { height: auto; }
    Pick RowList { width: 1fr; background: $panel; }
    Pick #preview { width: 1fr; padding: 0 0 0 2; display: none; scrollbar-size-vertical: 1; }
    Pick.previewing #preview { display: block; }
    Pick #why { height: 1; color: $quiet; margin-top: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "cancel", "Cancel"),
        ("up", "move(-1)", "Up"),
        ("down", "move(1)", "Down"),
        ("ctrl+p", "move(-1)", "Up"),
        ("ctrl+n", "move(1)", "Down"),
        ("pageup", "page(-1)", "Page up"),
        ("pagedown", "page(1)", "Page down"),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[T]],
        preview: Callable[[T], str | Text] | None = None,
        typed: str = "",
        other: Callable[[str], Choice[T] | None] = lambda _typed: None,
        find: Callable[[str], Sequence[Choice[T]]] | None = None,
        *,
        other_first: bool = False,
    ) -> None:
        """Offer choices; `find(typed)` gives those that suit, best first, where resemblance is not enough."""
        super().__init__()
        self._find = find
        self._title = title
        self._other = other
        self._other_first = other_first
        self._made: Choice[T] | None = None
        self._choices = list(choices)
        self._preview = preview
        self._typed = typed
        self._previewed: Choice[T] | None = None
        self._preview_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, line, list, preview and what stands in the way."""
        with Vertical():
            with Horizontal(id="head"):
                yield Static(shown_as.line(self._title), id="title", markup=False)
                yield Static("", id="count", markup=False)
            yield Input(self._typed, placeholder="type to narrow", select_on_focus=False, compact=True)
            with Horizontal(id="middle"):
                yield RowList(at_once=True, focusable=False)
                with VerticalScroll(id="preview", can_focus=False):
                    yield Static("", markup=False)
            yield Static("", id="why", markup=False)

    def on_mount(self) -> None:
        """Begin with everything."""
        self.set_class(self._preview is not None, "previewing")
        self._measure()
        line = self.query_one(Input)
        line.focus()
        line.cursor_position = len(self._typed)
        self._narrow(self._typed)

    def on_resize(self) -> None:
        """Keep within the screen."""
        self._measure()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Narrow the list to what resembles the words."""
        self._narrow(event.value)

    @on(Input.Submitted)
    def entered(self) -> None:
        """Answer with the marked line."""
        self.query_one(RowList).choose()

    @on(RowList.Chosen)
    def chosen(self, event: RowList.Chosen) -> None:
        """Answer with the chosen line, unless it cannot be chosen now; why stands below."""
        choice = self._choice(event.row_id)
        if choice is not None and not choice.why_not:
            self.dismiss(choice.value)

    @on(RowList.Marked)
    def marked(self, event: RowList.Marked) -> None:
        """Show what choosing it would bring, or why it cannot be chosen."""
        choice = self._choice(event.row_id)
        why = self.query_one("#why", Static)
        none = (
            "Nothing is like that; Esc leaves." if self.query_one(Input).value else "Nothing here; type, or Esc leaves."
        )
        why.update(none if choice is None else shown_as.line(choice.why_not, 300), layout=False)
        if self._preview_timer is not None:
            self._preview_timer.stop()
        if self._previewed is None:
            self._show_preview(choice)
        else:
            self._preview_timer = self.set_timer(PREVIEW_SECONDS, lambda: self._show_preview(choice))

    def _show_preview(self, choice: Choice[T] | None) -> None:
        """Show what choosing a line would bring, from its beginning."""
        if self._preview is not None and (choice is None or choice is not self._previewed):
            self._previewed = choice
            shown = "" if choice is None else self._preview(choice.value)
            self.query_one("#preview Static", Static).update(
                shown if isinstance(shown, Text) else Text(shown_as.body(shown))
            )
            self.query_one("#preview").scroll_home(animate=False)

    def on_click(self, event: events.Click) -> None:
        """Leave by a click beside the list."""
        if event.widget is self:
            self.dismiss(None)

    @property
    def marked_choice(self) -> Choice[T] | None:
        """The choice that is marked."""
        return self._choice(self.query_one(RowList).selected)

    def action_cancel(self) -> None:
        """Answer nothing."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Mark another line."""
        self.query_one(RowList).move(step)

    def action_page(self, step: int) -> None:
        """Mark the line a page further on."""
        self.query_one(RowList).page(step)

    def _measure(self) -> None:
        """Take the height that everything needs, no more than the screen has."""
        room = max(int(self.app.size.height * 0.9) - 8, 3)
        wanted = max(len(self._choices), 12) if self._preview is not None else len(self._choices)
        height = min(max(wanted, 1), room, 24)
        self.query_one(RowList).styles.height = height
        self.query_one("#preview").styles.height = height

    def _choice(self, place: object) -> Choice[T] | None:
        if place == len(self._choices):
            return self._made
        return self._choices[place] if isinstance(place, int) else None

    def _narrow(self, text: str) -> None:
        if self._find is not None:
            self._choices = list(self._find(text))
            places = list(range(min(len(self._choices), _MOST)))
        else:
            names, remarks = [c.words for c in self._choices], [c.remark for c in self._choices]
            places = ranked(text, names, remarks)
        total = len(self._choices)
        shown = len(places)
        beside = self._choices if any(choice.remark for choice in self._choices) else []
        widest = max((cell_len(shown_as.line(choice.words, 400)) for choice in beside), default=0)
        rows = [Row(place, _drawn(self._choices[place], widest)) for place in places]
        self._made = self._other(text.strip()) if text.strip() else None
        if self._made is not None:
            begins = text.strip().casefold()
            is_begun = any(self._choices[place].words.casefold().startswith(begins) for place in places)
            rows.insert(0 if self._other_first and not is_begun else len(rows), Row(total, _drawn(self._made, widest)))
        self.query_one(RowList).show(rows, rows[0].id if rows else None)
        self.query_one("#count", Static).update(f"{shown} of {total}" if shown < total else str(total), layout=False)


def _drawn(choice: Choice[T], widest: int) -> Callable[[int], Sequence[Line]]:
    role = "quiet" if choice.why_not else ""

    def draw(cells: int) -> Sequence[Line]:
        words, remark = shown_as.line(choice.words, 400), shown_as.line(choice.remark, 400)
        key = f"  {choice.key}" if choice.key else ""
        room = cells - cell_len(key)
        named = min(max(widest, cell_len(words)), room if not remark else cells * 2 // 5)
        rest = room - named - 2
        if not remark or rest < 8:
            return [[(shown_as.fit(words, room), role), (key, "quiet" if choice.why_not else "accent")]]
        return [
            [
                (shown_as.fit(words, named), role or "strong"),
                ("  " + shown_as.fit(remark, rest), "quiet"),
                (key, "quiet" if choice.why_not else "accent"),
            ]
        ]

    return draw
