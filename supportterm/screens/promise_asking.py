"""One quiet question before a reply goes: which of the promises in it are kept as clocks, and at what time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from supportterm.domain.drafts import Mode
from supportterm.domain.promises import Promise
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Prompt
from supportterm.screens.leaving_once import LeavesOnce

if TYPE_CHECKING:
    from supportterm.desk.promising import Offer
    from supportterm.screens.console import Console
    from supportterm.screens.reply import ReplyScreen

_ANSWERS = {"y": "yes", "n": "no", "e": "change the time", "escape": "back"}


async def asked(screen: ReplyScreen) -> tuple[Promise, ...] | None:
    """Return the promises to keep with what is about to go, none where there are none; None to go back to writing."""
    if screen.mode is Mode.FORWARD:
        return ()
    from supportterm.desk import promising

    console = screen.console
    text, lang, now = screen.editor.text, screen.ticket.lang if screen.ticket else None, console.now()
    found = await asyncio.to_thread(promising.offers, text, lang, console.config, now)
    if not found:
        return ()
    return await screen.ask_for(AskPromises(found, console))


class AskPromises(LeavesOnce[tuple[Promise, ...] | None], ModalScreen[tuple[Promise, ...] | None]):
    """Each promise in turn, answered by one key; Esc goes back to writing, and nothing is sent."""

    DEFAULT_CSS = """
    AskPromises { align: center middle; background: $background 60%; }
    AskPromises > Vertical { width: 84%; max-width: 100; height: auto; max-height: 90%;
                             background: $panel; padding: 1 2; }
    AskPromises .promise { height: auto; width: 1fr; }
    AskPromises #answers { height: auto; width: 1fr; margin-top: 1; }
    AskPromises .answer { width: auto; height: 1; padding: 0 2 0 0; pointer: pointer; }
    AskPromises .answer:hover { background: $boost; }
    """

    def __init__(self, found: Sequence[Offer], console: Console) -> None:
        super().__init__()
        self._found = list(found)
        self._support = console
        self._kept: list[Promise | None] = []
        """The answers so far; None is a no."""

    @property
    def _zone(self) -> tzinfo:
        from zoneinfo import ZoneInfo

        return ZoneInfo(self._support.config.policy.time_zone)

    def compose(self) -> ComposeResult:
        """Lay out the promises and the answers."""
        with Vertical():
            for place in range(len(self._found)):
                yield Static(self._line(place), classes="promise", markup=False)
            with Horizontal(id="answers"):
                for key, words in _ANSWERS.items():
                    name = Text("Esc" if key == "escape" else key, "bold").append(f" {words}", "not bold")
                    yield Static(name, classes="answer", name=key)

    def on_key(self, event: events.Key) -> None:
        """Answer with the key, where it is one of the answers."""
        event.stop()
        event.prevent_default()
        self._answer(event.key)

    def on_click(self, event: events.Click) -> None:
        """Answer by the mouse; a click beside the question goes back."""
        name = event.widget.name if event.widget is not None else None
        if name in _ANSWERS or event.widget is self:
            self._answer(name or "escape")

    def _answer(self, key: str) -> None:
        offer = self._found[len(self._kept)]
        if key == "escape":
            self.dismiss(None)
        elif key == "n":
            self._take(None)
        elif key == "y" and offer.promise is not None:
            self._take(offer.promise)
        elif key in ("e", "y"):
            self._change(offer)

    def _take(self, promise: Promise | None) -> None:
        self._kept.append(promise)
        if len(self._kept) == len(self._found):
            self.dismiss(tuple(each for each in self._kept if each is not None))
            return
        for place, line in enumerate(self.query(".promise").results(Static)):
            line.update(self._line(place))

    def _change(self, offer: Offer) -> None:
        """Ask for the time, and keep the promise at it."""
        from supportterm.desk import promising

        config, now = self._support.config, self._support.now()
        offered = f"{offer.due_at.astimezone(self._zone):%Y-%m-%d %H:%M}" if offer.due_at is not None else ""

        def check(text: str) -> str:
            clear = promising.instant(text, config, now) is not None
            return "" if clear else "That is no clear time to come. Try `friday 14:00`, `2h` or `2026-12-03 14:00`."

        def take(text: str | None) -> None:
            at = promising.instant(text, config, now) if text else None
            if at is not None:
                self._take(Promise(offer.words, at))

        self.app.push_screen(Prompt(f"“{shown_as.line(offer.when, 40)}” is due:", offered, check=check), take)

    def _line(self, place: int) -> Text:
        """Return one promise: asked now, answered, or still to come."""
        offer, turn = self._found[place], len(self._kept)
        said = Text(f"promise “{shown_as.line(offer.when, 60)}”", "bold" if place == turn else "dim")
        if place < turn:
            kept = self._kept[place]
            return said.append(f" {self._when(kept.due_at)}: kept as a clock" if kept else ": not kept", "not bold dim")
        if place > turn:
            return said
        if offer.promise is not None:
            said.append(f" ({self._when(offer.promise.due_at)}): keep as a clock?", "not bold")
        else:
            said.append(f": {offer.doubt}  e says when", "not bold")
        return said.append(f"\n  {shown_as.line(offer.words, 200)}", "not bold dim")

    def _when(self, instant: datetime) -> str:
        return f"{instant.astimezone(self._zone):%a %d %b, %H:%M}"
