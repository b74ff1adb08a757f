"""The grade a text reads as, and how long it is."""

from supportterm.domain.reading_level import count, grade

EASY = (
    "We saw your mail. The box is on its way. You will have it soon. Write to us if it does not come. We will help you."
)
HARD = (
    "Notwithstanding the aforementioned considerations, the reimbursement authorisation procedure necessitates"
    " comprehensive verification of supplementary documentation before administrative finalisation can be initiated"
    " by the responsible international department."
)


def test_harder_words_in_longer_sentences_are_a_higher_grade() -> None:
    easy, hard = grade(EASY, "en"), grade(HARD, "en")
    assert easy is not None
    assert hard is not None
    assert easy <= 3
    assert hard >= 16


def test_a_grade_is_the_published_formulas() -> None:
    text = "The cat sat on the mat. " * 10  # six words a sentence, one syllable a word: 0.39 * 6 + 11.8 - 15.59
    assert grade(text, "en") == 1
    text = "Any reader may easily imagine another story about many tiny animals. " * 3
    assert grade(text, "en") == round(0.39 * 11 + 11.8 * 25 / 11 - 15.59)


def test_russian_and_turkish_have_formulas_of_their_own_and_japanese_has_none() -> None:
    easy = "Мы нашли ваш заказ. Он уже в пути. Вы получите его завтра. Если он не придёт, напишите нам. Мы вам поможем."
    hard = "Вышеперечисленные обстоятельства обусловливают необходимость предварительного согласования. " * 4
    assert (grade(easy, "ru") or 99) < (grade(hard, "ru") or 0)
    easy = (
        "Siparişinizi bulduk. Kargo yola çıktı. Yarın sizde olur. Gelmezse bize yazın. Hemen bakarız. Biz buradayız. "
    )
    hard = "Yukarıda belirtilen gerekliliklerin değerlendirilmesi tamamlanamadığından bilgilendiremiyoruz. " * 4
    assert (grade(easy * 2, "tr") or 99) < (grade(hard, "tr") or 0)
    assert grade("ご注文は本日発送いたしました。" * 10, "ja") is None


def test_a_few_words_and_quoted_lines_have_no_grade() -> None:
    assert grade("It works again.", "en") is None
    assert grade("> " + HARD, "en") is None


def test_a_text_is_counted_in_words_or_where_nothing_parts_them_in_characters() -> None:
    assert count("We don't know it-yet, sorry: 3 of them.") == (8, "words")
    assert count("ご注文は本日") == (6, "characters")
    assert count("") == (0, "words")
