"""Word classes brought together by nearness: the rules the packs are written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.concepts import Rule
from supportterm.domain.lexicon import Lexicon, fold
from supportterm.domain.own_words import own_words
from supportterm.domain.signals import Pack

WORDS = {
    "lose": ["lose", "losing", "lost"],
    "money": ["money", "order*", "piggy bank"],
    "not": ["not", "never"],
    "not-after": ["denied"],
    "price": ["price"],
    "idiom": ["lost and found"],
}
PACK = Pack("en", Lexicon(WORDS, {"amount": r"\b\d+ ?euro"}, lang="en", kind="words"), (), window=4)


def finds(rule: str, text: str) -> bool:
    return PACK.read(text).find(Rule.parse(rule)) is not None


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        ("lose + money", "We lose a lot of money", True),
        ("lose + money", "MONEY is what we lose", True),
        ("lose + money", "We lose. Money is fine", False),
        ("lose + money", "We lose something, and then much later there comes money", False),
        ("lose + money /12", "We lose something, and then much later there comes money", True),
        ("lose > money", "The money we lose", False),
        ("lose + money", "We do not lose money", False),
        ("lose + money", "It does not work, we lose money", True),
        ("lose + money", "Losing money was denied", False),
        ("lose + money", "Where is the lost and found for orders", False),
        ("lose + money", "We lost the piggy bank", True),
        ("lose + money", "We lost several orderings", True),
        ("lose + amount", "We lost 40 euro", True),
        ("lose + money + !price", "We lose money on this price", False),
        ("lose + money + @price", "We lose money on this price", True),
        ("lose + ~price", "We lose. The price is high", True),
        ("lose + &price", "We lose. The price is high", True),
        ("lose + &price", "We lose. So we do. The price is high", False),
        ("lose + ~price", "We lose. So we do. The price is high", True),
        ("lose + @question", "Do we lose?", True),
        ("lose + !question", "Do we lose?", False),
        ("lose + lose", "We lose", False),
    ],
)
def test_a_rule_holds_where_its_concepts_meet(rule: str, text: str, found: bool) -> None:
    assert finds(rule, text) is found


@pytest.mark.parametrize("rule", ["", "!price", "lose + Money", "lose /x", "lose + + money", "@price"])
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"`"):
        Rule.parse(rule)


def test_running_text_without_blanks_is_read_by_characters() -> None:
    pack = Pack("ja", Lexicon({"all": ["全員"], "stop": ["使えません"]}, {}, lang="ja", kind="characters"), ())
    place = pack.read("朝から全員が使えません。").find(Rule.parse("all + stop"))
    assert place == (3, 11)


def test_any_middle_of_a_word() -> None:
    pack = Pack("tr", Lexicon({"shut": ["aç*mıyor*"]}, {}, lang="tr", kind="words"), ())
    assert pack.read("Kapı AÇILMIYOR").find(Rule.parse("shut"))
    assert pack.read("kapi acilmiyormus").find(Rule.parse("shut"))
    assert not pack.read("kapı açılıyor").find(Rule.parse("shut"))


@given(st.text(), st.sampled_from(["en", "ru", "ja", "tr"]))
def test_folding_and_blanking_keep_every_offset(text: str, lang: str) -> None:
    assert len(fold(text, lang)) == len(text)
    assert len(own_words(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('Please rename the "Critical" field', "Please rename the field"),
        ("Works.\n> it did not", "Works."),
        ("Works.\n\nOn 3 May Ann wrote:\n> it did not", "Works."),
        ("Works.\n-----Original Message-----\nit did not", "Works."),
        ("Works.\nFrom: Ann\nSent: Monday\nTo: you\nit did not", "Works."),
        ("Works.\n\nKind regards,\nAnn Reed\nUrgent Care Ltd", "Works."),
        ("Работает.\nС уважением,\nАнна", "Работает."),
        ("It doesn't print and she's cross", "It doesn't print and she's cross"),
    ],
)
def test_only_what_the_customer_says_now_is_left(text: str, left: str) -> None:
    assert " ".join(own_words(text).split()) == left
