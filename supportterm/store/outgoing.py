"""What the screens ask of the store about mail on its way."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.store import server_size
from supportterm.store.mapping import operation_from
from supportterm.store.reader import PAGE, Reader

_HELD = "kind = 'send' AND state NOT IN ('accepted', 'undone')"
"""What has not left; the index `operation_held` holds just these."""


class Outgoing(Reader):
    """The part of `Views` that serves the outbox."""

    def outbox(self, key: str | None = None, *, everything: bool = False) -> list[Operation]:
        """Return mails on their way, stopped ones included; with `everything` also receipts and what has left."""
        which = "kind IN ('send', 'receipt', 'notice')" if everything else _HELD
        one = "" if key is None else " AND ticket_key = :key"
        rows = self._rows(f"SELECT * FROM operation WHERE {which}{one} ORDER BY id", {"key": key})  # noqa: S608 fixed conditions
        return [self._with_recipients(operation_from(row)) for row in rows]

    def mails(self, numbers: Sequence[int]) -> list[Operation]:
        """Return mails by their numbers, oldest first, whatever became of them."""
        rows = self._rows(
            "SELECT * FROM operation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            [json.dumps(list(numbers))],
        )
        return [self._with_recipients(operation_from(row)) for row in rows]

    def left(self, limit: int = PAGE) -> list[Operation]:
        """Return the mails last accepted or taken back, newest first."""
        rows = self._rows(
            "SELECT * FROM operation WHERE kind = 'send' AND state IN ('accepted', 'undone') ORDER BY id DESC LIMIT ?",
            [limit],
        )
        return [self._with_recipients(operation_from(row)) for row in rows]

    def size_limit(self, server: str) -> int:
        """Return the largest mail in bytes this server takes; 0 where it names no limit or was not asked yet."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", [server_size.NAME])
        return (server_size.read(rows[0]["value"], server) if rows else None) or 0

    def outbox_counts(self) -> tuple[int, int]:
        """Return how many mails the outbox holds, and how many of them have stopped; well under a millisecond."""
        row = self._rows(
            "SELECT count(*) AS held, ifnull(sum(state IN ('refused', 'uncertain', 'review') OR EXISTS (SELECT 1 FROM"  # noqa: S608 a fixed condition
            " recipient r WHERE r.operation = o.id AND r.state IN ('refused', 'uncertain', 'review'))), 0) AS stopped"
            f" FROM operation o WHERE {_HELD}"
        )[0]
        return int(row["held"]), int(row["stopped"])

    def outgoing(self) -> int:
        """Return how many mails are on their way or stopped there."""
        rows = self._rows(f"SELECT count(*) AS n FROM operation WHERE {_HELD}")  # noqa: S608 a fixed condition
        return int(rows[0]["n"])

    def waiting_operations(self) -> dict[str, int]:
        """Return how many operations of each kind the server has yet to learn of."""
        rows = self._rows(
            "SELECT kind, count(*) AS n FROM operation WHERE state IN ('queued', 'sending') GROUP BY kind"
        )
        return {str(OperationKind(row["kind"])): row["n"] for row in rows}

    def _with_recipients(self, operation: Operation) -> Operation:
        rows = self._rows("SELECT * FROM recipient WHERE operation = ? ORDER BY address", [operation.id])
        found = tuple(Recipient(row["address"], State(row["state"]), row["code"], row["said"]) for row in rows)
        return dataclasses.replace(operation, recipients=found)
