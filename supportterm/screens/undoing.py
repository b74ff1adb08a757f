"""Undo: the last step taken back, or, where its mail has left, what can still be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supportterm.desk import verbs
from supportterm.desk.verbs import Done
from supportterm.domain.drafts import Draft, Kind, Mode
from supportterm.domain.errors import LeftError
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Confirm

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen


async def undo(screen: DeskScreen[Any]) -> None:
    """Take back this agent's last step and say what that was; of a mail that has left, offer to correct it."""
    try:
        done = await screen.console.do(verbs.undo)
    except LeftError as error:
        await _too_late(screen, error)
        return
    screen.say(f"{done.ref}  {done.words}")
    _go_on(screen, done)


def _go_on(screen: DeskScreen[Any], done: Done) -> None:
    """Go on with a reply or a note that was taken back, or with a draft that was thrown away."""
    from supportterm.screens.reply import ReplyScreen

    app = screen.app
    if done.mode is None or app.screen.is_modal:
        return
    if not isinstance(app.screen, ReplyScreen):
        app.push_screen(ReplyScreen(done.key, done.mode))
    elif app.screen.key == done.key and app.screen.mode.kind is done.mode.kind:
        app.screen.reopen(done.mode)


async def _too_late(screen: DeskScreen[Any], error: LeftError) -> None:
    """Say that the mail has left, and open a reply that corrects it where that is wanted."""
    from supportterm.desk import drafts
    from supportterm.screens.reply import ReplyScreen

    console, app = screen.console, screen.app
    if app.screen.is_modal or isinstance(app.screen, ReplyScreen):
        screen.complain(str(error))
        return
    begun = console.views.draft(error.key, console.me, Kind.REPLY)
    words = "go on with the reply you have begun" if begun else "write a correction, its text to begin with"
    if await screen.ask_for(Confirm(str(error), shown_as.line(error.text, 160), {"c": words})) != "c":
        return
    if begun is None:
        draft = Draft(error.key, console.me, Mode.REPLY, error.text, seen=console.views.seen(error.key))
        await console.do(lambda desk: drafts.save(desk, draft))
    app.push_screen(ReplyScreen(error.key, Mode.REPLY))
