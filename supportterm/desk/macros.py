"""The library of snippets and macros: the shipped folder, overlaid by the team's and the agent's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Lock

from supportterm import paths
from supportterm.config import Config
from supportterm.desk import macro_files, rendering
from supportterm.desk.macro_files import Found, Stamp
from supportterm.domain import nesting
from supportterm.domain.errors import NotFoundError
from supportterm.domain.offering import Suits, everything
from supportterm.domain.query_fields import nearest
from supportterm.domain.snippets import Macro, MacroError

DEFAULT_LANG = "en"


class MacroLibrary:
    """Every macro of some folders; where two have one id and language, the later folder's stands.

    A file that cannot be used keeps none of the others from use: `check` tells of it.
    """

    def __init__(self, folders: Sequence[Path], known: dict[Path, tuple[Stamp, Found]] | None = None) -> None:
        """Read the folders; `known` keeps what was read for the next time."""
        self._written: dict[tuple[str, str], Macro] = {}
        self._problems: list[str] = []
        self._refused: dict[str, MacroError] = {}
        known = {} if known is None else known
        for folder in folders:
            self._overlay(macro_files.read(folder, macro_files.stamps(folder), known))
        self._macros = self._whole()
        self.macros = tuple(sorted(self._macros.values(), key=lambda macro: (macro.topic, macro.id, macro.lang)))
        """All macros by topic, id and language."""

    @property
    def triggers(self) -> Collection[str]:
        """Every trigger there is."""
        return {macro.trigger for macro in self._macros.values() if macro.trigger}

    def find(self, trigger_or_id: str, lang: str = DEFAULT_LANG, suits: Suits = everything) -> Macro:
        """Return the variant of a macro for a language: in it, for any, in English, or what there is.

        Of two under one name, the one that is offered for the ticket comes first.

        Raises:
            MacroError: its file is there and cannot be used.
            NotFoundError: no macro has this trigger or id; the text names the nearest.
        """
        found = [macro for macro in self._macros.values() if trigger_or_id in (macro.trigger, macro.id)]
        if not found and trigger_or_id in self._refused:
            raise self._refused[trigger_or_id]
        if not found:
            known = sorted({name for macro in self._macros.values() for name in (macro.trigger, macro.id) if name})
            raise NotFoundError(f"No snippet `{trigger_or_id}`. {nearest(trigger_or_id, known)}")
        wanted = _languages(lang)
        return min(
            found,
            key=lambda macro: (
                not suits(macro),
                wanted.index(macro.lang) if macro.lang in wanted else len(wanted),
                not macro.when,
                macro.lang,
                macro.id,
            ),
        )

    def check(self, policies: Collection[str] | None = None) -> list[str]:
        """Return everything that is wrong with the library, a sentence each, with file and line.

        `policies` are the names of those there are, where that is known.
        """
        written = sorted(self._written.values(), key=lambda macro: (macro.topic, macro.id, macro.lang))
        wrong = [str(error) for macro in written for error in rendering.check(macro)]
        wrong += [problem for macro in written for problem in _misnamed(macro, policies)]
        return self._problems + wrong + self._clashes() + self._gaps(written)

    def files(self, name: str) -> list[Path]:
        """Return the file of that id that cannot be used, so that it can be mended."""
        refused = self._refused.get(name)
        return [Path(refused.path)] if refused is not None and refused.path else []

    @property
    def problems(self) -> list[str]:
        """The files that cannot be used at all, a sentence each."""
        return self._problems

    def _overlay(self, found: Mapping[Path, Found]) -> None:
        mine: dict[tuple[str, str], Macro] = {}
        for path, macro in found.items():
            if isinstance(macro, MacroError):
                self._problems.append(str(macro))
                self._refused[path.stem] = macro
                continue
            if twin := mine.get((macro.id, macro.lang)):
                self._problems.append(f"{path}, line 1: {twin.path} has the id `{macro.id}` too. Rename one.")
            mine[macro.id, macro.lang] = macro
        self._written |= mine

    def _whole(self) -> dict[tuple[str, str], Macro]:
        """Put snippets in place that others name; what names one wrongly is refused."""
        whole = {}
        for key, macro in self._written.items():
            try:
                whole[key] = nesting.whole(macro, partial(self._variant, macro.lang))
            except MacroError as error:
                self._problems.append(str(error))
                self._refused[macro.id] = self._refused[macro.trigger or macro.id] = error
        return whole

    def _variant(self, lang: str, name: str) -> Macro | None:
        """Return the snippet of that id, as it was written, in a language or the nearest to it."""
        found = (self._written.get((name, each)) for each in _languages(lang or DEFAULT_LANG))
        return next((macro for macro in found if macro is not None), None)

    def _clashes(self) -> list[str]:
        owners: dict[tuple[str, str, str], Macro] = {}
        problems = []
        for macro in self.macros:
            owner = owners.setdefault((macro.trigger, macro.lang, macro.when), macro)
            if macro.trigger and owner is not macro:
                problems.append(
                    f"{macro.path}, line 1: {owner.path} has the trigger `{macro.trigger}` too. Change one."
                )
        return problems

    def _gaps(self, macros: Sequence[Macro]) -> list[str]:
        problems = []
        for macro in macros:
            numbers = {blank.number for blank in macro.blanks} - {0}
            if lost := sorted(numbers - set(range(1, len(numbers) + 1))):
                problems.append(
                    f"{macro.path}, line {macro.body_line}: blank {lost[0]} leaves a gap in the numbers."
                    f" Count from 1, or write \\${lost[0]} for an amount of money."
                )
        return problems


class MacroWatch:
    """The library as its files are now; any thread may ask, and no two read it at once."""

    def __init__(self, folders: Callable[[], Sequence[Path]]) -> None:
        """Take what names the folders, the later of which win."""
        self._folders = folders
        self._known: dict[Path, tuple[Stamp, Found]] = {}
        self._seen: object = None
        self._library: MacroLibrary | None = None
        self._told: list[str] = []
        self._told_of: MacroLibrary | None = None
        self._reading = Lock()

    @property
    def library(self) -> MacroLibrary:
        """The library as it was last read; read now where it never was."""
        if self._library is None:
            self.look()
        assert self._library is not None  # noqa: S101 looking reads it
        return self._library

    def look(self) -> bool:
        """See whether files changed, and read those; return whether any did. Takes a stat for each file."""
        with self._reading:
            folders = list(self._folders())
            seen = [(folder, macro_files.stamps(folder)) for folder in folders]
            if seen == self._seen and self._library is not None:
                return False
            self._library = MacroLibrary(folders, self._known)
            self._seen = seen
            here = {path for _, stamps in seen for path in stamps}
            for gone in self._known.keys() - here:
                del self._known[gone]
            return True

    def news(self) -> list[str]:
        """Return what came to be wrong since this was last asked, a sentence each; what never was right is news."""
        library = self.library
        if library is self._told_of:
            return []
        self._told_of = library
        problems = library.check()
        fresh = [problem for problem in problems if problem not in self._told]
        self._told = problems
        return fresh


def folders(config: Config | None) -> list[Path]:
    """Return where macros lie: those shipped, then the team's shared folders, then the user's own; later ones win."""
    shared = config.macros if config else ()
    return [paths.shipped_macros(), *shared, paths.user_macros(config.path if config else None)]


def of(config: Config | None) -> MacroLibrary:
    """Load the macro library of a configuration."""
    return MacroLibrary(folders(config))


def _languages(lang: str) -> list[str]:
    lang = lang.lower()
    return list(dict.fromkeys([lang, lang.partition("-")[0], "", DEFAULT_LANG]))


def _misnamed(macro: Macro, policies: Collection[str] | None) -> list[str]:
    """Return what a macro's actions name that is not there."""
    where = f"{macro.path}, line 1: "
    problems = []
    if macro.actions.policy and policies is not None and macro.actions.policy not in policies:
        near = nearest(macro.actions.policy, sorted(policies))
        problems.append(f"{where}there is no policy `{macro.actions.policy}`. {near}")
    if macro.actions.attach:
        from supportterm.desk import macro_attachments

        found = (macro_attachments.wrong_with(macro, name) for name in macro.actions.attach)
        problems += [f"{where}`attach`: {problem}" for problem in found if problem]
    return problems
