"""`python -m bench.leaning`: weigh the concepts of triage by the stories in tests/data, and write what a mail leans to.

A ridge regression of a mail's tier on the concepts found in it, the same for
all languages. What it gains on mails it has not seen is printed: each set is
judged by the weights of the others.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Any

from supportterm.desk.rulepacks import TriagePacks
from supportterm.domain.leaning import Leaning
from supportterm.domain.signals import Pack
from supportterm.domain.triage import assess

DATA = Path(__file__).parent.parent / "tests" / "data"
RIDGE = 200.0
_ROUNDS = 60
_TIERS = {
    **dict.fromkeys(("safety", "security", "money-loss", "outage"), 1),
    **dict.fromkeys(("data-loss", "legal-threat", "churn-threat", "public-threat", "blocked", "deadline"), 2),
    **dict.fromkeys(("repeat-contact", "billing-error"), 2),
    "upset": 3,
    **dict.fromkeys(("feature-request", "how-to", "not-urgent"), 4),
    **dict.fromkeys(("compliment", "resolved-thanks"), 5),
}
"""What a pack's own examples of a signal are taken for."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with its tier, 1 first."""

    lang: str
    text: str
    tier: int


def sets() -> dict[str, list[Mail]]:
    """Return the labelled mails by the file they stand in, and the packs' own examples."""
    found = {
        path.stem: [Mail(mail["id"][:2], mail["text"], int(mail["tier"])) for mail in _table(path)["mail"]]
        for path in sorted(DATA.glob("triage_stories*.toml"))
    }
    everyday = _table(DATA / "triage_everyday.toml")
    found["everyday"] = [Mail(lang, text, 4) for lang, part in everyday.items() for text in part["mails"]]
    found["examples"] = [
        Mail(pack.lang, text, _TIERS[signal])
        for pack in TriagePacks().values()
        for signal, fires, _ in pack.examples
        if signal in _TIERS
        for text in fires
    ]
    return found


def _table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def weigh(mails: Sequence[Mail]) -> Leaning:
    """Fit the weights by coordinate descent, the means of the columns taken out."""
    packs = TriagePacks()
    rows = [frozenset(packs[mail.lang].read(mail.text).concepts) for mail in mails]
    names = sorted(frozenset().union(*rows))
    mean = {name: sum(name in row for row in rows) / len(rows) for name in names}
    wanted = [-float(mail.tier) for mail in mails]
    level = sum(wanted) / len(wanted)
    weights = dict.fromkeys(names, 0.0)
    residues = [value - level for value in wanted]
    columns = {name: [float(name in row) - mean[name] for row in rows] for name in names}
    squares = {name: sum(value * value for value in column) for name, column in columns.items()}
    for _ in range(_ROUNDS):
        for name, column in columns.items():
            steer = sum(map(float.__mul__, column, residues)) + squares[name] * weights[name]
            step = steer / (squares[name] + RIDGE) - weights[name]
            if abs(step) > 1e-6:
                weights[name] += step
                residues = [residue - step * value for residue, value in zip(residues, column, strict=True)]
    kept = {name: round(weight, 3) for name, weight in weights.items() if abs(weight) >= 0.005}
    return Leaning(round(-sum(mean[name] * weight for name, weight in kept.items()), 3), kept)


def pairwise(mails: Sequence[Mail], leaning: Leaning) -> float:
    """Return the share of pairs of unlike tier that stand in the right order, ties counting half."""
    packs: dict[str, Pack] = {lang: replace(pack, leaning=leaning) for lang, pack in TriagePacks().items()}
    scored = [(assess(mail.text, mail.lang, packs).score, mail.tier) for mail in mails]
    pairs = [(one, two) if one[1] < two[1] else (two, one) for one, two in combinations(scored, 2) if one[1] != two[1]]
    return sum(1.0 if up[0] > down[0] else 0.5 * (up[0] == down[0]) for up, down in pairs) / len(pairs)


def _all(parts: Iterable[list[Mail]]) -> list[Mail]:
    return [mail for part in parts for mail in part]


def main() -> None:
    """Print what is gained on each set by the weights of the others, and write those of all."""
    found = sets()
    for name in found:
        if name.startswith("triage_stories"):
            others = weigh(_all(part for other, part in found.items() if other != name))
            bare, leant = pairwise(found[name], Leaning()), pairwise(found[name], others)
            print(f"{name}: {bare:.3f} by the rules alone, {leant:.3f} with the weights of the other sets")
    leaning = weigh(_all(found.values()))
    lines = [
        "# How much each kind of words says for a mail that presses; written by `python -m bench.leaning`.",
        f"bias = {leaning.bias}",
        "",
        "[weights]",
        *(f"{name} = {weight}" for name, weight in leaning.weights.items()),
    ]
    place = resources.files("supportterm.packs") / "triage" / "leaning.toml"
    Path(str(place)).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
