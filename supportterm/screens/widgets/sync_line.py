"""How sync goes, in a few words at the head of a screen: `synced 4 s`, `offline since 14:02`, `sign-in failed`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from textual.widgets import Static

from supportterm.screens import format as shown_as


def in_words(sync: dict[str, Any], now: datetime) -> str:
    """Return the state of sync as a quiet word."""
    state = sync.get("state")
    if not state:
        return "not synced yet"
    if state == "online":
        success = sync.get("success")
        return f"synced {shown_as.ago(datetime.fromisoformat(success), now)}" if success else "online"
    if state == "refused":
        return "sign-in failed"
    since = datetime.fromisoformat(sync["since"]).astimezone()
    return f"offline since {since:%H:%M}"


class SyncLine(Static):
    """The state of sync and how much waits in the outbox."""

    DEFAULT_CSS = """
    SyncLine { width: auto; height: 1; color: $quiet; }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__("", id=id, markup=False)

    def show(self, sync: dict[str, Any], now: datetime) -> None:
        """Show a state, as `Views.sync` gives it."""
        self.update(in_words(sync, now))
