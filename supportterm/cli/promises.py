"""`promises`, and those in a reply: listed, given by hand, kept, moved, given to a colleague, withdrawn."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportterm.cli.context import at_desk, reading
from supportterm.cli.output import Output, fit
from supportterm.domain import clocks
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.ledger import TicketClock

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.desk.promising import Offer
    from supportterm.desk.verbs import Done
    from supportterm.domain.promises import Promise
    from supportterm.store.views import Views

_KIND = "promise"


def of_reply(
    text: str, lang: str | None, how: str, desk: Desk, output: Output, leaves: datetime | None = None
) -> tuple[Promise, ...]:
    """Return the promises of a reply that are kept as clocks: as `--promise` says, else as the agent answers.

    They are read as they will be when it `leaves`.
    """
    if how == "ignore":
        return ()
    from supportterm.desk import promising

    zone = ZoneInfo(desk.config.policy.time_zone)
    asks = how == "ask" and not output.as_json and sys.stdin.isatty() and sys.stderr.isatty()
    kept = []
    for offer in promising.offers(text, lang, desk.config, leaves or desk.now()):
        promise = offer.promise
        if promise is None:
            output.say(f"{_told(offer, zone)} not kept: `supportterm promises give REF WHEN WHAT` sets a clock.")
        elif how == "keep" or (asks and _yes(f"{_told(offer, zone)} keep as a clock? [y/n] ")):
            kept.append(promise)
            output.say(f"{_told(offer, zone)} kept as a clock once the mail is accepted.")
        elif not asks:
            output.say(f"{_told(offer, zone)} not kept: add --promise keep.")
    return tuple(kept)


def _told(offer: Offer, zone: ZoneInfo) -> str:
    at = f"{offer.due_at.astimezone(zone):%a %d %b, %H:%M}" if offer.due_at and not offer.doubt else offer.doubt
    return f"promise “{offer.when}” ({at}):"


def _yes(question: str) -> bool:
    print(question, end="", file=sys.stderr, flush=True)  # noqa: T201 a question at the terminal, no record
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def list_promises(args: argparse.Namespace, output: Output) -> int:
    """List the open promises, the next due first; status 1 where one is late."""
    now = datetime.now(UTC)
    late = False
    with reading(args) as (views, _):
        found = views.of_kind(_KIND)
        for clock in found:
            ticket = views.ticket(clock.ticket_key)
            left = clock.due_at - now if clock.due_at else None
            late = late or bool(left and left.total_seconds() < 0)
            record = {
                "id": _name(clock),
                "ref": ticket.ref if ticket else "",
                "words": clock.words,
                "due": clock.due_at,
                "agent": clock.agent,
                "since": clock.started_at,
            }
            shown = clocks.in_words(left) if left is not None else ""
            line = f"{_name(clock)}  {fit(str(record['ref']), 9)} {fit(shown, 12)} {fit(clock.agent or '-', 10)}"
            output.record(record, f"{line} {clock.words}".rstrip())
        if not found:
            output.say("No promise is open.")
    return 1 if late else 0


def give(args: argparse.Namespace, output: Output) -> int:
    """Give a promise by hand."""
    from supportterm.desk import promising

    with at_desk(args) as desk:
        wanted = promising.typed(" ".join(args.words), desk.config, desk.now())
        _say(promising.promise(desk, args.ref, wanted), output)
    return 0


def kept(args: argparse.Namespace, output: Output) -> int:
    """Say that a promise was kept without a reply."""
    from supportterm.desk import promising

    return _change(args, output, lambda desk, clock: promising.fulfil(desk, clock))


def withdraw(args: argparse.Namespace, output: Output) -> int:
    """End a promise that nobody owes any more."""
    from supportterm.desk import promising

    return _change(args, output, lambda desk, clock: promising.withdraw(desk, clock))


def hand(args: argparse.Namespace, output: Output) -> int:
    """Give a promise to a colleague."""
    from supportterm.desk import promising

    return _change(args, output, lambda desk, clock: promising.give(desk, clock, args.who))


def move(args: argparse.Namespace, output: Output) -> int:
    """Give a promise another time."""
    from supportterm.desk import promising

    def to_that_time(desk: Desk, clock: str) -> Done:
        at = promising.instant(" ".join(args.when), desk.config, desk.now())
        if at is None:
            raise RefusedError("That is no clear time to come. Try `friday 14:00`, `2h` or `2026-12-03 14:00`.")
        return promising.move(desk, clock, at)

    return _change(args, output, to_that_time)


def _change(args: argparse.Namespace, output: Output, verb: Callable[[Desk, str], Done]) -> int:
    with reading(args) as (views, _):
        clock = _named(views, args.id)
    with at_desk(args) as desk:
        _say(verb(desk, clock), output)
    return 0


def _named(views: Views, name: str) -> str:
    found: Sequence[TicketClock] = [clock for clock in views.of_kind(_KIND) if _token(clock).startswith(name.lower())]
    if len(found) != 1:
        raise NotFoundError(
            f"{len(found) or 'No'} open promises are called {name!r}. `supportterm promises` lists them."
        )
    return found[0].id


def _token(clock: TicketClock) -> str:
    return clock.id.rpartition("-")[2]


def _name(clock: TicketClock) -> str:
    return _token(clock)[:6]


def _say(done: Done, output: Output) -> None:
    output.record({"ref": done.ref, "done": done.words}, f"{done.ref}: {done.words}")
