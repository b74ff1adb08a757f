"""The book of SLA policies, as the configuration writes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta

from supportterm.config import Config, Policy, PolicyRule, mistake
from supportterm.desk import calendars
from supportterm.desk.calendars import Calendars
from supportterm.desk.holiday_file import HolidayFileError
from supportterm.desk.public_holidays import PlaceError
from supportterm.domain import lengths, policies
from supportterm.domain.calendars import Calendar
from supportterm.domain.policies import ClockKind, PolicyBook, Target

_TARGETS = {
    "first_reply": ClockKind.FIRST_REPLY,
    "next_reply": ClockKind.NEXT_REPLY,
    "resolution": ClockKind.RESOLUTION,
    "update": ClockKind.UPDATE,
    "hold": ClockKind.HOLD,
}
_IN_CLOCK_TIME = frozenset({ClockKind.FIRST_REPLY})
"""What runs in clock time unless business time is asked for."""
_TIMES = ("time_zone", "hours", "closed", "days")
_HOLIDAYS = ("country", "region", "holidays", "holiday_file")


def build(config: Config) -> PolicyBook:
    """Return the policies with their calendars.

    Raises:
        ConfigError: a country, a region or a holiday file cannot be used; with the line.
    """
    usual = _calendars(config, config.policy, "policy")
    named = tuple(_named(config, rule, number, usual) for number, rule in enumerate(config.policies))
    return PolicyBook(named, _default(config.policy, usual))


def _default(written: Policy, times: Calendars) -> policies.Policy:
    """Return what `[policy]` says, in the time of some calendars."""
    hours = Target(timedelta(hours=written.first_reply_hours), times.clock)
    first = _target(written.first_reply, ClockKind.FIRST_REPLY, times) or hours
    default = policies.default_policy(times.clock, times.business, first)
    return dataclasses.replace(
        default,
        targets=_changed(default.targets, written, times),
        pauses={**default.pauses, **_pauses(written)},
        warn_at=written.warn_at,
    )


def _named(config: Config, rule: PolicyRule, number: int, usual: Calendars) -> policies.Policy:
    """Return a named policy: the default in its own calendars, its own targets before those of a channel."""
    times = _own(config, rule, number, usual)
    default = _default(config.policy, times)
    said = {kind for key, kind in _TARGETS.items() if getattr(rule, key)}
    channels = {
        channel: {kind: target for kind, target in targets.items() if kind not in said}
        for channel, targets in default.channels.items()
    }
    return policies.Policy(
        rule.name,
        rule.when,
        _changed(default.targets, rule, times),
        {**default.pauses, **_pauses(rule)},
        default.warn_at if rule.warn_at is None else rule.warn_at,
        channels,
    )


def _own(config: Config, rule: PolicyRule, number: int, usual: Calendars) -> Calendars:
    """Return the calendars of a named policy: the default's, unless it has hours, a zone or holidays of its own."""
    changes = {key: value for key in _TIMES if (value := getattr(rule, key))}
    if rule.country or rule.holidays or rule.holiday_file:
        changes |= {key: getattr(rule, key) for key in _HOLIDAYS}
    if not changes:
        return usual
    return _calendars(config, dataclasses.replace(config.policy, **changes), f"policies.{number}")


def _calendars(config: Config, policy: Policy, where: str) -> Calendars:
    try:
        return calendars.build(policy, config.path.parent if config.path else None)
    except PlaceError as error:
        raise mistake(config, f"{where}.{error.key}", str(error)) from None
    except HolidayFileError as error:
        raise mistake(config, f"{where}.holiday_file", str(error)) from None


def _changed(
    targets: Mapping[ClockKind, Target], written: Policy | PolicyRule, times: Calendars
) -> dict[ClockKind, Target]:
    """Return targets with those that were written out, without those that were written off."""
    found = dict(targets)
    for key, kind in _TARGETS.items():
        if getattr(written, key) == lengths.NONE:
            found.pop(kind, None)
        elif (target := _target(getattr(written, key), kind, times)) is not None:
            found[kind] = target
    return found


def _target(text: str, kind: ClockKind, times: Calendars) -> Target | None:
    if text in ("", lengths.NONE):
        return None
    length = lengths.parse(text)
    if kind is ClockKind.HOLD:
        return Target(length.of(timedelta(days=1)), Calendar())
    business = kind not in _IN_CLOCK_TIME if length.business is None else length.business
    if business and times.business is not None:
        meant = dataclasses.replace(length, business=True)
        return Target(meant.of(times.business.working_day), times.business)
    return Target(length.of(timedelta(days=1)), times.clock)


def _pauses(written: Policy | PolicyRule) -> dict[ClockKind, frozenset[str]]:
    return {_TARGETS[clock]: frozenset(states) for clock, states in written.pauses.items()}
