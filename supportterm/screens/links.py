"""The links of a message: found in its text, shown in full before anything is opened."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from supportterm.desk import files
from supportterm.domain.message import Message
from supportterm.screens import format as shown_as
from supportterm.screens import hosts
from supportterm.screens.asking import Choice, Confirm, Pick
from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.wrapping import Rows

_MOST = 500
_LONGEST = 8_000
_LINK = re.compile(
    r"(?<![\w@.])(?:(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|tel:|javascript:|data:|file:)[^\s<>\"“”「」]+|www\.[^\s<>\"“”「」]+)",
    re.IGNORECASE,
)
_OPENS = ("http://", "https://", "mailto:")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_LINE = 64


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it really leads; `warning` says where its words name another place."""

    address: str
    words: str = ""
    warning: str = ""

    @property
    def may_open(self) -> bool:
        """True for the web and for mail; others can only be copied."""
        return self.address.lower().startswith(_OPENS)

    @property
    def host(self) -> str:
        """Return where it leads, as the network knows it."""
        return hosts.of_link(self.address)


def found(text: str) -> list[Link]:
    """Return the links of a text in their order, each once."""
    links: dict[str, Link] = {}
    for match in _LINK.finditer(text):
        address = _trimmed(match[0][:_LONGEST])
        if address.lower().startswith("www."):
            address = f"http://{address}"
        before = text[max(match.start() - 200, 0) : match.start()].rpartition("\n")[2]
        words = before.removesuffix("<").strip()[-80:] if before.endswith("<") else ""
        link = Link(address, words, _warning(address, words))
        if address not in links or (link.warning and not links[address].warning):
            links[address] = link
        if len(links) >= _MOST:
            break
    return list(links.values())


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


def _warning(address: str, words: str) -> str:
    host, said = hosts.of_link(address), []
    named = hosts.named_in(" ".join(words.split()[-3:]))
    if named and host and not hosts.same_site(named[-1], host):
        said.append(f"The words name {named[-1]}, the link leads to {host}.")
    if hosts.disguised(host):
        said.append("Its host is written in other letters than it seems: look at it as xn--… shows it.")
    if "@" in address.partition("://")[2].partition("/")[0]:
        said.append("What stands before the @ is not where it leads.")
    return "\n".join(said)


def _trimmed(address: str) -> str:
    """Take off the signs that end a sentence, not those that belong to the link."""
    while address:
        last = address[-1]
        if last in _CLOSING:
            if address.count(last) <= address.count(_CLOSING[last]):
                break
        elif last not in ".,;:!?'’»*…。、，；：！？）】》":
            break
        address = address[:-1]
    return address
