"""The check before sending: a list of what would embarrass, shown only where there is something to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from supportterm.screens import format as shown_as
from supportterm.screens.leaving_once import LeavesOnce

if TYPE_CHECKING:
    from supportterm.domain.hints.hint import Hint
    from supportterm.screens.promise_lines import PromiseLines


@dataclass(frozen=True, slots=True)
class Remark:
    """One line: its words, and what they are about; one of newer mail has neither hint, command nor promise."""

    words: str
    hint: Hint | None = None
    is_final: bool = False
    """True where it must be mended first."""
    command: str = ""
    """What Enter carries out."""
    promise: int | None = None
    """The place of the promise it asks about."""

    @property
    def is_news(self) -> bool:
        """True where newer mail is told."""
        return self.hint is None and not self.command and self.promise is None

    @property
    def does(self) -> str:
        """What may be done about it, in words."""
        if self.command:
            return "Enter changes it"
        if self.hint is None:
            return "v shows it"
        return "Enter goes there" if self.hint.start is not None or not self.hint.suggestion else "a adds a line"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agent wants: `send`, `go`, `add`, `show`, `run` or `note`, and about which line."""

    wish: str
    remark: Remark


class SendCheck(LeavesOnce[Answer | None], ModalScreen[Answer | None]):
    """Remarks to choose from; `y` sends as it is, unless one must be mended first. Esc goes back to writing."""

    DEFAULT_CSS = """
    SendCheck { align: center middle; background: $background 60%; }
    SendCheck > Vertical { width: 84%; max-width: 100; height: auto; max-height: 90%;
                           background: $panel; padding: 1 2; }
    SendCheck #question { text-style: bold; height: auto; margin-bottom: 1; }
    SendCheck OptionList { height: auto; max-height: 12; border: none; background: $panel; padding: 0;
                           scrollbar-size-vertical: 1; }
    SendCheck OptionList:focus { border: none; background-tint: $foreground 0%; }
    SendCheck OptionList > .option-list--option { padding: 0 1; }
    SendCheck OptionList > .option-list--option-highlighted { background: $selected; color: $foreground;
                                                              text-style: none; }
    SendCheck OptionList:focus > .option-list--option-highlighted { background: $selected; color: $foreground;
                                                                    text-style: none; }
    SendCheck VerticalScroll { height: auto; max-height: 30vh; margin-top: 1; scrollbar-size-vertical: 1; }
    SendCheck #detail { height: auto; color: $quiet; }
    SendCheck #signed { height: 1; margin-top: 1; padding: 0 2; color: $quiet;
                        text-wrap: nowrap; text-overflow: ellipsis; }
    SendCheck #answers { height: auto; margin-top: 1; }
    SendCheck .answer { width: auto; height: 1; padding: 0 1; pointer: pointer; }
    SendCheck .answer:hover { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "answer('')", show=False),
        Binding("y", "answer('send')", show=False),
        Binding("a", "answer('add')", show=False),
        Binding("v", "answer('show')", show=False),
        Binding("n", "answer('note')", show=False),
        Binding("e", "time", show=False),
        Binding("space", "turn", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
    ]

    def __init__(
        self,
        question: str,
        remarks: Sequence[Remark],
        detail: str = "",
        promises: PromiseLines | None = None,
        signed: str = "",
    ) -> None:
        """Ask `question` about these; `detail` is the newer mail, to read here, `promises` those to answer here.

        `signed` is the signature that will stand below, on one line.
        """
        super().__init__()
        self._signed = signed
        self._promises = promises
        self._question = question
        self._remarks = tuple(remarks)
        self._detail = detail

    def compose(self) -> ComposeResult:
        """Lay out question, remarks, newer mail and answers."""
        with Vertical():
            yield Static(shown_as.line(self._question, 500), id="question", markup=False)
            yield OptionList(*(Option(self._row(remark)) for remark in self._remarks))
            if self._detail:
                with VerticalScroll(can_focus=False):
                    yield Static(shown_as.body(self._detail), id="detail", markup=False)
            if self._signed:
                yield Static(f"Below it  {shown_as.line(self._signed, 400)}", id="signed", markup=False)
            with Vertical(id="answers"):
                for wish, key, words in self._answers():
                    yield Static(
                        Text(f"{key:<5}", "bold").append(f"  {words}", "not bold"),
                        classes="answer",
                        name=wish or "back",
                        markup=False,
                    )

    def on_mount(self) -> None:
        """Begin at the first line."""
        self.query_one(OptionList).focus()

    def _answers(self) -> list[tuple[str, str, str]]:
        answers = [("go", "Enter", "look at this line")] if any(r.promise is None for r in self._remarks) else []
        if any(remark.promise is not None for remark in self._remarks):
            answers += [
                ("turn", "space" if answers else "Enter", "yes or no to the promise"),
                ("time", "e", "give it another time"),
            ]
        if any(_can_add(remark) for remark in self._remarks):
            answers.append(("add", "a", "add what is suggested"))
        if any(remark.is_news for remark in self._remarks):
            answers.append(("show", "v", "show it in the conversation"))
        if not self._must_be_mended:
            answers.append(("send", "y", "send as it is"))
        return [*answers, ("note", "n", "make it a note"), ("", "Esc", "back to writing")]

    @property
    def _must_be_mended(self) -> bool:
        return any(remark.is_final for remark in self._remarks)

    @on(OptionList.OptionSelected)
    def chosen(self) -> None:
        """Go to the chosen line's words."""
        self.action_answer("go")

    def action_move(self, step: int) -> None:
        """Choose the next or previous line."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if step > 0 else options.action_cursor_up)()

    def action_answer(self, wish: str) -> None:
        """Answer, where that is one of the answers now."""
        remark = self._here
        if wish == "go" and remark.promise is not None:
            self.action_turn()
            return
        if wish == "go" and remark.command:
            self.dismiss(Answer("run", remark))
            return
        if wish == "go" and remark.hint is None:
            wish = "show"
        if wish == "add":
            remark = remark if _can_add(remark) else next(filter(_can_add, self._remarks), remark)
        if wish not in {name for name, _, _ in self._answers()}:
            if wish == "send":
                self.app.notify("A line with a cross must be mended first: Enter goes there.", severity="warning")
            return
        self.dismiss(Answer(wish, remark) if wish else None)

    def action_turn(self) -> None:
        """Answer the promise of the chosen line otherwise; where its time is unclear, ask for it."""
        place = self._promised
        if place is None or self._promises is None:
            return
        if self._promises.turn(place):
            self._draw()
        else:
            self.action_time()

    def action_time(self) -> None:
        """Ask for the time of the chosen line's promise, else of the first."""
        place = self._promised
        if place is not None and self._promises is not None:
            self._promises.ask_time(self, place, self._draw)

    @property
    def _here(self) -> Remark:
        return self._remarks[self.query_one(OptionList).highlighted or 0]

    @property
    def _promised(self) -> int | None:
        """The promise of the chosen line, else the first."""
        if self._here.promise is not None:
            return self._here.promise
        return next((r.promise for r in self._remarks if r.promise is not None), None)

    def _draw(self) -> None:
        options = self.query_one(OptionList)
        for number, remark in enumerate(self._remarks):
            if remark.promise is not None:
                options.replace_option_prompt_at_index(number, self._row(remark))

    def _row(self, remark: Remark) -> Text:
        if remark.promise is None or self._promises is None:
            return _row(remark)
        row = Text("  ").append(self._promises.words(remark.promise))
        row.append(f"   {self._promises.answer(remark.promise)}", "bold")
        return row.append(f"\n    {self._promises.clause(remark.promise)}", "dim not bold")

    def on_click(self, event: events.Click) -> None:
        """Answer by the mouse; a click beside it goes back."""
        name = event.widget.name if event.widget is not None else None
        if name is not None:
            if name in ("turn", "time"):
                getattr(self, f"action_{name}")()
            else:
                self.action_answer("" if name == "back" else name)
        elif event.widget is self:
            self.dismiss(None)


def _can_add(remark: Remark) -> bool:
    hint = remark.hint
    return hint is not None and hint.start is None and bool(hint.suggestion)


def _row(remark: Remark) -> Text:
    sign = "x " if remark.is_final else "  "
    row = Text(sign, "bold").append(shown_as.line(remark.words, 200), "not bold")
    return row.append(f"   {remark.does}", "dim not bold")
