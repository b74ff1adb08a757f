"""A draft: what an agent is writing on a ticket, whole enough to go on with after a crash."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from supportterm.domain.mail import Address
from supportterm.domain.rewriting import Inserted
from supportterm.domain.ticket import Status

REVISIONS = 20
"""How many earlier versions of a draft are kept."""
FILES_WARNED = 20_000_000
"""Bytes of attached files above which many servers refuse a mail."""
FILE_LIMIT = 50_000_000
"""Bytes of attached files above which the store takes no more."""


class Kind(StrEnum):
    """What is being written; an agent has one draft of each kind on a ticket."""

    REPLY = "reply"
    FORWARD = "forward"
    NOTE = "note"


class Mode(StrEnum):
    """Whom the text is for."""

    REPLY = "reply"
    REPLY_ALL = "reply-all"
    FORWARD = "forward"
    NOTE = "note"

    @property
    def kind(self) -> Kind:
        """What is being written: a reply to one and a reply to all are one draft."""
        return Kind.REPLY if self is Mode.REPLY_ALL else Kind(self.value)


class Why(StrEnum):
    """What made a revision."""

    WRITTEN = "written"
    EDITOR = "before $EDITOR"
    DISCARDED = "discarded"
    SET_ASIDE = "set aside"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that goes along; its bytes lie in the store under their SHA-256, so that the original may move."""

    name: str
    content_type: str
    size: int
    sha: str


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a mail goes to; `cc` sees and is seen, `bcc` stands in the envelope alone."""

    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()

    @property
    def everyone(self) -> tuple[Address, ...]:
        """All of them."""
        return (*self.to, *self.cc, *self.bcc)


@dataclass(frozen=True, slots=True)
class Also:
    """What else follows for the ticket, in the step that queues the mail; None leaves a field as it is."""

    assignee: str | None = None
    """An agent's id, `me`, or `none` for nobody."""
    priority: str | None = None
    """One of the words of `Priority.word`."""
    snooze: int | None = None
    """Seconds from the moment the mail is queued."""
    note: str = ""
    """Written on the ticket; stays inside."""
    remove_tags: tuple[str, ...] = ()
    policy: str = ""
    """The name of the SLA policy the ticket is under from then on."""


NOTHING_ELSE = Also()


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest message the agent had read: its id, and when the server got the newest mail."""

    message: int = 0
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft. `editor` is the editor's own state as JSON, empty where only the text is known."""

    ticket_key: str
    agent: str
    mode: Mode
    text: str = ""
    editor: str = ""
    people: Recipients | None = None
    """None where nobody changed whom it goes to: then the conversation says."""
    sender: str = ""
    """Which of the mailbox's addresses it is from; empty where nobody chose: then the conversation says."""
    subject: str = ""
    files: tuple[DraftFile, ...] = ()
    status: Status | None = None
    """The ticket's status after sending, where a macro or the agent chose one."""
    add_tags: tuple[str, ...] = ()
    also: Also = NOTHING_ELSE
    snippets: tuple[Inserted, ...] = ()
    """The snippets put into it, to see at sending how much of them stayed."""
    seen: Seen = Seen()
    updated_at: datetime = field(default=datetime.fromtimestamp(0, UTC))

    @property
    def is_empty(self) -> bool:
        """True where nothing would be lost with it."""
        return not self.text.strip() and not self.files


@dataclass(frozen=True, slots=True)
class Revision:
    """A draft as it once was."""

    id: int
    at: datetime
    why: Why
    draft: Draft


def to_json(draft: Draft) -> str:
    """Return a draft as JSON, its instant left out."""
    people = draft.people and {
        name: [[a.name, a.address] for a in group] for name, group in _groups(draft.people).items() if group
    }
    values = {
        "ticket_key": draft.ticket_key,
        "agent": draft.agent,
        "mode": draft.mode.value,
        "text": draft.text,
        "editor": draft.editor,
        "people": people,
        "sender": draft.sender,
        "subject": draft.subject,
        "files": [[f.name, f.content_type, f.size, f.sha] for f in draft.files],
        "status": draft.status and draft.status.value,
        "add_tags": list(draft.add_tags),
        "also": [*dataclasses.astuple(draft.also)],
        "snippets": [[one.macro, one.lang, one.text] for one in draft.snippets],
        "seen": [draft.seen.message, draft.seen.at_ms],
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str, updated_at: datetime) -> Draft:
    """Read what `to_json` wrote; a field that is missing has its usual value."""
    values: Mapping[str, Any] = json.loads(text)
    people = values.get("people")
    return Draft(
        ticket_key=values["ticket_key"],
        agent=values["agent"],
        mode=Mode(values["mode"]),
        text=values.get("text", ""),
        editor=values.get("editor", ""),
        people=None
        if people is None
        else Recipients(*(tuple(Address(*pair) for pair in people.get(name, ())) for name in ("to", "cc", "bcc"))),
        sender=values.get("sender", ""),
        subject=values.get("subject", ""),
        files=tuple(DraftFile(*entry) for entry in values.get("files", ())),
        status=Status(values["status"]) if values.get("status") else None,
        add_tags=tuple(values.get("add_tags", ())),
        also=_also(values.get("also", ())),
        snippets=tuple(Inserted(*entry) for entry in values.get("snippets", ())),
        seen=Seen(*values.get("seen", (0, 0))),
        updated_at=updated_at,
    )


def _also(values: Sequence[Any]) -> Also:
    also = Also(*values)
    return dataclasses.replace(also, remove_tags=tuple(also.remove_tags))


def moved(draft: Draft, ticket_key: str) -> Draft:
    """Return the draft as one of another ticket, which took its own in."""
    return dataclasses.replace(draft, ticket_key=ticket_key)


def _groups(people: Recipients) -> dict[str, tuple[Address, ...]]:
    return {"to": people.to, "cc": people.cc, "bcc": people.bcc}
