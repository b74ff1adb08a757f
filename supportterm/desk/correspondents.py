"""Addresses as an agent types them, read and checked before anything is queued."""

from __future__ import annotations

from collections.abc import Iterable

from supportterm.desk.people import People
from supportterm.domain.mail import Address
from supportterm.domain.text import clean
from supportterm.mail import addresses
from supportterm.mail.compose import ComposeError, wire_address

BROKEN = "A line break stands in the list of recipients. Put a comma between two addresses, and all on one line."
MOST = 100
"""The most recipients of one mail; more is a newsletter."""


def read(typed: str, people: People) -> tuple[tuple[Address, ...], str]:
    """Read a line of addresses, `Kai Brandt <kai@lad.example>, mara@lind.example`; each counts once.

    Returns:
        The addresses, and the sentence that says what is wrong with the line; empty where it can be used.
    """
    if len(typed.strip().splitlines()) > 1:
        return (), BROKEN
    line = typed.replace(";", ",").strip().rstrip(",")
    if not line:
        return (), ""
    found, _ = addresses.read(line.encode("utf-8", "replace"), limit=MOST + 1)
    if len(found) > MOST:
        return found[:MOST], f"More than {MOST} recipients are a newsletter, not a reply. Take some away."
    kept: dict[str, Address] = {}
    for person in found:
        if problem := wrong_with(person, people):
            return tuple(found), problem
        kept.setdefault(person.address.lower(), person)
    return tuple(kept.values()), ""


def wrong_with(person: Address, people: People) -> str:
    """Return why mail cannot go to an address, as a sentence; empty where it can."""
    if not person.address:
        return f"“{clean(person.name, 60)}” is no mail address. Write one like mara@example.com."
    if people.is_own(person.address):
        return f"{clean(person.address, 80)} is this mailbox itself. Take it away."
    try:
        wire_address(person.address)
    except ComposeError as error:
        return str(error)
    if "." not in person.address.rpartition("@")[2].strip("[]"):
        return f"{clean(person.address, 80)} lacks the end of its domain, like .com. Complete it."
    return ""


def written(group: Iterable[Address]) -> str:
    """Return addresses as a line that `read` reads again."""
    return ", ".join(_written(a) for a in group)


def _written(person: Address) -> str:
    name = clean(person.name, 200).replace("\\", "").replace('"', "")
    if not name:
        return person.address
    plain = all(character.isalnum() or character in " -'." for character in name)
    return f"{name} <{person.address}>" if plain else f'"{name}" <{person.address}>'
