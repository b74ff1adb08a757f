"""Wording and heat in a reply: what counts depends on the customer's words, and a smile may be drawn with signs."""

from __future__ import annotations

import pytest

from supportterm.desk import hint_packs
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.hint import Hint
from supportterm.domain.hints.reply import Reply

PACKS = hint_packs.shipped()
ANGRY = {"en": "I am furious, this is the third broken lamp!!", "ru": "Я в бешенстве, это третья сломанная лампа!!"}


def hints(rule: str, text: str, lang: str = "en", customer: str = "", channel: str = "email") -> list[Hint]:
    reply = Reply(text, lang, customer=customer, customer_lang=lang, channel=channel)
    return [hint for hint in check(reply, PACKS) if hint.rule == rule]


@pytest.mark.parametrize(
    ("lang", "text", "smile"),
    [
        ("en", "I am sorry. A new one leaves today 😄", "😄"),
        ("en", "I am sorry. A new one leaves today :-)", ":-)"),
        ("en", "I am sorry. It is done ;)", ";)"),
        ("ru", "Понимаю вас. Новая уже едет)))", ")))"),
        ("ru", "Понимаю вас. Новая (синяя) уже едет)", ")"),
    ],
)
def test_a_smile_at_an_upset_customer_is_marked_and_its_deletion_offered(lang: str, text: str, smile: str) -> None:
    (found,) = hints("humour-when-upset", text, lang, ANGRY[lang])
    assert found.start is not None
    assert text[found.start : found.end].strip() == smile
    assert found.suggestion == ""


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "I am sorry to read this 😔 A new one leaves today."),
        ("en", "I understand. Two things (both in the box): a lamp, a bulb."),
        ("en", "I understand. What happens next:\n1) the lamp leaves\n2) it arrives"),
        ("ru", "Понимаю вас. Новая (синяя) уже едет."),
        ("ru", "Понимаю вас. Что дальше:\n1) лампа уедет\nб) придёт письмо"),
    ],
)
def test_sad_faces_brackets_and_numbered_lines_are_no_smile(lang: str, text: str) -> None:
    assert hints("humour-when-upset", text, lang, ANGRY[lang]) == []


def test_a_smile_is_welcome_where_nobody_is_upset() -> None:
    assert hints("humour-when-upset", "Glad it works 😄", customer="It works again, thank you!") == []


def test_a_rule_is_no_shield_for_whoever_asks_what_the_rules_are() -> None:
    answer = "As per our guidelines, dogs stay on the lead."
    assert hints("policy-shield", answer, customer="My dog was sent out of the park.")
    assert not hints("policy-shield", answer, customer="What are the rules for dogs?")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Eleven days without a lamp is not how we want to treat anyone. A new one leaves today."),
        ("en", "You are right to complain. A new one leaves today."),
        ("ru", "Вы правы, так быть не должно. Новая уедет сегодня."),
        ("ru", "Три сломанные лампы подряд раздражали бы и меня. Новая уедет сегодня."),
    ],
)
def test_naming_the_hardship_in_ones_own_words_is_empathy(lang: str, text: str) -> None:
    assert hints("missing-empathy", text, lang, ANGRY[lang]) == []


def test_an_upset_customer_wants_a_sign_before_the_solution_and_one_is_offered() -> None:
    (found,) = hints("missing-empathy", "A new one leaves today.", customer=ANGRY["en"])
    assert found.start is None
    assert found.suggestion
    assert found.insert_at == 0


def test_a_formula_and_a_missing_sign_are_one_cause() -> None:
    text = "We apologise for any inconvenience. A new one leaves today."
    assert hints("empty-apology", text, customer=ANGRY["en"])
    assert not hints("missing-empathy", text, customer=ANGRY["en"])


def test_apologies_are_counted_over_the_whole_reply() -> None:
    assert not hints("over-apology", "Sorry for the wait. I apologise that nobody called.")
    (found,) = hints("over-apology", "Sorry for the wait. I apologise that nobody called. Again, so sorry!")
    assert found.message.startswith("3 ")


def test_slang_is_for_chats_but_thou_is_nowhere() -> None:
    assert hints("register-slip", "Thx, gonna look at it.")
    assert not hints("register-slip", "Thx, gonna look at it.", channel="chat")
    assert hints("register-slip", "Я тебе отправил ключ.", "ru", channel="chat")


def test_what_is_quoted_was_not_said_by_the_agent() -> None:
    assert not hints("negative-phrasing", "> Unfortunately it broke\nA new one leaves today.")
    assert not hints("negative-phrasing", "The message “Cannot open the file” goes away with the update.")


def test_the_offered_sign_stands_below_a_greeting() -> None:
    text = "Good morning Rosa,\n\nA new one leaves today."
    (found,) = hints("missing-empathy", text, customer=ANGRY["en"])
    assert found.insert_at == text.index("A new one")
