"""What the beginning and the end of a shift need in the store."""

from __future__ import annotations

BROKEN = "CREATE INDEX clock_broken ON clock (due_at) WHERE state = 'broken';"
"""Promises broken since an instant, found without reading every clock."""
GLANCES = """
    CREATE TABLE glance (
        id INTEGER PRIMARY KEY NOT NULL, ticket_key TEXT NOT NULL, agent TEXT NOT NULL, what TEXT NOT NULL,
        at INTEGER NOT NULL
    );
    CREATE INDEX glance_ticket ON glance (ticket_key, at);
"""
"""Who opened a ticket, who went past it."""
REFUSALS = """
    CREATE TABLE refusal (
        id TEXT PRIMARY KEY NOT NULL, ticket_key TEXT NOT NULL, address TEXT NOT NULL, by TEXT NOT NULL,
        at INTEGER NOT NULL, reason TEXT NOT NULL, decision TEXT NOT NULL, decided_by TEXT NOT NULL,
        decided_at INTEGER, words TEXT NOT NULL, blocks INTEGER NOT NULL
    ) WITHOUT ROWID;
"""
"""Requests to refuse a customer, and who decided what."""
