"""How far each folder is read, and where each message lies on the server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from supportterm.store.mapping import dump
from supportterm.store.rows import execute, execute_many, tuples
from supportterm.store.tables import FolderRow

if TYPE_CHECKING:
    from sqlmodel import Session


def get(session: Session, name: str, role: str, uidvalidity: int) -> FolderRow:
    """Return a folder's row, made or renewed.

    With another UIDVALIDITY nothing known of its UIDs holds any longer (RFC 3501 2.3.1.1).
    """
    from sqlmodel import select

    row = session.exec(select(FolderRow).where(FolderRow.name == name)).first()
    if row is None:
        row = FolderRow(name=name, role=role, uidvalidity=uidvalidity)
        session.add(row)
        session.flush()
    elif row.uidvalidity != uidvalidity:
        execute(session, "DELETE FROM location WHERE folder_id = ?", [row.id])
        row.uidvalidity, row.last_uid, row.modseq, row.complete = uidvalidity, 0, None, 0
        session.flush()
    return row


def role(session: Session, folder_id: int) -> str:
    """Return what a folder is for, as it was told when first read."""
    rows = tuples(session, "SELECT role FROM folder WHERE id = ?", [folder_id])
    return str(rows[0][0]) if rows else ""


def advance(session: Session, folder_id: int, last_uid: int, modseq: int | None, *, complete: bool) -> None:
    """Remember how far a folder is read."""
    execute(
        session,
        "UPDATE folder SET last_uid = ?, modseq = ifnull(?, modseq), complete = ? WHERE id = ?",
        [last_uid, modseq, int(complete), folder_id],
    )


def set_modseq(session: Session, folder_id: int, modseq: int) -> None:
    """Remember up to which change (RFC 7162) a folder's flags are known."""
    execute(session, "UPDATE folder SET modseq = ? WHERE id = ?", [modseq, folder_id])


def known_uids(session: Session, folder_id: int, first: int = 1) -> set[int]:
    """Return the UIDs of this folder from `first` on that are in the store."""
    return {
        uid
        for (uid,) in tuples(session, "SELECT uid FROM location WHERE folder_id = ? AND uid >= ?", [folder_id, first])
    }


def locate(session: Session, rows: Iterable[tuple[int, int, int, str]]) -> None:
    """Remember where messages lie: folder id, UID, message id, flags (space-separated)."""
    execute_many(
        session, "INSERT INTO location VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET flags = excluded.flags", rows
    )


def located(session: Session, folder_id: int, messages: Iterable[int]) -> set[int]:
    """Return which of these messages lie in this folder."""
    return {
        number
        for (number,) in tuples(
            session,
            "SELECT message FROM location WHERE folder_id = ? AND message IN (SELECT value FROM json_each(?))",
            [folder_id, dump(list(messages))],
        )
    }


def set_flags(session: Session, folder_id: int, flags: Iterable[tuple[int, str]]) -> None:
    """Remember the flags of UIDs; they never change a ticket's status."""
    execute_many(
        session,
        "UPDATE location SET flags = ? WHERE folder_id = ? AND uid = ?",
        ((f, folder_id, uid) for uid, f in flags),
    )


def places(session: Session, messages: Sequence[int]) -> list[tuple[str, int, int]]:
    """Return (folder, UIDVALIDITY, UID) of every copy of these messages."""
    return [
        (name, validity, uid)
        for name, validity, uid in tuples(
            session,
            "SELECT f.name, f.uidvalidity, l.uid FROM location l JOIN folder f ON f.id = l.folder_id"
            " WHERE l.message IN (SELECT value FROM json_each(?)) ORDER BY f.name, l.uid",
            [dump(list(messages))],
        )
    ]
