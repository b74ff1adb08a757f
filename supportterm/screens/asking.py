"""Questions to the agent: a line to type, a list to choose from, a yes or no. Esc always answers nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rapidfuzz import fuzz, process
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from supportterm.screens import format as shown_as

T = TypeVar("T")
_SUGGESTED = 8


class Prompt(ModalScreen[str | None]):
    """One line at the foot of the screen; what could be typed next stands above it and Tab takes it.

    `complete(text, cursor)` gives what the word before the cursor could
    become; `check(text)` says what is wrong with the line, empty for nothing.
    """

    DEFAULT_CSS = """
    Prompt { align: left bottom; background: $background 0%; }
    Prompt > Vertical { height: auto; background: $panel; }
    Prompt OptionList { height: auto; max-height: 8; border: none; background: $panel; padding: 0 1; }
    Prompt Horizontal { height: 1; }
    Prompt #label { width: auto; padding: 0 1; color: $accent; }
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
    ) -> None:
        super().__init__()
        self._label = label
        self._value = value
        self._complete = complete
        self._check = check
        self._changed = changed

    def compose(self) -> ComposeResult:
        """Lay out suggestions, problem and line."""
        with Vertical():
            yield OptionList(markup=False, compact=True)
            yield Static("", id="problem", markup=False)
            with Horizontal():
                yield Static(self._label, id="label", markup=False)
                yield Input(self._value, select_on_focus=False, compact=True)

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
        self._suggest()
        self._changed(event.value)

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Answer with the line, unless something is wrong with it."""
        if problem := self._check(event.value):
            self._tell(problem)
        else:
            self.dismiss(event.value)

    @on(OptionList.OptionSelected)
    def picked(self, event: OptionList.OptionSelected) -> None:
        """Take a suggestion by the mouse."""
        self._take(str(event.option.prompt))

    def on_key(self, event: events.Key) -> None:
        """Tab takes the suggestion that is marked, else the first."""
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            options = self.query_one(OptionList)
            if options.option_count:
                self._take(str(options.get_option_at_index(options.highlighted or 0).prompt))

    def action_cancel(self) -> None:
        """Answer nothing."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Mark another suggestion."""
        options = self.query_one(OptionList)
        if options.option_count:
            options.highlighted = ((options.highlighted if options.highlighted is not None else -step) + step) % (
                options.option_count
            )

    def _suggest(self) -> None:
        line, options = self.query_one(Input), self.query_one(OptionList)
        found = [s for s in self._complete(line.value, line.cursor_position) if s][:_SUGGESTED]
        options.clear_options()
        options.add_options([Option(Text(shown_as.line(s, 200))) for s in found])
        options.display = bool(found)
        self.query_one("#problem").display = False

    def _take(self, suggestion: str) -> None:
        line = self.query_one(Input)
        before, after = line.value[: line.cursor_position], line.value[line.cursor_position :]
        start = max(before.rfind(" "), before.rfind("("), before.rfind(")")) + 1
        ending = "" if suggestion.endswith((":", "<", ">", "=", "/")) or after.startswith(" ") else " "
        line.value = before[:start] + suggestion + ending + after
        line.cursor_position = start + len(suggestion) + len(ending)

    def _tell(self, problem: str) -> None:
        told = self.query_one("#problem", Static)
        told.update(Text(shown_as.line(problem, 500)))
        told.display = True


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One line of a picker: its words, a quieter remark, and what choosing it answers."""

    words: str
    value: T
    remark: str = ""


class Pick(ModalScreen[T | None], Generic[T]):
    """A list to choose from, narrowed by typing; with a preview of the marked line where one is given.

    `other` makes a choice of what was typed where it may be something the list does not hold.
    """

    DEFAULT_CSS = """
    Pick { align: center middle; background: $background 40%; }
    Pick > Vertical { width: 80%; max-width: 110; height: auto; max-height: 80%; background: $panel; padding: 0 1; }
    Pick #title { color: $accent; height: 1; }
    Pick Input { border: none; height: 1; padding: 0; background: $panel; }
    Pick Horizontal { height: auto; max-height: 24; }
    Pick OptionList { width: 1fr; height: auto; max-height: 20; border: none; background: $panel; padding: 0; }
    Pick #preview { width: 1fr; max-height: 20; padding: 0 0 0 2; color: $foreground; display: none; }
    Pick.previewing #preview { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "cancel", "Cancel"),
        ("up", "move(-1)", "Up"),
        ("down", "move(1)", "Down"),
        ("ctrl+p", "move(-1)", "Up"),
        ("ctrl+n", "move(1)", "Down"),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[T]],
        preview: Callable[[T], str | Text] | None = None,
        typed: str = "",
        other: Callable[[str], Choice[T] | None] = lambda _typed: None,
        find: Callable[[str], Sequence[Choice[T]]] | None = None,
    ) -> None:
        """Offer choices; `find(typed)` gives those that suit, best first, where resemblance is not enough."""
        super().__init__()
        self._find = find
        self._title = title
        self._choices = list(choices)
        self._found = list(choices)
        self._preview = preview
        self._typed = typed
        self._other = other

    def compose(self) -> ComposeResult:
        """Lay out title, line, list and preview."""
        with Vertical():
            yield Static(shown_as.line(self._title), id="title", markup=False)
            yield Input(self._typed, placeholder="type to narrow", select_on_focus=False, compact=True)
            with Horizontal():
                yield OptionList(markup=False, compact=True)
                with VerticalScroll(id="preview", can_focus=False):
                    yield Static("", markup=False)

    def on_mount(self) -> None:
        """Begin with everything."""
        self.query_one(OptionList).can_focus = False
        self.set_class(self._preview is not None, "previewing")
        self.query_one(Input).focus()
        self._narrow(self._typed)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Narrow the list to what resembles the words."""
        self._narrow(event.value)

    @on(Input.Submitted)
    def entered(self) -> None:
        """Answer with the marked line."""
        marked = self.query_one(OptionList).highlighted
        if self._found and marked is not None:
            self.dismiss(self._found[marked].value)

    @on(OptionList.OptionSelected)
    def picked(self, event: OptionList.OptionSelected) -> None:
        """Answer with the clicked line."""
        self.dismiss(self._found[event.option_index].value)

    @on(OptionList.OptionHighlighted)
    def marked(self, event: OptionList.OptionHighlighted) -> None:
        """Show what choosing it would bring."""
        if self._preview is not None and event.option_index < len(self._found):
            shown = self._preview(self._found[event.option_index].value)
            self.query_one("#preview Static", Static).update(
                shown if isinstance(shown, Text) else Text(shown_as.body(shown))
            )
            self.query_one("#preview", VerticalScroll).scroll_home(animate=False)

    def action_cancel(self) -> None:
        """Answer nothing."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Mark another line."""
        options = self.query_one(OptionList)
        if options.option_count:
            options.highlighted = ((options.highlighted or 0) + step) % options.option_count

    def _narrow(self, text: str) -> None:
        options = self.query_one(OptionList)
        wanted = text.strip().lower()
        if self._find is not None:
            self._found = list(self._find(text.strip()))
        elif wanted:
            names = [f"{choice.words} {choice.remark}".lower() for choice in self._choices]
            found = process.extract(wanted, names, scorer=fuzz.partial_ratio, score_cutoff=65, limit=100)
            found.sort(key=lambda match: (wanted not in match[0], -match[1], match[2]))
            self._found = [self._choices[index] for _, _, index in found]
            if (made := self._other(text.strip())) is not None:
                self._found.append(made)
        else:
            self._found = list(self._choices)
        options.clear_options()
        options.add_options([Option(_line(choice)) for choice in self._found])
        if self._found:
            options.highlighted = 0


def _line(choice: Choice[T]) -> Text:
    text = Text(shown_as.line(choice.words, 400), no_wrap=True, overflow="ellipsis")
    if choice.remark:
        text.append(f"  {shown_as.line(choice.remark, 200)}", style="dim")
    return text


_STEPS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}


class Confirm(ModalScreen[str | None]):
    """A question with a few answers, each on its own key; Esc leaves everything as it is.

    `answers` maps a key to its words; the answer is the key.
    """

    DEFAULT_CSS = """
    Confirm { align: center middle; background: $background 40%; }
    Confirm > Vertical { width: auto; max-width: 90%; min-width: 40; height: auto; max-height: 80%;
                         background: $panel; padding: 1 2; }
    Confirm #question { text-style: bold; width: auto; }
    Confirm #around { width: auto; height: auto; max-height: 60vh; margin: 1 0; scrollbar-size-vertical: 1; }
    Confirm #detail { width: auto; }
    Confirm .answer { width: auto; color: $accent; }
    """

    def __init__(self, question: str, detail: str, answers: dict[str, str]) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Lay out question, detail and answers."""
        with Vertical():
            yield Static(shown_as.line(self._question, 500), id="question", markup=False)
            if self._detail:
                with VerticalScroll(id="around", can_focus=False):
                    yield Static(shown_as.body(self._detail), id="detail", markup=False)
            for key, words in {**self._answers, "escape": "back"}.items():
                name = {"escape": "Esc", "enter": "Enter"}.get(key, key)
                yield Static(f"{name}  {words}", classes="answer", markup=False, name=key)

    def on_key(self, event: events.Key) -> None:
        """Answer with the key, where it is one of the answers."""
        event.stop()
        if event.key == "escape":
            self.dismiss(None)
        elif event.key in ("up", "down", "pageup", "pagedown") and self._detail:
            self.query_one("#around").scroll_relative(y=_STEPS[event.key], animate=False)
        elif event.key in self._answers or event.character in self._answers:
            self.dismiss(event.key if event.key in self._answers else event.character)

    def on_click(self, event: events.Click) -> None:
        """Answer by the mouse."""
        name = event.widget.name if event.widget is not None else None
        if name is not None:
            self.dismiss(None if name == "escape" else name)
