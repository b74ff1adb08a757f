"""A text of which paragraphs were read before is read as if it were new."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.desk import hint_packs
from supportterm.domain.concepts import Reading
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.reply import Reply
from supportterm.domain.lexicon import Lexicon

PACKS = hint_packs.shipped()
LANGUAGES = ("en", "ru", "ja", "tr")


def forget(lang: str) -> None:
    for pack in (PACKS.wording[lang], PACKS.structure[lang]):
        pack.lexicon._known.clear()


@pytest.mark.parametrize("lang", LANGUAGES)
@given(data=st.data())
def test_hints_while_one_writes_are_those_on_the_whole_text(lang: str, data: st.DataObject) -> None:
    said = st.sampled_from([one.reply for one in PACKS.structure[lang].examples if one.reply.strip()])
    ends = st.sampled_from(["\n", "\n\n", " ", ".\n", "\n- ", ", "])
    text = "".join(data.draw(said) + data.draw(ends) for _ in range(data.draw(st.integers(1, 4))))
    for _ in range(data.draw(st.integers(1, 3))):
        at, cut = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(said | ends) + text[at + cut :]
        reply = Reply(text, lang, customer=text[::2], customer_lang=lang, turn="first", customer_name="Kim Lee")
        while_writing = check(reply, PACKS)
        forget(lang)
        assert while_writing == check(reply, PACKS)
        check(Reply(text[at:], lang, customer="", customer_lang=lang, turn="first", customer_name="Kim"), PACKS)


def test_what_begins_a_text_is_not_what_begins_a_paragraph() -> None:
    lexicon = Lexicon({}, {"begins": r"\A\s*hello"}, lang="en", kind="words")
    for text, found in (("hello\n\nhello", 1), ("Well\n\nhello", 0), ("\n\nhello", 1), ("Well\n\nhello", 0)):
        reading = Reading(text, lexicon, window=8)
        assert sum("begins" in sentence.hits for sentence in reading.sentences) == found
