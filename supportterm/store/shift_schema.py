"""What the beginning and the end of a shift need in the store."""

from __future__ import annotations

BROKEN = "CREATE INDEX clock_broken ON clock (due_at) WHERE state = 'broken';"
"""Promises broken since an instant, found without reading every clock."""
