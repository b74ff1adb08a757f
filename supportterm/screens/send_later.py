"""Sending later: when a mail is to leave, asked by the customer's clocks; and another time for one that waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Literal

from supportterm.domain import held, moments
from supportterm.domain.errors import RefusedError
from supportterm.domain.held import Hold
from supportterm.screens.asking import Choice, Pick

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen
    from supportterm.screens.reply import ReplyScreen

NOW: Literal["now"] = "now"
When = Hold | Literal["now"]


async def send_later(screen: ReplyScreen) -> None:
    """Ask when it is to leave, then send it."""
    from supportterm.screens.reply_sending import Going, is_ready, send

    if not is_ready(screen):
        return
    when = await ask_when(screen, screen.key)
    if when is None or when == NOW:
        screen.to_editor()
    else:
        await send(screen, Going(when))


async def ask_when(screen: DeskScreen[Any], key: str, *, now_too: bool = False) -> When | None:
    """Ask when a mail is to leave; with `now_too`, at once is an answer. None leaves it as it is."""
    from supportterm.desk import holding

    console = screen.console
    now = console.now()
    theirs = holding.zone_of(console.views, key, console.config)
    choices: list[Choice[When]] = [Choice("now", NOW, "at once, when its undo time is over")] if now_too else []
    for words, at in moments.offered(now, theirs):
        hold = Hold(at, at.astimezone(theirs).tzinfo or theirs)
        choices.append(Choice(words, hold, f"leaves {held.in_words(hold, now)}{_late(screen, key, hold)}"))
    title = f"Leave at, by their clocks ({now.astimezone(theirs):%H:%M} now): monday 9:00, 2h, friday 14:00 ours"
    return await screen.ask_for(Pick(title, choices, other=_typed(screen, key, theirs), other_first=True))


def late_words(screen: DeskScreen[Any], key: str, hold: Hold) -> str:
    """Return what a mail that leaves then comes too late for, in words; empty where it is in time."""
    clock = held.outlasts(screen.console.views.clocks(key), hold.at)
    return held.late_words(clock, hold.at, screen.console.now()) if clock is not None else ""


def _late(screen: DeskScreen[Any], key: str, hold: Hold) -> str:
    late = late_words(screen, key, hold)
    return f"   late: {late}" if late else ""


def _typed(screen: DeskScreen[Any], key: str, theirs: tzinfo) -> Callable[[str], Choice[When] | None]:
    from supportterm.desk import holding

    def other(text: str) -> Choice[When] | None:
        now = screen.console.now()
        try:
            hold = holding.read(text, screen.console.config, now, theirs)
        except RefusedError:
            return None
        return Choice(text, hold, f"leaves {held.in_words(hold, now)}{_late(screen, key, hold)}")

    return other
