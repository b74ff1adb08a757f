"""A ticket's history as the clocks see it: what was written and what was done, replayed in the order of time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from supportterm.domain.events import Event, EventKind, undone
from supportterm.domain.standing import THANKS, Beat, arrived
from supportterm.domain.ticket import MessageKind, Status


class Cause(StrEnum):
    """What moves a clock besides the status."""

    CUSTOMER = "the customer wrote"
    ANSWER = "our answer was accepted"
    BOUNCE = "our answer came back undelivered"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant of a history and how the ticket stood after it; `why` is what happened, in words.

    `on_its_way` where an answer of ours has been written and no server has
    accepted it yet.
    """

    at: datetime
    cause: Cause
    status: Status
    snoozed: bool
    on_its_way: bool
    why: str


def replay(
    beats: Iterable[Beat],
    events: Iterable[Event],
    *,
    now: datetime,
    status: Status | None = None,
    snoozed_until: datetime | None = None,
) -> list[Moment]:
    """Replay a history up to `now`; its order is that of time, whatever order it is given in.

    Args:
        beats: the messages, without mail that no server has accepted.
        events: the journal; what was taken back counts as never done.
        now: what lies after it has not happened yet.
        status: how the ticket stands; where the history says otherwise, the last moment says it.
        snoozed_until: until when it sleeps; asked where there is a `status`.
    """
    told = list(events)
    taken_back = undone(told)
    standing = [event for event in told if event.undoes is None and event.id not in taken_back]
    happened: list[tuple[datetime, int, int, str, Beat | Event]] = [
        (beat.at, 0, 0, f"{beat.kind}{beat.intent}{beat.here}", beat) for beat in beats
    ]
    happened += [(event.at, 1, event.seq, event.id, event) for event in standing]
    player = _Player()
    for at, *_, what in sorted(happened, key=lambda each: each[:4]):
        player.sleep_until(at)
        if isinstance(what, Beat):
            player.beat(what)
        else:
            player.event(what)
    player.sleep_until(now)
    if status is not None:
        player.stand(status, asleep=snoozed_until is not None and snoozed_until > now)
    return player.moments


class _Player:
    """The state of a ticket while its history goes by."""

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self._status = Status.NEW
        self._until: datetime | None = None
        self._sent: set[object] = set()

    def sleep_until(self, at: datetime) -> None:
        """Let a snooze end that ends by then."""
        if self._until is not None and self._until <= at:
            ends, self._until = self._until, None
            self._note(ends, "the snooze ended")

    def beat(self, beat: Beat) -> None:
        """Let a message come or go."""
        if beat.here:
            after = Status.PENDING if beat.kind is MessageKind.REPLY and self._status is Status.NEW else self._status
        else:
            after = arrived(self._status, beat.kind, beat.intent)
            asks = beat.kind is MessageKind.CUSTOMER and beat.intent not in THANKS
            if after is not self._status or asks:
                self._until = None
        moved, self._status = after is not self._status, after
        if beat.kind is MessageKind.CUSTOMER and beat.intent not in THANKS:
            self._note(beat.at, Cause.CUSTOMER, Cause.CUSTOMER)
        elif beat.is_talk:
            if not any(moment.cause is Cause.CUSTOMER for moment in self.moments):
                self._note(beat.at, "the customer called", Cause.CUSTOMER)
            self._note(beat.at, "we spoke on the phone", Cause.ANSWER)
        elif beat.kind is MessageKind.REPLY:
            self._note(beat.at, Cause.ANSWER if beat.here else "we answered", Cause.ANSWER)
        elif beat.kind is MessageKind.BOUNCE:
            self._note(beat.at, Cause.BOUNCE, Cause.BOUNCE)
        elif moved:
            self._note(beat.at, "a colleague wrote" if beat.kind is MessageKind.INSIDE else f"{beat.kind} mail came")

    def event(self, event: Event) -> None:
        """Let an agent, or the program, do something."""
        number = event.payload.get("operation")
        match event.kind:
            case EventKind.CHANGED:
                self._change(event, event.payload, event.by)
            case EventKind.BLOCKED:
                self._change(event, event.payload.get("change"), f"{event.by}, blocking the sender,")
            case EventKind.CALLED:
                self._change(event, event.payload.get("change"), f"{event.by}, after the call,")
            case EventKind.MERGED:
                self._merge(event, event.payload.get("stands"))
            case EventKind.SPLIT:
                self._split(event, set(event.payload.get("operations", ())))
            case EventKind.REPLY_QUEUED:
                self._sent.add(number)
                self._change(event, event.payload.get("change", {}), f"{event.by}’s answer")
            case EventKind.REPLY_ACCEPTED:
                self._sent.discard(number)
            case EventKind.REPLY_STOPPED:
                self._stop(event, number, "our answer did not leave")
            case EventKind.REPLY_RELEASED if event.payload.get("why") == "sent again":
                self._sent.add(number)
            case EventKind.REPLY_RELEASED if number in self._sent or event.payload.get("why") == "discarded":
                self._stop(event, number, "our answer was discarded")

    def stand(self, status: Status, *, asleep: bool) -> None:
        """Let the last moment be as the ticket is."""
        if self.moments and (self._status, self._until is not None) != (status, asleep):
            why = "asleep" if asleep and status is self._status else f"it is {status.value}"
            last = dataclasses.replace(self.moments[-1], cause=Cause.OTHER, status=status, snoozed=asleep, why=why)
            self.moments.append(last)

    def _change(self, event: Event, payload: object, who: str) -> None:
        if not isinstance(payload, dict):
            return
        said = []
        if (status := payload.get("status")) is not None:
            self._status = Status(status[1])
            said.append("closed a week after it was solved" if event.by == "supportterm" else f"{who} set {status[1]}")
        if (snoozed := payload.get("snoozed_until")) is not None:
            self._until = None if snoozed[1] is None else datetime.fromisoformat(snoozed[1])
            said.append(f"{who} woke it" if self._until is None else f"{who} snoozed it")
        if said or event.kind is EventKind.REPLY_QUEUED:
            self._note(event.at, ", ".join(said) or f"{who} is on its way")

    def _merge(self, event: Event, stands: object) -> None:
        """Go on as the ticket stood once it had taken in another: both histories were read as one until then."""
        if not isinstance(stands, list):
            return
        until = None if stands[1] is None else datetime.fromisoformat(stands[1])
        if (self._status, self._until) != (Status(stands[0]), until):
            self._status, self._until = Status(stands[0]), until
            self._note(event.at, f"{event.by} joined it with {event.payload.get('ref')}")

    def _split(self, event: Event, gone: set[object]) -> None:
        if gone & self._sent:
            self._sent -= gone
            self._note(event.at, f"our answer is on {event.payload.get('ref')} now")

    def _stop(self, event: Event, number: object, why: str) -> None:
        self._sent.discard(number)
        if not self._status.is_ours:
            self._status = Status.OPEN
        self._note(event.at, why)

    def _note(self, at: datetime, why: str, cause: Cause = Cause.OTHER) -> None:
        on_its_way = bool(self._sent) and cause is not Cause.ANSWER
        self.moments.append(Moment(at, cause, self._status, self._until is not None, on_its_way, str(why)))
