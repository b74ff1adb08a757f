"""When there is something to do: a worker that is told too early turns in circles, one told too late is late."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.store import operations
from supportterm.store.database import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def waiting(ticket: str, at: datetime, kind: OperationKind = OperationKind.SEND) -> Operation:
    recipients = (Recipient("c@shop.example"),) if kind is OperationKind.SEND else ()
    return Operation(ticket, kind, State.QUEUED, NOW, NOW, NOW, at, recipients=recipients)


def next_due(database: Database) -> datetime | None:
    at = database.next_instants()[0]
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC)


def test_a_mail_behind_one_that_waits_is_not_due_before_it(tmp_path: Path) -> None:
    """A ticket's mails leave in order: while the first is tried again later, there is nothing to do for the second."""
    later = NOW + timedelta(minutes=10)
    database = Database(tmp_path / "store.sqlite3")
    with database.write() as session:
        first = operations.add(session, waiting("T1", later))
        operations.add(session, waiting("T1", NOW))
        assert operations.due(session, NOW) == []
    assert next_due(database) == later
    with database.write() as session:
        operations.move(session, first, State.QUEUED, State.UNDONE, NOW)
        assert len(operations.due(session, NOW)) == 1
    assert next_due(database) == NOW
    database.close()


def test_what_waits_on_other_tickets_or_is_no_mail_is_due_by_its_own_time(tmp_path: Path) -> None:
    later = NOW + timedelta(minutes=10)
    database = Database(tmp_path / "store.sqlite3")
    assert next_due(database) is None
    with database.write() as session:
        operations.add(session, waiting("T1", later))
    assert next_due(database) == later
    with database.write() as session:
        operations.add(session, waiting("T1", NOW, OperationKind.FLAG))
    assert next_due(database) == NOW
    with database.write() as session:
        operations.add(session, waiting("T2", NOW - timedelta(minutes=1)))
    assert next_due(database) == NOW - timedelta(minutes=1)
    database.close()


def test_a_mail_held_for_later_keeps_none_waiting_that_is_to_leave_before(tmp_path: Path) -> None:
    later = NOW + timedelta(days=3)
    database = Database(tmp_path / "store.sqlite3")
    with database.write() as session:
        held = dataclasses.replace(waiting("T1", later), not_before=later)
        operations.add(session, held)
        second = operations.add(session, waiting("T1", NOW))
        assert [mail.id for mail in operations.due(session, NOW)] == [second]
        assert next_due(database) == NOW
        operations.update(session, dataclasses.replace(held, id=1, not_before=NOW, next_attempt_at=NOW))
        assert [mail.id for mail in operations.due(session, NOW)] == [1]
    database.close()
