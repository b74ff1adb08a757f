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


def of_colleague(agent: str, load: Mapping[str, int], limits: Mapping[str, int]) -> str:
    """Say it of somebody else; empty where nothing is over their limit."""
    found = over(load, limits)
    return f"{agent} has more than they can take: {', '.join(found)}." if found else ""


def beside(load: Mapping[str, int], limits: Mapping[str, int]) -> str:
    """Return a remark for beside a name: the channels that are full, else all of them: `full: email 30 of 30`."""
    full = [name for name in sorted(limits) if load.get(name, 0) >= limits[name]]
    shown = ", ".join(f"{name} {load.get(name, 0)} of {limits[name]}" for name in full or sorted(limits))
    return f"full: {shown}" if full else shown
