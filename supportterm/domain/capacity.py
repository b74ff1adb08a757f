"""How much an agent takes on in each channel: a soft limit that says so, and keeps nobody from anything."""

from __future__ import annotations

from collections.abc import Mapping


def over(load: Mapping[str, int], limits: Mapping[str, int]) -> list[str]:
    """Return the channels that are over their limit, as `email 31 of 30`."""
    return [f"{name} {load[name]} of {limits[name]}" for name in sorted(limits) if load.get(name, 0) > limits[name]]


def in_words(load: Mapping[str, int], limits: Mapping[str, int]) -> str:
    """Say it as a sentence; empty where nothing is over its limit."""
    found = over(load, limits)
    return f"More than you set yourself: {', '.join(found)}." if found else ""
