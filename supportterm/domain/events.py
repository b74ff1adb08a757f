"""The journal's events: what a verb did, how it folds into a ticket, and its inverse.

The shape is versioned from the first, because a team will share these lines:
`{v, id, replica, seq, by, at, ticket, kind, base, payload}`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from supportterm.domain import problem, rejections
from supportterm.domain.moments import UNTIL_THEY_WRITE
from supportterm.domain.ticket import Priority, Status, Ticket

VERSION = 1
SETS = ("tags", "rejected")
"""Fields that hold several things: a change lists what was taken off and what was put on."""
FIELDS = ("status", "assignee", "override", "snoozed_until", "problem", *SETS)
"""What a `changed` event may change. Beside them `group` names the step of several tickets it belongs to,
`computed` is the priority an override was set against, `why` the agent's word on it."""


class EventKind(StrEnum):
    """What happened; past tense."""

    CHANGED = "changed"
    """Payload: status, assignee, override, snoozed_until, problem -> [before, after]; tags -> [[removed], [added]]."""
    NOTED = "noted"
    NOTE_WITHDRAWN = "note-withdrawn"
    REPLY_QUEUED = "reply-queued"
    REPLY_UNDONE = "reply-undone"
    REPLY_ACCEPTED = "reply-accepted"
    REPLY_STOPPED = "reply-stopped"
    """Refused, uncertain, or held for review; the payload says which and why."""
    REPLY_RELEASED = "reply-released"
    """An agent decided about a stopped reply: sent again, marked as sent, or discarded."""
    PROMISE = "promise"
    """Payload: clock, what became of it, words, change: state, due_at, agent -> [before, after]."""
    CLOCK_SET = "clock-set"
    """A reminder or follow-up was set, or ended by hand; `before` is how it was, `why` what happened."""
    CLOCK_BREACHED = "clock-breached"
    """Time brought it; nothing to take back."""
    TRIGGERED = "triggered"
    """A trigger of the configuration acted, or what it sent or ran came to an end; `why` says all of it."""
    MERGED = "merged"
    """A mail or an agent joined two tickets. By an agent the payload holds all that takes them apart again:
    `ticket` (what was taken in, as it was), `parts` and `drafts` (what moved), `change` (what became of the other),
    `rank` (the other's tier and intent before), `stands` (its status since, and until when it sleeps), `fired` (what
    the rules of triage had found on both), `last` (the newest message then)."""
    UNMERGED = "unmerged"
    """What was taken in is a ticket of its own again."""
    SPLIT = "split"
    """Messages became a ticket of their own (`part`), and with them their `operations`; undone by a merge."""
    SPLIT_OFF = "split-off"
    """The other side of it: this ticket was a part of `from`."""
    BLOCKED = "blocked"
    """Payload: `addresses` that are spam from now on, and `change` of the ticket."""
    UNBLOCKED = "unblocked"
    CALL_BEGUN = "call-begun"
    """An agent is on the phone with the customer; `call` is its id."""
    CALLED = "called"
    """The call is over: its `message`, `change` of the ticket, and what its end did to `clocks`; undo reopens it, or
    forgets it where it was only `logged`."""
    CALL_REOPENED = "call-reopened"
    CALL_DROPPED = "call-dropped"
    """There was no call after all."""
    AWAY = "away"
    """An agent went, or came back. Payload: `before` and `after` as `domain.absence` keeps them, None for here."""
    REFUSAL = "refusal"
    """It was asked whether to refuse a customer for good, or decided: `request`, `address`, `decision`, `before`."""
    SKIPPED = "skipped"
    """Somebody said why a ticket is gone past again and again; the payload says it."""
    RELAY = "relay"
    """An agent said whether a form's or a forwarder's mail (`relay`) is the customer's it names: `trusted`, `before`;
    and `requester` -> [before, after] as [name, address] where the ticket got another customer by it."""
    ESCALATED = "escalated"
    """A ticket was handed on: `to`, `what`, `by`, and what takes it back: `change` with the event that `changed` it,
    `note`, `clock`."""
    HANDED = "handed-over"
    """A draft, a mail on its way, a callback or a reminder has another owner: `kind`, `name`, `from`, `to`."""
    PROBLEM = "problem"
    """A problem was opened, renamed, explained, fixed, reopened: its number as `problem`, `what` in a word, and
    `change`: title, cause, state -> [before, after]. Which tickets are behind it are changes of those tickets."""
    HINT_MUTED = "hint-muted"
    """Payload: `rule`, `reach` (ticket, agent, team), and `whose`: a ticket's key, an agent, empty for the team."""
    HINT_HEARD = "hint-heard"
    """It is heard again there."""
    RECEIPT_QUEUED = "receipt-queued"
    """The ticket's one acknowledgement is on its way: the claim that keeps a second from being written."""
    RECEIPT_SENT = "receipt-sent"
    RECEIPT_STOPPED = "receipt-stopped"
    """It did not leave, or it is not known whether; the payload says why. Nobody is asked to do anything."""
    RECEIPT_WITHHELD = "receipt-withheld"
    """A mail is not acknowledged; the payload says why."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal."""

    id: str
    replica: str
    seq: int
    by: str
    at: datetime
    ticket_key: str
    kind: EventKind
    payload: Mapping[str, Any] = field(default_factory=dict)
    base: str | None = None
    undoes: str | None = None
    v: int = VERSION


def undone(events: Iterable[Event]) -> set[str]:
    """Return the ids of the events that were taken back; where that was taken back itself, they stand again."""
    found: set[str] = set()
    for event in sorted(events, key=lambda each: (each.at, each.seq), reverse=True):
        if event.undoes and event.id not in found:
            found.add(event.undoes)
    return found


def difference(before: Ticket, after: Ticket) -> dict[str, Any]:
    """Return the payload of a `changed` event that leads from one ticket to the other; empty if nothing changed."""
    payload: dict[str, Any] = {}
    for name in FIELDS[: -len(SETS)]:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            payload[name] = [_plain(was), _plain(now)]
    for name in SETS:
        had, has = getattr(before, name), getattr(after, name)
        if had != has:
            payload[name] = [sorted(had - has), sorted(has - had)]
    return payload


def inverse(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the payload that takes a `changed` event back."""
    return {name: [after, before] for name, (before, after) in _changes(payload)}


def fold(ticket: Ticket, payload: Mapping[str, Any]) -> Ticket:
    """Apply a `changed` event's payload to a ticket; fields it does not know are left alone."""
    changes: dict[str, Any] = {}
    for name, (before, after) in _changes(payload):
        if name == "status":
            changes[name] = Status(after)
        elif name in ("assignee", "problem"):
            changes[name] = after
        elif name == "override":
            changes[name] = None if after is None else Priority(after)
        elif name == "snoozed_until":
            changes[name] = None if after is None else datetime.fromisoformat(after)
        elif name in SETS:
            changes[name] = (getattr(ticket, name) - frozenset(before)) | frozenset(after)
    return dataclasses.replace(ticket, **changes)


_LABELS = {"override": "priority"}


def in_words(kind: EventKind, payload: Mapping[str, Any]) -> str:
    """Say what an event did, for the timeline and for undo: `status open → pending, tag +billing`."""
    if kind is EventKind.PROMISE:
        return f"promise {payload.get('what', '')}: “{payload.get('words', '')}”"
    if kind is EventKind.HANDED:
        return f"{payload.get('kind', '')} given to {payload.get('to', '')}"
    if kind in (EventKind.CLOCK_SET, EventKind.CLOCK_BREACHED, EventKind.TRIGGERED, EventKind.RELAY):
        return str(payload.get("why", ""))
    if kind is not EventKind.CHANGED:
        said = payload.get("why") or payload.get("state") or ""
        return f"{kind.value.replace('-', ' ')}{f': {said}' if said else ''}"
    parts = []
    for name, (before, after) in _changes(payload):
        if name in SETS:
            parts += _set_in_words(name, before, after)
        elif name == "snoozed_until":
            parts.append(_sleep(after))
        else:
            parts.append(f"{_LABELS.get(name, name)} {_word(name, before)} → {_word(name, after)}")
    return ", ".join(parts)


def together_in_words(payloads: Iterable[Mapping[str, Any]]) -> str:
    """Say what one step did to several tickets, what is alike once: `status → solved, tag +billing`."""
    changes = [change for payload in payloads for change in _changes(payload)]
    parts: dict[str, None] = {}
    for name, (before, after) in sorted(changes, key=lambda change: FIELDS.index(change[0])):
        if name in SETS:
            parts |= dict.fromkeys(_set_in_words(name, before, after))
        else:
            said = _sleep(after) if name == "snoozed_until" else f"{_LABELS.get(name, name)} → {_word(name, after)}"
            parts[said] = None
    return ", ".join(parts)


def _set_in_words(name: str, off: Iterable[str], on: Iterable[str]) -> list[str]:
    if name == "tags":
        return [f"tag -{tag}" for tag in off] + [f"tag +{tag}" for tag in on]
    return [f"true after all: {rejections.in_words(line)}" for line in off] + [
        f"not true here: {rejections.in_words(line)}" for line in on
    ]


def _changes(payload: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the fields a payload changes; what it says besides is left out."""
    return [(name, value) for name, value in payload.items() if name in FIELDS]


def _sleep(until: str | None) -> str:
    """Say until when a ticket sleeps, by the machine's clock."""
    if until is None:
        return "not snoozed"
    at = datetime.fromisoformat(until)
    if at >= UNTIL_THEY_WRITE:
        return "snoozed until they write"
    return f"snoozed until {at.astimezone():%a %d %b %Y %H:%M}"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Priority):
        return int(value)
    return value


def _word(name: str, value: Any) -> str:
    if value is None:
        return {"assignee": "nobody", "override": "computed"}.get(name, "none")
    if name == "problem":
        return problem.named(value)
    return Priority(value).word if name == "override" else str(value)
