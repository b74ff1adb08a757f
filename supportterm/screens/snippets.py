"""Finding a snippet: by trigger, title, topic or words of its text, with what choosing it would bring."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from rapidfuzz import fuzz, process
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import Input

from supportterm.desk import rendering
from supportterm.desk.macros import DEFAULT_LANG, MacroLibrary
from supportterm.domain import folding, offering
from supportterm.domain.blanks import Expansion
from supportterm.domain.offering import Suits
from supportterm.domain.rewriting import Habit
from supportterm.domain.snippets import Actions, Macro
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick
from supportterm.screens.widgets.written_text import BREAKS_AND_CONTROLS

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen

Habits = Mapping[tuple[str, str], Habit]
"""(id, language) of a macro -> what became of its uses."""

_TRIGGER_CELLS = 12
_ALIKE = 72
"""From which resemblance, of 100, a title or trigger is taken for a mistyped one."""
_ENOUGH = 12
"""With as many that suit as they were typed, none is looked for that resembles."""
_LATELY = timedelta(days=180)
_NONE = Habit()


async def pick_snippet(
    screen: DeskScreen[Any],
    library: MacroLibrary,
    ticket_lang: str,
    fill: Callable[[Macro], Expansion] | None = None,
    suits: Suits = offering.everything,
    title: str = "Snippet",
    note: Callable[[Macro], str] | None = None,
) -> Macro | None:
    """Let the agent choose a snippet; None where they chose none. Call it from work in the background.

    `fill` and `note` put this ticket's facts into a snippet and its note for
    the preview; `suits` tells which are offered. Those most used here come first.
    """
    since = int((screen.console.now() - _LATELY).timestamp() * 1000)
    habits = await screen.console.ask(lambda views: views.habits(since))

    async def found() -> Finder:
        macros = in_reach(offering.offered(library.macros, suits), ticket_lang)
        return await asyncio.to_thread(Finder, macros, ticket_lang, habits)

    finder, typed = await found(), ""

    def preview(macro: Macro) -> Text:
        habit = habits.get((macro.id, macro.lang), _NONE)
        stays = note(macro) if note and macro.actions.note else macro.actions.note
        return previewed(macro, fill(macro) if fill else rendering.render(macro, {}), habit, stays)

    while True:
        answer = await screen.ask_for(
            SnippetPick(f"{title}   ^G edits it", finder.find(typed), preview, typed, find=finder.find)
        )
        if not isinstance(answer, Edit):
            return answer
        from supportterm.screens.macro_writing import edit

        library, typed = await edit(screen, answer.macro), answer.typed
        finder = await found()


@dataclass(frozen=True, slots=True)
class Edit:
    """The wish to change a macro instead of choosing it; `typed` is what the list was narrowed by."""

    macro: Macro
    typed: str


class SnippetPick(Pick[Any]):
    """The picker of snippets: one key opens the marked one in the agent's own editor."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+g", "edit", show=False, priority=True)]

    def action_edit(self) -> None:
        """Change the marked snippet."""
        choice = self.marked_choice
        if choice is not None:
            self.dismiss(Edit(choice.value, self.query_one(Input).value))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A macro with its words as they are compared, so that a key costs no folding."""

    macro: Macro
    order: tuple[Any, ...]
    trigger: str
    bare: str
    name: str
    title: str
    topic: str
    begins: str
    body: str


class Finder:
    """Some macros, ready to be searched at each key."""

    def __init__(self, macros: Iterable[Macro], lang: str, habits: Habits | None = None) -> None:
        """Take the macros, the ticket's language, and how each was used."""
        self._lang = lang
        self._habits = habits or {}
        self._entries = sorted((self._entry(macro) for macro in macros), key=lambda entry: entry.order)
        self._before = ""
        self._reached = list(enumerate(self._entries))
        """What may suit what was typed last, with its place among all; whatever is added can only leave some out."""
        self._choices: dict[int, Choice[Macro]] = {}

    def find(self, typed: str) -> list[Choice[Macro]]:
        """Return the lines of those that suit what was typed, best first."""
        return [self._choice(macro) for macro in self.ranked(typed)]

    def ranked(self, typed: str) -> list[Macro]:
        """Return the macros that suit what was typed, best first; all of them where nothing was.

        A trigger comes before a title, a title before a topic, all three
        before words of the text; among equals the ticket's language comes
        first, then what is most used here.
        """
        wanted = _plain(typed)
        if not wanted:
            return [entry.macro for entry in self._entries]
        words = wanted.split()
        if not self._before or not wanted.startswith(self._before):
            self._reached = list(enumerate(self._entries))
        found, reached = [], []
        for place, entry in self._reached:
            rank = _rank(entry, wanted, words)
            if rank is not None:
                found.append((rank, entry.order[0], 0.0, place))
            if rank is not None or entry.name.startswith(wanted):
                reached.append((place, entry))
        self._before, self._reached = wanted, reached
        if len(wanted) > 2 and len(found) < _ENOUGH:
            known = {place for *_, place in found}
            alike = self._alike(wanted).items()
            found += [(9, self._entries[at].order[0], -score, at) for at, score in alike if at not in known]
        return [self._entries[place].macro for *_, place in sorted(found)]

    def _alike(self, wanted: str) -> dict[int, float]:
        """Return the places of those that look like what was typed, and how much."""
        best: dict[int, float] = {}
        for scorer, texts in (
            (fuzz.ratio, [entry.bare for entry in self._entries]),
            (fuzz.ratio, [entry.trigger for entry in self._entries]),
            (fuzz.partial_token_ratio, [entry.title for entry in self._entries]),
        ):
            for _, score, place in process.extract(wanted, texts, scorer=scorer, score_cutoff=_ALIKE, limit=None):
                best[place] = max(score, best.get(place, 0.0))
        return best

    def _entry(self, macro: Macro) -> _Entry:
        trigger, title, topic, name, body = map(_plain, (macro.trigger, macro.title, macro.topic, macro.id, macro.body))
        uses = self._habits.get((macro.id, macro.lang), _NONE).uses
        order = (_nearness(macro, self._lang), -uses, macro.topic, macro.title, macro.lang, macro.id)
        begins = " " + " ".join(re.split(r"\W+", f"{title} {topic} {name}"))
        return _Entry(macro, order, trigger, trigger[1:], name, title, topic, begins, body)

    def _choice(self, macro: Macro) -> Choice[Macro]:
        """Return a macro's line: trigger, its language where it is another than the ticket's, title."""
        known = self._choices.get(id(macro))
        if known is None:
            lang = self._lang.lower()
            other = macro.lang if macro.lang not in ("", lang, lang.partition("-")[0]) else ""
            trigger = shown_as.fit(shown_as.line(macro.trigger or macro.id, 40), _TRIGGER_CELLS)
            habit = self._habits.get((macro.id, macro.lang), _NONE)
            often = f"rewritten {habit.share:.0%}" if habit.wants_work else ""
            words = f"{trigger} {shown_as.fit(other, 2)} {shown_as.line(macro.title, 200)}"
            known = self._choices[id(macro)] = Choice(words, macro, key=often)
        return known


def in_reach(macros: Sequence[Macro], lang: str) -> list[Macro]:
    """Return of each macro the variants nearest to a language, and the English one: nobody picks among all four."""
    nearest: dict[str, int] = {}
    for macro in macros:
        nearest[macro.id] = min(nearest.get(macro.id, 9), _nearness(macro, lang))
    return [macro for macro in macros if _nearness(macro, lang) == nearest[macro.id] or macro.lang == DEFAULT_LANG]


def ranked(macros: Sequence[Macro], typed: str, lang: str) -> list[Macro]:
    """Return the macros that suit what was typed, best first; see `Finder.ranked`."""
    return Finder(macros, lang).ranked(typed)


def actions_in_words(actions: Actions) -> str:
    """Return what a macro does besides its text; empty where it does nothing."""
    title, url = actions.article_parts
    words = [
        f"sets {actions.status}" if actions.status else "",
        f"tags {', '.join(actions.tags_add)}" if actions.tags_add else "",
        f"takes off {', '.join(actions.tags_remove)}" if actions.tags_remove else "",
        f"assigns {actions.assignee}" if actions.assignee else "",
        f"priority {actions.priority}" if actions.priority else "",
        f"snoozes {shown_as.length(actions.snooze)}" if actions.snooze else "",
        f"policy {actions.policy}" if actions.policy else "",
        "leaves a note" if actions.note else "",
        f"attaches {', '.join(actions.attach)}" if actions.attach else "",
        f"links {title or url}" if url else "",
    ]
    return shown_as.line("; ".join(word for word in words if word), 300)


def previewed(macro: Macro, expansion: Expansion, habit: Habit = _NONE, note: str = "") -> Text:
    """Return what a macro does besides its text, then the text as it would stand in the reply, its blanks marked.

    `note` is what stays inside.
    """
    text = Text()
    if does := actions_in_words(macro.actions):
        text.append(f"Also {does}.\n", style="dim")
    if note:
        text.append(f"NOTE, stays inside: {shown_as.body(note)}\n", style="dim")
    if habit.uses:
        often = f", rewritten in {habit.rewritten}" if habit.rewritten else ""
        advice = ": improve it" if habit.wants_work else ""
        text.append(f"Used {habit.uses} times here{often}{advice}.\n", style="dim")
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


def _rank(entry: _Entry, wanted: str, words: Sequence[str]) -> int | None:
    """Return how well a macro suits, 0 best; None where it does not, as it was typed."""
    if wanted in (entry.trigger, entry.bare, entry.name):
        return 0
    if entry.trigger and (entry.trigger.startswith(wanted) or entry.bare.startswith(wanted)):
        return 1
    if entry.title.startswith(wanted):
        return 2
    if f" {wanted}" in entry.begins:
        return 3
    if wanted in entry.title or wanted in entry.topic:
        return 4
    if wanted in entry.body:
        return 5
    for word in words:
        if word not in entry.begins and word not in entry.trigger and word not in entry.body:
            return None
    return 6


def _nearness(macro: Macro, lang: str) -> int:
    """Return how near a macro's language is: the ticket's, its family's, any, English, another."""
    wanted = [lang.lower(), lang.lower().partition("-")[0], "", "en"]
    return wanted.index(macro.lang) if macro.lang in wanted else len(wanted)


@lru_cache(maxsize=16_384)
def _plain(text: str) -> str:
    return " ".join(folding.letters(text).split())
