"""Blanks: the places in a snippet that an agent fills in or accepts before it may be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from supportterm.domain.errors import SupporttermError

EMPTY = "[…]"
"""What an unfilled blank without a default shows: nobody could take it for text."""

Span = tuple[int, int]


class MacroError(SupporttermError):
    """A macro's file that cannot be used; the text names the file and the line."""

    def __init__(self, problem: str, path: str = "", line: int = 1) -> None:
        super().__init__(f"{path}, line {line}: {problem}" if path else f"Line {line}: {problem}")
        self.problem = problem
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank: everywhere its number stands, in code points of the text it belongs to.

    `inside` are the numbers of the blanks around it. `label` names the
    placeholder whose value is missing, where that is why the blank is here.
    """

    number: int
    spans: tuple[Span, ...]
    default: str = ""
    choices: tuple[str, ...] = ()
    label: str = ""
    inside: frozenset[int] = frozenset()
    filled: bool = False

    @property
    def can_be_accepted(self) -> bool:
        """True where the default may be sent as it stands; one in square brackets is a question to the agent."""
        return bool(self.default) and not (self.default.startswith("[") and self.default.endswith("]"))

    @property
    def shown(self) -> str:
        """What stands in it until it is filled."""
        if self.label:
            return f"{{{{{self.label}}}}}"
        return self.default or (EMPTY if self.number else "")


@dataclass(frozen=True, slots=True)
class Expansion:
    """A snippet's text as it stands in the editor, with its blanks in tab order, the last one 0."""

    text: str
    blanks: tuple[Blank, ...] = ()


def fill(expansion: Expansion, values: Mapping[int, str]) -> Expansion:
    """Put texts into blanks, wherever each number stands.

    Text over a blank takes the blanks within it away. An empty text brings
    back what stood there, unfilled. Numbers that are not there are passed over.
    """
    for number, value in values.items():
        blank = next((each for each in expansion.blanks if each.number == number and number), None)
        if blank is not None:
            expansion = _replaced(expansion, blank, value)
    return expansion


def accept(expansion: Expansion, number: int) -> Expansion:
    """Take a blank's default as its text; a blank without one, or with a question in its place, stays unfilled."""
    return replace(
        expansion,
        blanks=tuple(
            replace(each, filled=True) if each.number == number and each.can_be_accepted else each
            for each in expansion.blanks
        ),
    )


def unfilled(expansion: Expansion) -> tuple[Blank, ...]:
    """Return the blanks that still keep the text from being sent, in tab order."""
    return tuple(blank for blank in expansion.blanks if blank.number and not blank.filled)


def _replaced(expansion: Expansion, blank: Blank, value: str) -> Expansion:
    new = value if value.strip() else blank.shown
    text, last = "", 0
    for start, end in blank.spans:
        text += expansion.text[last:start] + new
        last = end

    def moved(position: int) -> int:
        return position + sum(len(new) - (end - start) for start, end in blank.spans if end <= position)

    kept = []
    for each in expansion.blanks:
        if each.number == blank.number:
            spans = tuple((moved(start), moved(start) + len(new)) for start, _ in each.spans)
            kept.append(replace(each, spans=spans, filled=bool(value.strip())))
            continue
        outside = (
            span
            for span in each.spans
            if blank.number not in each.inside or not any(a <= span[0] and span[1] <= b for a, b in blank.spans)
        )
        if spans := tuple((moved(start), moved(end)) for start, end in outside):
            kept.append(replace(each, spans=spans))
    return Expansion(text + expansion.text[last:], tuple(kept))
