"""Numbered steps from an empty file to today's shape; `PRAGMA user_version` remembers how far a store is.

A step and its number stand or fall together: both are in one transaction.
"""

from __future__ import annotations

import sqlite3

from supportterm.store import macro_uses, triage_schema


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
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE ticket (
        key TEXT PRIMARY KEY NOT NULL,
        ref TEXT NOT NULL UNIQUE,
        subject TEXT NOT NULL,
        status TEXT NOT NULL,
        channel TEXT NOT NULL,
        requester_name TEXT NOT NULL,
        requester_address TEXT NOT NULL,
        lang TEXT,
        assignee TEXT,
        priority INTEGER NOT NULL,
        override INTEGER,
        tier INTEGER NOT NULL,
        score INTEGER NOT NULL,
        reasons TEXT NOT NULL,
        words TEXT NOT NULL,
        intent TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        last_message_at INTEGER NOT NULL,
        last_customer_at INTEGER,
        last_reply_at INTEGER,
        first_replied_at INTEGER,
        waiting_since INTEGER,
        due_at INTEGER,
        due_kind TEXT,
        rank_changes_at INTEGER,
        snoozed_until INTEGER,
        history INTEGER NOT NULL,
        automatic INTEGER NOT NULL,
        undelivered INTEGER NOT NULL,
        messages INTEGER NOT NULL,
        follows TEXT
    ) WITHOUT ROWID;
    CREATE INDEX ticket_queue ON ticket (tier, ifnull(due_at, 9223372036854775807), created_at)
        WHERE status IN ('new', 'open');
    CREATE INDEX ticket_status ON ticket (status, updated_at);
    CREATE INDEX ticket_requester ON ticket (requester_address, created_at);
    CREATE INDEX ticket_rank ON ticket (rank_changes_at) WHERE rank_changes_at IS NOT NULL;

    CREATE TABLE alias (key TEXT PRIMARY KEY NOT NULL, ref TEXT NOT NULL, ticket_key TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX alias_ref ON alias (ref);
    CREATE TABLE tag (ticket_key TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (ticket_key, name)) WITHOUT ROWID;
    CREATE INDEX tag_name ON tag (name);
    CREATE TABLE mention (message_id TEXT PRIMARY KEY NOT NULL, ticket_key TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX mention_ticket ON mention (ticket_key);

    CREATE TABLE message (
        id INTEGER PRIMARY KEY NOT NULL,
        ticket_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        message_id TEXT,
        fingerprint TEXT NOT NULL,
        sender_name TEXT NOT NULL,
        sender_address TEXT NOT NULL,
        people TEXT NOT NULL,
        subject TEXT NOT NULL,
        sent_at INTEGER,
        at INTEGER NOT NULL,
        text TEXT NOT NULL,
        reply_text TEXT,
        lang TEXT,
        intent TEXT NOT NULL,
        attachments TEXT NOT NULL,
        attachment_count INTEGER NOT NULL,
        defects TEXT NOT NULL,
        links TEXT NOT NULL,
        raw TEXT,
        author TEXT,
        joined_by TEXT NOT NULL
    );
    CREATE INDEX message_ticket ON message (ticket_key, at);
    CREATE INDEX message_fingerprint ON message (fingerprint);
    CREATE INDEX message_message_id ON message (message_id) WHERE message_id IS NOT NULL;

    CREATE TABLE raw (sha TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL);

    CREATE TABLE folder (
        id INTEGER PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        uidvalidity INTEGER NOT NULL,
        last_uid INTEGER NOT NULL,
        modseq INTEGER,
        complete INTEGER NOT NULL
    );
    CREATE TABLE location (
        folder_id INTEGER NOT NULL,
        uid INTEGER NOT NULL,
        message INTEGER NOT NULL,
        flags TEXT NOT NULL,
        PRIMARY KEY (folder_id, uid)
    ) WITHOUT ROWID;
    CREATE INDEX location_message ON location (message);

    CREATE TABLE event (
        id TEXT PRIMARY KEY NOT NULL,
        v INTEGER NOT NULL,
        replica TEXT NOT NULL,
        seq INTEGER NOT NULL,
        by TEXT NOT NULL,
        at INTEGER NOT NULL,
        ticket_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        base TEXT,
        payload TEXT NOT NULL,
        undoes TEXT,
        UNIQUE (replica, seq)
    );
    CREATE INDEX event_ticket ON event (ticket_key, seq);
    CREATE INDEX event_undoes ON event (undoes) WHERE undoes IS NOT NULL;

    CREATE TABLE operation (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        ticket_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        message INTEGER,
        message_id TEXT,
        payload TEXT NOT NULL,
        base_message INTEGER NOT NULL,
        base_at INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        not_before INTEGER NOT NULL,
        next_attempt_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        said TEXT NOT NULL
    );
    CREATE INDEX operation_due ON operation (next_attempt_at) WHERE state IN ('queued', 'sending');
    CREATE INDEX operation_ticket ON operation (ticket_key, id);
    CREATE INDEX operation_message_id ON operation (message_id) WHERE message_id IS NOT NULL;
    CREATE TABLE recipient (
        operation INTEGER NOT NULL,
        address TEXT NOT NULL,
        state TEXT NOT NULL,
        code INTEGER NOT NULL,
        said TEXT NOT NULL,
        PRIMARY KEY (operation, address)
    ) WITHOUT ROWID;

    CREATE VIRTUAL TABLE search USING fts5 (
        subject, body, people, content='', tokenize='unicode61 remove_diacritics 2'
    );

    CREATE TABLE counter (
        status TEXT NOT NULL,
        assignee TEXT NOT NULL,
        tier INTEGER NOT NULL,
        snoozed INTEGER NOT NULL,
        history INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (status, assignee, tier, snoozed, history)
    ) WITHOUT ROWID;
    CREATE TRIGGER ticket_counted AFTER INSERT ON ticket BEGIN
        INSERT INTO counter
            VALUES (new.status, ifnull(new.assignee, ''), new.tier, new.snoozed_until IS NOT NULL, new.history, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER ticket_uncounted AFTER DELETE ON ticket BEGIN
        UPDATE counter SET n = n - 1 WHERE status = old.status AND assignee = ifnull(old.assignee, '')
            AND tier = old.tier AND snoozed = (old.snoozed_until IS NOT NULL) AND history = old.history;
    END;
    CREATE TRIGGER ticket_recounted AFTER UPDATE OF status, assignee, tier, snoozed_until, history ON ticket
    WHEN old.status IS NOT new.status OR old.assignee IS NOT new.assignee OR old.tier IS NOT new.tier
        OR (old.snoozed_until IS NULL) IS NOT (new.snoozed_until IS NULL) OR old.history IS NOT new.history
    BEGIN
        UPDATE counter SET n = n - 1 WHERE status = old.status AND assignee = ifnull(old.assignee, '')
            AND tier = old.tier AND snoozed = (old.snoozed_until IS NOT NULL) AND history = old.history;
        INSERT INTO counter
            VALUES (new.status, ifnull(new.assignee, ''), new.tier, new.snoozed_until IS NOT NULL, new.history, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    """,
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
    # 9: which snippets went out, and how much of each stayed as it was
    macro_uses.TABLE,
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
