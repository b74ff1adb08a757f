"""The promises in a reply that is about to go: each a line of the check, kept as a clock or not, at its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from supportterm.domain.drafts import Mode
from supportterm.domain.promises import Promise
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Prompt

if TYPE_CHECKING:
    from supportterm.config import Config
    from supportterm.desk.promising import Offer
    from supportterm.screens.reply import ReplyScreen


async def found(screen: ReplyScreen, leaves: datetime | None = None) -> PromiseLines:
    """Find the promises in what is about to go, read as they will be when it leaves."""
    config, now = screen.console.config, screen.console.now()
    if screen.mode is Mode.FORWARD:
        return PromiseLines((), config, now)
    from supportterm.desk import promising

    text, lang = screen.editor.text, screen.ticket.lang if screen.ticket else None
    offers = await asyncio.to_thread(promising.offers, text, lang, config, leaves or now)
    return PromiseLines(offers, config, leaves or now)


class PromiseLines:
    """What is said of each promise, and what the agent answers: all that are clear are kept unless they say no."""

    def __init__(self, offers: Sequence[Offer], config: Config, now: datetime) -> None:
        self._offers = tuple(offers)
        self._config = config
        self._now = now
        self._kept: list[Promise | None] = [offer.promise for offer in offers]

    def __len__(self) -> int:
        return len(self._offers)

    @property
    def kept(self) -> tuple[Promise, ...]:
        """Those to keep as clocks."""
        return tuple(promise for promise in self._kept if promise is not None)

    def words(self, place: int) -> str:
        """Return the line of a promise: `promise “by Friday” (Fri 06 Mar, 18:00): keep as a clock?`."""
        offer, kept = self._offers[place], self._kept[place]
        said = f"promise “{shown_as.line(offer.when, 60)}”"
        if (promise := kept or offer.promise) is not None:
            return f"{said} ({self._when(promise.due_at)}): keep as a clock?"
        return f"{said}: {offer.doubt}"

    def answer(self, place: int) -> str:
        """Return the answer as it stands."""
        if self._kept[place] is not None:
            return "yes"
        return "no" if self._offers[place].promise is not None else "no, unless you say when (e)"

    def clause(self, place: int) -> str:
        """Return the words it was found in."""
        return shown_as.line(self._offers[place].words, 200)

    def turn(self, place: int) -> bool:
        """Say no where it was yes, and yes where it was no; False where its time is to be said first."""
        if self._kept[place] is None and self._offers[place].promise is None:
            return False
        self._kept[place] = self._offers[place].promise if self._kept[place] is None else None
        return True

    def ask_time(self, screen: Screen[Any], place: int, then: Callable[[], object]) -> None:
        """Ask for a promise's time, and keep it at that."""
        from supportterm.desk import promising

        offer = self._offers[place]
        offered = f"{offer.due_at.astimezone(self._zone):%Y-%m-%d %H:%M}" if offer.due_at is not None else ""

        def check(text: str) -> str:
            clear = promising.instant(text, self._config, self._now) is not None
            return "" if clear else "That is no clear time to come. Try `friday 14:00`, `2h` or `2026-12-03 14:00`."

        def take(text: str | None) -> None:
            at = promising.instant(text, self._config, self._now) if text else None
            if at is not None:
                self._kept[place] = Promise(offer.words, at)
                then()

        screen.app.push_screen(Prompt(f"“{shown_as.line(offer.when, 40)}” is due:", offered, check=check), take)

    @property
    def _zone(self) -> tzinfo:
        from zoneinfo import ZoneInfo

        return ZoneInfo(self._config.policy.time_zone)

    def _when(self, instant: datetime) -> str:
        return f"{instant.astimezone(self._zone):%a %d %b, %H:%M}"
