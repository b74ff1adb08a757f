"""What the store keeps of phone calls."""

CALLS = """
    CREATE TABLE call (
        id TEXT PRIMARY KEY NOT NULL,
        agent TEXT NOT NULL,
        ticket_key TEXT NOT NULL,
        name TEXT NOT NULL,
        number TEXT NOT NULL,
        opened INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        ended_at INTEGER,
        target INTEGER,
        turns TEXT NOT NULL,
        notes TEXT NOT NULL,
        message INTEGER
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX call_under_way ON call (agent) WHERE ended_at IS NULL;
    CREATE INDEX call_ticket ON call (ticket_key);
"""
"""An agent has one call at a time: the store sees to it, whichever console begins one."""
