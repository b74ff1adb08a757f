"""Puts a ticket's facts into a macro's text: `{{ticket.requester.first_name | default: "there"}}`.

Each placeholder is rendered by itself by python-liquid, within limits and
without tags; what comes out goes in as literal text and is never read again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from supportterm.domain import reply_times
from supportterm.domain.nesting import names_a_snippet
from supportterm.domain.snippets import Expansion, Macro, MacroError, expand, placeholders
from supportterm.domain.ticket import Ticket

if TYPE_CHECKING:
    from liquid import BoundTemplate, Environment

PLACEHOLDERS = (
    "ticket.ref",
    "ticket.subject",
    "ticket.status",
    "ticket.channel",
    "ticket.requester.name",
    "ticket.requester.first_name",
    "ticket.requester.address",
    "agent.name",
    "agent.first_name",
    "mailbox.name",
    "mailbox.address",
    "reply_by",
    "sla.reply_by",
    "sla.resolve_by",
    "sla.update_by",
    "sla.today",
    "sla.end_of_day",
    "sla.next_working_day",
    "sla.in_2_working_days",
    "sla.in_3_working_days",
    "sla.in_5_working_days",
    "sla.end_of_week",
    "article.title",
    "article.url",
)
"""Every fact a macro may name; `reply_by` is the answer's promised time in words, where one runs."""
FILTERS = ("default", "capitalize", "upcase", "downcase", "strip", "truncate", "append", "prepend")
"""The filters a placeholder may use: none of them can grow a text without end."""

_KNOWN = frozenset((*PLACEHOLDERS, *FILTERS))
_LONGEST = 4000
_TITLES = re.compile(r"(mr|mrs|ms|miss|dr|prof|herr|frau|sir|madam|bay|bayan|sayın|г-н|г-жа)\.?", re.IGNORECASE)
_PATRONYMIC = re.compile(r"(вич|вна|ична|ыч)$", re.IGNORECASE)
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿가-힣]")
_EMPTY_DEFAULT = re.compile(r"""\|\s*default\s*:\s*(""|'')""")


def render(macro: Macro, values: Mapping[str, object]) -> Expansion:
    """Return a macro's text with the values in it and its blanks open.

    `values` nests mappings by the names in `PLACEHOLDERS` (`facts` makes
    them). A placeholder without a value becomes a blank, never an empty place.
    """
    body = macro.body
    title, url = macro.actions.article_parts
    if url:
        values = {**values, "article": {"title": title, "url": url}}
        if not any(one.source.startswith("article.") for one in placeholders(body)):
            body += "\n\n" + ("{{article.title}}: {{article.url}}" if title else "{{article.url}}")
    return expand(body, lambda source: _value(source, values))


def names(macro: Macro, group: str) -> bool:
    """Tell whether a macro names a fact of a group, like `sla`: what takes time is then looked up."""
    return f"{group}." in macro.body or f"{group}." in macro.actions.note


def render_note(macro: Macro, values: Mapping[str, object]) -> str:
    """Return the text of a macro's internal note; its gaps stay visible."""
    return expand(macro.actions.note, lambda source: _value(source, values)).text


def facts(
    ticket: Ticket,
    *,
    agent_name: str,
    mailbox_name: str,
    mailbox_address: str,
    reply_by: str | None = None,
    dates: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """Return what macros may say about a ticket, nested by the names in `PLACEHOLDERS`; unknown facts are left out."""
    requester = {"name": ticket.requester_name, "address": ticket.requester_address}
    return {
        "ticket": {
            "ref": ticket.ref,
            "subject": ticket.subject,
            "status": str(ticket.status),
            "channel": ticket.channel,
            "requester": {**requester, "first_name": first_name(ticket.requester_name)},
        },
        "agent": {"name": agent_name, "first_name": first_name(agent_name)},
        "mailbox": {"name": mailbox_name, "address": mailbox_address},
        "reply_by": reply_by or "",
        "sla": {**(dates or {}), "reply_by": reply_by or ""},
    }


def reply_by(ticket: Ticket, lang: str, now: datetime, zone: tzinfo | None = None) -> str | None:
    """Return in words when a ticket's answer is promised: `tomorrow, Tuesday, 09:26`; None where no clock runs.

    In the machine's zone; in another, which is then named: `tomorrow, Tuesday, 09:26 (UTC+9)`.
    """
    if ticket.due_at is None or ticket.due_at <= now:
        return None
    words = reply_times.spoken(ticket.due_at, now, lang, zone)
    return words if zone is None else f"{words} ({reply_times.offset_name(ticket.due_at, zone)})"


def first_name(name: str) -> str:
    """Return the part of a name one greets with; empty where the name does not tell, as with an address or a firm's.

    "Lind, Mara" gives Mara, "Линд Мара Олеговна" Мара; a Chinese,
    Japanese or Korean name stays whole.
    """
    plain = " ".join(re.sub(r"[(\[<].*?[)\]>]", " ", name).strip(" \"'").split())
    if not plain or re.search(r"[@\d/|]", plain) or _UNSPACED.search(plain):
        return plain if _UNSPACED.search(plain) and "@" not in plain else ""
    family, comma, given = plain.partition(",")
    words = [word for word in (given if comma else family).split() if not _TITLES.fullmatch(word)]
    if len(words) == 3 and _PATRONYMIC.search(words[2]):
        words = words[1:]
    return words[0] if words and words[0][0].isalpha() and len(words[0].strip(".")) > 1 else ""


def check(macro: Macro) -> list[MacroError]:
    """Return what is wrong with a macro's placeholders, each with its file and line."""
    problems = []
    for placeholder in placeholders(macro.body):
        if names_a_snippet(placeholder.source):
            continue
        line = macro.body_line + macro.body.count("\n", 0, placeholder.start)
        problems += [MacroError(problem, macro.path, line) for problem in _problems(placeholder.source)]
    try:
        noted = placeholders(macro.actions.note)
    except MacroError as error:
        return [*problems, MacroError(f"in `note`: {error.problem}", macro.path)]
    found = (problem for placeholder in noted for problem in _problems(placeholder.source))
    return [*problems, *(MacroError(f"in `note`: {problem}", macro.path) for problem in found)]


def _problems(source: str) -> list[str]:
    from liquid.exceptions import LiquidError

    try:
        template = _template(source)
        names, filters = template.variable_paths(), template.filter_names()
    except (LiquidError, ValueError, RecursionError) as error:
        told = error.message if isinstance(error, LiquidError) else error
        return [f"`{{{{{source}}}}}` cannot be read: {told}."]
    unknown = [
        f"unknown placeholder `{name}`. {_near(name, PLACEHOLDERS)}" for name in names if name not in PLACEHOLDERS
    ]
    return unknown + [f"unknown filter `{name}`. {_near(name, FILTERS)}" for name in filters if name not in FILTERS]


def _near(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.6)
    return f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."


def _value(source: str, values: Mapping[str, object]) -> str | None:
    """Return a placeholder's text; None where a fact is missing or empty, or the placeholder is wrong."""
    from liquid.exceptions import LiquidError

    try:
        template = _template(source)
        if not _KNOWN.issuperset((*template.variable_paths(), *template.filter_names())):
            return None
        text = template.render(**values)
    except (LiquidError, ArithmeticError, TypeError, ValueError, RecursionError):
        return None
    text = " ".join(text.split()) if text.strip() else ""
    return text if text or _EMPTY_DEFAULT.search(source) else None


@lru_cache(maxsize=512)
def _template(source: str) -> BoundTemplate:
    return _environment().from_string(f"{{{{{source}}}}}")


@cache
def _environment() -> Environment:
    """Set liquid up once it is needed: it takes a seventh of a second to import."""
    from liquid import Environment, StrictDefaultUndefined
    from liquid.token import TOKEN_CONTENT, TOKEN_ILLEGAL, TOKEN_OUTPUT

    class Limited(Environment):
        loop_iteration_limit = 100
        output_stream_limit = _LONGEST
        local_namespace_limit = _LONGEST

    environment = Limited(undefined=StrictDefaultUndefined)
    environment.tags = {name: environment.tags[name] for name in (TOKEN_CONTENT, TOKEN_OUTPUT, TOKEN_ILLEGAL)}
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment
