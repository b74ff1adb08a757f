import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.domain.snippets import (
    EMPTY,
    Expansion,
    Macro,
    MacroError,
    accept,
    blanks,
    expand,
    fill,
    parse_macro,
    placeholders,
    unfilled,
)
from supportterm.domain.ticket import Status

FILE = """+++
id = "late"
title = "It comes later"
lang = "en"
topic = "delay"
trigger = ";late"
when = "status:open due<2h"
[actions]
status = "pending"
tags_add = ["Delay", "vip"]
assignee = "me"
priority = "high"
snooze = "3d"
note = "Told {{ticket.requester.name}}."
+++

Hello {{ticket.requester.first_name | default: "there"}},
it comes ${1|today,tomorrow|}, $0
"""


def plain(body: str) -> Expansion:
    """Expand without any values."""
    return expand(body, lambda source: source.upper() if source.startswith("known") else None)


def standing(expansion: Expansion) -> dict[int, set[str]]:
    """What stands in each blank."""
    return {blank.number: {expansion.text[a:b] for a, b in blank.spans} for blank in expansion.blanks}


def test_a_macro_file_says_what_it_is_and_does() -> None:
    macro = parse_macro(FILE, "macros/en/file.md")
    assert (macro.id, macro.title, macro.lang, macro.topic) == ("late", "It comes later", "en", "delay")
    assert (macro.trigger, macro.when) == (";late", "status:open due<2h")
    actions = macro.actions
    assert actions.status is Status.PENDING
    assert actions.tags_add == ("delay", "vip")
    assert (actions.assignee, actions.priority, actions.snooze) == ("me", "high", 3 * 86400)
    assert actions.note == "Told {{ticket.requester.name}}."
    assert macro.body.startswith("Hello")
    assert FILE.splitlines()[macro.body_line - 1].startswith("Hello")


def test_what_is_left_out_comes_from_the_place() -> None:
    macro = parse_macro("\ufeff+++\r\n+++\r\nHello\r\n", "somewhere/tr/selam.md")
    assert macro == Macro("selam", "selam", "Hello", "tr", "selam", path="somewhere/tr/selam.md", body_line=3)
    assert parse_macro("+++\n+++\nHi", "snippets/hi.md").lang == ""


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("Hello", 1, "+++"),
        ("", 1, "+++"),
        ("+++\ntitle = \n+++\nx", 2, "TOML"),
        ('+++\ntitle = "x"\nlang = "en\n+++\nx', 3, "TOML"),
        ("+++\ntitel = 'x'\n+++\nx", 2, "`title`"),
        ("+++\n\ntitle = 5\n+++\nx", 3, "text in quotes"),
        ("+++\ntrigger = 'receipt'\n+++\nx", 2, ";receipt"),
        ("+++\nlang = 'English'\n+++\nx", 2, '"en"'),
        ("+++\nid = 'a b'\n+++\nx", 2, "letters"),
        ("+++\nwhen = 'statsu:open'\n+++\nx", 2, "`status`"),
        ("+++\nactions = 1\n+++\nx", 2, "[actions]"),
        ("+++\n[actions]\nstatus = 'opne'\n+++\nx", 3, "open"),
        ("+++\n[actions]\ntags_add = 'a'\n+++\nx", 3, "list"),
        ("+++\n[actions]\nsnooze = 'soon'\n+++\nx", 3, "3d"),
        ("+++\n[actions]\nsnooze = '-3d'\n+++\nx", 3, "3d"),
        ("+++\n[actions]\npriority = 'P1'\n+++\nx", 3, "urgent"),
        ("+++\n[actions]\nassignee = 7\n+++\nx", 3, "agent"),
        ("+++\n[actions]\ntag_add = ['a']\n+++\nx", 3, "`tags_add`"),
        ("+++\n+++\n\nHi\n${1:open", 5, "not closed"),
        ("+++\n+++\nHi ${1|a,b", 3, "|}"),
        ("+++\n+++\nHi ${1|a,,b|}", 3, "empty"),
        ("+++\n+++\nHi ${1|a,{{x}}|}", 3, "plain text"),
        ("+++\n+++\nHi {{name", 3, "}}"),
        ("+++\n+++\n\n\n{% if x %}", 5, "{%"),
        ("+++\n+++\n${name}", 3, "number"),
        ("+++\n+++\nIt is $250 now", 3, "\\$250"),
        ("+++\n+++\n${1:a $1}", 3, "within itself"),
        ("+++\n+++\n${1:$2} ${2:$1}", 3, "within itself"),
        ("+++\n+++\n" + "${1:" * 20 + "}" * 20, 3, "deeper"),
        ("+++\n+++\n" + "".join(f"${{{n}:${n + 1}${n + 1}}}" for n in range(1, 40)), 3, ""),
        ("+++\n+++\n" + "x" * 70000, 1, "longer"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(text: str, line: int, says: str) -> None:
    with pytest.raises(MacroError) as caught:
        parse_macro(text, "macros/en/late.md")
    assert str(caught.value).startswith(f"macros/en/late.md, line {line}: ")
    assert says in str(caught.value)


def test_blanks_stand_in_the_body() -> None:
    body = "On ${2:the ${3|5th,6th|}} and $1, $2. $0"
    found = {blank.number: blank for blank in blanks(body)}
    assert list(found) == [1, 2, 3, 0]
    assert [body[a:b] for a, b in found[2].spans] == ["${2:the ${3|5th,6th|}}", "$2"]
    assert (found[2].default, found[3].choices) == ("the 5th", ("5th", "6th"))
    assert found[3].inside == {2}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("a \\$5 b", "a $5 b"),
        ("costs $ 5, {x}, \\{\\{y}}, a\\b", "costs $ 5, {x}, {{y}}, a\\b"),
        ("${1:it\\} ends}", "it} ends"),
        ("${1|a\\, b,c\\|d|}", "a, b"),
        ("$1 and ${1:x}", "x and x"),
        ("${1:{{known}}}!", "KNOWN!"),
        ("$1", EMPTY),
        ("a$0b", "ab"),
    ],
)
def test_what_stands_there_before_anything_is_filled(body: str, text: str) -> None:
    assert plain(body).text == text


def test_values_are_never_read_again() -> None:
    evil = "${9|x|} {{known}} $1 \\$2 }"
    expansion = expand("Dear {{name}}, ${1:{{name}}}", lambda source: evil)
    assert expansion.text == f"Dear {evil}, {evil}"
    assert [blank.number for blank in expansion.blanks] == [1]
    assert fill(expansion, {1: evil}).text == expansion.text


def test_a_missing_value_is_a_blank_never_an_empty_place() -> None:
    expansion = plain("Hi {{name}}, $1 {{ name }} {{other}}")
    assert expansion.text == "Hi {{name}}, […] {{name}} {{other}}"
    assert [(blank.number, blank.label, len(blank.spans)) for blank in unfilled(expansion)] == [
        (1, "", 1),
        (2, "name", 2),
        (3, "other", 1),
    ]
    filled = fill(expansion, {2: "Mara", 1: "hello", 3: "x"})
    assert filled.text == "Hi Mara, hello Mara x"
    assert unfilled(filled) == ()


def test_mirrors_change_together() -> None:
    expansion = fill(plain("By ${1:noon}. I repeat: $1. $2"), {1: "Friday"})
    assert expansion.text == f"By Friday. I repeat: Friday. {EMPTY}"
    assert standing(expansion) == {1: {"Friday"}, 2: {EMPTY}}
    assert [blank.number for blank in unfilled(expansion)] == [2]


def test_nested_blanks() -> None:
    start = plain("${1:on ${2:day} at ${3:hour}}, yes $2")
    inner = fill(start, {2: "Monday"})
    assert inner.text == "on Monday at hour, yes Monday"
    assert standing(inner)[1] == {"on Monday at hour"}
    outer = fill(inner, {1: "soon"})
    assert outer.text == "soon, yes Monday"
    assert standing(outer) == {1: {"soon"}, 2: {"Monday"}}
    same = fill(plain("${1:$2}"), {2: "x"})
    assert standing(same) == {1: {"x"}, 2: {"x"}}
    assert standing(fill(same, {1: "yy"})) == {1: {"yy"}}


def test_only_a_real_default_can_be_accepted() -> None:
    expansion = plain("${1:today} ${2:[when]} $3 ${4|a,b|} {{name}} $0")
    for number in range(7):
        expansion = accept(expansion, number)
    assert [blank.number for blank in unfilled(expansion)] == [2, 3, 5]
    assert expansion.text == "today [when] […] a {{name}} "


def test_an_empty_filling_opens_the_blank_again() -> None:
    expansion = fill(fill(plain("${1:[when]} $2"), {1: "now", 2: "x"}), {1: " ", 2: ""})
    assert expansion.text == f"[when] {EMPTY}"
    assert [blank.number for blank in unfilled(expansion)] == [1, 2]


def test_what_is_not_there_is_passed_over() -> None:
    expansion = plain("${1:x} $0")
    assert fill(expansion, {0: "z", 7: "y"}) == expansion
    assert accept(expansion, 7) == expansion


SIMPLE = st.recursive(
    st.sampled_from(["a", " b", "$1", "$2", "$3", "{{gap}}", "{{known}}"]),
    lambda inner: st.tuples(st.sampled_from("456"), st.lists(inner, max_size=3)).map(
        lambda pair: f"${{{pair[0]}:{''.join(pair[1])}}}"
    ),
    max_leaves=6,
)


@given(
    st.lists(SIMPLE, max_size=6).map("".join), st.lists(st.tuples(st.integers(1, 8), st.text(max_size=4)), max_size=6)
)
def test_however_blanks_are_filled_each_shows_one_text(body: str, fillings: list[tuple[int, str]]) -> None:
    try:
        expansion = plain(body)
    except MacroError:
        return
    for number, value in fillings:
        before = {blank.number for blank in expansion.blanks}
        expansion = fill(expansion, {number: value})
        stands = standing(expansion)
        assert all(len(texts) == 1 for texts in stands.values())
        assert all(0 <= a <= b <= len(expansion.text) for blank in expansion.blanks for a, b in blank.spans)
        if number in before and value.strip():
            assert stands[number] == {value}


@given(st.text(alphabet="${}|:,\\{%1290 ab\n", max_size=40) | st.text(max_size=40))
def test_any_body_is_read_or_refused(body: str) -> None:
    try:
        found = blanks(body)
    except MacroError as error:
        refused: MacroError | None = error
    else:
        refused = None
        assert all(0 <= a < b <= len(body) for blank in found for a, b in blank.spans)
        assert all(body[p.start : p.end].startswith("{{") for p in placeholders(body))
    assert refused is None or 1 <= refused.line <= body.count("\n") + 1
