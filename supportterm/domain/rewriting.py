"""How much of a snippet stayed as it was by the time the reply went: what agents rewrite is worth improving."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from supportterm.domain.blanks import Expansion

REWRITTEN = 0.7
"""Below this share of its words a snippet counts as rewritten."""
_GONE = 0.1
"""Below this share it was taken out again, and was not used."""
_MOST = 10
"""As many snippets of one reply are remembered."""
_LONGEST = 8_000
_WORDS = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]|[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Inserted:
    """A snippet put into a reply: which, and its own words, blanks and what filled them left out."""

    macro: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Use:
    """A snippet that went out in a reply, and the share of its own words that stood in it still, 0 to 1."""

    macro: str
    lang: str
    kept: float


@dataclass(frozen=True, slots=True)
class Habit:
    """What became of a snippet's uses: how many there were, and how many were rewritten."""

    uses: int = 0
    rewritten: int = 0

    @property
    def share(self) -> float:
        """The share that was rewritten, 0 to 1."""
        return self.rewritten / self.uses if self.uses else 0.0

    @property
    def wants_work(self) -> bool:
        """True where agents rewrite it more often than not; a few uses say nothing yet."""
        return self.uses >= 5 and self.share >= 0.5


def inserted(macro: str, lang: str, expansion: Expansion) -> Inserted:
    """Return what is to be remembered of a snippet that goes into a reply."""
    text, last = [], 0
    for start, end in sorted(span for blank in expansion.blanks for span in blank.spans):
        if start >= last:
            text.append(expansion.text[last:start])
        last = max(last, end)
    return Inserted(macro, lang, "\n".join((*text, expansion.text[last:]))[:_LONGEST])


def remembered(before: Sequence[Inserted], new: Inserted) -> tuple[Inserted, ...]:
    """Return the snippets of a reply with one more; of too many the oldest is forgotten."""
    return (*(one for one in before if (one.macro, one.lang) != (new.macro, new.lang)), new)[-_MOST:]


def measured(snippets: Iterable[Inserted], sent: str) -> list[Use]:
    """Return what became of the snippets of a reply that goes; those taken out again are no uses."""
    words = _words(sent)
    uses = (Use(one.macro, one.lang, kept(one.text, words)) for one in snippets)
    return [use for use in uses if use.kept >= _GONE]


def kept(text: str, sent: Sequence[str] | str) -> float:
    """Return the share of a text's words that stand in another one, in their order; 1 where it has none."""
    from difflib import SequenceMatcher

    own = _words(text)
    if not own:
        return 1.0
    others = _words(sent) if isinstance(sent, str) else sent
    blocks = SequenceMatcher(None, own, others, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(own)


def _words(text: str) -> list[str]:
    """Return the words of a text, signs of scripts without blanks one by one; the first of very many."""
    return _WORDS.findall(text.lower())[:2_000]
