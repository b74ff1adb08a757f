"""Finding a snippet: by trigger, title, topic or words of its text, with what choosing it would bring."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz
from rich.text import Text

from supportterm.desk import rendering
from supportterm.desk.macros import MacroLibrary
from supportterm.domain import folding
from supportterm.domain.blanks import Expansion
from supportterm.domain.snippets import Actions, Macro
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick
from supportterm.screens.widgets.written_text import BREAKS_AND_CONTROLS

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen

_TRIGGER_CELLS = 12
_ALIKE = 72
"""From which resemblance, of 100, a title or trigger is taken for a mistyped one."""


async def pick_snippet(
    screen: DeskScreen[Any],
    library: MacroLibrary,
    ticket_lang: str,
    fill: Callable[[Macro], Expansion] | None = None,
) -> Macro | None:
    """Let the agent choose a snippet; None where they chose none. Call it from work in the background.

    `fill` puts this ticket's facts into a snippet for the preview.
    """
    macros = library.macros

    def find(typed: str) -> list[Choice[Macro]]:
        return [_choice(macro, ticket_lang) for macro in ranked(macros, typed, ticket_lang)]

    def preview(macro: Macro) -> Text:
        return previewed(macro, fill(macro) if fill else rendering.render(macro, {}))

    return await screen.ask_for(Pick("Snippet", find(""), preview, find=find))


def ranked(macros: Sequence[Macro], typed: str, lang: str) -> list[Macro]:
    """Return the macros that suit what was typed, best first; all of them where nothing was.

    A trigger comes before a title, a title before a topic, all three before
    words of the text; among equals the ticket's language comes first.
    """
    wanted = _plain(typed)
    found = []
    for macro in macros:
        rank, alike = _rank(macro, wanted) if wanted else (0, 0.0)
        if rank is not None:
            found.append((rank, _language(macro, lang), -alike, macro.topic, macro.title, macro.lang, macro))
    return [entry[-1] for entry in sorted(found, key=lambda entry: entry[:-1])]


def actions_in_words(actions: Actions) -> str:
    """Return what a macro does besides its text; empty where it does nothing."""
    words = [
        f"sets {actions.status}" if actions.status else "",
        f"tags {', '.join(actions.tags_add)}" if actions.tags_add else "",
        f"assigns {actions.assignee}" if actions.assignee else "",
        f"priority {actions.priority}" if actions.priority else "",
        f"snoozes {shown_as.length(actions.snooze)}" if actions.snooze else "",
        "leaves a note" if actions.note else "",
    ]
    return shown_as.line("; ".join(word for word in words if word), 200)


def previewed(macro: Macro, expansion: Expansion) -> Text:
    """Return what a macro does besides its text, then the text as it would stand in the reply, its blanks marked."""
    text = Text()
    if does := actions_in_words(macro.actions):
        text.append(f"Also {does}.\n", style="dim")
    if macro.actions.note:
        text.append(f"NOTE, stays inside: {shown_as.body(macro.actions.note)}\n", style="dim")
    return text.append("\n" if text else "").append_text(with_signs(expansion))


def with_signs(expansion: Expansion) -> Text:
    """Return an expansion to look at, its blanks as the editor marks them."""
    signs: dict[int, list[tuple[int, str]]] = {}
    for blank in expansion.blanks:
        if blank.number and not blank.filled:
            for start, end in blank.spans:
                depth = len(blank.inside)
                signs.setdefault(start, []).append((depth, f"‹{blank.number} "))
                signs.setdefault(end, []).append((-100 - depth, "›"))
    text, last = Text(), 0
    source = expansion.text.translate(BREAKS_AND_CONTROLS)
    for place in sorted(signs):
        text.append(source[last:place])
        for _, sign in sorted(signs[place]):
            text.append(sign, style="bold")
        last = place
    return text.append(source[last:])


def _choice(macro: Macro, lang: str) -> Choice[Macro]:
    """Return a macro's line: trigger, its language where it is another than the ticket's, title."""
    other = macro.lang if macro.lang not in ("", lang.lower(), lang.lower().partition("-")[0]) else ""
    trigger = shown_as.fit(shown_as.line(macro.trigger, 40), _TRIGGER_CELLS)
    return Choice(f"{trigger} {shown_as.fit(other, 2)} {shown_as.line(macro.title, 200)}", macro)


def _rank(macro: Macro, wanted: str) -> tuple[int | None, float]:
    """Return how well a macro suits, 0 best, and its resemblance; None where it does not."""
    trigger, title, topic, name = map(_plain, (macro.trigger, macro.title, macro.topic, macro.id))
    bare = trigger[1:]
    steps = (
        wanted in (trigger, bare, name),
        bool(trigger) and (trigger.startswith(wanted) or bare.startswith(wanted)),
        title.startswith(wanted),
        any(word.startswith(wanted) for word in re.split(r"\W+", f"{title} {topic} {name}")),
        wanted in title or wanted in topic,
    )
    for rank, suits in enumerate(steps):
        if suits:
            return rank, 0.0
    body = _plain(macro.body)
    words = wanted.split()
    if all(word in f"{title} {topic} {trigger} {body}" for word in words):
        return (len(steps) if wanted in body else len(steps) + 1), 0.0
    alike = max(fuzz.ratio(wanted, bare), fuzz.ratio(wanted, trigger), fuzz.partial_token_ratio(wanted, title))
    return (len(steps) + 2, alike) if len(wanted) > 2 and alike >= _ALIKE else (None, 0.0)


def _language(macro: Macro, lang: str) -> int:
    """Return how near a macro's language is: the ticket's, its family's, any, English, another."""
    wanted = [lang.lower(), lang.lower().partition("-")[0], "", "en"]
    return wanted.index(macro.lang) if macro.lang in wanted else len(wanted)


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    return " ".join(folding.letters(text).split())
