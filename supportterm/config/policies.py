"""SLA policies as they are written: `[policy]`, which counts for every ticket, and `[[policies]]` for some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy for every ticket that no other names: targets, hours, holidays."""

    first_reply_hours: float = 24.0
    first_reply: str = ""
    next_reply: str = ""
    resolution: str = ""
    update: str = ""
    hold: str = "2 min"
    pauses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warn_at: tuple[int, ...] = (75, 90)
    time_zone: str = "UTC"
    hours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    country: str = ""
    region: str = ""
    holidays: tuple[str, ...] = ()
    """Days that do not count, as ISO dates; without a year, every year's."""
    holiday_file: Path | None = None
    half_day_ends: str = "13:00"
    days: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dates with hours of their own."""


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """A policy for the tickets a query names; what it leaves out is as `[policy]` says."""

    name: str
    when: str = ""
    first_reply: str = ""
    next_reply: str = ""
    resolution: str = ""
    update: str = ""
    hold: str = ""
    pauses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warn_at: tuple[int, ...] | None = None
    time_zone: str = ""
    hours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    country: str = ""
    region: str = ""
    holidays: tuple[str, ...] = ()
    holiday_file: Path | None = None
    days: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
