"""Work of which only the latest counts."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker


def only_latest(owner: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
    """Begin work that may wait, and end what of its group is under way: that has been asked anew.

    What was never begun leaves no coroutine behind that nobody awaits, as one
    made beforehand would.
    """
    _begun: Worker[None] = owner.run_worker(work, group=group, exclusive=True, exit_on_error=False)
