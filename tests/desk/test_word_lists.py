"""The words agents add: one's own and the house's."""

import dataclasses
from pathlib import Path

import pytest

from supportterm.desk.spelling import Spelling
from supportterm.desk.word_lists import WordLists
from supportterm.domain.errors import RefusedError
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import World, letter


def test_a_word_is_added_once_and_taken_out_again(tmp_path: Path) -> None:
    lists = WordLists(tmp_path / "config" / "words.txt")
    lists.own.add("Zyxelate")
    lists.own.add("zyxelate")
    assert (tmp_path / "config" / "words.txt").read_text(encoding="utf-8") == "Zyxelate\n"
    assert lists.fine.holds("zyxelate", "en")
    assert lists.holding("ZYXELATE") is lists.own
    lists.own.take_out("zyxelate")
    assert not lists.fine.holds("zyxelate", "en")


def test_the_house_list_lies_beside_the_shared_macros_and_is_read_again(tmp_path: Path) -> None:
    lists = WordLists(tmp_path / "words.txt", [tmp_path / "one", tmp_path / "two"])
    assert lists.house is not None
    lists.house.add("frobnify")
    assert (tmp_path / "two" / "words.txt").exists()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "words.txt").write_text("# our products\nwidgetry  # singular only\n", encoding="utf-8")
    assert lists.fine.holds("widgetry", "en")
    assert lists.fine.holds("frobnify", "en")
    assert not lists.fine.holds("singular", "en")


def test_a_line_without_an_end_and_remarks_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# mine\nalpha", encoding="utf-8")
    lists = WordLists(file)
    lists.own.add("beta")
    lists.own.take_out("alpha")
    assert file.read_text(encoding="utf-8") == "# mine\nbeta\n"


def test_a_folder_one_may_not_write_to_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RefusedError, match="cannot be written"):
        WordLists(tmp_path / "file" / "words.txt").own.add("alpha")
    with pytest.raises(RefusedError, match="no word"):
        WordLists(tmp_path / "words.txt").own.add(" # ")


async def test_names_products_and_the_customers_own_words_are_right(world: World) -> None:
    world.server.put(letter("My shipmnet of the Blorx is late.\n\nMara", subject="Qwertzing"), at=world.clock.now())
    await world.sync()
    config = world.desk.config
    config = dataclasses.replace(config, triage=dataclasses.replace(config.triage, products=("Frobnicator",)))
    spelling = Spelling(config)
    with reading(world.desk.database.path) as views:
        ticket = views.queue(Where("1"), 1)[0]
        key, conversation = ticket.key, views.messages(ticket.key)
    fine = spelling.fine(ticket, conversation, "en")
    for word in ("shipmnet", "blorx", "qwertzing", "frobnicator", "mara", "dropdown"):
        assert fine.holds(word, "en"), word
    assert not fine.holds("recieve", "en")
    spelling.ignore(key, "recieve")
    assert spelling.fine(ticket, conversation, "en").holds("recieve", "en")
    spelling.close()
