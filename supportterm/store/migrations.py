"""Numbered steps from an empty file to today's shape; `PRAGMA user_version` remembers how far a store is.

A step and its number stand or fall together: both are in one transaction.
"""

from __future__ import annotations

import sqlite3

from supportterm.store import (
    call_schema,
    first_schema,
    hint_mutes,
    macro_uses,
    mentions,
    problems,
    relays,
    shift_schema,
    triage_schema,
    warned_schema,
)


def _revised(table: str, *, come: str = "", went: str = "", of: str = "") -> str:
    """Return triggers that count the changes of a table's rows, `of` some columns where not of all.

    `come` and `went` are the names, in SQL, that the new and the old row are
    counted under; the table's own without them. New rows are counted only
    where nothing else tells of them: tickets have counters, messages numbers.
    """
    names = (went, come) if come else (f"'{table}'",)
    bumps = [
        f" INSERT INTO revision VALUES ({name}, 1) ON CONFLICT DO UPDATE SET n = n + 1;"  # noqa: S608 five fixed tables
        for name in names
    ]
    triggers = [("UPDATE" + (f" OF {of}" if of else ""), "".join(bumps)), ("DELETE", bumps[0])]
    if table not in ("ticket", "message"):
        triggers.append(("INSERT", bumps[0]))
    return "".join(
        f"CREATE TRIGGER {table}_{verb.split()[0].lower()} AFTER {verb} ON {table} BEGIN{bump} END;\n"
        for verb, bump in triggers
    )


STEPS: list[str] = [
    # 1: the first shape
    first_schema.FIRST,
    # 2: what is being written
    """
    CREATE TABLE draft (
        ticket_key TEXT NOT NULL,
        agent TEXT NOT NULL,
        kind TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (ticket_key, agent, kind)
    );
    CREATE TABLE draft_revision (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        ticket_key TEXT NOT NULL,
        agent TEXT NOT NULL,
        kind TEXT NOT NULL,
        at INTEGER NOT NULL,
        why TEXT NOT NULL,
        message INTEGER,
        content TEXT NOT NULL
    );
    CREATE INDEX draft_revision_draft ON draft_revision (ticket_key, agent, kind, id);
    CREATE INDEX draft_revision_message ON draft_revision (message) WHERE message IS NOT NULL;
    CREATE INDEX draft_revision_discarded ON draft_revision (agent, id) WHERE why = 'discarded';
    CREATE TABLE enclosure (sha TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL);
    """,
    # 3: what the console asks at every commit, found without reading every mail that was ever sent or read
    """
    CREATE INDEX operation_held ON operation (id) WHERE kind = 'send' AND state NOT IN ('accepted', 'undone');
    CREATE INDEX message_defects ON message (id) WHERE defects != '[]';
    """,
    # 4: clocks, what the policies said when, and which policy a ticket had when
    """
    CREATE TABLE clock (
        id TEXT PRIMARY KEY NOT NULL,
        ticket_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        agent TEXT,
        started_at INTEGER NOT NULL,
        due_at INTEGER,
        warned INTEGER NOT NULL,
        policy TEXT NOT NULL,
        words TEXT NOT NULL,
        ledger TEXT NOT NULL,
        warns TEXT NOT NULL DEFAULT ''
    ) WITHOUT ROWID;
    CREATE INDEX clock_ticket ON clock (ticket_key);
    CREATE INDEX clock_due ON clock (due_at) WHERE state = 'running';
    CREATE INDEX clock_agent ON clock (agent, due_at) WHERE state = 'running';
    CREATE INDEX alias_ticket ON alias (ticket_key);
    CREATE TABLE policy_version (since INTEGER PRIMARY KEY NOT NULL, content TEXT NOT NULL);
    CREATE TABLE policy_switch (
        ticket_key TEXT NOT NULL,
        since INTEGER NOT NULL,
        policy TEXT NOT NULL,
        PRIMARY KEY (ticket_key, since)
    ) WITHOUT ROWID;
    ALTER TABLE ticket ADD COLUMN due_warnings TEXT NOT NULL DEFAULT '';
    """,
    # 5: what time or a change of another kind of record can do to the count of a view
    """
    CREATE INDEX ticket_snoozed ON ticket (snoozed_until) WHERE snoozed_until IS NOT NULL;
    CREATE INDEX clock_kind ON clock (kind, due_at) WHERE state = 'running';
    CREATE TABLE revision (noun TEXT PRIMARY KEY NOT NULL, n INTEGER NOT NULL) WITHOUT ROWID;
    """
    + _revised("ticket", come="'ticket ' || new.status", went="'ticket ' || old.status")
    + _revised("message", of="kind, ticket_key")
    + "".join(_revised(table) for table in ("tag", "draft", "clock")),
    # 6: acknowledgements of the last hours are counted before another one leaves
    """
    CREATE INDEX message_receipt ON message (at) WHERE kind = 'receipt';
    """,
    # 7: lines of the score that agents rejected, and how often each signal was found and rejected
    triage_schema.REJECTED,
    # 8: conversations an agent took apart, and senders whose mail is spam
    """
    CREATE TABLE apart (one TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
    CREATE TABLE blocked (
        address TEXT PRIMARY KEY NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
    # 9: phone calls
    call_schema.CALLS,
    # 10: warnings of clocks, each told and acted on once, and the commands that triggers run
    warned_schema.WARNED,
    # 11: promises broken since an instant; who looked at a ticket; who is to be refused
    shift_schema.BROKEN + shift_schema.GLANCES + shift_schema.REFUSALS,
    # 12: which snippets went out, and how much of each stayed as it was
    macro_uses.TABLE,
    # 13: mails that came through forms and forwarders, and what was decided about those
    relays.SCHEMA,
    # 14: hints that are muted, and what agents made of those they saw
    hint_mutes.TABLES,
    # 15: who is named in which note
    mentions.TABLE,
    # 16: whether what the customer wrote last asks something; the next ranking looks at each open ticket
    """
    ALTER TABLE ticket ADD COLUMN asks INTEGER;
    CREATE INDEX ticket_asks ON ticket (key) WHERE asks = 1;
    UPDATE ticket SET rank_changes_at = 0 WHERE status IN ('new', 'open');
    """,
    # 17: problems, and the one a ticket is about
    problems.TABLE + _revised("problem"),
]

VERSION = len(STEPS)


def version(connection: sqlite3.Connection) -> int:
    """Return how many steps this store has behind it; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Carry out the steps this store still lacks, each in its own transaction.

    Raises:
        sqlite3.Error: a step failed; the store is as the step before left it.
    """
    for number in range(version(connection) + 1, VERSION + 1):
        script = f"BEGIN IMMEDIATE;\n{STEPS[number - 1]};\nPRAGMA user_version = {number};\nCOMMIT;"
        try:
            connection.executescript(script)
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
