"""Keys typed faster than screens open: each waits until the one before it has done what it does.

Without this, the letters typed right behind `r` would act on the queue, or be
lost, until the editor stands. A key waits for the key before it, for a
question that key is about to ask, and for the screen it opened; never longer
than a moment, so that nothing can hold the keys for good.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events
from textual.screen import Screen
from textual.widgets import Input, TextArea

from supportterm.screens.base import DeskScreen

if TYPE_CHECKING:
    from textual.app import App

MOMENT = 4.0
"""Seconds a key waits for what the key before it begins."""
_POLL = 0.01
_TAKEN = 0.04
"""Seconds after which a key that a widget stopped is taken for that widget's own."""


class TypeAhead:
    """Holds keys back, in their order, while the console is busy opening something."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._held: deque[tuple[float, events.Key]] = deque()
        self._coming: deque[events.Key] = deque()
        """Keys let go and not yet back."""
        self._under_way: events.Key | None = None
        self._begun = 0.0
        self._acts = False
        """The key under way reached the app, which now does what it is bound to."""
        self._opening: dict[object, float] = {}
        self.key_at = 0.0
        """When the last key came, as `monotonic` counts."""
        self._polling = False

    def holds(self, event: events.Key) -> bool:
        """Take a key from the terminal; True where it has to wait and will come again."""
        self.key_at = monotonic()
        if self._coming and event is self._coming[0]:
            self._coming.popleft()
        elif self._held or self._coming or not self._is_free():
            self._held.append((monotonic(), event))
            self._poll()
            return True
        if (keys := self._apart(event)) is not None:
            self._held.extendleft((monotonic(), key) for key in reversed(keys))
            self._release()
            return True
        if not self._is_typed(event):
            self._set_out(event)
        return False

    def acts(self, event: events.Key) -> None:
        """Hear that no field took a key and it is about to do what it is bound to."""
        if event is self._under_way:
            self._acts = True

    def done(self, event: events.Key) -> None:
        """Hear that a key did what it does."""
        if event is self._under_way:
            self._under_way = None
            self._release()

    def opening(self) -> object:
        """Hear that an action began work that may open something; `ended` takes what is returned."""
        token = object()
        self._opening[token] = monotonic()
        return token

    def ended(self, token: object) -> None:
        """Hear that such work has ended."""
        self._opening.pop(token, None)
        self._release()

    def shown(self) -> None:
        """Hear that what was to be opened is there, or about to be laid out."""
        self._opening.clear()
        self._release()

    def _is_free(self) -> bool:
        now = monotonic()
        if (key := self._under_way) is not None:
            taken = key._stop_propagation and not self._acts and now - self._begun > _TAKEN
            if taken or now - self._begun > 2 * MOMENT:
                self._under_way = None
        self._opening = {token: since for token, since in self._opening.items() if now - since < MOMENT}
        return self._under_way is None and not self._opening and _stands(self._app.screen)

    def _release(self) -> None:
        if not self._app.is_running:
            self._held.clear()
        while self._held and (self._is_free() or monotonic() - self._held[0][0] > 2 * MOMENT):
            _, held = self._held.popleft()
            again = events.Key(held.key, held.character)
            self._coming.append(again)
            self._app.post_message(again)
            if not self._is_typed(again):
                self._set_out(again)
                break
        self._poll()

    def _set_out(self, event: events.Key) -> None:
        self._under_way, self._begun, self._acts = event, monotonic(), False

    def _is_typed(self, event: events.Key) -> bool:
        """Tell whether a key only writes into the field that has the focus."""
        focused = self._app.focused
        return focused is not None and focused.check_consume_key(event.key, event.character)

    def _apart(self, event: events.Key) -> tuple[events.Key, events.Key] | None:
        """Return Esc and the key behind it where they came as one: as Alt with a key that means nothing here."""
        alt, _, key = event.key.partition("alt+")
        if alt or not key or isinstance(self._app.focused, (Input, TextArea)):
            return None
        if event.key in self._app.screen.active_bindings:
            return None
        return events.Key("escape", "\x1b"), events.Key(key, event.character)

    def _poll(self) -> None:
        if self._held and not self._polling:
            self._polling = True
            self._app.set_timer(_POLL, self._polled)

    def _polled(self) -> None:
        self._polling = False
        self._release()


def _stands(screen: Screen[Any]) -> bool:
    """Tell whether a screen can be typed to: it is laid out, and its field, where it begins with one, has the focus."""
    if not screen.is_mounted:
        return False
    if screen.focused is not None or not (screen.is_modal or isinstance(screen, DeskScreen)):
        return True
    return not any(field.focusable for field in screen.query("Input, TextArea"))
