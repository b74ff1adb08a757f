"""The rows: storage shapes, not domain objects. `migrations` makes them; a test holds the two together."""

# No `from __future__ import annotations` here: SQLModel reads these annotations.

from typing import ClassVar

from sqlmodel import Field, SQLModel


class Meta(SQLModel, table=True):
    """A fact about the store itself."""

    name: str = Field(primary_key=True)
    value: str


class TicketRow(SQLModel, table=True):
    """A ticket as kept: derived from its messages and events, so that reading the queue computes nothing."""

    __tablename__: ClassVar[str] = "ticket"
    key: str = Field(primary_key=True)
    ref: str = Field(unique=True)
    subject: str
    status: str
    channel: str = "email"
    requester_name: str = ""
    requester_address: str = ""
    lang: str | None = None
    assignee: str | None = None
    priority: int = 3
    override: int | None = None
    tier: int = 2
    score: int = 0
    reasons: str = "[]"
    words: str = ""
    intent: str = ""
    created_at: int
    updated_at: int
    last_message_at: int
    last_customer_at: int | None = None
    last_reply_at: int | None = None
    first_replied_at: int | None = None
    waiting_since: int | None = None
    due_at: int | None = None
    due_kind: str | None = None
    rank_changes_at: int | None = None
    snoozed_until: int | None = None
    history: int = 0
    automatic: int = 0
    undelivered: int = 0
    messages: int = 0
    follows: str | None = None
    due_warnings: str = ""
    rejected: str = "[]"
    asks: int | None = None
    problem: int | None = None


class ProblemRow(SQLModel, table=True):
    """One cause behind many tickets, which name its number."""

    __tablename__: ClassVar[str] = "problem"
    number: int | None = Field(default=None, primary_key=True)
    title: str
    cause: str
    state: str
    opened_at: int
    by: str
    fixed_at: int | None = None


class Fired(SQLModel, table=True):
    """A signal found in a customer's words on a ticket, once, and whether it was rejected there; triggers keep it."""

    signal: str = Field(primary_key=True)
    ticket_key: str = Field(primary_key=True)
    rejected: int = 0


class Alias(SQLModel, table=True):
    """Another thread root of a ticket: its key and reference go on leading there."""

    key: str = Field(primary_key=True)
    ref: str
    ticket_key: str


class Tag(SQLModel, table=True):
    """A tag on a ticket."""

    ticket_key: str = Field(primary_key=True)
    name: str = Field(primary_key=True)


class Apart(SQLModel, table=True):
    """Two conversations an agent took apart: a mail that links both goes to the nearer and joins nothing."""

    one: str = Field(primary_key=True)
    other: str = Field(primary_key=True)


class Blocked(SQLModel, table=True):
    """A sender whose mail is spam: an address, or `@` and a domain; in lower case."""

    address: str = Field(primary_key=True)
    by: str
    at: int


class Mention(SQLModel, table=True):
    """Which ticket a Message-ID leads to, whether that mail has been seen or only referred to."""

    message_id: str = Field(primary_key=True)
    ticket_key: str


class MessageRow(SQLModel, table=True):
    """A message of a ticket. `reply_text` is null where it equals `text`; JSON columns hold lists or objects."""

    __tablename__: ClassVar[str] = "message"
    id: int | None = Field(default=None, primary_key=True)
    ticket_key: str
    kind: str
    message_id: str | None = None
    fingerprint: str
    sender_name: str = ""
    sender_address: str = ""
    people: str = "{}"
    subject: str = ""
    sent_at: int | None = None
    at: int
    text: str = ""
    reply_text: str | None = None
    lang: str | None = None
    intent: str = ""
    attachments: str = "[]"
    attachment_count: int = 0
    defects: str = "[]"
    links: str = "[]"
    raw: str | None = None
    author: str | None = None
    joined_by: str = ""


class Raw(SQLModel, table=True):
    """A message's source, compressed, named by the SHA-256 of its bytes."""

    sha: str = Field(primary_key=True)
    size: int
    data: bytes


class FolderRow(SQLModel, table=True):
    """How far a folder is read."""

    __tablename__: ClassVar[str] = "folder"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    role: str
    uidvalidity: int
    last_uid: int = 0
    modseq: int | None = None
    complete: int = 0


class Location(SQLModel, table=True):
    """Where a message lies on the server."""

    folder_id: int = Field(primary_key=True)
    uid: int = Field(primary_key=True)
    message: int
    flags: str = ""


class EventRow(SQLModel, table=True):
    """One line of the journal."""

    __tablename__: ClassVar[str] = "event"
    id: str = Field(primary_key=True)
    v: int
    replica: str
    seq: int
    by: str
    at: int
    ticket_key: str
    kind: str
    base: str | None = None
    payload: str = "{}"
    undoes: str | None = None


class OperationRow(SQLModel, table=True):
    """A change the mail server has yet to learn of; of kind `send` it is the outbox's line."""

    __tablename__: ClassVar[str] = "operation"
    id: int | None = Field(default=None, primary_key=True)
    ticket_key: str
    kind: str
    state: str
    message: int | None = None
    message_id: str | None = None
    payload: str = "{}"
    base_message: int = 0
    base_at: int = 0
    created_at: int
    updated_at: int
    not_before: int
    next_attempt_at: int
    attempts: int = 0
    said: str = ""


class RecipientRow(SQLModel, table=True):
    """What became of one recipient of a mail on its way."""

    __tablename__: ClassVar[str] = "recipient"
    operation: int = Field(primary_key=True)
    address: str = Field(primary_key=True)
    state: str
    code: int = 0
    said: str = ""


class Counter(SQLModel, table=True):
    """How many tickets share these facts; triggers keep it, so that a badge is never counted."""

    status: str = Field(primary_key=True)
    assignee: str = Field(primary_key=True)
    tier: int = Field(primary_key=True)
    snoozed: int = Field(primary_key=True)
    history: int = Field(primary_key=True)
    n: int


class DraftRow(SQLModel, table=True):
    """What an agent is writing on a ticket, as JSON; see `domain.drafts`."""

    __tablename__: ClassVar[str] = "draft"
    ticket_key: str = Field(primary_key=True)
    agent: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    updated_at: int
    content: str


class DraftRevisionRow(SQLModel, table=True):
    """A draft as it once was; `message` is the reply or note it became."""

    __tablename__: ClassVar[str] = "draft_revision"
    id: int | None = Field(default=None, primary_key=True)
    ticket_key: str
    agent: str
    kind: str
    at: int
    why: str
    message: int | None = None
    content: str


class EnclosureRow(SQLModel, table=True):
    """A file attached to a draft, compressed, named by the SHA-256 of its bytes."""

    __tablename__: ClassVar[str] = "enclosure"
    sha: str = Field(primary_key=True)
    size: int
    data: bytes


class ClockRow(SQLModel, table=True):
    """A clock of a ticket; its ledger as JSON, see `domain.ledger`."""

    __tablename__: ClassVar[str] = "clock"
    id: str = Field(primary_key=True)
    ticket_key: str
    kind: str
    state: str
    agent: str | None = None
    started_at: int
    due_at: int | None = None
    warned: int = 0
    policy: str = ""
    words: str = ""
    ledger: str = "[]"
    warns: str = ""


class CallRow(SQLModel, table=True):
    """A phone call, under way while `ended_at` is null; `turns` as JSON, see `domain.calls`."""

    __tablename__: ClassVar[str] = "call"
    id: str = Field(primary_key=True)
    agent: str
    ticket_key: str
    name: str = ""
    number: str = ""
    opened: int = 0
    started_at: int
    updated_at: int
    ended_at: int | None = None
    target: int | None = None
    turns: str = "[]"
    notes: str = ""
    message: int | None = None


class PolicyVersionRow(SQLModel, table=True):
    """What the policies said from an instant on, as JSON, so that a clock of that time can be derived again."""

    __tablename__: ClassVar[str] = "policy_version"
    since: int | None = Field(default=None, primary_key=True)
    content: str


class PolicySwitchRow(SQLModel, table=True):
    """Which policy a ticket has from an instant on; only where it had another before."""

    __tablename__: ClassVar[str] = "policy_switch"
    ticket_key: str = Field(primary_key=True)
    since: int = Field(primary_key=True)
    policy: str
