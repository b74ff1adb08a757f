"""What a house adds to the hints: its words, and files that are refused while everything else holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.desk.house_hints import HouseHints
from supportterm.domain.hints.checking import check
from supportterm.domain.hints.reply import Reply

OURS = """format = 1
lang = "en"
off = ["emoji-formal"]

[words]
internal-leak = ["project falcon"]

[words.bureaucratese]
"circle back" = "write again"
"as per*" = ""

[fine]
vague-timing = ["shortly inc"]

[glossary]
"tie line" = "the cable to your shop"

[concepts]
term = ["edge box*"]

[more]
canned-phrase = ["term + term /3"]

[examples.internal-leak]
fires = ["It is part of project Falcon."]
silent = ["A falcon is a bird.", { reply = "The falcon flies.", channel = "chat" }]
"""


def house(folder: Path, **files: str) -> HouseHints:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return HouseHints(folder)


def hints(text: str, of: HouseHints, lang: str = "en", customer: str = "") -> dict[str, str | None]:
    return {hint.rule: hint.suggestion for hint in check(Reply(text, lang, customer=customer), of.packs({}))}


def test_a_file_adds_words_and_what_to_write_instead(tmp_path: Path) -> None:
    ours = house(tmp_path, ours=OURS)
    assert ours.problems == ()
    assert "internal-leak" in hints("We shut down project Falcon.", ours)
    assert hints("I circle back on Monday.", ours)["bureaucratese"] == "write again"
    assert hints("Circle back on Monday.", ours)["bureaucratese"] == "Write again"
    assert hints("As per  the terms.", ours)["bureaucratese"] == ""
    assert hints("The tie line broke.", ours, customer="I am not technical.")["jargon"] == "the cable to your shop"
    assert hints("We shut down project Falcon. I circle back on Monday.", HouseHints()) == {}


def test_a_rule_can_be_off_and_leave_words_alone(tmp_path: Path) -> None:
    ours = house(tmp_path, ours=OURS)
    assert "emoji-formal" in hints("All is well. \U0001f600", HouseHints())
    assert "emoji-formal" not in hints("All is well. \U0001f600", ours)
    assert "vague-timing" in hints("Shortly Inc gets it.", HouseHints())
    assert "vague-timing" not in hints("Shortly Inc gets it.", ours)
    assert "vague-timing" in hints("You get it shortly.", ours)


def test_other_languages_are_as_they_were(tmp_path: Path) -> None:
    ours = house(tmp_path, ours=OURS)
    assert ours.packs({}).wording["tr"] is HouseHints().packs({}).wording["tr"]
    words = 'format = 1\nlang = "tr"\n[words.bureaucratese]\n"İşbu vesile*" = "Bununla"\n'
    assert hints("İşbu vesileyle yazıyoruz.", house(tmp_path, tr=words), "tr")["bureaucratese"] == "Bununla"


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("off =", "of ="), 3, "Did you mean `off`?"),
        (('"emoji-formal"', '"emoji-fromal"'), 3, "Did you mean `emoji-formal`?"),
        (('"emoji-formal"', '"secret-request"'), 3, "cannot be switched off"),
        (("internal-leak =", "internal-leek ="), 6, "Did you mean `internal-leak`?"),
        (("internal-leak =", "missing-greeting ="), 6, "there is no rule of words"),
        (("internal-leak =", "jargon ="), 6, "under [glossary]"),
        (('["project falcon"]', '"project falcon"'), 6, "must be a list of texts"),
        (('"circle back" = "write again"', '"circle back" = 7'), 9, "must be a text"),
        (("vague-timing =", "long-reply ="), 13, "there is no rule of words"),
        (("[concepts]\nterm", "[concepts]\ntrem"), 19, "there is no concept `trem`"),
        (('"term + term /3"', '"term + + term"'), 22, ""),
        (('fires = ["It is part of project Falcon."]', 'fires = ["Hello there."]'), 25, "misses “Hello there.”"),
        (("A falcon is a bird.", "This is project falcon."), 26, "wrongly fires on"),
        (("[examples.internal-leak]", "[examples.internal-leek]"), 24, "Did you mean `internal-leak`?"),
        (('lang = "en"', 'lang = "fr"'), 2, "must be one of en, ru, ja, tr"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_its_line_and_the_others_hold(
    change: tuple[str, str], line: int, says: str, tmp_path: Path
) -> None:
    good = 'format = 1\nlang = "en"\n[words]\ninternal-leak = ["project heron"]\n'
    ours = house(tmp_path, a_good=good, b_bad=OURS.replace(*change))
    [problem] = ours.problems
    assert says in problem
    assert f"b_bad.toml, line {line}:" in problem
    assert "internal-leak" in hints("We shut down project Heron.", ours)
    assert "internal-leak" not in hints("We shut down project Falcon.", ours)


def test_a_word_that_breaks_what_we_try_is_refused(tmp_path: Path) -> None:
    ours = house(tmp_path, ours='format = 1\nlang = "en"\n[words]\nsarcasm = ["congratulations"]\n')
    [problem] = ours.problems
    assert "`sarcasm` wrongly fires on" in problem
    assert "sarcasm" not in hints("Congratulations on the new shop!", ours)


def test_files_are_followed_and_one_that_becomes_wrong_counts_as_it_last_was(tmp_path: Path) -> None:
    ours = house(tmp_path)
    text = "We shut down project Falcon."
    assert "internal-leak" not in hints(text, ours)
    house(tmp_path, ours=OURS)
    assert "internal-leak" in hints(text, ours)
    for wrong in ("format = ", OURS.replace("[more]\ncanned-phrase", "[more]\ncaned-phrase")):
        house(tmp_path, ours=wrong)
        assert "internal-leak" in hints(text, ours)
        [problem] = ours.problems
        assert "ours.toml" in problem
        assert ours.news(ours.problems) == (problem,)
        assert ours.news(ours.problems) == ()
    (tmp_path / "ours.toml").unlink()
    assert "internal-leak" not in hints(text, ours)
    assert ours.problems == ()
