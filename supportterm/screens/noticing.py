"""Clocks that warned, told once: on the status line, and on the desktop where the terminal can and the agent wants it.

Only the console writes to the terminal, as it owns it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from supportterm.domain import notices
from supportterm.domain.errors import RefusedError, SupporttermError
from supportterm.screens import format as shown_as

if TYPE_CHECKING:
    from supportterm.desk.noticing import Notice
    from supportterm.screens.base import DeskScreen
    from supportterm.screens.life import Life

_NAMED = 2
"""Of several that come at once, so many are named."""
_SHOWN_SECONDS = 20
_SUBJECT = 60
_IDLE = 2.0
"""Seconds without a key after which a question takes none that was meant for something else."""
_QUESTION = "Show warnings of clocks on the desktop, too?"
_DETAIL = (
    "Your terminal shows them as notices, as a chat program would: the reference and the subject, nothing else. "
    "They are always on the status line. `:notices` changes it later."
)


async def tell(screen: DeskScreen[Any]) -> None:
    """Claim what has warned and tell it; ask once whether the desktop is to show it."""
    from supportterm.desk import noticing

    console = screen.console
    try:
        told = await console.do(noticing.claim)
        if not told:
            return
        if any(notice.rings for notice in told):
            screen.app.bell()
        words = in_words(told)
        screen.app.notify(words, severity="warning", markup=False, timeout=_SHOWN_SECONDS)
        screen.app.run_worker(on_desktop(screen, [words]), exit_on_error=False)
    except SupporttermError as error:
        screen.complain(str(error))
    finally:
        console.is_ringing = False


def in_words(told: Sequence[Notice]) -> str:
    """Return one line for all notices, breaches first; of a customer's words only the subject of one, cleaned."""
    first = sorted(told, key=lambda notice: (not notice.warned.is_breach, notice.ticket.priority))
    if len(first) == 1:
        (notice,) = first
        return f"{notice.ticket.ref}  {notice.warned.in_words}: {shown_as.line(notice.ticket.subject, _SUBJECT)}"
    named = [f"{notice.ticket.ref} {notice.warned.in_words}" for notice in first[:_NAMED]]
    more = [f"{len(first) - _NAMED} more"] if len(first) > _NAMED else []
    return f"{len(first)} clocks:  {', '.join([*named, *more])}"


async def on_desktop(screen: DeskScreen[Any], lines: Sequence[str]) -> None:
    """Show lines on the desktop, where that is wanted and possible."""
    environment = os.environ
    if not lines or not notices.can(environment) or not await _is_wanted(screen):
        return
    if environment.get("TMUX") and not await asyncio.to_thread(_tmux_hands_on, environment):
        return
    driver = screen.app._driver
    if driver is not None:
        for words in lines:
            driver.write(notices.sequence(words, environment))
        driver.flush()


async def choose(screen: DeskScreen[Any], typed: str = "") -> None:
    """Choose whether the desktop shows notices: as it was typed, `on` or `off`, else as is answered.

    Raises:
        RefusedError: it is neither, or the configuration has chosen.
    """
    from supportterm.desk import noticing

    chosen = screen.console.config.console.notices
    if chosen != "ask":
        raise RefusedError(f'The configuration says `notices = "{chosen}"` under [console]. Change it there.')
    if typed.strip() not in ("", "on", "off"):
        raise RefusedError("Type `notices on` or `notices off`.")
    wanted = typed.strip() or await _asked(screen)
    if wanted:
        await screen.console.do(lambda desk: noticing.choose(desk, wanted=wanted == "on"))
        screen.say("Warnings show on the desktop, too." if wanted == "on" else "Warnings stay on the status line.")


async def _is_wanted(screen: DeskScreen[Any]) -> bool:
    from supportterm.desk import noticing

    console = screen.console
    if console.config.console.notices != "ask":
        return console.config.console.notices == "on"
    kept = await console.do(lambda desk: desk.database.fact(noticing.CHOICE))
    if kept is None and not console.asked_for_notices and _is_free(screen):
        console.asked_for_notices = True
        kept = await _asked(screen)
        if kept:
            wanted = kept == "on"
            await console.do(lambda desk: noticing.choose(desk, wanted=wanted))
    return kept == "on"


async def _asked(screen: DeskScreen[Any]) -> str:
    """Ask, and return `on`, `off`, or nothing where it was left open."""
    from supportterm.screens.asking import Confirm

    answer = await screen.ask_for(Confirm(_QUESTION, _DETAIL, {"y": "yes, on the desktop", "n": "no, only here"}))
    return {"y": "on", "n": "off"}.get(answer or "", "")


def _is_free(screen: DeskScreen[Any]) -> bool:
    """Tell whether a question may come up now: nobody writes, nothing else is asked, and the keys rest."""
    app = cast("Life", screen.app)
    if monotonic() - app.ahead.key_at < _IDLE or isinstance(app.focused, Input | TextArea):
        return False
    return screen.is_here and app.screen is screen and not isinstance(app.screen, ModalScreen)


def _tmux_hands_on(environment: Mapping[str, str]) -> bool:
    """Ask tmux whether it hands sequences on to the terminal around it."""
    pane = environment.get("TMUX_PANE", "")
    where = ["-t", pane] if pane else []
    command = ["tmux", "display-message", "-p", *where, "#{version} #{allow-passthrough}"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=2, check=False)  # noqa: S603 fixed words and tmux's own pane
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return False
    return said.returncode == 0 and notices.tmux_allows(said.stdout)
