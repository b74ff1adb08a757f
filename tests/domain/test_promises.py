"""Promises are found where we commit ourselves to a time, and their times are read, or said to be unclear."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.desk import dates, promise_packs
from supportterm.desk.pack_files import LANGUAGES
from supportterm.desk.promise_packs import PromisePacks
from supportterm.desk.working_days import WorkingDays
from supportterm.domain import promised_times
from supportterm.domain.calendars import Calendar, Special, exceptions_on
from supportterm.domain.errors import ConfigError
from supportterm.domain.opening import week
from supportterm.domain.promised_times import Due
from supportterm.domain.promises import Found, find

PACKS = PromisePacks()
HELSINKI, NEW_YORK = ZoneInfo("Europe/Helsinki"), ZoneInfo("America/New_York")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=HELSINKI)


def found(text: str, lang: str = "en") -> list[Found]:
    return list(find(text, lang, PACKS))


def due(text: str, now: datetime = TUESDAY, lang: str = "en", days: WorkingDays | None = None) -> Due:
    zone = now.tzinfo
    assert zone is not None
    [one] = found(text, lang)
    hours = days or WorkingDays(Calendar(zone), has_hours=False)
    return promised_times.due(one.words, now, hours, lambda words: dates.read(words, lang, now))


def clear(text: str, now: datetime = TUESDAY, lang: str = "en", days: WorkingDays | None = None) -> str:
    read = due(text, now, lang, days)
    assert read.at is not None
    assert read.doubt == ""
    assert read.at.tzinfo is UTC
    return f"{read.at.astimezone(now.tzinfo):%a %d %b %H:%M}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pack_behaves_as_its_own_examples_say(lang: str) -> None:
    assert list(promise_packs.failures(PACKS[lang])) == []


@pytest.mark.parametrize(
    ("text", "clause", "when"),
    [
        (
            "Sorry for the trouble, we will send the pump by Friday, free of charge.",
            "we will send the pump by Friday",
            "by Friday",
        ),
        ("Thanks! I'll ring you within two hours.", "I'll ring you within two hours", "within two hours"),
        (
            "Tomorrow morning, our engineer will visit you.",
            "Tomorrow morning, our engineer will visit you",
            "Tomorrow morning",
        ),
    ],
)
def test_the_clause_is_cut_out_with_its_words_of_time(text: str, clause: str, when: str) -> None:
    [one] = found(text)
    assert (one.said(text), one.when(text)) == (clause, when)


@pytest.mark.parametrize(
    "text",
    [
        "We shipped it on Friday.",
        "Please return the lamp by Friday.",
        "We are open from Monday to Friday.",
        "Repairs usually take two days.",
        "If the lamp breaks on Friday, we will replace it.",
        "We will replace it tomorrow if you pay today.",
        "Shall we send it by Friday?",
        "We might send it by Friday.",
        "Have a nice weekend!",
        "The fair is on Friday.",
        "We cannot send it by Friday.",
        "We will not be able to send it by Friday.",
        "> We will send it by Friday.",
        "We will look into the order of 3 November.",
        "We will keep you posted.",
        "",
    ],
)
def test_what_commits_us_to_no_time_is_no_promise(text: str) -> None:
    assert found(text) == []


def test_several_promises_are_found_each_with_its_time() -> None:
    text = "I will call you today at 16:00. The new part will be sent on Monday, and you will have it by Thursday."
    assert [one.when(text) for one in found(text)] == ["today at 16:00", "Monday", "by Thursday"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("You will hear from me by tomorrow, Wednesday, 10:00, with an answer.", "en"),
        ("You hear from me by tomorrow, Wednesday, 25 November, 10:00.", "en"),
        ("I will call you on Wednesday, 25 November, at 10:00.", "en"),
        ("Yarın, Çarşamba günü, 10:00'a kadar size yazacağız.", "tr"),
        ("明日、水曜日、10:00までにご連絡いたします。", "ja"),
        ("Ответим вам завтра, в среду, до 10:00.", "ru"),
        ("Мы напишем вам завтра, в среду в 10:00.", "ru"),
    ],
)
def test_commas_do_not_make_several_promises_of_a_day_said_closer_and_closer(text: str, lang: str) -> None:
    assert clear(text, lang=lang) == "Wed 25 Nov 10:00"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("We will write to you tomorrow, on Wednesday, by noon.", "en"),
        ("Ответим завтра, 25 ноября, до обеда.", "ru"),
        ("Yarın, Çarşamba günü, öğlene kadar size yazacağız.", "tr"),
        ("明日、水曜日、正午までにご連絡いたします。", "ja"),
    ],
)
def test_the_part_of_a_day_behind_a_comma_is_of_the_same_promise(text: str, lang: str) -> None:
    [one] = find(text, lang, PACKS)
    assert clear(text, lang=lang).startswith("Wed 25 Nov")
    assert one.time_end - one.time_start > len(text) // 4


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("先方の作業を待っております。動きがなくても11月25日（水）までにご連絡いたします。", "11月25日（水）までに"),
        ("先方への確認を続け、動きがなくとも明日までにご連絡いたします。", "明日までに"),
        ("確認が取れ次第、遅くとも水曜日までにご連絡いたします。", "水曜日までに"),
    ],
)
def test_what_is_on_hold_is_promised_whether_or_not_anything_moves(text: str, when: str) -> None:
    assert [one.when(text) for one in find(text, "ja", PACKS)] == [when]


def test_what_is_not_done_by_a_time_is_still_no_promise() -> None:
    assert not find("明日まではご連絡することなく作業いたしません。", "ja", PACKS)


@pytest.mark.parametrize(
    ("text", "lang", "times"),
    [
        ("We will call you on Friday, tomorrow we send the file.", "en", ["Friday", "tomorrow"]),
        ("We will write on Friday, in the afternoon we close.", "en", ["Friday"]),
        ("We will call you today, on Friday we will write.", "en", ["today", "Friday"]),
        ("Мы вернём деньги сегодня, в пятницу мы пришлём отчёт.", "ru", ["сегодня", "пятницу"]),
        ("Пришлём счёт в среду, в четверг позвоним.", "ru", ["среду", "четверг"]),
    ],
)
def test_a_comma_still_parts_two_days(text: str, lang: str, times: list[str]) -> None:
    assert [one.when(text) for one in find(text, lang, PACKS)] == times


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_no_text_breaks_it(text: str, lang: str) -> None:
    for one in find(text, lang, PACKS):
        assert 0 <= one.start <= one.time_start < one.time_end <= one.end <= len(text)
        promised_times.due(one.words, TUESDAY, WorkingDays(Calendar(HELSINKI), has_hours=False), lambda _: None)


@pytest.mark.parametrize(
    ("when", "instant"),
    [
        ("by Friday", "Fri 27 Nov 18:00"),
        ("on Friday at 9:30", "Fri 27 Nov 09:30"),
        ("by 11:00", "Tue 24 Nov 11:00"),
        ("by 4 pm", "Tue 24 Nov 16:00"),
        ("within two hours", "Tue 24 Nov 12:00"),
        ("in half an hour", "Tue 24 Nov 10:30"),
        ("within 24 to 48 hours", "Thu 26 Nov 10:00"),
        ("today", "Tue 24 Nov 18:00"),
        ("by the end of the day", "Tue 24 Nov 18:00"),
        ("this afternoon", "Tue 24 Nov 18:00"),
        ("tonight", "Tue 24 Nov 21:00"),
        ("tomorrow", "Wed 25 Nov 18:00"),
        ("tomorrow morning", "Wed 25 Nov 12:00"),
        ("the day after tomorrow", "Thu 26 Nov 18:00"),
        ("in 3 business days", "Fri 27 Nov 18:00"),
        ("within 3-5 working days", "Tue 01 Dec 18:00"),
        ("this week", "Fri 27 Nov 18:00"),
        ("by the end of the week", "Fri 27 Nov 18:00"),
        ("next week", "Fri 04 Dec 18:00"),
        ("by the end of the month", "Mon 30 Nov 18:00"),
        ("next month", "Thu 31 Dec 18:00"),
        ("on the 3rd", "Thu 03 Dec 18:00"),
        ("on 3 December", "Thu 03 Dec 18:00"),
        ("by January 5", "Tue 05 Jan 18:00"),
    ],
)
def test_times_are_read_from_a_tuesday_morning(when: str, instant: str) -> None:
    assert clear(f"We will send it {when}.") == instant


@pytest.mark.parametrize(
    ("text", "lang", "instant"),
    [
        ("До пятницы вышлем.", "ru", "Fri 27 Nov 18:00"),
        ("Ответим в течение двух часов.", "ru", "Tue 24 Nov 12:00"),
        ("Вернём деньги через 3 рабочих дня.", "ru", "Fri 27 Nov 18:00"),
        ("Позвоню завтра в 9 утра.", "ru", "Wed 25 Nov 09:00"),
        ("Пришлём ответ к концу следующей недели.", "ru", "Fri 04 Dec 18:00"),
        ("Доставим 3 декабря.", "ru", "Thu 03 Dec 18:00"),
        ("明日中にご連絡いたします。", "ja", "Wed 25 Nov 18:00"),
        ("2時間以内にお電話いたします。", "ja", "Tue 24 Nov 12:00"),
        ("金曜日の午後3時半までにお送りします。", "ja", "Fri 27 Nov 15:30"),
        ("3営業日以内に返金いたします。", "ja", "Fri 27 Nov 18:00"),
        ("12月3日に発送予定です。", "ja", "Thu 03 Dec 18:00"),
        ("来週中にお届けいたします。", "ja", "Fri 04 Dec 18:00"),
        ("Yarın akşama kadar göndereceğiz.", "tr", "Wed 25 Nov 18:00"),
        ("İki saat içinde size döneceğim.", "tr", "Tue 24 Nov 12:00"),
        ("Cuma günü saat 15:00'te sizi arayacağım.", "tr", "Fri 27 Nov 15:00"),
        ("Tutarı 3 iş günü içinde iade edeceğiz.", "tr", "Fri 27 Nov 18:00"),
        ("3 Aralık'ta teslim edeceğiz.", "tr", "Thu 03 Dec 18:00"),
    ],
)
def test_times_are_read_in_every_language(text: str, lang: str, instant: str) -> None:
    assert clear(text, lang=lang) == instant


@pytest.mark.parametrize(
    ("when", "now", "doubt"),
    [
        ("by Friday", datetime(2026, 11, 27, 9, tzinfo=HELSINKI), "today, or in a week?"),
        ("by next Friday", TUESDAY, "this week's, or next week's?"),
        ("by Sunday", TUESDAY, "Sunday is no working day"),
        ("today", datetime(2026, 11, 24, 19, tzinfo=HELSINKI), "that time has passed"),
        ("by 9:00", TUESDAY, "that time has passed today"),
        ("by 5", TUESDAY, "in the morning, or in the afternoon?"),
        ("by 3/12", TUESDAY, "which day is that?"),
        ("on 20 November", TUESDAY, "that time has passed"),
        ("on the 24th", TUESDAY, "today, or in a month?"),
        ("early next week", TUESDAY, "when exactly?"),
        ("this week", datetime(2026, 11, 28, 9, tzinfo=HELSINKI), "this week is over"),
    ],
)
def test_what_is_unclear_or_past_is_never_guessed(when: str, now: datetime, doubt: str) -> None:
    assert due(f"We will send it {when}.", now).doubt == doubt


@pytest.mark.parametrize(
    ("when", "now", "instant"),
    [
        ("tomorrow", datetime(2026, 10, 25, 12, tzinfo=HELSINKI), "Mon 26 Oct 18:00"),
        ("within 24 hours", datetime(2026, 10, 24, 12, tzinfo=HELSINKI), "Sun 25 Oct 11:00"),
        ("within 24 hours", datetime(2026, 3, 28, 12, tzinfo=HELSINKI), "Sun 29 Mar 13:00"),
        ("by Monday", datetime(2026, 3, 7, 12, tzinfo=NEW_YORK), "Mon 09 Mar 18:00"),
        ("on the 31st", datetime(2026, 11, 24, 10, tzinfo=HELSINKI), "Thu 31 Dec 18:00"),
        ("on the 29th", datetime(2027, 2, 3, 10, tzinfo=HELSINKI), "Mon 29 Mar 18:00"),
        ("in two business days", datetime(2026, 11, 27, 10, tzinfo=HELSINKI), "Tue 01 Dec 18:00"),
        ("in one month", datetime(2026, 11, 30, 10, tzinfo=HELSINKI), "Wed 30 Dec 18:00"),
        ("by the end of the month", datetime(2027, 1, 10, 10, tzinfo=HELSINKI), "Fri 29 Jan 18:00"),
        ("tomorrow", datetime(2026, 12, 31, 23, 30, tzinfo=HELSINKI), "Fri 01 Jan 18:00"),
    ],
)
def test_clock_changes_weekends_and_the_ends_of_months_are_no_trap(when: str, now: datetime, instant: str) -> None:
    assert clear(f"We will send it {when}.", now) == instant


def test_the_days_of_a_policy_count() -> None:
    hours = week({"mon-thu": ("09:00-17:00",), "fri": ("09:00-13:00",)})
    closed = exceptions_on({date(2026, 11, 26): Special("a holiday")})
    days = WorkingDays(Calendar(HELSINKI, hours, closed))
    assert clear("We will send it by Friday.", days=days) == "Fri 27 Nov 13:00"
    assert clear("We will send it in two business days.", days=days) == "Fri 27 Nov 13:00"
    assert due("We will send it by Thursday.", days=days).doubt == "Thursday is no working day"


def test_a_pack_that_fails_its_own_example_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    shipped = Path(promise_packs.__file__).parent.parent / "packs" / "promises" / "en.toml"
    spoiled = tmp_path / "en.toml"
    spoiled.write_text(shipped.read_text().replace('"We sent it on Friday."', '"We will send it on Friday."'))
    with pytest.raises(ConfigError, match="wrongly fires on “We will send it on Friday"):
        promise_packs.load(spoiled)
