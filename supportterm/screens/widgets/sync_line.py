"""How sync goes, in a few words at the head of a screen: `synced 4 s`, `offline since 14:02`, `sign-in failed`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from rich.cells import cell_len
from textual.reactive import reactive
from textual.widgets import Static

from supportterm.screens import format as shown_as
from supportterm.screens.base import run

if TYPE_CHECKING:
    from supportterm.screens.console import Console


def in_words(sync: Mapping[str, Any], now: datetime, trouble: str = "") -> str:
    """Return the state of sync as a quiet word; `trouble` is why the worker stopped."""
    state = sync.get("state")
    if trouble:
        return "worker stopped"
    if not state:
        return "not synced yet"
    if state == "syncing":
        return _reading(sync, now)
    if state == "online":
        success = sync.get("success")
        return f"synced {shown_as.ago(datetime.fromisoformat(success), now)}" if success else "online"
    if state == "refused":
        return "certificate refused" if "certificate" in str(sync.get("error", "")).lower() else "sign-in failed"
    since = datetime.fromisoformat(sync["since"])
    return f"offline since {_clock(since, now)}"


def outbox_in_words(held: int, stopped: int) -> str:
    """Return how much waits in the outbox: `outbox 3, 1 stopped`."""
    return f"outbox {held:,}" + (f", {stopped:,} stopped" if stopped else "")


def banner(sync: Mapping[str, Any]) -> str:
    """Return what stays wrong with sync until a person acts; empty while it is well or only offline."""
    if sync.get("state") != "refused":
        return str(sync.get("config") or "")
    return str(sync.get("error") or "The mail server refused to let us in.")


def is_trouble(sync: Mapping[str, Any], trouble: str = "") -> bool:
    """Tell whether sync needs a person, not only patience."""
    return bool(trouble) or sync.get("state") == "refused"


def _reading(sync: Mapping[str, Any], now: datetime) -> str:
    """Say how far reading is; when it will be ready once that can be said."""
    done, total = int(sync.get("done", 0)), int(sync.get("total", 0))
    words = f"{'reading' if sync.get('success') else 'first sync'} {done:,} of {total:,}"
    taken = now - datetime.fromisoformat(sync["since"])
    if done and taken.total_seconds() >= 5:
        words += f", ready about {_clock(now + taken * ((total - done) / done), now)}"
    return words


def _clock(instant: datetime, now: datetime) -> str:
    """Return the time of day; with the day where it is not today's."""
    here = instant.astimezone()
    return f"{here:%H:%M}" if here.date() == now.astimezone().date() else f"{here:%d %b %H:%M}"


class SyncLine(Static):
    """The state of sync; a click tells more."""

    DEFAULT_CSS = """
    SyncLine { width: auto; height: 1; color: $quiet; pointer: pointer; }
    SyncLine.trouble { color: $error; }
    """

    words: reactive[str] = reactive("")

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__("", id=id, markup=False)

    def show(self, sync: Mapping[str, Any], now: datetime) -> None:
        """Show a state, as `Views.sync` gives it."""
        trouble = str(getattr(self.app, "worker_trouble", "") or "")
        self.words = in_words(sync, now, trouble)
        self.set_class(is_trouble(sync, trouble), "trouble")

    def watch_words(self, before: str, words: str) -> None:
        """Draw only what changed; nothing else is laid out anew while the words take the same room."""
        self.update(words, layout=cell_len(words) != cell_len(before))

    def on_click(self) -> None:
        """Show how sync goes."""
        self.call_later(run, self.screen, "desk.sync-problems")


class OutboxLine(Static):
    """How much waits in the outbox; a click opens it."""

    DEFAULT_CSS = """
    OutboxLine { width: auto; height: 1; color: $quiet; pointer: pointer; }
    OutboxLine.stopped { color: $warning; }
    """

    words: reactive[str] = reactive("", layout=True)

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__("", id=id, markup=False)

    def show(self, held: int, stopped: int) -> None:
        """Show the counts, as `Views.outbox_counts` gives them."""
        self.words = outbox_in_words(held, stopped)
        self.set_class(stopped > 0, "stopped")

    def read(self) -> None:
        """Read the counts and show them."""
        console = cast("Console", cast("Any", self.app).support)
        self.show(*console.views.outbox_counts())

    def watch_words(self, words: str) -> None:
        """Draw only what changed."""
        self.update(words)

    def on_click(self) -> None:
        """Open the outbox."""
        self.call_later(run, self.screen, "desk.outbox")
