"""The tables of what clocks warned of: `seen` by the worker's triggers, `told` by a console; and triggers' commands."""

WARNED = """
    CREATE TABLE warning (
        clock TEXT NOT NULL,
        percent INTEGER NOT NULL,
        ticket_key TEXT NOT NULL,
        kind TEXT NOT NULL,
        agent TEXT,
        came_at INTEGER NOT NULL,
        due_at INTEGER,
        words TEXT NOT NULL,
        seen INTEGER NOT NULL DEFAULT 0,
        told INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (clock, percent)
    ) WITHOUT ROWID;
    CREATE INDEX warning_unseen ON warning (came_at) WHERE seen = 0;
    CREATE INDEX warning_untold ON warning (agent, came_at) WHERE told = 0;
    CREATE INDEX warning_ticket ON warning (ticket_key);
    CREATE TABLE trigger_run (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
        ticket_key TEXT NOT NULL,
        name TEXT NOT NULL,
        argv TEXT NOT NULL,
        given TEXT NOT NULL,
        state TEXT NOT NULL,
        at INTEGER NOT NULL,
        said TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX trigger_run_open ON trigger_run (state, id) WHERE state IN ('queued', 'running');
    CREATE INDEX trigger_run_failed ON trigger_run (at) WHERE state IN ('failed', 'unknown');
    CREATE INDEX operation_notice ON operation (created_at) WHERE kind = 'notice';
    """
