"""The links of a message: found in its text, shown in full before anything is opened."""

from __future__ import annotations

import asyncio
from typing import Any

from supportterm.desk import files
from supportterm.domain.message import Message
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Confirm, Pick
from supportterm.screens.base import DeskScreen
from supportterm.screens.link_places import Link, found
from supportterm.screens.widgets.wrapping import Rows

_LONGEST = 8_000
_LINE = 64


async def choose(screen: DeskScreen[Any], message: Message) -> None:
    """Let the agent pick a link, see where it leads, and open or copy it."""
    links = found(message.text)
    if not links:
        screen.say("This message has no links.")
        return
    choices = [Choice(link.address, link, _remark(link)) for link in links]
    link = await screen.ask_for(Pick("Links of this message", choices)) if len(choices) > 1 else links[0]
    if link is not None:
        await ask(screen, link)


async def ask(screen: DeskScreen[Any], link: Link) -> None:
    """Show a link in full, and open or copy it."""
    program = files.opener()
    answers = {"o": f"open it with {program[0]}"} if link.may_open and program else {}
    answers["c"] = "copy it"
    if not link.may_open:
        question = "This kind of link is not opened from here."
    else:
        question = f"This leads to {link.host or 'no host'}"
    answer = await screen.ask_for(Confirm(question, _detail(link), answers))
    if answer == "o":
        await asyncio.to_thread(files.open_with, program, link.address)
        screen.say(f"Handed to {program[0]}: {link.address[:200]}")
    elif answer == "c":
        screen.app.copy_to_clipboard(shown_as.line(link.address, _LONGEST))
        screen.say("Copied the link.")


def _detail(link: Link) -> str:
    rows = Rows(shown_as.line(link.address, _LONGEST), _LINE)
    lines = [rows[n] for n in range(len(rows))]
    if link.words:
        lines += ["", f"behind the words: {shown_as.line(link.words, 80)}"]
    if link.warning:
        lines += ["", *(f"! {words}" for words in link.warning.split("\n"))]
    return "\n".join(lines)


def _remark(link: Link) -> str:
    if link.warning:
        return f"! leads to {link.host}"
    return shown_as.line(link.words[-40:]) if link.may_open else "can only be copied"
