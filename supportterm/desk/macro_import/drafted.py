"""A snippet on its way in: its text in our form, and what of it could not be taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from re import Match, Pattern

from supportterm.domain.snippets import Actions


@dataclass(slots=True)
class Drafted:
    """One snippet; `lost` says what could not be mapped, a reason each."""

    title: str
    body: str = ""
    trigger: str = ""
    topic: str = ""
    id: str = ""
    number: int = 0
    """Its place in the file, by which others of the file name it."""
    actions: Actions = field(default_factory=Actions)
    lost: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Imported:
    """What a file gave: snippets, and what of it is none, a reason each."""

    source: str
    snippets: list[Drafted] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


class Numbers:
    """The numbers of a snippet's blanks: one name, one number."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of(self, name: str) -> tuple[int, bool]:
        """Return the number of a blank, and whether it is asked for the first time."""
        is_new = name not in self._known
        return self._known.setdefault(name, len(self._known) + 1), is_new

    def question(self, name: str) -> str:
        """Return a blank that asks for something by name; the second time it only repeats."""
        number, is_new = self.of(name)
        return f"${{{number}:[{plain(name)}]}}" if is_new else f"${{{number}}}"

    def text(self, name: str, default: str) -> str:
        """Return a blank with a suggestion."""
        if not default or name in self._known:
            return self.question(name)
        return f"${{{self.of(name)[0]}:{literal(default, inside=True)}}}"

    def choice(self, name: str, choices: Iterable[str]) -> str:
        """Return a blank with choices; without any, a question."""
        offered = [each for each in (" ".join(choice.split()) for choice in choices) if each]
        number, is_new = self.of(name)
        if not offered:
            return self.question(name)
        signs = {"\\": "\\\\", ",": "\\,", "|": "\\|"}
        written = ("".join(signs.get(sign, sign) for sign in choice.replace("{{", "{ {")) for choice in offered)
        return f"${{{number}|{','.join(written)}|}}" if is_new else f"${{{number}}}"


def literal(text: str, *, inside: bool = False) -> str:
    """Return a text that says in a macro what it says now, whatever signs it holds; `inside` a blank."""
    found = []
    for at, sign in enumerate(text):
        following = text[at + 1 : at + 2]
        is_sign = (
            (sign == "\\" and (following in "\\${}" or not following))
            or (sign == "$" and (following.isdigit() or following == "{"))
            or (sign == "{" and (following in "{%" if following else inside))
            or (sign == "}" and inside)
        )
        found.append(f"\\{sign}" if is_sign else sign)
    return "".join(found)


def plain(name: str) -> str:
    """Return what a blank asks for as words that nothing in a macro reads as a sign."""
    kept = "".join(sign if sign not in "\\${}[]|\n\r" else " " for sign in name)
    return " ".join(kept.split())[:80] or "text"


def mapped(text: str, signs: Pattern[str], convert: Callable[[Match[str]], str]) -> str:
    """Return a text with what a pattern finds converted, and the rest as it is."""
    parts, last = [], 0
    for found in signs.finditer(text):
        parts += [literal(text[last : found.start()]), convert(found)]
        last = found.end()
    return "".join((*parts, literal(text[last:])))
