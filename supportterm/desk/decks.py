"""One reply per customer out of one snippet: made ready for a deck, and queued together in one undoable step."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.config import Config
from supportterm.desk import posting, promising, rendering, verbs
from supportterm.desk.context import Desk
from supportterm.desk.macros import MacroLibrary
from supportterm.desk.posting import Letter
from supportterm.desk.replying import default_subject, recipients
from supportterm.desk.verbs import Done
from supportterm.domain import blanks
from supportterm.domain.blanks import Blank, Expansion
from supportterm.domain.deck import Card
from supportterm.domain.drafts import Kind, Recipients
from supportterm.domain.errors import RefusedError
from supportterm.domain.events import Event
from supportterm.domain.promises import Promise
from supportterm.domain.snippets import Macro
from supportterm.domain.text import clean_body
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.mail.compose import ComposeError
from supportterm.store import drafts, messages, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session
    from supportterm.store.views import Views

MOST = 200
"""Customers of one deck: nobody looks at more of them one by one."""
_ASKED = 2_000


def make_of(macro: Macro) -> str:
    """Return what cards out of a macro's variant have in common."""
    return f"{macro.id}/{macro.lang}"


def variants(library: MacroLibrary, macro: Macro, found: Iterable[Ticket]) -> dict[str, Macro]:
    """Return the variants of a macro that suit tickets, by ticket key: each in its customer's language."""
    return {ticket.key: library.find(macro.id, ticket.lang or macro.lang) for ticket in found}


def to_fill(macro: Macro, config: Config, ticket: Ticket, now: datetime) -> tuple[Blank, ...]:
    """Return the blanks that somebody has to fill: missing facts of this customer's are their card's own matter."""
    return tuple(blank for blank in blanks.unfilled(_rendered(macro, config, ticket, now)) if not blank.label)


def card(
    views: Views, config: Config, macro: Macro, ticket: Ticket, fillings: Mapping[int, str], now: datetime
) -> Card:
    """Return a customer's card: the text with their facts and these fillings, what is left open, what it promises."""
    expansion = blanks.fill(_rendered(macro, config, ticket, now), fillings)
    for blank in blanks.unfilled(expansion):
        expansion = blanks.accept(expansion, blank.number)
    draft = views.draft(ticket.key, config.agent.id, Kind.REPLY)
    said = [m for m in views.messages(ticket.key) if m.kind is MessageKind.CUSTOMER]
    remark = "you are writing there" if draft is not None and not draft.is_empty else ""
    remark = remark or ("only machines wrote" if ticket.automatic else "")
    promises, doubts = promised(expansion.text, ticket.lang, config, now)
    return Card(
        key=ticket.key,
        ref=ticket.ref,
        customer=ticket.requester_name or ticket.requester_address,
        subject=ticket.subject,
        text=expansion.text,
        make=make_of(macro),
        gaps=tuple(blank.shown for blank in blanks.unfilled(expansion)),
        promises=promises,
        doubts=doubts,
        status=macro.actions.status,
        add_tags=macro.actions.tags_add,
        seen=views.seen(ticket.key),
        remark=remark or ("" if ticket.requester_address else "there is no address"),
        asked=(said[-1].reply_text or said[-1].text)[:_ASKED] if said else "",
    )


def promised(text: str, lang: str | None, config: Config, now: datetime) -> tuple[tuple[Promise, ...], tuple[str, ...]]:
    """Return the promises of a text that are clear, and why others are not.

    The first are shown with the card, and approving it keeps them.
    """
    offers = promising.offers(text, lang, config, now)
    clear = tuple(promise for each in offers if (promise := each.promise) is not None)
    return clear, tuple(f"“{each.when}”: {each.doubt}" for each in offers if each.doubt)


def edited(one: Card, text: str, lang: str | None, config: Config, now: datetime) -> Card:
    """Return a card with another text."""
    if text == one.text:
        return one
    promises, doubts = promised(text, lang, config, now)
    return dataclasses.replace(one, text=text, edited=True, remark="", promises=promises, doubts=doubts)


def send(desk: Desk, cards: Sequence[Card], *, keep_status: bool = False) -> Done:
    """Queue the replies of a deck in one step; one undo takes back all that have not left.

    Each waits out its undo time, and is held for review where the customer has
    written meanwhile. With `keep_status` the tickets stay as they are: the
    answer itself is still owed.

    Raises:
        RefusedError: there is none, there are too many, or none of them could be queued; the text says why.
    """
    if not cards:
        raise RefusedError("Nothing is approved; nothing was sent.")
    if len(cards) > MOST:
        raise RefusedError(f"{len(cards)} replies are too many for one step: {MOST} at most.")
    group = secrets.token_hex(8)
    sent: list[str] = []
    left_out: dict[str, str] = {}
    with desk.database.write() as session:
        for one in cards:
            try:
                _post(session, desk, one, group, keep_status=keep_status)
                sent.append(one.ref)
            except (RefusedError, ComposeError) as error:
                left_out[one.ref] = str(error)
    why = "; ".join(f"{ref}: {words}" for ref, words in left_out.items())
    if not sent:
        raise RefusedError(why)
    named = sent[0] if len(sent) == 1 else f"{len(sent)} replies"
    return Done(named, "queued" + (f"; {len(left_out)} left out ({why})" if left_out else ""))


def undo(session: Session, desk: Desk, step: Sequence[Event], now: datetime) -> Done:
    """Take back the replies of a step that have not left; called by `verbs.undo`.

    Raises:
        RefusedError: all of them have left.
    """
    back: list[Done] = []
    why = ""
    leads = tickets.resolve(session, {event.ticket_key for event in step})
    for event in step:
        ticket = tickets.load(session, [leads[event.ticket_key]])[leads[event.ticket_key]]
        try:
            back.append(verbs.undo_reply(session, desk, ticket, event, now))
        except RefusedError as error:
            why = str(error)
    if not back:
        raise RefusedError(why)
    left = len(step) - len(back)
    words = "taken back before they left; they are drafts again"
    return Done(f"{len(back)} replies", words + (f"; {left} had left" if left else ""))


def _post(session: Session, desk: Desk, one: Card, group: str, *, keep_status: bool) -> None:
    body = clean_body(one.text).strip()
    if not body or one.open_gaps:
        raise RefusedError(f"{one.open_gaps[0]} is not filled." if one.open_gaps else "The reply is empty.")
    ticket = verbs.find(session, one.key)
    conversation = messages.load(session, ticket.key)
    to, copies = recipients(ticket, conversation, desk.people, everyone=False)
    if not to:
        raise RefusedError("there is no customer's address to write to.")
    draft = drafts.load(session, ticket.key, desk.me, Kind.REPLY)
    letter = Letter(
        Recipients(tuple(to), tuple(copies)),
        default_subject(ticket, conversation),
        body,
        None if keep_status else one.status or Status.PENDING,
        frozenset(one.add_tags),
        seen=one.seen,
        draft=draft if draft is not None and one.edited else None,
        promises=one.promises,
        group=group,
    )
    posting.post(session, desk, ticket, conversation, letter)


def _rendered(macro: Macro, config: Config, ticket: Ticket, now: datetime) -> Expansion:
    return rendering.render(
        macro,
        rendering.facts(
            ticket,
            agent_name=config.agent.name,
            mailbox_name=config.mailbox.name,
            mailbox_address=config.mailbox.address,
            reply_by=rendering.reply_by(ticket, macro.lang, now),
        ),
    )
