"""Drafts, their earlier versions and their files. Writing a draft is no event: it is nobody else's business yet."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.drafts import REVISIONS, Draft, Kind, Revision, Why, from_json, moved, to_json
from supportterm.store.mapping import from_ms, to_ms
from supportterm.store.rows import execute, execute_many, select, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

_MINE = "ticket_key = ? AND agent = ? AND kind = ?"


def load(session: Session, ticket_key: str, agent: str, kind: Kind) -> Draft | None:
    """Return an agent's draft of a kind on a ticket, or None."""
    rows = select(session, f"SELECT content, updated_at FROM draft WHERE {_MINE}", [ticket_key, agent, kind.value])  # noqa: S608 a fixed condition
    return from_json(rows[0]["content"], from_ms(rows[0]["updated_at"])) if rows else None


def save(session: Session, draft: Draft) -> None:
    """Keep a draft as it is now."""
    execute(
        session,
        "INSERT INTO draft VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET updated_at = excluded.updated_at,"
        " content = excluded.content",
        [draft.ticket_key, draft.agent, draft.mode.kind.value, to_ms(draft.updated_at), to_json(draft)],
    )


def clear(session: Session, ticket_key: str, agent: str, kind: Kind) -> None:
    """Take a draft away; its revisions stay."""
    execute(session, f"DELETE FROM draft WHERE {_MINE}", [ticket_key, agent, kind.value])  # noqa: S608 a fixed condition


def revise(session: Session, draft: Draft, why: Why, at: datetime, message: int | None = None) -> None:
    """Keep a version of a draft; the oldest of too many goes, and files that nobody needs any more."""
    mine = [draft.ticket_key, draft.agent, draft.mode.kind.value]
    execute(
        session,
        "INSERT INTO draft_revision (ticket_key, agent, kind, at, why, message, content) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [*mine, to_ms(at), why.value, message, to_json(draft)],
    )
    execute(
        session,
        f"DELETE FROM draft_revision WHERE {_MINE} AND id <= (SELECT id FROM draft_revision"  # noqa: S608 a fixed condition
        f" WHERE {_MINE} ORDER BY id DESC LIMIT 1 OFFSET ?)",
        [*mine, *mine, REVISIONS],
    )


def newest(session: Session, draft: Draft) -> Revision | None:
    """Return the newest version kept of a draft, or None."""
    rows = select(
        session,
        f"SELECT * FROM draft_revision WHERE {_MINE} ORDER BY id DESC LIMIT 1",  # noqa: S608 a fixed condition
        [draft.ticket_key, draft.agent, draft.mode.kind.value],
    )
    return revision_from(rows[0]) if rows else None


def revision(session: Session, number: int) -> Revision | None:
    """Return one earlier version, or None."""
    rows = select(session, "SELECT * FROM draft_revision WHERE id = ?", [number])
    return revision_from(rows[0]) if rows else None


def of_message(session: Session, message: int) -> Revision | None:
    """Return the draft that became a message, or None."""
    rows = select(session, "SELECT * FROM draft_revision WHERE message = ? ORDER BY id DESC LIMIT 1", [message])
    return revision_from(rows[0]) if rows else None


def discarded(session: Session, agent: str) -> Revision | None:
    """Return what this agent threw away last and has not brought back, or None."""
    rows = select(
        session,
        "SELECT * FROM draft_revision WHERE agent = ? AND why = 'discarded' ORDER BY id DESC LIMIT 1",
        [agent],
    )
    return revision_from(rows[0]) if rows else None


def brought_back(session: Session, number: int) -> None:
    """Note that a discarded version is a draft again."""
    execute(session, "UPDATE draft_revision SET why = ? WHERE id = ?", [Why.SET_ASIDE.value, number])


def keep_files(session: Session, packed: Sequence[tuple[str, int, bytes]]) -> None:
    """Keep files, as `messages.pack` gives them; one already kept stays."""
    execute_many(session, "INSERT INTO enclosure VALUES (?, ?, ?) ON CONFLICT DO NOTHING", packed)


def file(session: Session, sha: str) -> bytes | None:
    """Return a file's bytes, or None where it is not kept."""
    rows = tuples(session, "SELECT data FROM enclosure WHERE sha = ?", [sha])
    return zlib.decompress(rows[0][0]) if rows else None


def drop_files(session: Session) -> None:
    """Let go of files that no draft and no version names; there are few of all of them."""
    named = "SELECT json_extract(f.value, '$[3]') FROM {} d, json_each(d.content, '$.files') f"
    execute(
        session,
        "DELETE FROM enclosure WHERE sha NOT IN"  # noqa: S608 two fixed names
        f" ({named.format('draft')} UNION {named.format('draft_revision')})",
    )


def absorb(session: Session, kept: str, absorbed: str, before: Sequence[Any] = ()) -> dict[str, list[Any]]:
    """Move what was written on one ticket to another; where both have a draft, that of the first is set aside.

    `before` are the `written` of an earlier time that is being restored: its versions get their numbers again.
    Returns what moved, as `give_back` takes it: `written` are [agent, kind, the version it was set aside as or null],
    `versions` the ids of those that were versions before.
    """
    written: list[Any] = []
    numbers = {(agent, kind): aside for agent, kind, aside in before}
    versions = [
        number for (number,) in tuples(session, "SELECT id FROM draft_revision WHERE ticket_key = ?", [absorbed])
    ]
    _rename(session, versions, absorbed, kept)
    for row in select(session, "SELECT * FROM draft WHERE ticket_key = ?", [absorbed]):
        draft = moved(from_json(row["content"], from_ms(row["updated_at"])), kept)
        clear(session, absorbed, draft.agent, draft.mode.kind)
        aside = None
        if load(session, kept, draft.agent, draft.mode.kind) is None:
            save(session, draft)
        else:
            revise(session, draft, Why.SET_ASIDE, draft.updated_at)
            if (version := newest(session, draft)) is not None:
                aside = _renumbered(session, version.id, numbers.get((draft.agent, draft.mode.kind.value)))
        written.append([draft.agent, draft.mode.kind.value, aside])
    return {"written": written, "versions": versions}


def _renumbered(session: Session, number: int, wanted: int | None) -> int:
    """Give a version the number it had, where that is free, and return its number."""
    if wanted is None or revision(session, wanted) is not None:
        return number
    execute(session, "UPDATE draft_revision SET id = ? WHERE id = ?", [wanted, number])
    return wanted


def give_back(session: Session, kept: str, absorbed: str, what: Mapping[str, Sequence[Any]]) -> None:
    """Take back what `absorb` did, as far as it is still there; what was changed meanwhile stays changed."""
    _rename(session, what.get("versions", ()), kept, absorbed)
    for agent, kind, aside in what.get("written", ()):
        if aside is not None:
            if (version := revision(session, aside)) is not None:
                save(session, moved(version.draft, absorbed))
                execute(session, "DELETE FROM draft_revision WHERE id = ?", [aside])
        elif (draft := load(session, kept, agent, Kind(kind))) is not None:
            clear(session, kept, agent, Kind(kind))
            save(session, moved(draft, absorbed))


def _rename(session: Session, versions: Sequence[int], source: str, target: str) -> None:
    for number in versions:
        rows = select(session, "SELECT content FROM draft_revision WHERE id = ? AND ticket_key = ?", [number, source])
        for row in rows:
            draft = moved(from_json(row["content"], from_ms(0)), target)
            execute(
                session,
                "UPDATE draft_revision SET ticket_key = ?, content = ? WHERE id = ?",
                [target, to_json(draft), number],
            )


def revision_from(row: Mapping[str, Any]) -> Revision:
    """Build a revision from a row's columns."""
    at = from_ms(row["at"])
    return Revision(row["id"], at, Why(row["why"]), from_json(row["content"], at))
