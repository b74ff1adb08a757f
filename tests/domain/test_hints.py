"""Hints: masking, one hint per cause, order, languages, and what is unknown gives none."""

from __future__ import annotations

import random
from typing import Any

import pytest

from supportterm.desk import hint_packs
from supportterm.desk.hinting import with_languages
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.hint import Hint
from supportterm.domain.hints.masking import masked, without_quotations
from supportterm.domain.hints.reply import Reply

PACKS = hint_packs.shipped()


def hints(text: str, lang: str = "en", **around: Any) -> tuple[Hint, ...]:
    return check(Reply(text, lang, **around), PACKS)


def rules(text: str, lang: str = "en", **around: Any) -> set[str]:
    return {hint.rule for hint in hints(text, lang, **around)}


@pytest.mark.parametrize(
    "hidden",
    [
        "> Send me your password.",
        "See `send me your password` there.",
        "Look:\n\n    send me your password\n\nthere.",
        "```\nsend me your password\n```\nas above.",
        "See https://lamps.example/send-me-your-password now.",
        "Done.\n-- \nSend me your password",
    ],
)
def test_what_its_author_does_not_say_now_is_masked(hidden: str) -> None:
    assert "secret-request" not in rules(hidden)
    assert "secret-request" in rules(f"{hidden.splitlines()[0][:0]}Send me your password.")


def test_words_in_quotation_marks_are_not_ours() -> None:
    assert "secret-request" not in rules("The mail said “send me your password”, which was not from us.")


def test_masking_keeps_every_offset() -> None:
    text = "A `b` c\r\n> d\r\nhttps://x.example/y “z” «ю» 「字」\n-- \nE"
    assert len(masked(text)) == len(without_quotations(masked(text))) == len(text)


def test_one_cause_gives_one_hint() -> None:
    upset = "I am fed up and furious, this is the third time!!"
    assert "missing-timing" in rules("We are looking into it.")
    assert {"vague-timing"} <= rules("We are looking into it and get back to you shortly.")
    assert "missing-timing" not in rules("We are looking into it and get back to you shortly.")
    assert "missing-empathy" in rules("The lamp is in the shop.", customer=upset)
    assert "missing-empathy" not in rules("We apologise for any inconvenience. The lamp is here.", customer=upset)
    smiling = rules("The lamp is in the shop :-)", customer=upset)
    assert "humour-when-upset" in smiling
    assert "emoji-formal" not in smiling
    assert "missing-empathy" not in smiling


def test_a_refusal_is_the_brush_offs_matter_in_its_own_sentence_alone() -> None:
    refused = rules("We cannot help you, that is not our problem.")
    assert "brush-off" in refused
    assert "negative-phrasing" not in refused
    assert "negative-phrasing" in rules("That is not our problem. We cannot deliver to Norway.")


def test_what_matters_most_comes_first_then_what_comes_first() -> None:
    found = hints("It is ready 😊. Send me your PIN, we recieved it. Dear [NAME]!!")
    levels = [-hint.level for hint in found]
    assert levels == sorted(levels)
    for level in set(levels):
        places = [hint.start for hint in found if -hint.level == level and hint.start is not None]
        assert places == sorted(places)


def test_what_is_unknown_gives_no_hint() -> None:
    assert "missing-attachment" not in rules("The list is attached.", attachments=None)
    assert "missing-attachment" in rules("The list is attached.", attachments=())
    assert "refusal-needs-supervisor" not in rules("We will not serve you any more.", supervisor_approved=None)
    assert "wrong-name" not in rules("Dear Peter,", customer_name=None)


def test_turkish_capitals_keep_the_offsets() -> None:
    text = "İSTANBUL İLİ İÇİN: ŞİFRENİZİ GÖNDERİN, İYİ GÜNLER. Şifrenizi yazın."
    for hint in hints(text, "tr"):
        if hint.start is not None and hint.rule == "secret-request":
            assert text[hint.start : hint.end].casefold().startswith(("şifre", "şi\u0307fre"))
            return
    pytest.fail("the request for a password is not found")


def test_a_suggestion_stands_in_place_of_its_words() -> None:
    (typo,) = [hint for hint in hints("We recieved the lamp.") if hint.rule == "spelling"]
    assert typo.suggestion == "received"
    (shout,) = [hint for hint in hints("LÜTFEN İADE KURALLARINI OKUYUN.", "tr") if hint.rule == "all-caps"]
    assert shout.suggestion == "Lütfen iade kurallarını okuyun"


def test_words_that_are_known_here_are_no_errors() -> None:
    assert "spelling" not in rules("The shipmnet widget is back.", known=frozenset(("shipmnet",)))
    assert "spelling" not in rules("The shipmnet widget is back.", customer="Where is my shipmnet?")
    assert "spelling" in rules("The shipmnet is complete.")


@pytest.mark.parametrize(
    ("customer", "reply", "lang", "fires"),
    [
        ("Wo bleibt meine Bestellung? Ich warte seit Montag.", "It left this morning.", "en", True),
        ("Where is it? Please write in Turkish.", "Bu sabah yola çıktı.", "tr", False),
        ("Где мой заказ?", "Your order left this morning.", "en", True),
        ("Where is it?", "Ваш заказ уехал утром.", "ru", True),
        ("注文はどこですか。", "今朝発送しました。", "ja", False),
        ("OK", "Ваш заказ уехал утром.", "ru", False),
        ("Where is it?", "ok.", "en", False),
    ],
)
def test_the_reply_speaks_the_customers_language(customer: str, reply: str, lang: str, fires: bool) -> None:
    told = with_languages(Reply(reply, "en", customer=customer), PACKS.triage)
    assert told.lang == lang
    assert ("language-mismatch" in {hint.rule for hint in check(told, PACKS)}) is fires


def test_a_language_without_packs_still_has_the_rules_that_need_no_words() -> None:
    assert "unfilled-placeholder" in rules("Hallo {{name}}", "de")


def test_any_text_is_checked_without_falling_over() -> None:
    letters = "we cannot [] {{}} () `>\n İıŞ 様。 !?.,-_ @#% 12 \u202e\x00🙂ая"
    chosen = random.Random(8)  # noqa: S311 the same texts each time, no secret
    for lang in ("en", "ru", "ja", "tr"):
        for _ in range(40):
            text = "".join(chosen.choice(letters) for _ in range(chosen.randrange(200)))
            for hint in hints(text, lang, customer=text[::-1], state="resolved", turn="first", channel="social"):
                assert hint.start is None or 0 <= hint.start < (hint.end or 0) <= len(text)


@pytest.mark.parametrize(
    ("text", "lang", "after"),
    [
        ("Thanks. Please send me your password.", "en", "Thanks. I have sent you a reset link."),
        ("Could you send us your PIN?", "en", "I have sent you a reset link."),
        ("One thing more: send me your password.", "en", "One thing more: I have sent you a reset link."),
        ("Send me the following: your PIN.", "en", "I have sent you a reset link."),
        ("To go on we need the PIN of your card.", "en", "I have sent you a reset link."),
        ("Пожалуйста, пришлите ваш пароль.", "ru", "Мы отправили вам ссылку для сброса пароля."),
        ("Şifrenizi gönderir misiniz?", "tr", "Size bir sıfırlama bağlantısı gönderdim."),
        ("パスワードをお送りください。", "ja", "再設定用のリンクをお送りしました。"),
    ],
)
def test_what_takes_the_place_of_a_wish_for_a_secret_is_a_sentence(text: str, lang: str, after: str) -> None:
    [hint] = [hint for hint in check(Reply(text, lang), PACKS) if hint.rule == "secret-request"]
    assert hint.start is not None
    assert hint.end is not None
    assert hint.suggestion is not None
    assert text[: hint.start] + hint.suggestion + text[hint.end :] == after
