"""The shipped packs keep their own examples, and a broken pack is refused in one sentence."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from supportterm.desk.pack_files import LANGUAGES
from supportterm.desk.rulepacks import TriagePacks, failures, load
from supportterm.domain.errors import ConfigError

SHIPPED = Path(str(resources.files("supportterm.packs"))) / "triage"
CRITICAL = ("safety", "security", "money-loss", "outage", "data-loss")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_pack_behaves_as_its_examples_say(lang: str) -> None:
    pack = TriagePacks()[lang]
    assert list(failures(pack)) == []
    shown = {id_: (fires, silent) for id_, fires, silent in pack.examples}
    for id_ in CRITICAL:
        fires, silent = shown[id_]
        assert len(fires) >= 3
        assert len(silent) >= 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_knows_every_signal(lang: str) -> None:
    assert {s.id for s in TriagePacks()[lang].signals} == {s.id for s in TriagePacks()["en"].signals}


def test_points_are_the_same_in_every_language() -> None:
    packs = TriagePacks()
    tables = [{(s.id, s.points) for s in packs[lang].signals} for lang in packs]
    assert all(table == tables[0] for table in tables)


def test_a_language_without_a_pack_is_not_there() -> None:
    assert "xx" not in TriagePacks()
    assert len(TriagePacks()) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("format = 1", "format = 9"), "format 9"),
        (lambda t: t.replace("[concepts]", "[concept]"), "unknown key `concept`"),
        (lambda t: t + "\n[examples.weather]\nfires = []\nsilent = []\n", "`weather`"),
        (lambda t: re.sub(r"\[examples\.safety\]\n.*\n.*\n", "", t), "`safety` needs an example"),
        (lambda t: t.replace('"The heater you sold me sparked."', '"Hello there."'), "misses “Hello there.”"),
        (lambda t: t.replace('"The price was a shock."', '"My lamp caught fire."'), "wrongly fires"),
        (lambda t: re.sub(r"(?m)^hazard = .*$", "", t), "`hazard`"),
        (lambda t: t.replace("number = '''", "number = '''("), "with signals.toml"),
        (lambda t: t + "\n]]", "not valid TOML"),
    ],
)
def test_a_broken_pack_is_refused_with_what_to_mend(change, says: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # a table of lambdas
    words = tmp_path / "en.toml"
    original = (SHIPPED / "en.toml").read_text(encoding="utf-8")
    words.write_text(change(original), encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(says)) as refusal:
        load(words, SHIPPED / "signals.toml")
    assert "en.toml" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_rule_that_is_none_is_refused(tmp_path: Path) -> None:
    signals = tmp_path / "signals.toml"
    signals.write_text((SHIPPED / "signals.toml").read_text(encoding="utf-8").replace('"harm", ', '"harm +", '))
    with pytest.raises(ConfigError, match="no concept's name"):
        load(SHIPPED / "en.toml", signals)
