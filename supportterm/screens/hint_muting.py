"""Muting the hint at the cursor, and the list of what is muted, from which it is heard again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from supportterm.desk import muting
from supportterm.domain.hints.catalogue import CATALOGUE
from supportterm.domain.hints.muting import Mute, Reach, why_not
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Confirm, Pick
from supportterm.screens.hinting import in_words

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen
    from supportterm.screens.reply import ReplyScreen

_KEYS = {"w": Reach.WORDS, "t": Reach.TICKET, "m": Reach.AGENT, "a": Reach.TEAM}
_WORDS = {
    Reach.WORDS: "on these words",
    Reach.TICKET: "on this ticket",
    Reach.AGENT: "for me, everywhere",
    Reach.TEAM: "for the whole team",
}


async def mute(screen: ReplyScreen) -> None:
    """Ask how far the hint at the cursor is to be muted, and do so."""
    hint, text, key = screen.hinting.to_mute, screen.editor.text, screen.key
    if hint is None:
        screen.say("There is no hint to mute.")
        return
    can = {letter: reach for letter, reach in _KEYS.items() if not why_not(hint, reach)}
    if not can:
        screen.complain(why_not(hint, Reach.WORDS))
        return
    detail = in_words(hint, text) + ("" if len(can) > 1 else f"\n\n{why_not(hint, Reach.TEAM)}")
    answer = await screen.ask_for(
        Confirm(f"Mute “{hint.rule}”?", detail, {letter: _WORDS[reach] for letter, reach in can.items()})
    )
    if answer not in can:
        return
    reach = can[answer]
    done = await screen.console.do(lambda desk: muting.mute(desk, key, hint, text, reach))
    screen.say(f"“{done.ref}” is {done.words}. `:muted-hints` lists it and takes it back.")
    screen.hinting.again()


async def muted(screen: DeskScreen[Any]) -> None:
    """List what is muted or quieter by habit; a chosen line is heard again."""
    console = screen.console
    choices: list[Choice[Mute | str]] = [
        Choice(one.rule, one, _remark(screen, one)) for one in console.views.hint_mutes(console.me)
    ]
    choices += [
        Choice(rule, rule, "quieter for you: you passed over 8 of its last 10 hints")
        for rule in sorted(console.views.lowered_hints(console.me))
    ]
    if not choices:
        screen.say("No hint is muted.")
        return
    chosen: Mute | str | None = await screen.ask_for(Pick("Hear again", choices))
    if isinstance(chosen, str):
        done = await console.do(lambda desk: muting.begin_anew(desk, chosen))
    elif chosen is not None:
        done = await console.do(lambda desk: muting.hear(desk, chosen))
    else:
        return
    screen.say(f"“{done.ref}” {done.words}")


async def remember(screen: ReplyScreen, answers: Mapping[str, bool]) -> None:
    """Keep what an agent made of the hints on a mail that is on its way, and say what that changes."""
    for rule in sorted(await screen.console.do(lambda desk: muting.answered(desk, answers))):
        entry = CATALOGUE[rule]
        becomes = "stays silent" if entry.level is entry.level.HINT else "is a quiet hint, no warning,"
        screen.say(f"You passed over 8 of the last 10 “{rule}”: it {becomes} for you. `:muted-hints` undoes that.")


def _remark(screen: DeskScreen[Any], one: Mute) -> str:
    if one.reach is Reach.TEAM:
        return f"for the team, by {shown_as.line(one.by, 40)}"
    if one.reach is Reach.AGENT:
        return "for you"
    ticket = screen.console.views.ticket(one.whose)
    ref = ticket.ref if ticket else "a ticket that is gone"
    return f"on {ref}" if one.reach is Reach.TICKET else f"on {ref}, “{shown_as.line(one.words or 'the whole', 60)}”"
