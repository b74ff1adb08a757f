"""Words of no dictionary: found once the keys rest and answered when they are, and what can be done about one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supportterm.domain.hints.hint import Hint, Level
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick
from supportterm.screens.hinting import MISSPELT

if TYPE_CHECKING:
    from supportterm.desk.spelling import Spelling
    from supportterm.desk.word_lists import WordList
    from supportterm.domain.message import Message
    from supportterm.domain.ticket import Ticket
    from supportterm.domain.vocabulary import Fine, Word
    from supportterm.screens.reply import ReplyScreen

PATIENCE = 4.0
"""Seconds to wait for suggestions, which are asked for."""


@dataclass(frozen=True, slots=True)
class Look:
    """The words of a text that are looked up, and the answer that is still to come; None where none is."""

    lang: str
    words: Sequence[Word]
    fine: Fine
    pending: Future[tuple[str, ...]] | None

    def marks(self, spelling: Spelling) -> tuple[Hint, ...]:
        """Return a mark on each word that is known to be in no dictionary by now."""
        from supportterm.domain.vocabulary import unknown

        found = unknown(self.words, spelling.speller.meant(self.lang), self.fine, self.lang)
        return tuple(Hint(MISSPELT, Level.HINT, one.start, one.end, "Not in the dictionary.") for one in found)

    def has_slips(self, spelling: Spelling) -> bool:
        """Tell whether one of them is a slip of the hand, which is a hint of its own."""
        said = spelling.speller.meant(self.lang)
        return any(said.get(one.word) for one in self.words)


def look(
    spelling: Spelling,
    text: str,
    lang: str,
    blanks: Sequence[tuple[int, int]],
    ticket: Ticket,
    conversation: Sequence[Message],
) -> Look:
    """Read a text and ask about its new words; takes a millisecond or two, and never waits for an answer."""
    from supportterm.domain.vocabulary import words

    found = words(text, lang, blanks) if spelling.speller.serves(lang) else []
    fine = spelling.fine(ticket, conversation, lang)
    asked = (one.word for one in found if not fine.holds(one.word, lang))
    return Look(lang, found, fine, spelling.speller.ask(lang, asked) if found else None)


def beside(marks: Sequence[Hint], remarks: Sequence[Hint]) -> tuple[Hint, ...]:
    """Return remarks and marks together; where a rule speaks of a word's spelling already, it has no mark."""
    typos = [hint for hint in remarks if hint.rule == "spelling"]
    return (*remarks, *(mark for mark in marks if not any(mark.overlaps(typo) for typo in typos)))


async def ask(screen: ReplyScreen) -> None:
    """Offer what the marked word at the cursor, or the nearest in its paragraph, may be put right with."""
    spelling = screen.console.spelling
    if spelling is None:
        screen.say("Spelling is off: `enabled` under [spelling] in the configuration switches it on.")
        return
    place = _marked(screen) or _at_cursor(screen)
    if place is None:
        screen.say(spelling.speller.trouble or "No word is marked here.")
        return
    start, end, is_marked = place
    word = screen.editor.text[start:end]
    if is_marked:
        chosen = await screen.ask_for(Pick(f"“{shown_as.line(word, 60)}”", await _choices(screen, spelling, word)))
        await _carry_out(screen, spelling, chosen, (start, end))
    else:
        await _take_out(screen, spelling, word)


Answer = tuple[str, str]


async def _choices(screen: ReplyScreen, spelling: Spelling, word: str) -> list[Choice[Answer]]:
    lang, plain = screen.hinting.lang, word.replace("’", "'")
    meant = spelling.speller.meant(lang).get(plain)
    found, remark = [meant] if meant else [], ""
    if (pending := spelling.speller.suggest(lang, plain)) is not None:
        try:
            suggested: tuple[str, ...] = await asyncio.wait_for(asyncio.wrap_future(pending), PATIENCE)
            found += suggested
        except TimeoutError:
            remark = "there are no suggestions now"
    choices = [Choice(shown_as.line(put, 80), ("put", put)) for put in dict.fromkeys(found) if put and put != plain]
    house = spelling.lists.house
    no_house = "" if house else "Name the team's folder as `macros` in the configuration first: its words.txt is meant."
    return [
        *choices[:8],
        Choice("add to my words", ("mine", ""), remark or shown_as.line(str(spelling.lists.own.path), 60)),
        Choice("add to the house's words", ("house", ""), str(house.path) if house else "", why_not=no_house),
        Choice("ignore in this reply", ("ignore", "")),
    ]


async def _carry_out(screen: ReplyScreen, spelling: Spelling, chosen: Answer | None, place: tuple[int, int]) -> None:
    start, end = place
    word = screen.editor.text[start:end]
    screen.editor.focus()
    match chosen:
        case ("put", put):
            screen.editor.replace_words(start, end, put)
        case ("ignore", _):
            spelling.ignore(screen.key, word)
        case ("mine" | "house" as which, _):
            target = spelling.lists.house if which == "house" and spelling.lists.house else spelling.lists.own
            await asyncio.to_thread(target.add, word)
            key = screen.key_of("reply.word")
            screen.say(f"“{shown_as.line(word, 60)}” is one of {_whose(spelling, target)}; {key} on it takes it out.")
    screen.hinting.look_now()


async def _take_out(screen: ReplyScreen, spelling: Spelling, word: str) -> None:
    """Offer to take a word out of a list again."""
    holding = await asyncio.to_thread(spelling.lists.holding, word)
    shown = shown_as.line(word, 60)
    if holding is None:
        screen.say(spelling.speller.trouble or f"“{shown}” is not marked.")
        return
    whose = _whose(spelling, holding)
    question = Pick(f"“{shown}” is one of {whose}", [Choice(f"take it out of {whose}", "out"), Choice("leave it", "")])
    if await screen.ask_for(question):
        await asyncio.to_thread(holding.take_out, word)
        screen.hinting.look_now()


def _whose(spelling: Spelling, words: WordList) -> str:
    return "your words" if words is spelling.lists.own else "the house's words"


def _marked(screen: ReplyScreen) -> tuple[int, int, bool] | None:
    from supportterm.domain.hints.attention import here

    text, cursor = screen.editor.text, screen.editor.state.cursor
    found = here(screen.hinting.misspelt, text, cursor)
    at_cursor = _at_cursor(screen)
    if found is None or found.start is None or found.end is None:
        return None
    if at_cursor is not None and not found.start <= cursor <= found.end and _is_listed(screen, at_cursor):
        return None
    return found.start, found.end, True


def _is_listed(screen: ReplyScreen, place: tuple[int, int, bool]) -> bool:
    spelling = screen.console.spelling
    word = screen.editor.text[place[0] : place[1]]
    return spelling is not None and spelling.lists.holding(word) is not None


def _at_cursor(screen: ReplyScreen) -> tuple[int, int, bool] | None:
    text, cursor = screen.editor.text, screen.editor.state.cursor
    start = end = cursor
    while start and (text[start - 1].isalpha() or text[start - 1] in "'’"):
        start -= 1
    while end < len(text) and (text[end].isalpha() or text[end] in "'’"):
        end += 1
    return (start, end, False) if start < end else None
