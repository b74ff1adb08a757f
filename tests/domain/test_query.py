from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain import query_hints
from supportterm.domain.query import (
    All,
    Either,
    Not,
    Query,
    QueryError,
    Sort,
    Test,
    Words,
    complete,
    finished,
    parse,
)
from supportterm.domain.query_fields import FIELDS, Day, Duration, Offset

EVERYTHING = (
    "status:open assignee:me due<2h tag:billing channel:chat has:promise "
    '"exact words" -is:auto priority>=high created>-7d sort:due'
)


def only(text: str) -> object:
    return parse(text).root


def test_one_line_can_say_everything() -> None:
    query = parse(EVERYTHING)
    assert query.sort == (Sort("due"),)
    assert isinstance(query.root, All)
    said = [(term.field, term.operator, term.value) for term in query.root.terms if isinstance(term, Test)]
    assert said == [
        ("status", ":", "open"),
        ("assignee", ":", "me"),
        ("due", "<", Duration(7200)),
        ("tag", ":", "billing"),
        ("channel", ":", "chat"),
        ("has", ":", "promise"),
        ("priority", ">=", "high"),
        ("created", ">", Offset(-7 * 86400)),
    ]
    phrase = next(term for term in query.root.terms if isinstance(term, Words))
    assert EVERYTHING[phrase.start : phrase.end] == '"exact words"'


def test_nothing_names_everything() -> None:
    assert parse("  ") == Query()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("due<30m", Duration(1800)),
        ("due<=1w", Duration(604800)),
        ("due>+2h", Offset(7200)),
        ("due:today", Day(0)),
        ("created:2026-11-22", date(2026, 11, 22)),
        ("waiting>3d", Duration(259200)),
        ("tier:can-wait", "can-wait"),
        ("ref:#7kq2f", "ST-7KQ2F"),
        ("#7kqof", "ST-7KQ0F"),
        ("st-7kq2f", "ST-7KQ2F"),
        ('from:"Mara Lind"', "Mara Lind"),
        ("status=open", "open"),
        ("Status:OPEN", "open"),
        ("status：open", "open"),
        ("lang:RU", "ru"),
        ("tag:none", "none"),
        ('tag:"a,b"', "a,b"),
        ("promise<1d", Duration(86400)),
    ],
)
def test_values_are_read(text: str, value: object) -> None:
    test = only(text)
    assert isinstance(test, Test)
    assert test.value == value


def test_or_binds_loosest_and_parentheses_group() -> None:
    loose = only("tag:a tag:b OR tag:c")
    assert isinstance(loose, Either)
    assert isinstance(loose.terms[0], All)
    grouped = only("tag:a (tag:b OR tag:c)")
    assert isinstance(grouped, All)
    assert isinstance(grouped.terms[1], Either)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("status:open,pending", ["open", "pending"]),
        ('tag:billing,"big, one",«two words»', ["billing", "big, one", "two words"]),
        ("assignee:me,none", ["me", "none"]),
        ("due:today,tomorrow", [Day(0), Day(1)]),
        ("priority:p1,P2", ["p1", "p2"]),
    ],
)
def test_commas_between_values_mean_any_of_them(text: str, values: list[object]) -> None:
    either = only(text)
    assert isinstance(either, Either)
    assert [term.value for term in either.terms if isinstance(term, Test)] == values
    turned = only(f"-{text}")
    assert isinstance(turned, Not)
    assert isinstance(turned.term, Either)


def test_several_orders_count_in_turn() -> None:
    assert parse("sort:tier,-created").sort == (Sort("tier"), Sort("created", descending=True))
    assert parse("sort:tier sort:-created").sort == parse("sort:tier,-created").sort


def test_minus_turns_round_what_follows_and_stays_inside_words() -> None:
    for text in ("-tag:a", "NOT tag:a", "-(tag:a OR tag:b)", '-"not this"'):
        assert isinstance(only(text), Not), text
    assert only("e-mail") == Words("e-mail", True, 0, 6)


def test_only_the_last_word_may_go_on() -> None:
    root = only("printer refu")
    assert isinstance(root, All)
    assert [(term.text, term.partial) for term in root.terms if isinstance(term, Words)] == [
        ("printer", False),
        ("refu", True),
    ]


@pytest.mark.parametrize(
    "text", ["https://example.com/a?b=1", "10:30", "a=b", "c++", "o'clock", "*", "-", "50%", "x\x00y"]
)
def test_what_only_looks_like_syntax_is_a_word(text: str) -> None:
    assert isinstance(only(text), Words)


@pytest.mark.parametrize("text", ["“two words”", "«two words»", "「two words」", "„two words“"])
def test_phrases_in_any_keyboards_quotes(text: str) -> None:
    assert only(text) == Words("two words", False, 0, len(text))


@pytest.mark.parametrize(
    ("text", "word", "names"),
    [
        ("statsu:open", "statsu", "`status`"),
        ("tag:a status:opne", "opne", "`open`"),
        ("is:overdu", "overdu", "`overdue`"),
        ("created:yesterdy", "yesterdy", "`yesterday`"),
        ("due<tomorow", "tomorow", "`tomorrow`"),
        ("has:zebra", "zebra", "attachment"),
        ("xyzzy:1", "xyzzy", "Known: status"),
        ("due<soon", "soon", "2h"),
        ("due:2h", "due:2h", "due<2h"),
        ("waiting:2h", "waiting:2h", "waiting<2h"),
        ("created>2026-02-30", "2026-02-30", "no such day"),
        ("created>0001-01-01", "0001-01-01", "year"),
        ("tag>a", "tag>a", "tag:a"),
        ("status:", "status:", "status:new"),
        ("a (b c", "(", "not closed"),
        ("a ) b", ")", "closes nothing"),
        ("a OR", "OR", "missing"),
        ('say "hello', '"hello', "not closed"),
        ('from:"Mara', '"Mara', "not closed"),
        ("NOT", "NOT", "needs the term"),
        ("sort:duu", "duu", "`due`"),
        ("(sort:due)", "sort:due", "outside"),
        ("limit:0", "0", "1 to"),
        ("status:open,pendign", "pendign", "`pending`"),
        ("tag:a,", ",", "lacks a value"),
        ("tag:,a", ",", "lacks a value"),
        ("tag:a,,b", ",,", "lacks a value"),
        ("due<2h,3h", "3h", "one value"),
        ("sort:due,craeted", "craeted", "`created`"),
        ("-promise:2h", "promise:2h", "promise<2h"),
        ("label:a", "label", "`tag`"),
        ("is:late", "late", "`is:overdue`"),
        ("is:pending", "pending", "`status:pending`"),
        ("status:overdue", "overdue", "`is:overdue`"),
        ("is:draft", "draft", "`has:draft`"),
        ("status:resolved", "resolved", "`solved`"),
    ],
)
def test_a_mistake_is_pointed_at_and_the_nearest_named(text: str, word: str, names: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert text[caught.value.start : caught.value.end] == word
    assert names in str(caught.value)


@pytest.mark.parametrize("text", ["(" * 5000, "-" * 5000 + "a", "a " * 5000, "NOT " * 5000, "(a OR " * 3000])
def test_monstrous_queries_are_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text)


@given(st.text(alphabet='ab:,<>=-()" \tORNT«」2h.#', max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        refused = error
    else:
        return
    assert 0 <= refused.start <= refused.end <= len(text)
    assert str(refused).endswith(".")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sta", ["status:"]),
        ("tag:a -sta", ["-status:"]),
        ("(status:o", ["status:open", "status:on-hold"]),
        ("is:over", ["is:overdue"]),
        ("sort:-d", ["sort:-due"]),
        ("waiting>2", ["waiting>2h", "waiting>2m", "waiting>2d", "waiting>2w"]),
        ("due:t", ["due:today", "due:tomorrow"]),
        ("assignee:m", ["assignee:me", "assignee:mara"]),
        ("tag:b", ["tag:billing", 'tag:"big one"']),
        ("nonsense:x", []),
        ('"in a phrase sta', []),
        ("-status:open,pe", ["-status:open,pending"]),
        ("assignee:none,m", ["assignee:none,me", "assignee:none,mara"]),
        ("tag:billing,b", ['tag:billing,"big one"']),
        ("promise<t", ["promise<today", "promise<tomorrow"]),
        ("sort:due,-cr", ["sort:due,-created"]),
    ],
)
def test_completion(typed: str, offered: list[str]) -> None:
    known = {"assignee": ["mara"], "tag": ["billing", "big one", "urgent"]}
    assert complete(typed + " rest", len(typed), known) == offered


def test_every_offer_can_be_read() -> None:
    for start in complete("", 0):
        for offer in complete(start, len(start)):
            parse(offer)


@pytest.mark.parametrize(
    ("text", "room", "shown", "marks"),
    [
        ("tag:a statsu:b", 76, "tag:a statsu:b", "      ^^^^^^"),
        ("tag:計算 statsu:b", 76, "tag:計算 statsu:b", "         ^^^^^^"),
        ("a\tb\n(c", 76, "a b (c", "    ^"),
        ("x" * 50 + " is:opne " + "y" * 50, 20, "x is:opne yyyyyyyyyy", "     ^^^^"),
    ],
)
def test_a_mistake_can_be_shown_on_a_line_of_its_own(text: str, room: int, shown: str, marks: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.pointed(room).split("\n") == [f"  {shown}", f"  {marks}"]


def test_every_word_of_other_programs_leads_to_one_that_can_be_read() -> None:
    for other, ours in query_hints.FIELDS.items():
        assert other not in FIELDS
        assert ours in FIELDS or ours == "sort"
    for field, words in query_hints.VALUES.items():
        for other, ours in words.items():
            with pytest.raises(QueryError, match=f"`{ours}`"):
                parse(f"{field}:{other}")
            assert parse(ours if ":" in ours else f"{field}:{ours}").root is not None


@pytest.mark.parametrize(
    "text", ["tag:" + ",a" * 5000, "tag:" + "a," * 5000, "tag:" + '"a"' * 5000, "tag:a" + "," * 9000]
)
def test_monstrous_values_are_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse(f"tag:{text}")


@pytest.mark.parametrize(
    ("typed", "narrows"),
    [
        ("prio", ""),
        ("parcel prio", "parcel"),
        ("priority:hi", ""),
        ("priority:high", "priority:high"),
        ("tag:bil", ""),
        ("tag:billing", "tag:billing"),
        ("mara", "mara"),
        ("mara -is:au", "mara"),
        ("status:open ", "status:open "),
        ('"tag', '"tag'),
        ("", ""),
    ],
)
def test_a_word_that_may_yet_become_a_field_or_a_value_narrows_nothing_while_it_is_typed(
    typed: str, narrows: str
) -> None:
    assert finished(typed, {"tag": ["billing"]}) == narrows
