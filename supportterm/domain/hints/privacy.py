"""What must not be read by everybody: a person's data in public, the house's own words and addresses in a reply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportterm.domain.hints.subject import Finding, Subject

_DIGITS = range(7, 13)
"""How many digits a telephone number has."""
_CALLED = re.compile(r"^[ \t]*@(\w[\w.-]{0,63})(?![\w@])", re.MULTILINE)
"""A mention a line begins with."""
_OUR_NUMBER = 40
"""Code points before a number within which words may say that it is ours."""


def public_data(subject: Subject) -> Iterator[Finding]:
    """Find a person's data in what everybody can read."""
    if subject.reply.channel != "social":
        return
    text, shapes = subject.text, subject.packs.shapes
    for found in shapes["e-mail"].finditer(text):
        if found.group().partition("@")[0].lower() not in shapes.lists["our-mailboxes"]:
            yield Finding(found.start(), found.end(), {"what": "the e-mail address"})
    for found in shapes["card"].finditer(text):
        yield Finding(found.start(), found.start() + len(found.group().rstrip(" -")), {"what": "the card number"})
    for what, pattern in shapes.personal.items():
        for found in pattern.finditer(text):
            yield Finding(found.start(), found.end(), {"what": what})
    for found in shapes["phone"].finditer(text):
        ours = shapes["our-phone"].search(text, max(0, found.start() - _OUR_NUMBER), found.start())
        if sum(c.isdigit() for c in found.group()) in _DIGITS and not ours:
            yield Finding(found.start(), found.end(), {"what": "the phone number"})


def no_ticket_link(subject: Subject) -> bool:
    """Tell whether a public reply has no link to go on at."""
    return not subject.packs.shapes["ticket-link"].search(subject.raw)


def internal(subject: Subject) -> Iterator[Finding]:
    """Find labels of internal notes, and hosts or addresses that only exist within the house."""
    for name in ("inside-label", "inside-host"):
        for found in subject.packs.shapes[name].finditer(subject.with_addresses):
            start = found.end() - len(found.group().lstrip())
            end = found.start() + len(found.group().rstrip(".,;:"))
            yield Finding(start, max(end, start + 1))
    if subject.reply.channel not in ("social", "chat"):
        yield from _colleagues(subject)


def _colleagues(subject: Subject) -> Iterator[Finding]:
    """Find lines that begin by calling somebody else than the customer, as notes do: `@kai look at this`."""
    theirs = {word.casefold() for word in re.findall(r"\w+", subject.reply.customer_name or "")}
    for found in _CALLED.finditer(subject.text):
        if not theirs & set(re.findall(r"\w+", found[1].casefold())):
            yield Finding(found.start(1) - 1, found.end(1))
