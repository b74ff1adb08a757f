"""Policies in the configuration: what a file says is what counts, and each mistake is one sentence with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from supportterm.bootstrap import check_policies
from supportterm.config import Config, load, reread
from supportterm.desk import policybook
from supportterm.domain.calendars import Calendar
from supportterm.domain.errors import ConfigError
from supportterm.domain.policies import ClockKind, Policy, PolicyBook
from supportterm.domain.query import Query
from tests.config.servers import SERVERS

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = '[policy.hours]\nmon-fri = ["09:00-12:30", "13:15-18:00"]\n'
HOUR = timedelta(hours=1)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(SERVERS + text, encoding="utf-8")
    return path


def book(folder: Path, text: str) -> PolicyBook:
    return policybook.build(load(written(folder, text)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def never(_: Query) -> bool:
    return False


def always(_: Query) -> bool:
    return True


def lengths(policy: Policy) -> dict[str, timedelta]:
    return {kind.value: target.length for kind, target in policy.targets.items()}


def test_where_nothing_is_configured(tmp_path: Path) -> None:
    """The craft's rule: 24 clock hours to the first reply, for everybody."""
    policy = book(tmp_path, "").choose("email", never)
    assert policy.name == "default"
    assert lengths(policy) == {
        "first reply": 24 * HOUR,
        "next reply": 24 * HOUR,
        "update": 24 * HOUR,
        "hold": timedelta(minutes=2),
    }
    assert all(target.calendar.is_round_the_clock for target in policy.targets.values())
    assert policy.warn_at == (75, 90)
    assert {state for state in ("pending", "on-hold", "snoozed") if policy.stops(ClockKind.RESOLUTION, state)} == {
        "pending",
        "on-hold",
        "snoozed",
    }
    assert not policy.stops(ClockKind.FIRST_REPLY, "snoozed")
    assert lengths(PolicyBook().choose("email", never)) == lengths(policy)


def test_a_chat_a_post_and_a_caller_wait_less(tmp_path: Path) -> None:
    found = book(tmp_path, "")
    chat, social = found.choose("chat", never), found.choose("social", never)
    assert (lengths(chat)["first reply"], lengths(chat)["next reply"]) == (timedelta(seconds=60),) * 2
    assert (lengths(social)["first reply"], lengths(social)["next reply"]) == (timedelta(minutes=10), 24 * HOUR)
    assert lengths(found.choose("phone", never))["hold"] == timedelta(minutes=2)


def test_business_hours_count_for_what_follows_the_first_reply(tmp_path: Path) -> None:
    policy = book(tmp_path, f'[policy]\ntime_zone = "Europe/Berlin"\nresolution = "2 d"\n{OFFICE}').choose(
        "email", never
    )
    friday = at("2026-11-27T17:00")
    assert policy.targets[ClockKind.FIRST_REPLY].due(friday) == at("2026-11-28T17:00")
    assert policy.targets[ClockKind.NEXT_REPLY].due(friday) == at("2026-11-30T16:45")
    assert policy.targets[ClockKind.RESOLUTION].due(friday) == at("2026-12-01T17:00")
    assert policy.targets[ClockKind.NEXT_REPLY].warning(friday, 75) == at("2026-11-30T14:45")


@pytest.mark.parametrize(
    ("text", "length", "in_business_time"),
    [
        ('first_reply = "4 h"', 4 * HOUR, False),
        ('first_reply = "4 business hours"', 4 * HOUR, True),
        ('first_reply = "4 h business"', 4 * HOUR, True),
        ('first_reply = "90s"', timedelta(seconds=90), False),
        ('first_reply = "1.5 hours"', 1.5 * HOUR, False),
        ('first_reply = "1 business day"', timedelta(hours=8, minutes=15), True),
        ('first_reply = "3 d"', 72 * HOUR, False),
        ("first_reply_hours = 8", 8 * HOUR, False),
    ],
)
def test_how_a_length_is_written(tmp_path: Path, text: str, length: timedelta, in_business_time: bool) -> None:
    target = book(tmp_path, f"[policy]\n{text}\n{OFFICE}").default.targets[ClockKind.FIRST_REPLY]
    assert target.length == length
    assert target.calendar.is_round_the_clock is not in_business_time


def test_the_first_policy_that_names_a_ticket_counts_and_leaves_the_rest_to_the_default(tmp_path: Path) -> None:
    found = book(
        tmp_path,
        '[policy]\nfirst_reply = "12 h"\nresolution = "5 d clock"\n'
        '[[policies]]\nname = "Partners"\nwhen = "tag:partner"\nfirst_reply = "4 h"\nresolution = "none"\n'
        'pauses = { resolution = ["pending"], next_reply = ["snoozed"] }\nwarn_at = [50]\n'
        '[[policies]]\nname = "Everybody else"\nnext_reply = "1 h"\n',
    )
    partners = found.choose("email", always)
    assert (partners.name, partners.warn_at) == ("Partners", (50,))
    assert lengths(partners) == {
        "first reply": 4 * HOUR,
        "next reply": 12 * HOUR,
        "update": 24 * HOUR,
        "hold": timedelta(minutes=2),
    }
    assert partners.stops(ClockKind.NEXT_REPLY, "snoozed")
    assert not partners.stops(ClockKind.RESOLUTION, "snoozed")
    assert found.choose("chat", always).targets[ClockKind.FIRST_REPLY].length == 4 * HOUR
    assert found.choose("chat", always).targets[ClockKind.NEXT_REPLY].length == timedelta(seconds=60)
    other = found.choose("email", never)
    assert (other.name, lengths(other)["next reply"], lengths(other)["resolution"]) == (
        "Everybody else",
        HOUR,
        120 * HOUR,
    )
    assert found.of("Partners", "email") == partners
    assert found.of("Nobody", "email") is None


def test_a_policy_has_its_own_hours_zone_and_holidays(tmp_path: Path) -> None:
    found = book(
        tmp_path,
        f'[policy]\ntime_zone = "Europe/Berlin"\ncountry = "DE"\nresolution = "1 business day"\n{OFFICE}'
        '[[policies]]\nname = "Tokyo"\nwhen = "lang:ja"\ntime_zone = "Asia/Tokyo"\ncountry = "JP"\n'
        '[policies.hours]\nmon-fri = ["10:00-19:00"]\n',
    )
    tokyo = found.choose("email", always).targets
    assert tokyo[ClockKind.RESOLUTION].length == 9 * HOUR
    emperor = datetime(2027, 2, 23, 2, tzinfo=UTC)
    assert tokyo[ClockKind.FIRST_REPLY].due(emperor) == datetime(2027, 2, 24, 15, tzinfo=UTC)
    assert found.default.targets[ClockKind.FIRST_REPLY].due(emperor) == emperor + 24 * HOUR


def skipped(calendar: Calendar, start: str, end: str) -> list[str]:
    return [skip.words(BERLIN) for skip in calendar.skipped(at(start), at(end))]


def clock(folder: Path, text: str, *, business: bool = False) -> Calendar:
    kind = ClockKind.NEXT_REPLY if business else ClockKind.FIRST_REPLY
    hours = OFFICE if business else ""
    return book(folder, f'[policy]\ntime_zone = "Europe/Berlin"\n{text}\n{hours}').default.targets[kind].calendar


def test_holidays_of_a_country_a_region_and_one_s_own(tmp_path: Path) -> None:
    calendar = clock(tmp_path, 'country = "de"\nregion = "Bayern"\nholidays = ["12-24 Company day", "2027-01-04"]')
    assert skipped(calendar, "2026-12-23T12:00", "2027-01-07T12:00") == [
        "Company day",
        "Christmas Day",
        "Second Day of Christmas",
        "New Year's Day",
        "holiday",
        "Epiphany",
    ]
    assert skipped(clock(tmp_path, 'country = "DE"\nregion = "BE"'), "2027-01-05T12:00", "2027-01-07T12:00") == []


def test_half_days_close_early_in_business_time_only(tmp_path: Path) -> None:
    text = 'country = "TR"'
    eve = ("2026-10-28T10:00", "2026-10-28T23:00")
    closing = "Republic Day (from 1pm) 12:30 to 23:00"
    assert skipped(clock(tmp_path, text, business=True), *eve) == [closing]
    assert skipped(clock(tmp_path, text), *eve) == []
    late = clock(tmp_path, f'{text}\nhalf_day_ends = "15:30"', business=True)
    assert late.between(at("2026-10-28T09:00"), at("2026-10-28T18:00")) == timedelta(hours=5, minutes=45)
    whole = clock(tmp_path, f'{text}\nhalf_day_ends = ""', business=True)
    assert whole.between(at("2026-10-28T09:00"), at("2026-10-28T18:00")) == timedelta(hours=8, minutes=15)


def test_a_saturday_that_is_worked_has_friday_s_hours(tmp_path: Path) -> None:
    calendar = clock(tmp_path, 'country = "HU"', business=True)
    assert calendar.between(at("2025-05-17T00:00"), at("2025-05-18T00:00")) == timedelta(hours=8, minutes=15)
    assert calendar.between(at("2025-05-24T00:00"), at("2025-05-25T00:00")) == timedelta(0)


def test_a_date_with_hours_of_its_own_counts_in_clock_time_too(tmp_path: Path) -> None:
    calendar = clock(
        tmp_path, 'closed = ["sat", "sun"]\nholidays = ["12-24"]\n[policy.days]\n"2026-12-19" = ["10:00-14:00"]'
    )
    assert skipped(calendar, "2026-12-18T12:00", "2026-12-21T12:00") == ["Sunday"]
    worked = clock(tmp_path, 'holidays = ["12-24"]\n[policy.days]\n"12-24" = ["09:00-12:00"]')
    assert skipped(worked, "2026-12-23T12:00", "2026-12-25T12:00") == []


def test_dates_with_hours_of_their_own_go_before_everything(tmp_path: Path) -> None:
    text = """country = "DE"
days = { "2026-12-25" = ["10:00-11:00"], "12-31" = ["09:00-12:00"], "2026-12-19" = ["10:00-14:00"], "2026-12-21" = [] }
"""
    calendar = clock(tmp_path, text, business=True)
    for day, hours in (("12-25", 1), ("12-31", 3), ("12-19", 4), ("12-21", 0), ("12-26", 0)):
        assert calendar.between(at(f"2026-{day}T00:00"), at(f"2026-{day}T23:59")) == hours * HOUR, day


def test_weekdays_that_do_not_count_in_clock_time(tmp_path: Path) -> None:
    calendar = clock(tmp_path, 'closed = ["sat-sun"]')
    assert calendar.add(at("2026-11-27T12:00"), 24 * HOUR) == at("2026-11-30T12:00")
    assert skipped(calendar, "2026-11-27T12:00", "2026-11-30T12:00") == ["Saturday", "Sunday"]


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Acme//Closures//EN
BEGIN:VEVENT
UID:1
SUMMARY:Founders' Day
DTSTART;VALUE=DATE:20200302
RRULE:FREQ=YEARLY;UNTIL=20300101T000000Z
EXDATE;VALUE=DATE:20280302
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Summer closure
DTSTART;VALUE=DATE:20260728
DTEND;VALUE=DATE:20260731
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Thanksgiving
DTSTART;VALUE=DATE:20201126
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH
END:VEVENT
BEGIN:VEVENT
UID:4
SUMMARY:A meeting
DTSTART:20260729T100000Z
RRULE:FREQ=SECONDLY
END:VEVENT
BEGIN:VEVENT
UID:5
SUMMARY:Called off
STATUS:CANCELLED
DTSTART;VALUE=DATE:20260901
END:VEVENT
BEGIN:VEVENT
UID:6
SUMMARY:Leap party
DTSTART;VALUE=DATE:20240229
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:7
SUMMARY:Bridge
DTSTART;VALUE=DATE:20261230
DURATION:P4D
END:VEVENT
BEGIN:VEVENT
UID:8
SUMMARY:Stocktaking
DTSTART;VALUE=DATE:20260105
RRULE:FREQ=MONTHLY;BYDAY=1MO;UNTIL=20261231
END:VEVENT
BEGIN:VEVENT
UID:8
RECURRENCE-ID;VALUE=DATE:20261005
SUMMARY:Stocktaking, moved
DTSTART;VALUE=DATE:20261007
END:VEVENT
BEGIN:VEVENT
UID:8
RECURRENCE-ID;VALUE=DATE:20261102
STATUS:CANCELLED
SUMMARY:Stocktaking
DTSTART;VALUE=DATE:20261102
END:VEVENT
BEGIN:VEVENT
UID:9
SUMMARY:From midnight to midnight
DTSTART;TZID=Europe/Berlin:20260615T000000
DTEND;TZID=Europe/Berlin:20260617T000000
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2027-03-01T12:00", "2027-03-03T12:00", ["Founders' Day"]),
        ("2028-03-01T12:00", "2028-03-03T12:00", []),
        ("2031-03-01T12:00", "2031-03-03T12:00", []),
        ("2026-07-27T12:00", "2026-08-01T12:00", ["Summer closure"] * 3),
        ("2026-11-20T12:00", "2026-11-30T12:00", ["Thanksgiving"]),
        ("2026-08-31T12:00", "2026-09-02T12:00", []),
        ("2027-02-27T12:00", "2027-03-01T12:00", []),
        ("2028-02-28T12:00", "2028-03-01T12:00", ["Leap party"]),
        ("2026-12-29T12:00", "2027-01-04T12:00", ["Bridge"] * 4),
        ("2026-09-06T12:00", "2026-09-08T12:00", ["Stocktaking"]),
        ("2026-10-01T12:00", "2026-10-09T12:00", ["Stocktaking, moved"]),
        ("2026-11-01T12:00", "2026-11-04T12:00", []),
        ("2026-06-14T12:00", "2026-06-18T12:00", ["From midnight to midnight"] * 2),
    ],
)
def test_holidays_of_an_icalendar_file(tmp_path: Path, start: str, end: str, said: list[str]) -> None:
    (tmp_path / "closures.ics").write_text(ICS, encoding="utf-8")
    assert skipped(clock(tmp_path, 'holiday_file = "closures.ics"'), start, end) == said


MISTAKES = [
    # (what is written from line 9 on, the line that is named, what the sentence holds)
    ('[policy]\ntime_zone = "Europe/Helsinky"', 10, 'Did you mean "Europe/Helsinki"?'),
    ('[policy]\ntime_zone = "Helsinki"', 10, 'Did you mean "Europe/Helsinki"?'),
    ('[policy]\ntime_zone = "../../etc/passwd"', 10, "unknown time zone"),
    ('[policy]\ntime_zone = ""', 10, "unknown time zone"),
    ('[policy]\ncountry = "Germany"', 10, 'Did you mean "DE" (Germany)?'),
    ('[policy]\n\n\ncountry = "XX"', 12, "Write its two letters"),
    ('[policy]\ncountry = "DE"\nregion = "BYX"', 11, 'Did you mean "BY"?'),
    ('[policy]\ncountry = "TR"\nregion = "34"', 11, "Leave `region` out"),
    ('[policy]\nregion = "BY"', 10, "needs its `country`"),
    ('[policy]\nholiday_file = "missing.ics"', 10, "cannot be read"),
    ('[policy]\nholiday_file = "config.toml"', 10, "is not iCalendar"),
    ('[policy]\nholidays = ["2026-02-30"]', 10, "is no date"),
    ('[policy]\nfirst_reply = "soon"', 10, "is no length of time"),
    ('[policy]\nresolution = "0 h"', 10, "at least a second"),
    ('[policy]\nresolution = "400 d"', 10, "at most 366 days"),
    ('[policy]\nresolution = "2 business days"', 10, "no hours are set"),
    ('[policy]\nfirst_reply = "none"', 10, "give it a length"),
    ("[policy]\nfirst_reply_hours = nan", 10, "greater than nothing"),
    ("[policy]\nfirst_reply_hours = 1e300", 10, "at most 8784"),
    ('[policy]\nfirst_replly = "4 h"', 10, "Did you mean `first_reply`?"),
    ("[policy]\nwarn_at = [75, 100]", 10, "percents from 1 to 99"),
    ('[policy]\nhalf_day_ends = "noon"', 10, "no time of day"),
    ('[policy]\nclosed = ["mon-sun"]', 10, "Leave one open"),
    ('[policy]\nclosed = ["sonday"]', 10, "Did you mean"),
    ('[policy]\nhours = ["09:00-17:00"]', 10, "write [policy.hours]"),
    ('[policy]\nhours = { mon = ["9-17"] }', 10, "is no interval"),
    ('[policy.hours]\nmon = ["09:00-17:00"]\nmondy = ["09:00-17:00"]', 11, "Did you mean `monday`?"),
    ('[policy.hours]\nmon-fri = ["09:00-17:00"]\nfriday = ["09:00-12:00"]', 11, "Friday is named twice"),
    ('[policy.hours]\nmon = ["09:00-12:00", "11:30-18:00"]', 10, "09:00-12:00 and 11:30-18:00 overlap"),
    ('[policy.hours]\nmon = ["22:00-06:00"]\n\ntue = ["05:00-09:00"]', 12, "Monday and 05:00-09:00 of Tuesday overlap"),
    ('[policy.hours]\nsun = ["22:00-06:00"]\nmon = ["05:00-09:00"]', 11, "of Sunday and 05:00-09:00 of Monday overlap"),
    ('[policy.hours]\nmon = ["09:00-09:00"]', 10, "is empty"),
    ('[policy.hours]\nmon = ["09:00-24:30"]', 10, "no clock shows"),
    ("[policy.hours]\nmon = []", 9, "no open time"),
    ("[policy]\n[policy.hours]\n", 10, "name no day"),
    ("[policy]\nhours = {}", 10, "name no day"),
    ('[[policies]]\nname = "a"\nwhen = "tag:x"\n[policies.hours]', 12, "name no day"),
    ('[policy.hours]\nmon-fry = ["09:00-17:00"]', 10, "Did you mean `mon-fri`?"),
    ('[[policies]]\nname = "default"\nwhen = "tag:x"', 10, "is what [policy] is called"),
    ('[policy.days]\n"12-31" = ["09:00"]', 10, "is no interval"),
    ('[policy.days]\n"31-12" = []', 10, "is no date"),
    ('[policy.pauses]\nresolution = ["pendign"]', 10, "Did you mean `pending`?"),
    ('[policy.pauses]\nresolutoin = ["pending"]', 10, "Did you mean `resolution`?"),
    ('[[policies]]\nwhen = "tag:vip"', 9, "`name` is missing in [[policies]]"),
    ('[[policies]]\nname = " "', 10, "`name` is empty"),
    ('[[policies]]\nname = "a"\n[[policies]]\nname = "a"', 12, "two policies are called 'a'"),
    ('[[policies]]\nname = "a"\n[[policies]]\nname = "b"\nwhen = "tag:vip"', 12, "'b' never counts"),
    ('[[policies]]\nname = "a"\nwhen = "tag:x"\n[[policies]]\nname = "b"\nwhen = "tga:vip"', 14, "Did you mean `tag`?"),
    ('[[policies]]\nname = "a"\nwhen = "tag:vip sort:due"', 11, "leave `sort:` and `limit:` out"),
    ('[[policies]]\nname = "a"\nwhen = "tag:vip -is:overdue"', 11, "`overdue` follows from the policy"),
    ('[[policies]]\nname = "a"\nwhen = "tag:x has:clock"', 11, "`has:clock` follows from the policy"),
    ('[[policies]]\nname = "a"\nwhen = "tag:x OR -assignee:me"', 11, "mean nobody here"),
    ('[[policies]]\nname = "a"\nwhen = "is:mine"', 11, "mean nobody here"),
    ('[[policies]]\nname = "a"\nwhen = "(tag:x OR due<2h)"', 11, "`due` follows from the policy"),
    ('[[policies]]\nname = "a"\nnext_reply = "4 business hours"', 11, "no hours are set"),
    ('[[policies]]\nname = "a"\n[policies.hours]\nmno = ["09:00-12:00"]', 12, "Did you mean"),
    (
        '[[policies]]\nname = "a"\nwhen = "is:open"\n[[policies]]\nname = "b"\n[policies.hours]\nmon = ["9"]',
        15,
        "is no interval",
    ),
    ('[[policies]]\nname = "a"\nwhen = "tag:x"\n\n[[policies]]\nname = "b"\ncountry = "JPP"', 15, "Did you mean"),
    ('[[policies]]\nname = "a"\nhollidays = []', 11, "Did you mean `holidays`?"),
    ('[policies]\nname = "a"', 9, "write [[policies]]"),
    ('[[policy]]\ntime_zone = "UTC"', 9, "write [policy]"),
]


@pytest.mark.parametrize(("text", "line", "part"), MISTAKES)
def test_a_mistake_is_one_sentence_with_its_line(tmp_path: Path, text: str, line: int, part: str) -> None:
    path = written(tmp_path, f"{text}\n")
    with pytest.raises(ConfigError) as caught:
        check_policies(load(path))
    said = str(caught.value)
    assert said.startswith(f"{path}, line {line}: ")
    assert part in said
    assert said.endswith((".", "?"))
    assert "\n" not in said


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is not iCalendar"),
        (b"\xff\xfe\x00", "is not iCalendar"),
        (b"<html></html>", "is not iCalendar"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "is not iCalendar"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no all-day event"),
        (ICS.replace("20200302", "2020").encode(), 'closures.ics, line 4: the event "Founders\' Day" cannot be read'),
        (ICS.replace("20200302", "99990302").replace("P4D", "P999999999999D").encode(), "cannot be read"),
        (ICS.replace("YEARLY;UNTIL", "SECONDLY;UNTIL").encode(), "recurs by SECONDLY"),
        (ICS.replace("YEARLY;UNTIL=20300101T000000Z", "DAILY;BYMONTH=2;BYMONTHDAY=30").encode(), "DAILY with BYMONTH"),
        (ICS.replace("FREQ=YEARLY;UNTIL=20300101T000000Z", "FREQ=").encode(), "cannot be read"),
    ],
)
def test_a_holiday_file_that_gives_no_holidays(tmp_path: Path, content: bytes, part: str) -> None:
    (tmp_path / "closures.ics").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        check_policies(load(written(tmp_path, '[policy]\nholiday_file = "closures.ics"\n')))
    assert part in str(caught.value)
    assert "line 10" in str(caught.value)


def test_the_last_good_configuration_stays_in_force(tmp_path: Path) -> None:
    before = load(written(tmp_path, '[policy]\nfirst_reply = "4 h"\n'))
    after, problem = reread(written(tmp_path, '[policy]\nfirst_reply = "4 hurs"\n'), before)
    assert after is before
    assert "line 10" in problem
    after, problem = reread(written(tmp_path, '[policy]\nfirst_reply = "5 h"\n'), before)
    assert isinstance(after, Config)
    assert (after.policy.first_reply, problem) == ("5 h", "")
