"""Commands by their name: chosen from a list (`^P`) or typed at the foot of the screen (`:`)."""

from __future__ import annotations

from typing import Any

from supportterm.screens.asking import Choice, Pick, Prompt
from supportterm.screens.base import DeskScreen, run


async def choose(screen: DeskScreen[Any]) -> None:
    """Let the agent find a command and carry it out."""
    choices = [Choice(f"{c.title}  {screen.key_of(c.id)}", c.id, c.help) for c in screen.commands()]
    chosen = await screen.ask_for(Pick("Commands", choices))
    if chosen is not None:
        await run(screen, chosen)


async def type_command(screen: DeskScreen[Any]) -> None:
    """Let the agent type a command's name and carry it out."""
    names = {c.id.partition(".")[2]: c.id for c in screen.commands()}

    def complete(text: str, cursor: int) -> list[str]:
        return [name for name in names if name.startswith(text[:cursor])]

    def check(text: str) -> str:
        return "" if text.strip() in names else f"There is no command `{text.strip()}` here."

    typed = await screen.ask_for(Prompt(":", complete=complete, check=check))
    if typed is not None:
        await run(screen, names[typed.strip()])
