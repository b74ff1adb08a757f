"""The hint packs: each behaves as its own examples say, and a broken one is told in a sentence."""

from __future__ import annotations

import pytest

from supportterm.desk import hint_packs
from supportterm.desk.pack_files import LANGUAGES

PARTS = [
    (lang, part)
    for part in (hint_packs.WORDING, hint_packs.STRUCTURE)
    for lang in LANGUAGES
    if hint_packs.shipped_file(lang, part).is_file()
]


@pytest.mark.parametrize(("lang", "part"), PARTS)
def test_a_pack_behaves_as_its_own_examples_say(lang: str, part: str) -> None:
    pack = hint_packs.HintPacks(part)[lang]
    assert list(hint_packs.failures(pack, hint_packs.shipped())) == []
