"""What stays wrong until somebody acts, in one line under the head of a screen; nothing to see while all is well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.widgets import Static

from supportterm.screens import format as shown_as
from supportterm.screens.base import run


def in_words(sync: Mapping[str, Any], trouble: str = "") -> str:
    """Return what a person has to do about sync; empty where nothing, and while it is only offline."""
    if trouble:
        return f"The worker stopped: {shown_as.line(trouble, 300)}"
    if sync.get("state") == "refused":
        return shown_as.line(str(sync.get("error") or "The mail server refused to let us in."), 300)
    return ""


class Banner(Static):
    """One line for what stays true; a click tells more."""

    DEFAULT_CSS = """
    Banner { height: 1; padding: 0 1; background: $error 20%; color: $foreground; display: none;
             text-wrap: nowrap; text-overflow: ellipsis; pointer: pointer; }
    Banner:ansi { background: ansi_default; color: ansi_red; text-style: bold; }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__("", id=id, markup=False)

    def show(self, sync: Mapping[str, Any]) -> None:
        """Show what is wrong with a state, as `Views.sync` gives it, or go away."""
        words = in_words(sync, str(getattr(self.app, "worker_trouble", "") or ""))
        key = ""
        if words:
            key_of = getattr(self.screen, "key_of", None)
            key = f"   {key_of('desk.sync-problems')} tells more" if key_of else ""
        self.display = bool(words)
        self.update(f"! {words}{key}")

    def on_click(self) -> None:
        """Show how sync goes."""
        self.call_later(run, self.screen, "desk.sync-problems")
