"""Times to come in the customer's words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from supportterm.domain.reply_times import offset_name, spoken, zone_of

NOW = datetime(2026, 11, 23, 0, 26, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("lang", "hours", "words"),
    [
        ("en", 2, "today, Monday, 11:26"),
        ("en", 24, "tomorrow, Tuesday, 09:26"),
        ("en", 72, "Thursday, 26 November, 09:26"),
        ("en", 24 * 40, "Saturday, 2 January 2027, 09:26"),
        ("ru", 2, "сегодня, в понедельник, в 11:26"),
        ("ru", 24, "завтра, во вторник, в 09:26"),
        ("ru", 72, "в четверг, 26 ноября, в 09:26"),
        ("ru", 24 * 40, "в субботу, 2 января 2027 года, в 09:26"),
        ("ja", 2, "本日 11月23日（月）11:26"),
        ("ja", 24, "明日 11月24日（火）09:26"),
        ("ja", 72, "11月26日（木）09:26"),
        ("ja", 24 * 40, "2027年1月2日（土）09:26"),
        ("tr", 2, "bugün, Pazartesi, saat 11:26"),
        ("tr", 24, "yarın, Salı, saat 09:26"),
        ("tr", 72, "26 Kasım Perşembe, saat 09:26"),
        ("tr", 24 * 40, "2 Ocak 2027 Cumartesi, saat 09:26"),
        ("pt-br", 24, "tomorrow, Tuesday, 09:26"),
        ("JA-JP", 24, "明日 11月24日（火）09:26"),
    ],
)
def test_a_time_is_told_in_the_customers_language_and_zone(lang: str, hours: int, words: str) -> None:
    assert spoken(NOW + timedelta(hours=hours, seconds=59), NOW, lang, TOKYO) == words


@pytest.mark.parametrize("lang", ["en", "ru", "ja", "tr"])
def test_no_two_days_of_a_year_are_told_alike(lang: str) -> None:
    told = {spoken(NOW + timedelta(days=day), NOW, lang, TOKYO) for day in range(366)}
    assert len(told) == 366


@pytest.mark.parametrize(
    ("minutes", "name"),
    [(540, "UTC+9"), (330, "UTC+5:30"), (-210, "UTC-3:30"), (0, "UTC"), (-480, "UTC-8"), (825, "UTC+13:45")],
)
def test_zones_are_named_by_their_offset(minutes: int, name: str) -> None:
    assert offset_name(NOW, timezone(timedelta(minutes=minutes))) == name


def test_a_date_in_utc_tells_no_zone() -> None:
    assert zone_of(NOW.astimezone(TOKYO)) is TOKYO
    assert zone_of(NOW) is None
    assert zone_of(NOW.astimezone(timezone(timedelta(0)))) is None
    assert zone_of(None) is None
