"""The demo's coach: one quiet line above the footer that says what to try next, and goes with use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from supportterm.domain.operations import State
from supportterm.screens import format as shown_as
from supportterm.screens.commands import Scope
from supportterm.screens.keys import keys_of, shown
from supportterm.screens.widgets.editor import Editor

if TYPE_CHECKING:
    from supportterm.screens.console import Console

LOOK_SECONDS = 0.25
LABEL, HIDE = "demo", "hide"


@dataclass(frozen=True, slots=True)
class Sight:
    """What the coach sees of the store and of the screen that stands on top."""

    scopes: tuple[Scope, ...]
    customer: str = ""
    """Who is first in the queue."""
    text: str = ""
    """What stands in the editor."""
    blanks: int = 0
    """How many blanks in it are not filled."""
    inside: bool = False
    """What is written is a note, which has another key."""
    waiting: bool = False
    """A mail can still be taken back."""
    written: bool = False
    """A mail was sent or taken back."""
    offline: bool = False
    helped: bool = False
    """The help page is open."""

    @property
    def in_editor(self) -> bool:
        """True where somebody writes."""
        return Scope.REPLY in self.scopes

    @property
    def at_ticket(self) -> bool:
        """True where a ticket is chosen or open."""
        return Scope.TICKET in self.scopes


@dataclass(frozen=True, slots=True)
class Step:
    """Something to try: the words, where they fit, and how it is seen that it was done."""

    name: str
    words: Callable[[Sight, Callable[[str], str]], str]
    fits: Callable[[Sight], bool]
    done: Callable[[Sight, frozenset[str]], bool]


STEPS = (
    Step(
        "undo",
        lambda sight, key: f"it leaves in a few seconds: {key('desk.undo')} takes it back",
        lambda sight: sight.waiting and not sight.in_editor,
        lambda sight, shown: "undo" in shown and not sight.waiting,
    ),
    Step(
        "answer",
        lambda sight, key: f"press {key('ticket.reply')} to answer {sight.customer}",
        lambda sight: sight.at_ticket and not sight.in_editor and bool(sight.customer),
        lambda sight, shown: sight.in_editor,
    ),
    Step(
        "blank",
        lambda sight, key: f"{key('reply.next-blank')} goes to the next blank",
        lambda sight: sight.in_editor and sight.blanks > 0,
        lambda sight, shown: "blank" in shown and sight.in_editor and not sight.blanks,
    ),
    Step(
        "write",
        lambda sight, key: (
            f"write, or find a snippet with {key('reply.snippet')}; `;receipt` and {key('reply.next-blank')} is one"
        ),
        lambda sight: sight.in_editor and not sight.text.strip(),
        lambda sight, shown: sight.in_editor and bool(sight.text.strip()),
    ),
    Step(
        "send",
        lambda sight, key: f"{key('reply.send')} looks it over, asks where something needs you, and sends it",
        lambda sight: sight.in_editor and bool(sight.text.strip()) and not sight.blanks and not sight.inside,
        lambda sight, shown: sight.written,
    ),
    Step(
        "offline",
        lambda sight, key: "pull the cable: type :offline, then answer another",
        lambda sight: sight.at_ticket and not sight.in_editor and sight.written and not sight.offline,
        lambda sight, shown: sight.offline,
    ),
    Step(
        "online",
        lambda sight, key: "off line all goes on and mail waits; :online plugs it in again",
        lambda sight: sight.offline and not sight.in_editor,
        lambda sight, shown: "online" in shown and not sight.offline,
    ),
    Step(
        "keys",
        lambda sight, key: f"{key('desk.keys')} shows every key",
        lambda sight: not sight.in_editor and sight.written,
        lambda sight, shown: sight.helped,
    ),
)


class Coach:
    """Remembers what was tried; what was done once is not said again."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._left = list(STEPS)
        self._shown: frozenset[str] = frozenset()
        self._gone = False
        self._revision = -1
        self._stored: dict[str, Any] = {}

    def line(self) -> CoachLine:
        """Return a line for a screen."""
        return CoachLine(self)

    def leave(self) -> None:
        """Say nothing more."""
        self._gone = True

    def goes_by_escape(self, screen: Screen[Any]) -> bool:
        """Tell whether Esc has nothing better to do on this screen than to send the coach away."""
        return (
            Scope.QUEUE in getattr(screen, "SCOPES", ())
            and not self._gone
            and any(line.display for line in screen.query(CoachLine))
        )

    def advice(self, screen: Screen[Any]) -> str:
        """Look, cross out what was done, and return what to try next here; empty for nothing."""
        if self._gone:
            return ""
        sight = self._look(screen)
        self._left = [step for step in self._left if not step.done(sight, self._shown)]
        here = next((step for step in self._left if step.fits(sight)), None)
        if here is None:
            self._gone = not self._left
            return ""
        self._shown |= {here.name}
        return here.words(sight, lambda command: shown(keys_of(command, self._console.keymap)))

    def _look(self, screen: Screen[Any]) -> Sight:
        views = self._console.views
        if (revision := views.revision()) != self._revision:
            self._revision = revision
            mails = views.outbox(everything=True)
            first = views.queue(self._console.where("is:open"), 1)
            self._stored = {
                "customer": shown_as.customer(first[0]) if first else "",
                "waiting": any(mail.state is State.QUEUED for mail in mails),
                "written": bool(mails),
                "offline": views.sync().get("state") == "offline",
            }
        scopes = getattr(screen, "SCOPES", ())
        editor = next(iter(screen.query(Editor)), None) if Scope.REPLY in scopes else None
        helped = any(getattr(shown, "TITLE_WORDS", "") == "Keys" for shown in screen.app.screen_stack)
        text, blanks, inside = (editor.text, len(editor.unfilled), editor.note) if editor else ("", 0, False)
        return Sight(tuple(scopes), text=text, blanks=blanks, inside=inside, helped=helped, **self._stored)


class CoachLine(Widget):
    """The coach's line on one screen; not there while there is nothing to say."""

    DEFAULT_CSS = """
    CoachLine { dock: bottom; height: 1; margin: 0 0 1 0; background: $background; color: $quiet; display: none; }
    CoachLine > .coach--label { color: $accent; }
    CoachLine > .coach--words { color: $foreground; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"coach--label", "coach--words"}

    def __init__(self, coach: Coach) -> None:
        super().__init__()
        self._coach = coach
        self._words = ""

    def on_mount(self) -> None:
        """Begin to look."""
        self._look()
        self.set_interval(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        if self.screen is self.app.screen and (words := self._coach.advice(self.screen)) != self._words:
            self._words = words
            self.display = bool(words)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the label, the words, and the word that sends the coach away."""
        base = self.rich_style
        escape = "Esc " if self._coach.goes_by_escape(self.screen) else ""
        room = max(self.size.width - len(LABEL) - len(escape) - len(HIDE) - 6, 0)
        words = shown_as.line(self._words, 200)
        if cell_len(words) > room:
            words = shown_as.fit(words, room, self._coach._console.glyphs.more)
        return Strip(
            [
                Segment(" ", base),
                Segment(LABEL, self.get_component_rich_style("coach--label")),
                Segment("  ", base),
                Segment(words, self.get_component_rich_style("coach--words")),
                Segment(" " * (room - cell_len(words) + 2), base),
                Segment(f"{escape}{HIDE}", base + Style.from_meta({"hide": True})),
            ]
        ).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Send the coach away by the mouse."""
        if event.style.meta.get("hide"):
            self._coach.leave()
            self._look()
