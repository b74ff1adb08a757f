"""Hints while one writes: looked for once the keys rest, underlined in the text, the one at the cursor in words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from supportterm.domain.drafts import Kind
from supportterm.domain.errors import SupporttermError
from supportterm.domain.hints.muting import Told
from supportterm.screens import format as shown_as
from supportterm.screens.hint_surroundings import Surroundings
from supportterm.screens.latest import only_latest
from supportterm.screens.measuring import Measure
from supportterm.screens.widgets.rows import SPELLING

if TYPE_CHECKING:
    from textual.timer import Timer

    from supportterm.desk.hint_facts import Around, Remarks
    from supportterm.domain.drafts import Draft
    from supportterm.domain.hints.hint import Hint
    from supportterm.screens.reply import ReplyScreen
    from supportterm.screens.spelling import Look

MISSPELT = "misspelt"
"""The rule that a word of no dictionary breaks; none of the catalogue's."""
REST = 0.4
"""Seconds without a key after which the text is looked at."""


class Hinting:
    """The hints of one screen for writing. Only what goes to the customer has any."""

    def __init__(self, screen: ReplyScreen) -> None:
        self._screen = screen
        self._text = ""
        self._found: tuple[Hint, ...] = ()
        self._timer: Timer | None = None
        self._is_broken = False
        self.shown: tuple[Hint, ...] = ()
        """Those on words, as they are underlined."""
        self.here: Hint | None = None
        """The one that is put in words."""
        self.asked: dict[str, bool] = {}
        """The customer's questions, and whether the text touches them; empty before it was looked at."""
        self.about_all: tuple[Hint, ...] = ()
        """Those on the whole of the reply."""
        self.lang = "en"
        """The language it is written in, as it was last looked at."""
        self.levels: tuple[int | None, int | None] = (None, None)
        """The grade it reads as, and the customer's own; None where nobody can tell or wants to know."""
        self._told = Told()
        self._surroundings = Surroundings(screen)
        self._answers: dict[str, bool] = {}
        self.measure = Measure(screen)

    def written(self) -> None:
        """Carry the hints through what was typed, and look again when the keys rest."""
        self.measure.written()
        if not self._is_wanted:
            self._found = ()
        elif self._screen.editor.text != self._text:
            from supportterm.domain.hints.attention import moved

            text = self._screen.editor.text
            self._found = moved(self._found, self._text, text)
            self._text = text
            self.again()
        self._show()

    def again(self) -> None:
        """Look at the text once the keys rest."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(REST, self._look)

    def _look(self) -> None:
        self.look_now()

    def look_now(self) -> None:
        """Look at the text without waiting for the keys to rest."""
        screen = self._screen
        if self._is_wanted and screen.editor.text.strip():
            only_latest(screen, self._check, "hints")
        else:
            self._found = ()
            self._show()

    async def before_sending(self) -> tuple[Hint, ...]:
        """Look at the text as it is now, and return what is worth stopping it for."""
        from supportterm.domain.hints.attention import before_sending

        await self._check()
        if self._screen.editor.text != self._text:
            return ()
        asked = before_sending(self._sure)
        self._told.saw(asked, self._text)
        self._answers = self._told.answers(self._sure, self._text)
        return asked

    async def went(self) -> None:
        """Remember, once the mail is on its way, which hints were followed and which passed over."""
        from supportterm.screens.hint_muting import remember

        if self._answers:
            await remember(self._screen, self._answers)

    async def _check(self) -> None:
        from supportterm.screens import spelling

        screen = self._screen
        if screen.ticket is None or not self._is_wanted:
            return
        draft, conversation = replace(screen.written(), status=screen.status), list(screen.conversation)
        around = self._surroundings.of(screen.ticket, conversation)
        try:
            found, look = await asyncio.to_thread(self._looked, draft, around)
        except SupporttermError as problem:
            self._is_broken = True
            screen.complain(f"There are no hints: {problem}")
            return
        for trouble in screen.console.house_hints.news(found.problems)[:1]:
            screen.complain(shown_as.line(trouble, 400))
        if screen.is_mounted and screen.editor.text == draft.text:
            ears = screen.console.views.ears(screen.key, screen.console.me)
            self._text, self._found, self.lang = draft.text, ears.heard(found.hints, draft.text), found.lang
            self.asked = dict(found.asked)
            if look is not None and screen.console.spelling is not None:
                self._found = spelling.beside(look.marks(screen.console.spelling), self._found)
                only_latest(screen, partial(self._hear, look, draft.text), "spelling")
            self._show()
            self.measure.tell()
            screen.show_hints()

    def _looked(self, draft: Draft, around: Around) -> tuple[Remarks, Look | None]:
        """Look at a draft, away from the thread that answers keys."""
        from supportterm.desk.hint_facts import remarks_on
        from supportterm.screens.spelling import look

        console = self._screen.console
        found = remarks_on(
            draft,
            replace(around, times=self._surroundings.times(around.ticket)),
            console.spelling.verdicts() if console.spelling else {},
            console.house_hints,
        )
        if console.config.hints.reading_level:
            from supportterm.domain.reading_level import grade

            theirs = "\n\n".join(message.reply_text for message in around.asked)
            self.levels = grade(draft.text, found.lang), grade(theirs, around.ticket.lang or found.lang)
        if console.spelling is None:
            return found, None
        blanks = [span for blank in self._screen.editor.state.blanks for span in blank.spans]
        return found, look(console.spelling, draft.text, found.lang, blanks, around.ticket, around.conversation)

    async def _hear(self, look: Look, text: str) -> None:
        """Wait for what is said of words that were asked about, and mark those that are in no dictionary."""
        from supportterm.screens import spelling

        screen, desk = self._screen, self._screen.console.spelling
        if desk is None:
            return
        if look.pending is not None:
            await asyncio.wrap_future(look.pending)
        if problem := desk.news():
            screen.complain(problem)
        if look.pending is None or not screen.is_mounted or screen.editor.text != text:
            return
        if look.has_slips(desk):
            self.look_now()
        else:
            remarks = [hint for hint in self._found if hint.rule != MISSPELT]
            self._found = spelling.beside(look.marks(desk), remarks)
            self._show()
            screen.show_hints()

    @property
    def misspelt(self) -> tuple[Hint, ...]:
        """The words of no dictionary, that at the cursor too, and slips that a rule speaks of."""
        slips = (h for h in self._sure if h.rule == "spelling" and self._text[h.start : h.end].isalpha())
        return (*(h for h in self._sure if h.rule == MISSPELT), *slips)

    @property
    def _is_wanted(self) -> bool:
        return self._screen.mode.kind is Kind.REPLY and not self._is_broken

    @property
    def _sure(self) -> list[Hint]:
        """The hints without those on a blank that is open anyway, and promises, which are asked about by themselves."""
        blanks = [span for blank in self._screen.editor.unfilled for span in blank.spans]
        return [hint for hint in self._found if not _within(hint, blanks) and hint.rule != "promise-made"]

    def _show(self) -> None:
        from supportterm.domain.hints import attention

        editor = self._screen.editor
        text, cursor = editor.text, editor.state.cursor
        if not self._found:
            self.shown, self.here, self.about_all = (), None, ()
        else:
            sure = self._sure
            self.shown = tuple(h for h in attention.settled(sure, text, cursor) if h.start is not None)
            self.here = attention.here(self.shown, text, cursor)
            self.about_all = attention.about_all(sure, text)
            self._told.saw([self.here] if self.here and self.here.rule != MISSPELT else (), text)
        levels = ((h, SPELLING if h.rule == MISSPELT else h.level) for h in self.shown)
        editor.underline([(h.start or 0, h.end or 0, level) for h, level in levels])

    @property
    def said(self) -> tuple[str, str]:
        """What there is to say at the cursor: the remark, and what a key makes of the words."""
        if self.here is None:
            return "", ""
        return in_words(self.here, self._screen.editor.text), self._put(self.here)

    def _put(self, hint: Hint) -> str:
        """Return what a key makes of a hint's words."""
        if hint.rule == MISSPELT:
            return f"{self._screen.key_of('reply.word')}  suggests"
        if hint.suggestion is None:
            return ""
        put = shown_as.line(hint.suggestion, 120)
        return f"{self._screen.key_of('reply.rewrite')}  {put or 'takes it out'}"

    def coverage(self, asks: Sequence[str]) -> tuple[tuple[str, bool | None], ...]:
        """Return the customer's questions, each with whether the text touches it; none where it is not for them."""
        if self._screen.mode.kind is Kind.NOTE:
            return ()
        known = self.asked if self._is_wanted and self._screen.editor.text.strip() else {}
        return tuple((question, known.get(question)) for question in asks)

    def quote_open(self) -> None:
        """Quote the next question the text does not touch, to answer it below."""
        screen = self._screen
        left = [question for question, touched in self.coverage(screen.asks) if not touched]
        if not left:
            screen.say("Every question of theirs is answered." if screen.asks else "They ask nothing.")
            return
        screen.editor.focus()
        screen.editor.put_line(f"> {left[0]}")

    def next(self) -> None:
        """Go to the next hint on words."""
        from supportterm.domain.hints.attention import after

        screen = self._screen
        found = after(self.shown, screen.editor.state.cursor)
        if found is None or found.start is None:
            screen.say(self._nothing())
            return
        screen.editor.focus()
        screen.editor.go_to(found.start)

    def rewrite(self) -> None:
        """Put the suggestion of the hint at the cursor in place of its words, or in where it belongs."""
        screen, hint = self._screen, self.here
        if hint is not None and hint.rule == MISSPELT:
            screen.run_verb("reply.word")
            return
        if hint is None or hint.suggestion is None:
            insertable = next((h for h in self.about_all if h.suggestion is not None and h.insert_at is not None), None)
            if hint is None and insertable is not None:
                hint = insertable
            else:
                screen.say("This hint has no rewrite: the words are yours to find." if hint else self._nothing())
                return
        self.carry_out(hint)

    def carry_out(self, hint: Hint) -> None:
        """Write what a hint suggests, as one step that undo takes back."""
        if hint.suggestion is not None:
            start = hint.start if hint.start is not None else hint.insert_at or 0
            self._screen.editor.replace_words(start, hint.end if hint.end is not None else start, hint.suggestion)

    @property
    def to_mute(self) -> Hint | None:
        """The hint that muting is about: the one at the cursor, else the first on the whole."""
        if self.here is not None and self.here.rule == MISSPELT:
            return None
        return self.here or next(iter(self.about_all), None)

    def _nothing(self) -> str:
        if self.about_all:
            return f"No hint on the words; on the whole: {shown_as.line(self.about_all[0].message, 160)}"
        return "There is no hint."


def in_words(hint: Hint, text: str) -> str:
    """Return what a hint says, and of which words."""
    words = shown_as.line(text[hint.start : hint.end], 60) if hint.start is not None else ""
    return f"“{words}”: {hint.message}" if words else hint.message


def _within(hint: Hint, spans: list[tuple[int, int]]) -> bool:
    return hint.start is not None and hint.end is not None and any(hint.start < b and a < hint.end for a, b in spans)
