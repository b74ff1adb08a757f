"""Tickets, their aliases and tags, and which Message-ID leads to which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from supportterm.domain.ticket import Ticket
from supportterm.store import clocks, drafts, joins, naming, triage_counts
from supportterm.store.mapping import TICKET_COLUMNS, dump, ticket_from, ticket_values
from supportterm.store.rows import execute, execute_many, select, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

_UPSERT = (
    f"INSERT INTO ticket ({', '.join(TICKET_COLUMNS)}) VALUES ({', '.join('?' * len(TICKET_COLUMNS))})"  # noqa: S608 our own column names
    f" ON CONFLICT (key) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in TICKET_COLUMNS[1:])}"
)


def load(session: Session, keys: Iterable[str]) -> dict[str, Ticket]:
    """Return the tickets with these keys; unknown keys are left out."""
    wanted = dump(list(keys))
    tags: dict[str, set[str]] = {}
    for key, name in tuples(
        session, "SELECT ticket_key, name FROM tag WHERE ticket_key IN (SELECT value FROM json_each(?))", [wanted]
    ):
        tags.setdefault(key, set()).add(name)
    rows = select(session, "SELECT * FROM ticket WHERE key IN (SELECT value FROM json_each(?))", [wanted])
    return {row["key"]: ticket_from(row, frozenset(tags.get(row["key"], ()))) for row in rows}


def language_of(session: Session, address: str) -> str | None:
    """Return the language of a customer's newest ticket that has one, None where none has."""
    rows = address and tuples(
        session,
        "SELECT lang FROM ticket WHERE requester_address = ? AND lang IS NOT NULL ORDER BY created_at DESC LIMIT 1",
        [address],
    )
    return str(rows[0][0]) if rows else None


def save(session: Session, tickets: Iterable[Ticket], *, with_tags: bool = False) -> None:
    """Insert or update tickets; their tags only where asked."""
    kept = list(tickets)
    execute_many(session, _UPSERT, (ticket_values(ticket) for ticket in kept))
    if with_tags:
        execute_many(session, "DELETE FROM tag WHERE ticket_key = ?", ((t.key,) for t in kept))
        execute_many(session, "INSERT INTO tag VALUES (?, ?)", ((t.key, tag) for t in kept for tag in t.tags))


def resolve(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """Return key -> the key of the ticket it leads to today, for keys that lead anywhere."""
    wanted = dump(list(keys))
    found = {
        key: key
        for (key,) in tuples(session, "SELECT key FROM ticket WHERE key IN (SELECT value FROM json_each(?))", [wanted])
    }
    found.update(
        (key, target)
        for key, target in tuples(
            session, "SELECT key, ticket_key FROM alias WHERE key IN (SELECT value FROM json_each(?))", [wanted]
        )
    )
    return found


def by_reference(session: Session, refs: Iterable[str]) -> dict[str, str]:
    """Return reference -> ticket key, following aliases."""
    wanted = dump(list(refs))
    found: dict[str, str] = dict(
        tuples(session, "SELECT ref, ticket_key FROM alias WHERE ref IN (SELECT value FROM json_each(?))", [wanted])
    )
    found.update(
        (ref, key)
        for ref, key in tuples(
            session, "SELECT ref, key FROM ticket WHERE ref IN (SELECT value FROM json_each(?))", [wanted]
        )
    )
    return found


def mentioned(session: Session, message_ids: Iterable[str]) -> dict[str, str]:
    """Return Message-ID -> ticket key for the ids that are known."""
    return dict(
        tuples(
            session,
            "SELECT message_id, ticket_key FROM mention WHERE message_id IN (SELECT value FROM json_each(?))",
            [dump(list(message_ids))],
        )
    )


def mention(session: Session, pairs: Iterable[tuple[str, str]]) -> None:
    """Remember which ticket these Message-IDs lead to; ids already known keep theirs."""
    execute_many(session, "INSERT INTO mention VALUES (?, ?) ON CONFLICT DO NOTHING", pairs)


def absorb(session: Session, kept: str, absorbed: Ticket, written: Sequence[Any] = ()) -> dict[str, Any]:
    """Let one ticket take in another: all that is on it moves, its key and reference become aliases.

    `written` is what `drafts.absorb` told before, where that is being restored.
    Returns what moved, as `joins.give_back` takes it.
    """
    old = absorbed.key
    moved = joins.parts(session, old)
    joins.move(session, moved, old, kept)
    drafts_moved = drafts.absorb(session, kept, old, written)
    execute(session, "UPDATE OR IGNORE tag SET ticket_key = ? WHERE ticket_key = ?", [kept, old])
    execute(session, "DELETE FROM tag WHERE ticket_key = ?", [old])
    fired = triage_counts.absorb(session, kept, old)
    clocks.forget_derived(session, old)
    execute(session, "DELETE FROM ticket WHERE key = ?", [old])
    execute(session, "INSERT INTO alias VALUES (?, ?, ?)", [old, absorbed.ref, kept])
    return {"parts": moved, "drafts": drafts_moved, "fired": fired}


def find(session: Session, named: str) -> list[str]:
    """Return the keys of the tickets a person may mean by a reference; see `naming`."""
    return naming.meant(lambda sql, values: tuples(session, sql, values), named)


def references_taken(session: Session, prefix: str) -> set[str]:
    """Return the references in use that begin with `prefix`."""
    pattern = prefix + "*"
    return {
        ref
        for (ref,) in tuples(
            session,
            "SELECT ref FROM ticket WHERE ref GLOB ? UNION SELECT ref FROM alias WHERE ref GLOB ?",
            [pattern] * 2,
        )
    }


def earlier(session: Session, address: str, since_ms: int, *, but: str) -> int:
    """Count other tickets of this requester created since an instant (milliseconds), automatic ones left out."""
    rows = tuples(
        session,
        "SELECT count(*) FROM ticket WHERE requester_address = ? AND created_at >= ? AND key != ? AND automatic = 0",
        [address, since_ms, but],
    )
    return int(rows[0][0])


def with_clocks(session: Session) -> list[str]:
    """Return the keys of the tickets that have clocks or may have: those not over, and those with one that runs."""
    return [
        key
        for (key,) in tuples(
            session,
            "SELECT key FROM ticket WHERE status IN ('new', 'open', 'pending', 'on-hold') AND history = 0"
            " UNION SELECT ticket_key FROM clock WHERE state = 'running'",
        )
    ]


def rank_all(session: Session, now_ms: int) -> None:
    """Let every ticket that waits for us be ranked anew, as after a change of the rules."""
    execute(session, "UPDATE ticket SET rank_changes_at = ? WHERE status IN ('new', 'open')", [now_ms])


def due_for_ranking(session: Session, now_ms: int, most: int) -> list[str]:
    """Return the keys of tickets whose rank the passing of time has changed, at most so many."""
    return [
        key
        for (key,) in tuples(
            session,
            "SELECT key FROM ticket WHERE rank_changes_at IS NOT NULL AND rank_changes_at <= ?"
            " ORDER BY rank_changes_at LIMIT ?",
            [now_ms, most],
        )
    ]
