"""A formula of apology is courtesy in Japanese; it is worth a hint only where it is all that anger gets."""

from __future__ import annotations

from supportterm.desk import hint_packs
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.reply import Reply

ANGRY = "いい加減にしてください。がっかりしました。"
FORMULA = "ご不便をおかけして申し訳ございません。"


def rules(text: str, customer: str = "") -> set[str]:
    reply = Reply(text, lang="ja", customer=customer, customer_lang="ja")
    return {hint.rule for hint in check(reply, hint_packs.shipped())}


def test_a_formula_is_courtesy_to_a_calm_customer() -> None:
    assert "empty-apology" not in rules(FORMULA, "箱の大きさを教えてください。")


def test_a_formula_alone_does_not_answer_anger() -> None:
    found = rules(f"{FORMULA}番号をお知らせください。", ANGRY)
    assert "empty-apology" in found
    assert "missing-empathy" not in found


def test_a_formula_beside_more_than_it_is_fine() -> None:
    assert "empty-apology" not in rules(f"三日もお待たせしました。{FORMULA}", ANGRY)
