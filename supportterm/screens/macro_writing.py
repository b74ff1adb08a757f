"""A macro changed from the console: in the agent's own editor, and taken in as soon as it is back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from supportterm import paths
from supportterm.desk import macro_editing, macros
from supportterm.desk.macros import MacroLibrary
from supportterm.domain.errors import RefusedError
from supportterm.domain.snippets import Macro
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Confirm
from supportterm.screens.external_editor import open_outside

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen


async def edit(screen: DeskScreen[Any], macro: Macro) -> MacroLibrary:
    """Let the agent change a macro, again while it has a mistake and they want to; return the library as it is then."""
    console = screen.console
    own = paths.user_macros(console.config.path)
    try:
        path = await asyncio.to_thread(macro_editing.file_of, macro, paths.shipped_macros(), own)
    except RefusedError as error:
        screen.complain(shown_as.line(str(error), 300))
        return console.macros
    while open_outside(screen.app, path):
        wrong = await asyncio.to_thread(macro_editing.problems, path, macros.folders(console.config))
        if not wrong:
            break
        question = Confirm("It cannot be used yet. Edit again?", shown_as.line(wrong[0], 400), {"e": "edit again"})
        if await screen.ask_for(question) != "e":
            break
    if await asyncio.to_thread(macro_editing.drop_unchanged, macro, path):
        screen.say("Nothing was changed; the shipped one stays.")
    await asyncio.to_thread(console.macro_files.look)
    return console.macros
