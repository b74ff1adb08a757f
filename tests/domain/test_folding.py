import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.folding import fold, match_expression


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE search USING fts5(body, tokenize = 'unicode61 remove_diacritics 2')")
    yield connection
    connection.close()


def finds(connection: sqlite3.Connection, body: str, *terms: str, prefix: bool = True) -> bool:
    connection.execute("DELETE FROM search")
    connection.execute("INSERT INTO search VALUES (?)", (fold(body),))
    matching = "SELECT count(*) FROM search WHERE search MATCH ?"
    return bool(connection.execute(matching, (match_expression(terms, prefix=prefix),)).fetchone()[0])


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ("消費税の計算が合いません。", "税"),
        ("消費税の計算が合いません。", "消費"),
        ("消費税の計算が合いません。", "費税の"),
        ("領収書を送ってください", "書"),
        ("合計は消費税。", "税"),
        ("合計は消費税。", "消費税。"),
        ("プリンターが動きません", "ﾌﾟﾘﾝﾀｰ"),
        ("iPhone修理の件", "iphone修理"),
        ("iPhone修理の件", "修理"),
        ("消費税refund", "消費税refund"),
        ("𠮷野家さん", "𠮷野"),
        ("환불을 요청합니다", "환불"),
        ("Ещё не пришёл счёт", "счет"),
        ("Еще не пришел счет", "счёт"),
        ("Мой заказ в Йошкар-Оле", "йошкар"),
        ("IŞIK yanmıyor, İSTANBUL", "ışık"),
        ("IŞIK yanmıyor, İSTANBUL", "isik"),
        ("IŞIK yanmıyor, İSTANBUL", "istanbul"),
        ("IŞIK yanmıyor, İSTANBUL", "yanmiyor"),
        ("The REFUND for café Ångström", "cafe"),
        ("The REFUND for café Ångström", "refun"),
        ("Write to mara.lind@example.com", "mara.lind@example.com"),
        ("Die Straße", "STRASSE"),
    ],
)
def test_what_is_there_is_found(database: sqlite3.Connection, body: str, term: str) -> None:
    assert finds(database, body, term)


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ("消費税の計算", "費消"),
        ("バスが来ない", "ハス"),
        ("мои заказы", "мой"),
        ("two words apart here", "two apart"),
        ("refund", "fund"),
    ],
)
def test_what_is_not_there_is_not_found(database: sqlite3.Connection, body: str, term: str) -> None:
    assert not finds(database, body, term)


def test_a_word_goes_on_only_as_the_last_and_when_asked(database: sqlite3.Connection) -> None:
    assert finds(database, "printer refunds", "printer", "refun")
    assert not finds(database, "printer refunds", "refun", "printer")
    assert not finds(database, "printer refunds", "refun", prefix=False)


def test_nothing_to_look_for_is_empty() -> None:
    assert match_expression(["!!!", "", "—"]) == ""


@given(st.lists(st.text(max_size=20), max_size=4), st.booleans())
def test_no_text_is_fts_syntax_or_fails(terms: list[str], prefix: bool) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE search USING fts5(body, tokenize = 'unicode61 remove_diacritics 2')")
    connection.execute("INSERT INTO search VALUES (?)", (fold(" ".join(terms)),))
    expression = match_expression(terms, prefix=prefix)
    if expression:
        connection.execute("SELECT count(*) FROM search WHERE search MATCH ?", (expression,)).fetchall()
    assert bool(expression) == any(character.isalnum() for term in terms for character in fold(term))
    connection.close()


@pytest.mark.parametrize("term", ['a" OR b', "body:x", "NEAR(a b)", "a*", "^a", "{body} : a", "a AND", "-a"])
def test_fts_operators_are_only_words(database: sqlite3.Connection, term: str) -> None:
    assert finds(database, f"before {term} after", term)
    assert not finds(database, "nothing else", term, prefix=False)


@given(st.text(max_size=60))
def test_folding_settles_and_can_be_stored(text: str) -> None:
    assert "  " not in fold(text)
    fold(text).encode("utf-8")


@given(st.text(alphabet="消費税計算が合い", min_size=1, max_size=12), st.data())
def test_any_piece_of_a_run_is_found(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    piece = run[start : data.draw(st.integers(start + 1, len(run)))]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE search USING fts5(body, tokenize = 'unicode61 remove_diacritics 2')")
    try:
        assert finds(connection, f"注文 {run} です", piece)
    finally:
        connection.close()
