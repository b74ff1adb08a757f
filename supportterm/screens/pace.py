"""Work that is asked for more often than it should be done."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

REST_SECONDS, LATEST_SECONDS = 0.1, 3.0
"""How long keys must rest, and how long work waits for that at most; what waited is then done together."""

PUT_OFF_SECONDS, PUT_OFF_LONGEST = 0.5, 30.0
"""The same for what is only got ready: it may wait until there is a pause."""


def once_keys_rest(owner: MessagePump, work: Callable[[], object], keys: Callable[[], float]) -> None:
    """Do something once no key has come for a moment, `keys` as `Pace` has it; where they never rest, after a while."""
    latest = time.monotonic() + PUT_OFF_LONGEST

    def look() -> None:
        now = time.monotonic()
        at = min(keys() + PUT_OFF_SECONDS, latest)
        if at <= now:
            work()
        else:
            owner.set_timer(at - now, look)

    look()


class Pace:
    """Does something at once when asked, but not again before a while has passed; what is asked meanwhile is done then.

    `least` is that while in seconds; work that `took` long is done the less
    often, so that it never takes more than a tenth of the time. Where `keys`
    tells when the last key came, it waits a little until they rest: what a
    worker brings is not drawn between two of them.
    """

    def __init__(
        self, owner: MessagePump, work: Callable[[], object], least: float, keys: Callable[[], float] = lambda: 0.0
    ) -> None:
        self._owner = owner
        self._work = work
        self._least = least
        self._keys = keys
        self._free_at = 0.0
        self._asked_at = 0.0
        self._timer: Timer | None = None

    def ask(self) -> None:
        """Have it done, now or as soon as the pace allows."""
        if self._timer is None:
            self._asked_at = time.monotonic()
            self._wait()

    def hurry(self) -> None:
        """Have it done now, whatever the pace."""
        self._free_at = 0.0
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._run()

    def took(self, seconds: float) -> None:
        """Hear how long it took."""
        self._free_at = time.monotonic() + max(self._least, 10 * seconds)

    def _wait(self) -> None:
        self._timer = None
        now = time.monotonic()
        latest = (max(self._free_at, self._asked_at) // LATEST_SECONDS + 1) * LATEST_SECONDS
        at = max(self._free_at, min(self._keys() + REST_SECONDS, latest))
        if at <= now:
            self._run()
        else:
            self._timer = self._owner.set_timer(at - now, self._wait)

    def _run(self) -> None:
        self._timer = None
        self._free_at = time.monotonic() + self._least
        self._work()
