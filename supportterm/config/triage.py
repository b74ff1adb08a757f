"""The table `[triage]`: what this house adds to the shipped rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from supportterm.config.toml import Source


@dataclass(frozen=True, slots=True)
class Triage:
    """What this house adds to triage; whole packs lie in `packs/triage` beside the configuration."""

    products: tuple[str, ...] = ()
    """Names that mean nothing but themselves, whatever words they are made of: `Outage Planner`."""
    vip: tuple[str, ...] = ()
    """Addresses or domains of customers that count as important."""
    critical_systems: tuple[str, ...] = ()
    """What must not stand still: down it is an outage, even where nobody says that it is so for everyone."""
    learned: bool = False
    """Whether what `train` learned from the team's corrections counts: at most 5 points, never a critical signal."""


def check_triage(triage: Triage, source: Source) -> None:
    """Look for entries that can mean nothing.

    Raises:
        ConfigError: there is one, with its line.
    """
    for name in ("products", "vip", "critical_systems"):
        for entry in getattr(triage, name):
            if not entry.strip():
                raise source.error(f"triage.{name}", f"an entry of `{name}` is empty. Take it out.")
            if name == "vip" and not re.fullmatch(r"(?:[^@\s<>]+@)?[^@\s<>.]+(?:\.[^@\s<>.]+)+", entry):
                raise source.error(
                    "triage.vip", f'{entry!r} is neither an address nor a domain. Write "ceo@x.example" or "x.example".'
                )
