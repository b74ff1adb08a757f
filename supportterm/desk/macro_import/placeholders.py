"""What other helpdesks' placeholders are called here, as their documentation has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from re import Match, Pattern

from supportterm.desk.macro_import.drafted import Drafted, Numbers, mapped
from supportterm.desk.rendering import FILTERS, PLACEHOLDERS

_FILTER = re.compile(r"\|\s*(\w+)\s*(:\s*(?:\"[^\"{}]*\"|'[^'{}]*'|\d+))?\s*")
_NAME, _FIRST, _ADDRESS = "ticket.requester.name", "ticket.requester.first_name", "ticket.requester.address"
_NO_SURNAME = "a last name by itself is not known; `ticket.requester.name` has the whole name"
_LOGIC = "conditions and loops; a macro has `when` and choices; now a blank that says so"
_BRANCHES = {"if": "only if", "unless": "unless", "elsif": "only if", "else": "only if not", "when": "only when"}


@dataclass(frozen=True, slots=True)
class Style:
    """How a helpdesk writes placeholders: `signs` finds one, its name in group 1; `reasons` say why some are lost."""

    signs: Pattern[str]
    names: Mapping[str, str]
    reasons: Mapping[str, str]


ZENDESK = Style(
    re.compile(r"\{\{\s*([^{}]*?)\s*\}\}|\{%-?[^{}]*?-?%\}"),
    {
        "ticket.id": "ticket.ref",
        "ticket.encoded_id": "ticket.ref",
        "ticket.title": "ticket.subject",
        "ticket.status": "ticket.status",
        "ticket.via": "ticket.channel",
        "ticket.requester.name": _NAME,
        "ticket.requester.first_name": _FIRST,
        "ticket.requester.email": _ADDRESS,
        "ticket.assignee.name": "agent.name",
        "ticket.assignee.first_name": "agent.first_name",
        "ticket.assignee.email": "mailbox.address",
        "current_user.name": "agent.name",
        "current_user.first_name": "agent.first_name",
        "current_user.email": "mailbox.address",
        "agent.name": "agent.name",
        "agent.first_name": "agent.first_name",
        "agent.email": "mailbox.address",
        "ticket.account": "mailbox.name",
        "ticket.brand.name": "mailbox.name",
        "ticket.due_date": "sla.resolve_by",
    },
    {
        "ticket.requester.last_name": _NO_SURNAME,
        "agent.signature": "the signature is not part of a macro",
        "dc": "dynamic content; write a variant of the macro for each language",
        "satisfaction": "ratings are asked for otherwise",
    },
)
ZAMMAD = Style(
    re.compile(r"#\{\s*(?:t\(\s*([\w.]+)\s*\)|([^{}]*?))\s*\}"),
    {
        "ticket.number": "ticket.ref",
        "ticket.id": "ticket.ref",
        "ticket.title": "ticket.subject",
        "ticket.state.name": "ticket.status",
        "ticket.customer.fullname": _NAME,
        "ticket.customer.firstname": _FIRST,
        "ticket.customer.email": _ADDRESS,
        "ticket.owner.fullname": "agent.name",
        "ticket.owner.firstname": "agent.first_name",
        "user.fullname": "agent.name",
        "user.firstname": "agent.first_name",
        "user.email": "mailbox.address",
        "ticket.group.name": "mailbox.name",
        "config.organization": "mailbox.name",
        "config.product_name": "mailbox.name",
        "ticket.escalation_at": "sla.reply_by",
    },
    {"ticket.customer.lastname": _NO_SURNAME},
)
FREESCOUT = Style(
    re.compile(r"\{%\s*([^{}%,]+?)\s*(?:,\s*fallback=([^%]*))?%\}"),
    {
        "subject": "ticket.subject",
        "conversation.number": "ticket.ref",
        "conversation.subject": "ticket.subject",
        "customer.fullName": _NAME,
        "customer.firstName": _FIRST,
        "customer.email": _ADDRESS,
        "mailbox.name": "mailbox.name",
        "mailbox.fromName": "mailbox.name",
        "mailbox.email": "mailbox.address",
        "user.fullName": "agent.name",
        "user.firstName": "agent.first_name",
        "user.email": "mailbox.address",
    },
    {"customer.lastName": _NO_SURNAME},
)
CHATWOOT = Style(
    re.compile(r"\{\{\s*([^{}]*?)\s*\}\}|\{%-?[^{}]*?-?%\}"),
    {
        "contact.name": _NAME,
        "contact.first_name": _FIRST,
        "contact.email": _ADDRESS,
        "conversation.id": "ticket.ref",
        "conversation.display_id": "ticket.ref",
        "agent.name": "agent.name",
        "agent.first_name": "agent.first_name",
        "agent.email": "mailbox.address",
        "inbox.name": "mailbox.name",
        "account.name": "mailbox.name",
    },
    {"contact.last_name": _NO_SURNAME},
)


def converted(text: str, style: Style, drafted: Drafted) -> str:
    """Return a helpdesk's text as a macro's; what cannot be mapped becomes a blank, and is listed."""
    numbers = Numbers()

    conditions: list[str] = []

    def logic(tag: str) -> str:
        """Return what stands for a condition or a loop: a blank, so that nobody sends both branches."""
        word, _, rest = tag.strip("{%- }").partition(" ")
        if word.startswith("end"):
            return ""
        if word in _BRANCHES:
            conditions.append(rest.strip() or next(reversed(conditions), ""))
            return numbers.question(f"{_BRANCHES[word]} {conditions[-1]}")
        return numbers.question(f"{word} {rest}")

    def convert(found: Match[str]) -> str:
        source = found[1] if found[1] is not None else found[2] if style is ZAMMAD else None
        if source is None:
            if put := logic(found[0]):
                _lose(drafted, f"{found[0]}: {_LOGIC}")
            return put
        name, filters = _split(source, found[2] if style is FREESCOUT else None)
        ours = style.names.get(name) or (name if name in PLACEHOLDERS and style is ZENDESK else "")
        if ours and filters is not None:
            return f"{{{{{ours}{filters}}}}}"
        why = "a filter that is not known here" if ours else style.reasons.get(name) or _reason(name, style)
        _lose(drafted, f"{found[0]}: {why}; now a blank")
        return numbers.question(name or "text")

    return mapped(text, style.signs, convert)


def _split(source: str, fallback: str | None) -> tuple[str, str | None]:
    """Return a placeholder's name and its filters as they are written here; None where one of them is not known."""
    if fallback is not None:
        safe = re.sub(r'["{}]', "", fallback).strip()
        return source, f' | default: "{safe}"'
    name, bar, rest = source.partition("|")
    written, at = "", 0
    rest = bar + rest
    while at < len(rest):
        found = _FILTER.match(rest, at)
        if found is None or found[1] not in FILTERS:
            return name.strip(), None
        written += f" | {found[1]}{(found[2] or '').replace(' ', '') and ': ' + (found[2] or '')[1:].strip()}"
        at = found.end()
    return name.strip(), written


def _reason(name: str, style: Style) -> str:
    return style.reasons.get(name.partition(".")[0], "nothing here holds that")


def _lose(drafted: Drafted, what: str) -> None:
    if what not in drafted.lost:
        drafted.lost.append(what)
