"""What people call things elsewhere: a word that is not known here is answered with the one that is meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

FIELDS: Mapping[str, str] = {
    "agent": "assignee",
    "owner": "assignee",
    "user": "assignee",
    "customer": "from",
    "requester": "from",
    "sender": "from",
    "name": "from",
    "label": "tag",
    "folder": "tag",
    "title": "subject",
    "source": "channel",
    "via": "channel",
    "id": "ref",
    "number": "ref",
    "ticket": "ref",
    "urgency": "priority",
    "severity": "priority",
    "sla": "due",
    "deadline": "due",
    "age": "created",
    "opened": "created",
    "date": "created",
    "changed": "updated",
    "modified": "updated",
    "order": "sort",
    "in": "is",
    "with": "has",
}
"""Names of fields in other programs, and ours."""

VALUES: Mapping[str, Mapping[str, str]] = {
    "status": {"resolved": "solved", "done": "solved", "hold": "on-hold", "waiting": "pending", "junk": "spam"},
    "priority": {"critical": "urgent", "highest": "urgent", "medium": "normal", "p0": "p1"},
    "channel": {"mail": "email", "call": "phone", "sms": "chat"},
    "is": {
        "late": "is:overdue",
        "breached": "is:overdue",
        "assigned": "-assignee:none",
        "untagged": "tag:none",
        "answered": "has:reply",
        "unanswered": "-has:reply",
        "bounced": "is:undelivered",
        "urgent": "priority:urgent",
        "vip": "tag:vip",
        "held": "status:on-hold",
    },
    "has": {
        "file": "has:attachment",
        "answer": "has:reply",
        "phone": "has:call",
        "deadline": "has:clock",
        "due": "has:clock",
    },
}
"""Values that other programs know, by field, and what says the same here."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the sentence that names the nearest known word, or all of them where none is near."""
    words = list(known)
    near = difflib.get_close_matches(word.lower(), words, 1, 0.5)
    return f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(words)}."


def meant(field: str, word: str, known: Iterable[str], elsewhere: Mapping[str, Iterable[str]]) -> str:
    """Return the sentence for a value a field does not take: the same word under another field, else the nearest.

    `elsewhere` are the words that other fields take.
    """
    lowered = word.lower()
    if (other := VALUES.get(field, {}).get(lowered)) is not None:
        return f"Did you mean `{other}`?"
    for name, words in elsewhere.items():
        if name != field and lowered in words:
            return f"Did you mean `{name}:{lowered}`?"
    return nearest(word, known)


def meant_field(word: str, known: Iterable[str]) -> str:
    """Return the sentence for a field that is not known."""
    return f"Did you mean `{FIELDS[word]}`?" if word in FIELDS else nearest(word, known)
