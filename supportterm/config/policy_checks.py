"""What the shapes of policies cannot say: lengths, hours, days, zones and queries that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from supportterm.config.policies import Policy, PolicyRule
from supportterm.config.toml import Source
from supportterm.domain import lengths, opening

if TYPE_CHECKING:
    from supportterm.domain.query import Node

TARGETS = ("first_reply", "next_reply", "resolution", "update", "hold")
_MOST_HOURS = lengths.LONGEST / timedelta(hours=1)
PAUSES = ("pending", "on-hold", "snoozed")
"""What can stop a clock."""
PAUSED = ("first_reply", "next_reply", "resolution")
"""The clocks that can be stopped."""
_CIRCULAR = ("due", "tier", "overdue", "has:clock")
"""What a policy cannot ask for, since it follows from the policy."""
NOBODYS = "`assignee:me` and `is:mine` mean nobody here, since it counts for every agent. Write an agent's id."


def check(policy: Policy, rules: tuple[PolicyRule, ...], source: Source) -> None:
    """Check what the shapes cannot say.

    Raises:
        ConfigError: a mistake, with its line.
    """
    if not 0 < policy.first_reply_hours <= _MOST_HOURS:
        problem = f"`first_reply_hours` must be greater than nothing, and at most {_MOST_HOURS:g}."
        raise source.error("policy.first_reply_hours", problem)
    if policy.first_reply == lengths.NONE:
        raise source.error("policy.first_reply", "every ticket has a first reply to wait for: give it a length.")
    if policy.half_day_ends:
        try:
            opening.interval(f"00:00-{policy.half_day_ends}")
        except opening.OpeningError:
            raise source.error(
                "policy.half_day_ends", f'{policy.half_day_ends!r} is no time of day. Write it like "13:00".'
            ) from None
    _check_one(policy, "policy", source, has_hours=bool(policy.hours))
    names: dict[str, int] = {}
    if rules:
        from supportterm.domain.policies import DEFAULT
    for number, rule in enumerate(rules):
        where = f"policies.{number}"
        if not rule.name.strip():
            raise source.error(f"{where}.name", "`name` is empty. Call the policy something, as `why` will.")
        if rule.name == DEFAULT:
            raise source.error(f"{where}.name", f"{DEFAULT!r} is what [policy] is called. Give this one another name.")
        if rule.name in names:
            raise source.error(f"{where}.name", f"two policies are called {rule.name!r}. Give one another name.")
        names[rule.name] = number
        if number and not rules[number - 1].when:
            problem = (
                f"{rules[number - 1].name!r} before it names every ticket, so {rule.name!r} never counts. Swap them."
            )
            raise source.error(f"{where}.name", problem)
        _check_query(rule.when, f"{where}.when", source)
        _check_one(rule, where, source, has_hours=bool(policy.hours or rule.hours))


def _check_one(policy: Policy | PolicyRule, where: str, source: Source, *, has_hours: bool) -> None:
    if policy.time_zone or isinstance(policy, Policy):
        _check_zone(policy.time_zone, f"{where}.time_zone", source)
    for name in TARGETS:
        _check_length(getattr(policy, name), f"{where}.{name}", source, has_hours=has_hours)
    if not policy.hours and source.has(f"{where}.hours"):
        raise source.error(f"{where}.hours", "the hours name no day. Open at least one, or take the table out.")
    for place, problem in _opening_problems(policy):
        raise source.error(f"{where}.{place}", problem)
    if policy.region and not policy.country:
        raise source.error(f"{where}.region", "`region` needs its `country`. Add it.")
    for percent in policy.warn_at or ():
        if not 0 < percent < 100:
            raise source.error(f"{where}.warn_at", f"`warn_at` takes percents from 1 to 99, not {percent}.")
    for clock, states in policy.pauses.items():
        if clock not in PAUSED:
            raise source.error(f"{where}.pauses.{clock}", f"unknown clock `{clock}`. {nearest(clock, PAUSED)}")
        for state in states:
            if state not in PAUSES:
                raise source.error(f"{where}.pauses.{clock}", f"{state!r} stops no clock. {nearest(state, PAUSES)}")


def _check_zone(name: str, where: str, source: Source) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        from zoneinfo import available_timezones

        near = _near(name, available_timezones())
        meant = f'Did you mean "{near}"?' if near else 'Use a name like "Europe/Helsinki".'
        raise source.error(where, f"unknown time zone {name!r}. {meant}") from None


def _check_length(text: str, where: str, source: Source, *, has_hours: bool) -> None:
    if text in ("", lengths.NONE):
        return
    try:
        length = lengths.parse(text)
    except lengths.LengthError as error:
        raise source.error(where, str(error)) from None
    if length.business and not has_hours:
        table = "policy" if where.startswith("policy.") else "policies"
        raise source.error(
            where, f'{text!r} counts business time, and no hours are set. Add [{table}.hours], or write "clock".'
        )


def _opening_problems(policy: Policy | PolicyRule) -> Iterator[tuple[str, str]]:
    """Yield the place and the sentence of what cannot be read; a place is the key within the policy."""
    for name, texts in policy.hours.items():
        yield from _problem(f"hours.{name}", opening.week, {name: texts})
    yield from _problem("hours", opening.week, policy.hours)
    if policy.hours and not any(policy.hours.values()):
        yield "hours", "the hours name no open time in the whole week. Open at least one day."
    for name in policy.closed:
        yield from _problem("closed", opening.weekdays, name)
    if len({day for name in policy.closed for day in opening.weekdays(name)}) == 7:
        yield "closed", "every day of the week is closed, so nothing would ever fall due. Leave one open."
    for day in policy.holidays:
        yield from _problem("holidays", opening.day_of, day)
    for day, texts in policy.days.items():
        yield from _problem(f"days.{day}", opening.day_of, day)
        yield from _problem(f"days.{day}", opening.intervals, texts)


def _problem(place: str, read: Callable[[Any], object], value: object) -> Iterator[tuple[str, str]]:
    try:
        read(value)
    except opening.OpeningError as error:
        yield f"{place}.{error.day}" if error.day else place, str(error)


def _check_query(text: str, where: str, source: Source) -> None:
    if not text:
        return
    from supportterm.domain.query import QueryError, parse
    from supportterm.domain.query_reach import is_personal

    try:
        query = parse(text)
    except QueryError as error:
        raise source.error(where, f"in {text!r}: {error}") from None
    if query.sort or query.limit is not None:
        raise source.error(where, "a policy's `when` names tickets; leave `sort:` and `limit:` out.")
    if is_personal(query):
        raise source.error(where, NOBODYS)
    for name in _fields(query.root):
        if name in _CIRCULAR:
            raise source.error(where, f"`{name}` follows from the policy itself. Choose by tag, customer or priority.")


def _fields(node: Node | None) -> Iterator[str]:
    """Yield the fields a query asks for; `is:overdue` as `overdue`."""
    from supportterm.domain.query import All, Either, Not, Test

    if isinstance(node, Test):
        yield {"is": str(node.value), "has": f"has:{node.value}"}.get(node.field, node.field)
    elif isinstance(node, Not):
        yield from _fields(node.term)
    elif isinstance(node, All | Either):
        for term in node.terms:
            yield from _fields(term)


def _near(word: str, known: Iterable[str]) -> str:
    """Return the known name that is nearest, its last part counting as the whole; empty where none is near."""
    by_key: dict[str, str] = {}
    for name in sorted(known):
        by_key.setdefault(name.rpartition("/")[2].lower(), name)
    by_key.update({name.lower(): name for name in sorted(known)})
    import difflib

    near = difflib.get_close_matches(word.lower(), by_key, 1, 0.6)
    return by_key[near[0]] if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the known word that is meant, or all of them."""
    names = list(known)
    near = _near(word, names)
    return f"Did you mean `{near}`?" if near else f"Known: {', '.join(names)}."
