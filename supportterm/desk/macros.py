"""The library of snippets and macros: the shipped folder, overlaid by the team's and the agent's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from supportterm import paths
from supportterm.config import Config
from supportterm.desk import rendering
from supportterm.domain.errors import NotFoundError
from supportterm.domain.query_fields import nearest
from supportterm.domain.snippets import LONGEST, Macro, MacroError, parse_macro

DEFAULT_LANG = "en"


class MacroLibrary:
    """Every macro of some folders; where two have one id and language, the later folder's stands.

    A file that cannot be used keeps none of the others from use: `check` tells of it.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._macros: dict[tuple[str, str], Macro] = {}
        self._problems: list[str] = []
        for folder in folders:
            self._overlay(folder)

    @property
    def macros(self) -> tuple[Macro, ...]:
        """All macros by topic, id and language."""
        return tuple(sorted(self._macros.values(), key=lambda macro: (macro.topic, macro.id, macro.lang)))

    def find(self, trigger_or_id: str, lang: str = DEFAULT_LANG) -> Macro:
        """Return the variant of a macro for a language: in it, for any, in English, or what there is.

        Raises:
            NotFoundError: no macro has this trigger or id; the text names the nearest.
        """
        found = [macro for macro in self._macros.values() if trigger_or_id in (macro.trigger, macro.id)]
        if not found:
            known = sorted({name for macro in self._macros.values() for name in (macro.trigger, macro.id) if name})
            raise NotFoundError(f"No snippet `{trigger_or_id}`. {nearest(trigger_or_id, known)}")
        wanted = [lang.lower(), lang.lower().partition("-")[0], "", DEFAULT_LANG]
        return min(found, key=lambda macro: (wanted.index(macro.lang) if macro.lang in wanted else 9, macro.lang))

    def check(self) -> list[str]:
        """Return everything that is wrong with the library, a sentence each, with file and line."""
        placeholders = [str(error) for macro in self.macros for error in rendering.check(macro)]
        return self._problems + placeholders + self._clashes() + self._gaps()

    def _overlay(self, folder: Path) -> None:
        mine: dict[tuple[str, str], Macro] = {}
        for path in _files(folder):
            try:
                macro = parse_macro(_read(path), path)
            except MacroError as error:
                self._problems.append(str(error))
                continue
            if twin := mine.get((macro.id, macro.lang)):
                self._problems.append(f"{path}, line 1: {twin.path} has the id `{macro.id}` too. Rename one.")
            mine[macro.id, macro.lang] = macro
        self._macros |= mine

    def _clashes(self) -> list[str]:
        owners: dict[tuple[str, str], Macro] = {}
        problems = []
        for macro in self.macros:
            owner = owners.setdefault((macro.trigger, macro.lang), macro)
            if macro.trigger and owner is not macro:
                problems.append(
                    f"{macro.path}, line 1: {owner.path} has the trigger `{macro.trigger}` too. Change one."
                )
        return problems

    def _gaps(self) -> list[str]:
        problems = []
        for macro in self.macros:
            numbers = {blank.number for blank in macro.blanks} - {0}
            if lost := sorted(numbers - set(range(1, len(numbers) + 1))):
                problems.append(
                    f"{macro.path}, line {macro.body_line}: blank {lost[0]} leaves a gap in the numbers."
                    f" Count from 1, or write \\${lost[0]} for an amount of money."
                )
        return problems


def of(config: Config | None) -> MacroLibrary:
    """Load the macro library: shipped, then the user's, then the configured folders; later ones win."""
    extra = config.macros if config else ()
    return MacroLibrary([paths.shipped_macros(), paths.user_macros(config.path if config else None), *extra])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.md") if path.is_file() and path.stem.lower() != "readme")


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise MacroError(
            f"the file cannot be read ({error}). Check that it is UTF-8 text you may read.", str(path)
        ) from None
