"""Which mails belong together, and what a conversation is called.

Mails are joined by their identifiers (RFC 5322 3.6.4), never by a subject
alone, and the result does not depend on the order of arrival.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from supportterm.domain.mail import ParsedMail

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32."""
KEY_LENGTH = 10
REFERENCE_LENGTH = 5

_TOKEN = re.compile(rf"\[\s*ST-([{ALPHABET}ILO]{{{REFERENCE_LENGTH},{KEY_LENGTH}}})\s*\]", re.I)


def root(mail: ParsedMail) -> str:
    """Return what names a mail's conversation: the first id it refers to, else its own, else `body:` and its hash."""
    for ids in (mail.references, mail.in_reply_to):
        if ids:
            return ids[0]
    return mail.message_id or f"body:{mail.body_hash}"


def ticket_key(root: str) -> str:
    """Return the ten characters every copy of a conversation computes from its root."""
    number = int.from_bytes(hashlib.sha256(root.encode("utf-8", "surrogatepass")).digest()[:7], "big") >> 6
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (KEY_LENGTH - 1), -1, -5))


def reference(key: str, taken: Collection[str] = ()) -> str:
    """Return the name people see, `ST-` and the key's first five characters, more where that is taken."""
    for length in range(REFERENCE_LENGTH, len(key) + 1):
        name = f"ST-{key[:length]}"
        if name not in taken:
            return name
    return f"ST-{key}"


def token(subject: str) -> str | None:
    """Return the reference that a subject carries in brackets, as `reference` writes it."""
    match = _TOKEN.search(subject)
    return f"ST-{match[1].upper().translate(str.maketrans('ILO', '110'))}" if match else None


def mentions(mail: ParsedMail) -> tuple[str, ...]:
    """Return every id that links a mail to others, each once: References, In-Reply-To, a returned mail's, its own."""
    returned = mail.bounce.original_ids if mail.bounce else ()
    own = (mail.message_id,) if mail.message_id else ()
    return tuple(dict.fromkeys((*mail.references, *mail.in_reply_to, *returned, *own)))


def reused_ids(mails: Iterable[ParsedMail]) -> frozenset[str]:
    """Return the Message-IDs that mails of different senders with different bodies bear: they join nobody."""
    bearers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for mail in mails:
        if mail.message_id:
            bearers[mail.message_id].add((mail.sender.address.lower(), mail.body_hash))
    return frozenset(
        identifier
        for identifier, known in bearers.items()
        if len({sender for sender, _ in known}) > 1 and len({body for _, body in known}) > 1
    )


def partition(mails: Sequence[ParsedMail]) -> list[str]:
    """Return each mail's conversation, as an id common to all its mails and independent of their order.

    Mails are united over References, In-Reply-To and own ids; a reused
    Message-ID does not unite its bearers (see `reused_ids`).
    """
    reused = reused_ids(mails)
    joined = _Sets()
    starts: list[str] = []
    for mail in mails:
        ids = mentions(mail)
        if mail.message_id in reused:
            ids = tuple(one for one in ids if one != mail.message_id)
        start = ids[0] if ids else f"body:{mail.sender.address.lower()}:{mail.body_hash}"
        starts.append(start)
        joined.add(start)
        for one in ids[1:]:
            joined.unite(start, one)
    smallest: dict[str, str] = {}
    for start in starts:
        top = joined.find(start)
        smallest[top] = min(smallest.get(top, start), start)
    return [smallest[joined.find(start)] for start in starts]


class _Sets:
    """Disjoint sets of ids."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def add(self, one: str) -> None:
        self._above.setdefault(one, one)

    def find(self, one: str) -> str:
        above = self._above
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def unite(self, one: str, other: str) -> None:
        self.add(other)
        first, second = self.find(one), self.find(other)
        if first != second:
            self._above[second] = first
