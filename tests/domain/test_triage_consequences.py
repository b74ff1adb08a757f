"""Trouble told by what follows from it, in four languages; the same words where nothing is wrong."""

from __future__ import annotations

import pytest

from supportterm.desk.rulepacks import TriagePacks
from supportterm.domain.languages import language
from supportterm.domain.ticket import Assessment, Priority
from supportterm.domain.triage import assess

PACKS = TriagePacks()


def judge(text: str) -> Assessment:
    return assess(text, language(text, PACKS), PACKS)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Shoppers turn around at the till because it takes no cards.", "money-loss"),
        ("The entire practice is back to pen and paper since this morning.", "outage"),
        ("I was greeted as Mrs Brandt, with her invoices in the list.", "security"),
        ("Three weeks of lab notes have vanished from the notebook.", "data-loss"),
        ("When I touched the lamp my fingers went numb.", "safety"),
        ("Гости встают и уходят в соседнее кафе.", "money-loss"),
        ("Вся аптека с утра пишет от руки.", "outage"),
        ("Ночью с моего адреса ушёл спам. Я был на работе.", "security"),
        ("Коснулась лампы, и пальцы онемели.", "safety"),
        ("お客様が何も買わずに店を出て行かれます。", "money-loss"),
        ("薬局全体が今朝から手書きで仕事をしています。", "outage"),
        ("私のアドレスから迷惑メールが送られていました。", "security"),
        ("ランプに触ったら指がしびれました。", "safety"),
        ("Müşteriler sepetleri bırakıp gidiyor.", "money-loss"),
        ("Bütün eczane sabahtan beri kâğıt kalemle çalışıyor.", "outage"),
        ("Benim adresimden spam gitmiş. Ben uçaktaydım.", "security"),
        ("Lambaya dokununca parmaklarım uyuştu.", "safety"),
    ],
)
def test_what_follows_from_a_trouble_tells_of_it(text: str, signal: str) -> None:
    assessment = judge(text)
    assert signal in {reason.id for reason in assessment.reasons}
    assert assessment.priority <= Priority.P2


@pytest.mark.parametrize(
    "text",
    [
        "A colleague showed me how to change my account, very handy.",
        "We give away free samples every Saturday, can we print labels for that?",
        "I have been your customer for ten years and would like a copy of my first invoice.",
        "We have no internet at the cottage, right? That is what we are looking for.",
        "Меня зовут Ирина, я хотела бы перенести бронь мужа, его паспорт приложу.",
        "Гости уехали вчера, всем понравилось, спасибо!",
        "Футболка, хлопок, чёрная, размер M: когда будет?",
        "パンの予約はどこからできますか。",
        "毎週土曜に試供品を無料で配っています。ラベルは印刷できますか。",
        "Misafirler dün gitti, herkes memnundu, teşekkürler!",
        "Dağ evinde internet yok değil mi? Öyle bir yer arıyoruz.",
    ],
)
def test_the_same_words_without_trouble_stay_calm(text: str) -> None:
    assert judge(text).priority >= Priority.P3


@pytest.mark.parametrize(
    "text",
    [
        "Not one guest has been served and the show begins at eight.",
        "Двадцать детей ждут, концерт сегодня вечером.",
        "二十人が待っています。今夜が発表会です。",
        "Yirmi çocuk bekliyor, konser bu akşam.",
    ],
)
def test_stakes_alone_are_never_urgent(text: str) -> None:
    assert judge(text).priority > Priority.P1


def test_hints_of_stakes_are_dropped_beside_what_is_certain() -> None:
    assessment = judge("None of our guests can log in, all terminals are dead.")
    assert {reason.id for reason in assessment.reasons} >= {"outage"}
    assert "stakes" not in {reason.id for reason in assessment.reasons}


@pytest.mark.parametrize(
    "text",
    [
        "Never mind my mail. The cable was simply not plugged in.",
        "Не обращайте внимания. Кабель просто не был воткнут.",
        "昨日のメールは忘れてください。ケーブルが抜けていただけでした。",
        "Dünkü mesajımı boş verin. Kablo takılı değilmiş.",
    ],
)
def test_a_not_within_what_was_found_bars_nothing(text: str) -> None:
    assert "resolved-thanks" in {reason.id for reason in judge(text).reasons}
