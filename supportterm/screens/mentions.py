"""Colleagues named in notes: completed while one writes, and told to whom they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supportterm.domain.blanks import Expansion
from supportterm.domain.drafts import Mode
from supportterm.domain.errors import SupporttermError
from supportterm.screens import format as shown_as

if TYPE_CHECKING:
    from supportterm.desk.mentioning import Named
    from supportterm.screens.base import DeskScreen
    from supportterm.screens.reply import ReplyScreen

_SHOWN_SECONDS = 60
_AT_ONCE = 3
"""What more there are is told in one sentence."""


def completion(screen: ReplyScreen, word: str) -> Expansion | None:
    """Return what a begun mention becomes in a note, as far as it is clear whom it means; None where it is none."""
    from supportterm.domain.mentions import completed

    if screen.mode is not Mode.NOTE or not word.startswith("@"):
        return None
    console = screen.console
    known = {*console.views.colleagues(), *console.config.agents} - {console.me}
    found = completed(word[1:], known)
    if not found:
        screen.say(f"Nobody here is called {shown_as.line(word, 40)}.")
        return Expansion(word)
    if len(found) == 1:
        return Expansion(f"@{found[0]} ")
    screen.say(f"Who? {shown_as.line(', '.join(found), 200)}")
    return Expansion(f"@{_common(found) or word[1:]}")


async def tell(screen: DeskScreen[Any]) -> None:
    """Tell the notes that name this agent, on the status line and, where that is wanted, on the desktop."""
    from supportterm.desk import mentioning
    from supportterm.screens import noticing

    app, console = screen.app, screen.console
    try:
        named = await console.do(mentioning.claim)
        for each in named[:_AT_ONCE]:
            app.notify(in_words(each), severity="warning", markup=False, timeout=_SHOWN_SECONDS)
        if len(named) > _AT_ONCE:
            more = len(named) - _AT_ONCE
            app.notify(f"{more} more notes name you: `mentions:me` finds them.", markup=False, timeout=_SHOWN_SECONDS)
        if named:
            lines = [f"{each.ticket.ref}  a note names you" for each in named[:_AT_ONCE]]
            app.run_worker(noticing.on_desktop(screen, lines), exit_on_error=False)
    except SupporttermError as error:
        screen.complain(str(error))
    finally:
        console.is_ringing = False


def _common(words: Sequence[str]) -> str:
    """Return what all of them begin with."""
    first, last = min(words), max(words)
    alike = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(alike, min(len(first), len(last)))]


def in_words(named: Named) -> str:
    """Return one line: the ticket, who names this agent, and how the note goes."""
    return f"{named.ticket.ref}  {shown_as.line(named.by, 40)} names you: {shown_as.line(named.text, 120)}"
