"""What a problem is called."""

from __future__ import annotations

import pytest

from supportterm.domain.problem import LONGEST_TITLE, named, number_in, title_of
from supportterm.domain.query import QueryError, parse


@pytest.mark.parametrize("text", ["P-3", "p-3", "P3", "#P-3", " 3 ", "P-003"])
def test_a_problem_is_named_as_people_write_it(text: str) -> None:
    assert number_in(text) == 3
    assert number_in(named(3)) == 3


@pytest.mark.parametrize("text", ["", "P-", "P-0", "Export fails", "3 exports fail", "P-3 x", "P--3", "P-123456789"])
def test_what_is_no_name_is_a_title(text: str) -> None:
    assert number_in(text) is None


def test_a_title_is_one_line_of_a_length_that_rows_can_use() -> None:
    assert title_of("  Export\n fails\t in   Safari ") == "Export fails in Safari"
    assert len(title_of("x " * 400)) <= LONGEST_TITLE


def test_a_query_takes_a_problems_name_and_says_what_it_looks_like() -> None:
    assert parse("problem:p3") == parse("problem:P3") != parse("problem:4") != parse("problem:none")
    with pytest.raises(QueryError, match="like P-3"):
        parse("problem:export")
