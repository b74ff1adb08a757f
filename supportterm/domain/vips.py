"""Which customers count as important: by address, or by the domain of their organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vips:
    """Addresses and domains, compared without regard to case."""

    entries: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Vips:
        """Take addresses (`ceo@x.example`) and domains (`x.example`, which holds for `mail.x.example` too)."""
        return cls(frozenset(entry.strip().casefold() for entry in entries))

    def match(self, address: str) -> str:
        """Return the entry this address falls under, empty where it falls under none."""
        address = address.casefold()
        if address in self.entries:
            return address
        domain = address.rpartition("@")[2]
        while domain:
            if domain in self.entries:
                return domain
            domain = domain.partition(".")[2]
        return ""
