"""Views of one's own in the configuration: what they become, and how each mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.config import load, shelf
from supportterm.domain.errors import ConfigError
from supportterm.domain.saved_views import VIEWS
from tests.config.servers import SERVERS

FINE = """[[views]]
name = "Big customers"
query = "tag:vip is:open"

[[views]]
name = "Япония"
query = "lang:ja sort:-created"
short = "JP"
empty = "Nobody {writes} from Japan."
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(SERVERS + text, encoding="utf-8")
    return path


def test_ones_own_views_come_after_the_built_in_ones(tmp_path: Path) -> None:
    views = shelf(load(written(tmp_path, FINE))).views
    assert views[: len(VIEWS)] == VIEWS
    big, japan = views[len(VIEWS) :]
    assert (big.name, big.title, big.query) == ("big-customers", "Big customers", "tag:vip is:open")
    assert big.tiered, "open tickets in the queue's own order stand under its tiers"
    assert not japan.tiered
    assert (japan.tab, japan.brief) == ("JP", "JP")
    assert japan.empty.format_map({}) == "Nobody {writes} from Japan."


def test_the_console_can_name_which_are_shown_and_in_which_order(tmp_path: Path) -> None:
    text = FINE + '[console]\nviews = ["big customers", "Now", "jp"]\n'
    found = shelf(load(written(tmp_path, text)))
    assert [view.name for view in found.views] == ["big-customers", "now", "япония"]
    assert {view.name for view in found.others} == {view.name for view in VIEWS} - {"now"}
    solved = found.named("solved")
    assert solved in found.others


def test_without_any_the_views_are_the_built_in_ones(tmp_path: Path) -> None:
    assert shelf(load(written(tmp_path, ""))).views == VIEWS


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[[views]]\nname = "A"\nquery = "is:opne"', 11, "`open`"),
        ('[[views]]\nname = "A"\nquery = "statsu:open"', 11, "`status`"),
        (FINE + '[[views]]\nname = "A"\n# about it\nquery = "tag:a OR"', 21, "`OR`"),
        (FINE + '[[views]]\nname = "A"', 18, "`query` is missing in [[views]]"),
        (FINE + '[[views]]\nname = "A"\nquerry = "is:open"', 20, "Did you mean `query`?"),
        (FINE + '[[views]]\nname = "big  Customers"\nquery = "is:open"', 19, "called `big-customers` already (view 1)"),
        ('[[views]]\nname = "now"\nquery = "is:open"', 10, "built in"),
        ('[[views]]\nname = ""\nquery = "is:open"', 10, "1 to 40"),
        ('[[views]]\nname = 5\nquery = "is:open"', 10, "text in quotes"),
        ('[[views]]\nname = "a\\u001b"\nquery = "is:open"', 10, "letters"),
        ('[[views]]\nname = "A"\nquery = "is:open"\nshort = "much too long to be"', 12, "at most 12"),
        ('[views]\nname = "A"\nquery = "is:open"', 9, "[[views]]"),
        (FINE + '[console]\nviews = ["now", "big custmers"]', 19, "`big-customers`"),
        (FINE + '[console]\nviews = ["now", "Now"]', 19, "twice"),
        (FINE + '[console]\nveiws = ["now"]', 19, "`views`"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_the_nearest_word(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert says in str(caught.value)


def test_a_mistake_in_a_list_of_tables_on_one_line_is_found_there(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('views = [{name = "A", query = "is:opne"}]\n' + SERVERS, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line 1: .*`open`"):
        load(path)
