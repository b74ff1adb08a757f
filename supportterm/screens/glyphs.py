"""The signs the console draws, none of ambiguous width; `glyphs = "ascii"` for terminals that differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One sign for each meaning; those of a column are one cell wide."""

    cursor: str = "▌"
    mark: str = "x"
    urgent: str = "!!"
    high: str = "! "
    unseen: str = "*"
    dash: str = "-"
    rule: str = "─"
    bar: str = "│"
    done: str = "✓"
    not_done: str = "✗"
    more: str = "…"
    folded: str = "+"
    open_quote: str = "“"
    close_quote: str = "”"
    dot: str = "·"
    arrow: str = "→"


UNICODE = Glyphs()
ASCII = Glyphs(
    cursor=">",
    rule="-",
    bar="|",
    done="v",
    not_done="x",
    more="~",
    open_quote='"',
    close_quote='"',
    dot="-",
    arrow="->",
)


def named(name: str) -> Glyphs:
    """Return the signs of a `glyphs` setting."""
    return ASCII if name == "ascii" else UNICODE
