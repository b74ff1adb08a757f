"""Snippets within snippets: `{{> greeting}}` puts another one's text there, its blanks numbered on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from supportterm.domain.blanks import MacroError
from supportterm.domain.snippets import LONGEST, Macro
from supportterm.domain.tabstops import Placeholder, blanks, placeholders, renumbered, within_blanks

SIGN = ">"
"""What a placeholder begins with that names a snippet."""


def names_a_snippet(source: str) -> bool:
    """Tell whether what stands in a placeholder names a snippet."""
    return source.startswith(SIGN)


def whole(macro: Macro, find: Callable[[str], Macro | None]) -> Macro:
    """Return a macro with the text of every snippet it names in place; its actions alone count.

    `find` returns a snippet by id, or None. The blanks of those within come
    after its own in tab order.

    Raises:
        MacroError: one is not there, names itself again, or stands inside a blank; with file and line.
    """
    if "{{" not in macro.body:
        return macro
    body = _whole(macro, find, (macro.id,))
    return macro if body == macro.body else replace(macro, body=body)


def _whole(macro: Macro, find: Callable[[str], Macro | None], above: tuple[str, ...]) -> str:
    named = [one for one in placeholders(macro.body) if names_a_snippet(one.source)]
    if not named:
        return macro.body
    if inside := [one for one in within_blanks(macro.body) if names_a_snippet(one.source)]:
        raise _error(macro, inside[0], "a snippet stands beside blanks, not inside one. Put it outside.")
    highest = max((blank.number for blank in blanks(macro.body)), default=0)
    pieces, last = [], 0
    for one in named:
        name = one.source.removeprefix(SIGN).strip()
        if name in above:
            path = " → ".join((*above[above.index(name) :], name))
            raise _error(macro, one, f"the snippet `{name}` stands within itself ({path}). Take one of them out.")
        other = find(name)
        if other is None:
            raise _error(macro, one, f"there is no snippet `{name}`. Name one by its id.")
        try:
            text = renumbered(_whole(other, find, (*above, name)), highest)
        except MacroError as error:
            raise error if error.path else _error(macro, one, error.problem) from None
        highest = max((blank.number for blank in blanks(text)), default=highest)
        pieces += [macro.body[last : one.start], text]
        last = one.end
        if sum(map(len, pieces)) > LONGEST:
            raise _error(macro, one, f"with the snippets within it, it is longer than {LONGEST} letters. Shorten it.")
    return "".join(pieces) + macro.body[last:]


def _error(macro: Macro, at: Placeholder, problem: str) -> MacroError:
    return MacroError(problem, macro.path, macro.body_line + macro.body.count("\n", 0, at.start))
