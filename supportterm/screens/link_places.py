"""Where links stand in a text, and what is to be said of each before it is opened."""

from __future__ import annotations

import re
from dataclasses import dataclass

from supportterm.screens import hosts

_MOST = 500
_LONGEST = 8_000
_LINK = re.compile(
    r"(?<![\w@.])(?:(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|tel:|javascript:|data:|file:)[^\s<>\"“”「」]+|www\.[^\s<>\"“”「」]+)",
    re.IGNORECASE,
)
_SIGN = re.compile(r"://|www\.|mailto:|tel:|javascript:|data:|file:", re.IGNORECASE)
_OPENS = ("http://", "https://", "mailto:")
_CLOSING = {")": "(", "]": "[", "}": "{"}


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
        link = _link(text, match)
        address = link.address
        if address not in links or (link.warning and not links[address].warning):
            links[address] = link
        if len(links) >= _MOST:
            break
    return list(links.values())


def in_row(text: str, start: int, end: int) -> list[tuple[int, int, Link]]:
    """Return the links of which a part stands between two places of a text, each with that part's two places.

    Only the line around it is looked at, and of a very long one only what is near.
    """
    first = max(text.rfind("\n", max(start - _LONGEST, 0), start) + 1, start - _LONGEST, 0)
    last = text.find("\n", end, end + _LONGEST)
    window = text[first : last if last >= 0 else end + _LONGEST]
    if not _SIGN.search(window):
        return []
    parts = []
    for match in _LINK.finditer(window):
        link = _link(window, match)
        left, right = first + match.start(), first + match.start() + len(_trimmed(match[0][:_LONGEST]))
        if left < end and right > start:
            parts.append((max(left, start), min(right, end), link))
    return parts


def _link(text: str, match: re.Match[str]) -> Link:
    address = _trimmed(match[0][:_LONGEST])
    if address.lower().startswith("www."):
        address = f"http://{address}"
    before = text[max(match.start() - 200, 0) : match.start()].rpartition("\n")[2]
    words = before.removesuffix("<").strip()[-80:] if before.endswith("<") else ""
    return Link(address, words, _warning(address, words))


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
