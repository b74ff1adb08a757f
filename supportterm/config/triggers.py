"""What is done by itself once a clock warns or breaks: `[[triggers]]`, and whether they may run commands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supportterm.config.toml import Source

if TYPE_CHECKING:
    from supportterm.config import Config

CLOCKS = ("first reply", "next reply", "resolution", "update", "promise", "callback", "follow-up", "reminder")
_PRIORITIES = ("raise", "urgent", "high", "normal", "low")
_ADDRESS = re.compile(r"[^@\s\x00-\x1f<>,;]+@[^@\s\x00-\x1f<>,;]+")
_TAG = re.compile(r"[^\s,\"\x00-\x1f]{1,64}")
_LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Trigger:
    """What is done to the tickets a query names, when one of their clocks comes to a percent of its time."""

    name: str
    at: str = "breach"
    when: str = ""
    policy: str = ""
    """The name of the SLA policy it belongs to; empty: all of them."""
    clock: str = ""
    """The kind of clock; empty: each."""
    priority: str = ""
    tags: tuple[str, ...] = ()
    assign: str = ""
    note: str = ""
    mail: str = ""
    """Whom to write to: one address, never the customer's."""
    offer_escalation: bool = False
    """Whoever opens the ticket is offered to hand it on."""
    run: tuple[str, ...] = ()
    """A program and its arguments, which is given the ticket as JSON."""


@dataclass(frozen=True, slots=True)
class TriggerCommands:
    """Whether triggers may run commands, for how long, and how much triggers may send."""

    allowed: bool = False
    timeout_seconds: float = 30.0
    mails_per_hour: int = 30


def check(config: Config, source: Source) -> None:
    """Check what the shapes cannot say.

    Raises:
        ConfigError: a mistake, with its line.
    """
    limits = config.trigger_commands
    if not 0 < limits.timeout_seconds <= 600:
        raise source.error("trigger_commands.timeout_seconds", "`timeout_seconds` must be from 1 to 600.")
    if limits.mails_per_hour <= 0:
        raise source.error("trigger_commands.mails_per_hour", "`mails_per_hour` must be greater than nothing.")
    names: set[str] = set()
    for number, trigger in enumerate(config.triggers):
        where = f"triggers.{number}"
        if not trigger.name.strip():
            raise source.error(f"{where}.name", "`name` is empty. Call the trigger something, as the timeline will.")
        if trigger.name in names:
            raise source.error(f"{where}.name", f"two triggers are called {trigger.name!r}. Give one another name.")
        names.add(trigger.name)
        _check_moment(config, trigger, where, source)
        _check_actions(config, trigger, where, source)


def _check_moment(config: Config, trigger: Trigger, where: str, source: Source) -> None:
    from supportterm.config.policy_checks import NOBODYS, nearest
    from supportterm.domain.policies import DEFAULT
    from supportterm.domain.query import QueryError, parse
    from supportterm.domain.query_reach import is_personal
    from supportterm.domain.triggers import percent
    from supportterm.domain.warned import BREACH

    at = percent(trigger.at)
    if at is None:
        raise source.error(f"{where}.at", f'`at` is "breach" or a percent like "75%", not {trigger.at!r}.')
    if trigger.clock and trigger.clock not in CLOCKS:
        raise source.error(f"{where}.clock", f"unknown clock {trigger.clock!r}. {nearest(trigger.clock, CLOCKS)}")
    policies = {DEFAULT: config.policy.warn_at}
    for rule in config.policies:
        policies[rule.name] = config.policy.warn_at if rule.warn_at is None else rule.warn_at
    if trigger.policy and trigger.policy not in policies:
        raise source.error(f"{where}.policy", f"unknown policy {trigger.policy!r}. {nearest(trigger.policy, policies)}")
    warns = policies[trigger.policy] if trigger.policy else [each for some in policies.values() for each in some]
    if at != BREACH and at not in warns:
        known = ", ".join(f"{each}%" for each in sorted(set(warns))) or "nothing"
        raise source.error(f"{where}.at", f"no clock warns at {at}%, only at {known}. Add {at} to `warn_at`.")
    try:
        query = parse(trigger.when)
    except QueryError as error:
        raise source.error(f"{where}.when", f"in {trigger.when!r}: {error}") from None
    if query.sort or query.limit is not None:
        raise source.error(f"{where}.when", "`when` names tickets; leave `sort:` and `limit:` out.")
    if is_personal(query):
        raise source.error(f"{where}.when", NOBODYS)


def _check_actions(config: Config, trigger: Trigger, where: str, source: Source) -> None:
    from supportterm.config.policy_checks import nearest

    if not any(
        (
            trigger.priority,
            trigger.tags,
            trigger.assign,
            trigger.note,
            trigger.mail,
            trigger.run,
            trigger.offer_escalation,
        )
    ):
        known = "priority, tags, assign, note, mail, offer_escalation or run"
        raise source.error(f"{where}.name", f"the trigger {trigger.name!r} does nothing. Add {known}.")
    if trigger.priority and trigger.priority not in _PRIORITIES:
        problem = f"unknown priority {trigger.priority!r}. {nearest(trigger.priority, _PRIORITIES)}"
        raise source.error(f"{where}.priority", problem)
    for tag in trigger.tags:
        if not _TAG.fullmatch(tag):
            raise source.error(f"{where}.tags", f"{tag!r} is no tag: no spaces, commas or quotes.")
    if trigger.assign and not re.fullmatch(r"[^\s\x00-\x1f]{1,64}", trigger.assign):
        raise source.error(f"{where}.assign", f"{trigger.assign!r} is no agent's id.")
    if len(trigger.note) > _LONGEST_NOTE:
        raise source.error(f"{where}.note", f"`note` is longer than {_LONGEST_NOTE} characters. Shorten it.")
    if trigger.mail:
        ours = {config.mailbox.address.lower(), *(alias.lower() for alias in config.mailbox.aliases)}
        if not _ADDRESS.fullmatch(trigger.mail):
            raise source.error(f"{where}.mail", '`mail` must be one address, like "ada@example.com".')
        if trigger.mail.lower() in ours:
            raise source.error(f"{where}.mail", "the support mailbox cannot write to itself. Name another address.")
    if trigger.run and not config.trigger_commands.allowed:
        problem = "commands are off. Write `allowed = true` under [trigger_commands] if this file is yours alone."
        raise source.error(f"{where}.run", problem)
    if trigger.run and (not trigger.run[0].strip() or any("\0" in part for part in trigger.run)):
        raise source.error(f"{where}.run", '`run` is a program and its arguments, like ["/usr/local/bin/page", "me"].')
