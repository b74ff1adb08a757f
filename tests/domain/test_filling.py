"""Blanks while their text is written: whatever is typed, pasted or cut, their places and their state are true."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportterm.domain.blanks import Blank, Expansion, accept, unfilled
from supportterm.domain.filling import Change, choose, edit, forget, found_again, holding, insert
from supportterm.domain.snippets import expand


def opened(body: str) -> Expansion:
    return expand(body, lambda source: None)


def standing(expansion: Expansion) -> dict[int, list[str]]:
    return {blank.number: [expansion.text[a:b] for a, b in blank.spans] for blank in expansion.blanks}


def typed(expansion: Expansion, at: int, text: str, active: int | None = None) -> Expansion:
    for place, character in enumerate(text):
        expansion, _ = edit(expansion, Change(at + place, at + place, character), active)
    return expansion


def filled_in(expansion: Expansion, number: int, text: str, place: int = 0) -> Expansion:
    """What happens when a blank is gone to, its content selected, and typed over."""
    blank = next(blank for blank in expansion.blanks if blank.number == number)
    start = blank.spans[place][0]
    after, _ = edit(expansion, Change(*blank.spans[place], text[:1]), number)
    return typed(after, start + 1, text[1:], number) if place == 0 else after


def test_typing_before_a_blank_moves_it_and_leaves_it_open() -> None:
    after = typed(opened("It is ${1:[what]}."), 0, "Hello. ")
    assert after.text == "Hello. It is [what]."
    assert standing(after) == {1: ["[what]"]}
    assert [blank.number for blank in unfilled(after)] == [1]


@pytest.mark.parametrize("edge", [6, 12])
def test_what_is_typed_beside_a_question_does_not_answer_it(edge: int) -> None:
    for active in (None, 1):
        after = typed(opened("It is ${1:[what]}."), edge, "so ", active)
        assert standing(after) == {1: ["[what]"]}
        assert [blank.number for blank in unfilled(after)] == [1]


def test_typing_over_a_blank_fills_it_everywhere_its_number_stands() -> None:
    after = filled_in(opened("I asked ${1:[name]}. $1 says it works, and $1 knows."), 1, "Kai Öz")
    assert after.text == "I asked Kai Öz. Kai Öz says it works, and Kai Öz knows."
    assert unfilled(after) == ()


def test_clearing_a_blank_and_typing_still_fills_its_other_places() -> None:
    cleared, _ = edit(opened("${1:[name]} and $1"), Change(0, 6, ""), 1)
    assert cleared.text == " and "
    assert typed(cleared, 0, "Kai", 1).text == "Kai and Kai"


def test_writing_within_a_blank_fills_it_and_taking_it_back_opens_it_again() -> None:
    changed, _ = edit(opened("It is ${1:[what]}."), Change(8, 9, ""))
    assert changed.text == "It is [wat]."
    assert unfilled(changed) == ()
    back, _ = edit(changed, Change(8, 8, "h"))
    assert back.text == "It is [what]."
    assert [blank.number for blank in unfilled(back)] == [1]


def test_typing_the_very_words_of_a_default_fills_the_blank() -> None:
    before = opened("with ${1|an answer,my questions|}.")
    after = typed(before, 5, "a", 1)
    first, _ = edit(before, Change(5, 14, "a"), 1)
    for place, sign in enumerate("n answer", 6):
        first = typed(first, place, sign, 1)
    assert first.text == before.text
    assert unfilled(first) == ()
    assert after.text != before.text


def test_cutting_a_blank_out_removes_it_and_cutting_across_one_too() -> None:
    assert edit(opened("a ${1:[b]} c"), Change(2, 5, ""))[0].blanks == ()
    across, _ = edit(opened("a ${1:[b]} c ${2:[d]}"), Change(0, 4, ""))
    assert across.text == "] c [d]"
    assert standing(across) == {2: ["[d]"]}


def test_cutting_one_of_two_places_leaves_the_other_open() -> None:
    after, _ = edit(opened("${1:[name]}\nand $1."), Change(0, 7, ""))
    assert after.text == "and [name]."
    assert standing(after) == {1: ["[name]"]}
    assert [blank.number for blank in unfilled(after)] == [1]


def test_a_blank_around_another_goes_with_what_is_written_over_it() -> None:
    body = "${1:by ${2:[day]}}, then ${3:[what]}"
    outer = filled_in(opened(body), 1, "soon")
    assert outer.text == "soon, then [what]"
    assert [blank.number for blank in unfilled(outer)] == [3]
    inner = filled_in(opened(body), 2, "Friday")
    assert inner.text == "by Friday, then [what]"
    assert [blank.number for blank in unfilled(inner)] == [3]
    assert standing(inner)[1] == ["by Friday"]


def test_two_blanks_side_by_side_stay_two() -> None:
    after = filled_in(opened("${1:[a]}${2:[b]}"), 1, "one")
    assert after.text == "one[b]"
    assert standing(after) == {1: ["one"], 2: ["[b]"]}
    assert standing(filled_in(after, 2, "two")) == {1: ["one"], 2: ["two"]}


def test_a_choice_is_put_in_everywhere_and_counts_as_chosen() -> None:
    before = opened("${1|today,tomorrow|}, I mean $1")
    assert choose(before, 1, "tomorrow")[0].text == "tomorrow, I mean tomorrow"
    assert unfilled(choose(before, 1, "today")[0]) == ()


def test_a_snippet_put_into_a_text_with_open_blanks_numbers_on() -> None:
    before = filled_in(opened("${1:[a]} ${2:[b]}$0"), 1, "done")
    after, changes = insert(before, 0, 0, opened("${1:[new]} by ${2|x,y|}. $0"))
    assert changes == (Change(0, 0, "[new] by x. "),)
    assert after.text == "[new] by x. done [b]"
    assert standing(after) == {2: ["[b]"], 3: ["[new]"], 4: ["x"], 0: [""]}


def test_a_snippet_put_over_a_blank_stands_in_its_place() -> None:
    after, _ = insert(opened("a ${1:[b]} c"), 2, 5, opened("${1:[new]}"))
    assert after.text == "a [new] c"
    assert standing(after) == {1: ["[new]"]}


def test_a_missing_fact_is_open_until_it_is_written() -> None:
    before = opened("Hello {{ticket.requester.first_name}},")
    assert [blank.label for blank in unfilled(before)] == ["ticket.requester.first_name"]
    assert accept(before, 1) == before
    after = filled_in(before, 1, "Mara")
    assert (after.text, unfilled(after)) == ("Hello Mara,", ())


def test_the_innermost_blank_is_the_one_a_cursor_is_in() -> None:
    text = opened("${1:by ${2:[day]}} x")
    assert [holding(text, at).number if holding(text, at) else 0 for at in (0, 2, 3, 8, 9)] == [1, 1, 2, 2, 0]
    assert forget(text, 2).blanks[0].number == 1


def test_blanks_are_found_in_a_text_changed_elsewhere() -> None:
    before = opened("Hello,\n\nthe ${1:[what]} works by ${2:noon}. Write ${3:noon} down; {{ticket.ref}}")
    outside = "Dear Mara,\n\nI am glad: at noon the [what] works by noon. {{ticket.ref}}"
    found = found_again(outside, before)
    assert standing(found) == {1: ["[what]"], 2: ["noon"], 4: ["{{ticket.ref}}"]}
    assert found.blanks[1].spans[0][0] == outside.rindex("noon")
    assert found_again("The shop works.", before).blanks == ()


BODIES = st.lists(
    st.sampled_from(
        [
            "Hello ",
            "$1",
            "${1:[who]}",
            "${2:by ${3:[day]}}",
            "${4|a,bb,ccc|}",
            "{{gone}}",
            "$0",
            "\n",
            "字é",
            "$3",
            "${5:x}",
        ]
    ),
    max_size=9,
).map("".join)
EDITS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 12), st.sampled_from(["", "", "x", "[who]", "\n", "ab"]))
)


def sound(expansion: Expansion) -> None:
    """Every place lies within the text and apart from its twins, all places of a number say the same, and so on."""
    for blank in expansion.blanks:
        assert blank.spans
        last = 0
        for a, b in blank.spans:
            assert last <= a <= b <= len(expansion.text)
            last = b
        contents = {expansion.text[a:b] for a, b in blank.spans}
        assert len(contents) == 1, (blank, contents)
        if blank.number and not blank.filled:
            assert contents == {blank.shown}
    every = [(a, b) for blank in expansion.blanks for a, b in blank.spans]
    for a, b in every:
        for c, d in every:
            assert b <= c or d <= a or (a <= c and d <= b) or (c <= a and b <= d), "places cross"


@settings(max_examples=400, deadline=None)
@given(BODIES, EDITS, st.data())
def test_whatever_is_edited_places_stay_true_and_what_is_open_is_untouched(
    body: str, edits: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    here = opened(body)
    sound(here)
    for at, length, new in edits:
        numbers = [blank.number for blank in here.blanks if blank.number]
        active = data.draw(st.sampled_from([None, *numbers]))
        start = min(at, len(here.text))
        change = Change(start, min(start + length, len(here.text)), new)
        after, changes = edit(here, change, active)
        replayed = here.text
        for each in changes:
            replayed = replayed[: each.start] + each.text + replayed[each.end :]
        assert replayed == after.text
        sound(after)
        here = after


@settings(max_examples=100, deadline=None)
@given(BODIES, BODIES, st.integers(0, 60), st.integers(0, 9))
def test_whatever_is_inserted_its_blanks_are_all_there(one: str, two: str, at: int, length: int) -> None:
    here, other = opened(one), opened(two)
    start = min(at, len(here.text))
    after, _ = insert(here, start, min(start + length, len(here.text)), other)
    sound(after)
    assert sum(not blank.filled for blank in after.blanks if blank.number) >= len(unfilled(other))
    numbers = [blank.number for blank in after.blanks]
    assert len(numbers) == len(set(numbers))


def test_a_blank_says_what_it_is() -> None:
    assert not Blank(1, ((0, 1),), "[x]").can_be_accepted
