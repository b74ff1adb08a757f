"""What became of a reply, in words: `leaves in 8 s`, `waiting for the network`, `uncertain`."""

from __future__ import annotations

from datetime import datetime

from supportterm.domain import clocks, held
from supportterm.domain.operations import Operation, State, worst


def state_of(operation: Operation) -> State:
    """Return the state a person is shown: the worst of the mail's and its recipients'."""
    if operation.state in (State.REVIEW, State.UNDONE):
        return operation.state
    return worst([operation.state, *(r.state for r in operation.recipients if r.state.needs_a_look)])


def fate(operation: Operation, now: datetime, *, online: bool = True) -> tuple[str, bool]:
    """Return a mail's state in words, empty once it was accepted, and whether somebody has to look at it."""
    state = state_of(operation)
    if state is State.QUEUED:
        return _queued(operation, now, online=online), False
    words = {
        State.SENDING: "being sent",
        State.ACCEPTED: "",
        State.UNDONE: "taken back, never sent",
        State.UNCERTAIN: "uncertain: it may have arrived, see the outbox",
        State.REFUSED: "refused, not sent",
        State.REVIEW: "held back: newer mail came first",
    }[state]
    if state is State.REFUSED:
        refused = [r for r in operation.recipients if r.state is State.REFUSED]
        if 0 < len(refused) < len(operation.recipients):
            words = f"refused for {', '.join(r.address for r in refused)}"
    return words, state.needs_a_look


def _queued(operation: Operation, now: datetime, *, online: bool) -> str:
    left = (operation.not_before - now).total_seconds()
    if left > 0 and (hold := held.of(operation)) is not None:
        return f"leaves {held.in_words(hold, now)}"
    if left > 0:
        return f"leaves in {round(left)} s" if left < 60 else f"leaves in {clocks.in_words(operation.not_before - now)}"
    if not online:
        return "waiting for the network"
    if operation.attempts and operation.next_attempt_at > now:
        seconds = (operation.next_attempt_at - now).total_seconds()
        wait = f"{round(seconds)} s" if seconds < 60 else clocks.in_words(operation.next_attempt_at - now)
        return f"not sent yet, next try in {wait}"
    return "about to leave"
