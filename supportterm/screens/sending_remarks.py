"""What is worth stopping a mail for: hints, newer mail, other recipients than before, a time that is too late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supportterm.desk import forwarding
from supportterm.domain import addressed, held
from supportterm.domain.hints.attention import WARNINGS_AT_SENDING
from supportterm.domain.hints.catalogue import NEVER_OVERRIDDEN
from supportterm.domain.hints.hint import Hint, Level
from supportterm.screens.hinting import in_words
from supportterm.screens.reply_words import news_words
from supportterm.screens.send_check import Remark
from supportterm.screens.send_later import late_words

if TYPE_CHECKING:
    from supportterm.domain.held import Hold
    from supportterm.screens.reply import ReplyScreen


def of(screen: ReplyScreen, hints: Sequence[Hint], hold: Hold | None) -> list[Remark]:
    """Return the lines of the check: whatever asks, crossings, and of warnings the first two, people before words."""
    people = [Remark(words, command="reply.recipients") for words in _about_people(screen)][:WARNINGS_AT_SENDING]
    asking = [hint for hint in hints if hint.level is Level.CONFIRM]
    warning = [hint for hint in hints if hint.level is not Level.CONFIRM]
    wanted = [*asking, *warning[: WARNINGS_AT_SENDING - len(people)]]
    found = [Remark(in_words(hint, screen.editor.text), hint, hint.rule in NEVER_OVERRIDDEN) for hint in wanted]
    found += people
    now = screen.console.now()
    if screen.news:
        found.append(Remark(news_words(screen.news, now, screen.console.me)))
    for mail in screen.console.views.outbox(screen.key):
        if held.is_held(mail) and (other := held.of(mail)) is not None:
            found.append(Remark(f"another reply on this ticket is held: it leaves {held.in_words(other, now)}"))
    if hold is not None and (late := late_words(screen, screen.key, hold)):
        found.append(Remark(f"it leaves {held.in_words(hold, now)}, and {late}", command="reply.send-later"))
    return found


def _about_people(screen: ReplyScreen) -> list[str]:
    if screen.ticket is None:
        return []
    outbox = screen.console.views.outbox(screen.key, everything=True)
    said = forwarding.said(screen.conversation, outbox)
    return addressed.remarks(said, screen.people, screen.mode, screen.ticket.requester_address, screen.own.own)
