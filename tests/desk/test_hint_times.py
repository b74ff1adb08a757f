"""Suggestions that name times: by the policy's calendar, in four languages, and nothing where nothing is known."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from supportterm.desk import hint_packs, hint_times
from supportterm.desk.working_days import WorkingDays
from supportterm.domain.calendars import Calendar, Hours, Special, exceptions_on
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.reply import Reply

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = tuple((Hours(9 * 60, 17 * 60),) if day < 5 else () for day in range(7))
OPEN = WorkingDays(Calendar(BERLIN, NINE_TO_FIVE))
HOLIDAYS = {date(2026, 11, 30): Special("Feast", ()), date(2026, 12, 2): Special("Fair", ())}
FEASTS = WorkingDays(Calendar(BERLIN, NINE_TO_FIVE, exceptions_on(HOLIDAYS)))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def suggested(text: str, lang: str, now: datetime, days: WorkingDays = OPEN, rule: str = "negative-phrasing") -> str:
    times = hint_times.of(days, now, None).words(lang)
    found = [h for h in check(Reply(text, lang, times=times), hint_packs.shipped()) if h.rule == rule]
    assert len(found) == 1, found
    hint = found[0]
    assert hint.start is not None
    assert hint.suggestion is not None
    return text[: hint.start] + hint.suggestion + text[hint.end :]


@pytest.mark.parametrize(
    ("lang", "text", "better"),
    [
        ("en", "We cannot do it this week, only next.", "We start on Monday and finish by Wednesday."),
        ("en", "Hello, we can't come by this week.", "Hello, we start on Monday and finish by Wednesday."),
        ("en", "We are not able to look at it today.", "We start on Friday and finish by Tuesday."),
        ("ru", "Мы не сможем на этой неделе, только на следующей.", "Мы начнём в понедельник и закончим в среду."),
        ("ja", "今週中には対応できません。", "月曜日に着手し、水曜日までに完了いたします。"),
        ("tr", "Bu hafta bakamayız.", "Pazartesi günü başlıyor, en geç Çarşamba günü bitiriyoruz."),
    ],
)
def test_what_cannot_be_done_now_becomes_when_it_begins_and_ends(lang: str, text: str, better: str) -> None:
    assert suggested(text, lang, at(26, 10)) == better


def test_holidays_and_free_days_are_not_named() -> None:
    said = suggested("We cannot do it this week.", "en", at(26, 10), FEASTS)
    assert said == "We start on Tuesday and finish by Friday, 4 December."


@pytest.mark.parametrize(
    ("lang", "text", "better"),
    [
        ("en", "It will be mended soon.", "It will be mended by 13:30 today."),
        ("ru", "Мы напишем вам как можно скорее.", "Мы напишем вам сегодня к 13:30."),
        ("ja", "追って担当者からお送りいたします。", "本日13:30までに担当者からお送りいたします。"),
        ("tr", "Size en kısa sürede yazacağız.", "Size en geç bugün saat 13.30 yazacağız."),
    ],
)
def test_soon_becomes_an_hour(lang: str, text: str, better: str) -> None:
    assert suggested(text, lang, at(26, 10, 20), rule="vague-timing") == better


@pytest.mark.parametrize(
    ("now", "soon"),
    [
        (at(26, 16), "11:00 tomorrow"),
        (at(27, 16), "Monday 11:00"),
        (at(28, 12), "Monday 12:00"),
        (at(26, 6), "12:00 today"),
        (at(26, 23, 59), "12:00 tomorrow"),
    ],
)
def test_soon_lies_within_the_hours_of_work(now: datetime, soon: str) -> None:
    assert hint_times.of(OPEN, now, None).words("en")["soon"] == soon


def test_soon_is_no_later_than_the_answer_is_due() -> None:
    times = hint_times.of(OPEN, at(26, 10), at(26, 11, 40))
    assert times.soon.timetz() == time(11, 30, tzinfo=BERLIN)


def test_without_hours_there_are_evenings_and_weekends_all_the_same() -> None:
    days = WorkingDays(Calendar(BERLIN), has_hours=False)
    assert hint_times.of(days, at(26, 10), None).words("en")["soon"] == "13:00 today"
    assert hint_times.of(days, at(26, 17), None).words("en")["soon"] == "12:00 tomorrow"
    assert hint_times.of(days, at(27, 17), None).words("en")["soon"] == "Monday 12:00"


def test_where_no_times_are_known_no_clause_is_rewritten() -> None:
    [hint] = check(Reply("We cannot do it this week, only next.", "en"), hint_packs.shipped())
    assert (hint.rule, hint.suggestion) == ("negative-phrasing", None)
