"""The app's choice whether warnings of clocks show on the desktop."""

from __future__ import annotations

from supportterm.screens.base import DeskScreen
from supportterm.screens.life import Life


class NoticeChoice(Life):
    """What `:notices` does, on every screen."""

    @property
    def _desk_screen(self) -> DeskScreen[object] | None:
        """The screen that commands act on: the topmost that is no question."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, DeskScreen)), None)

    def action_notices(self) -> None:
        """Choose whether warnings show on the desktop, too."""
        from supportterm.screens import noticing

        if (screen := self._desk_screen) is not None:
            screen.in_background(noticing.choose(screen))

    async def command_notices(self, argument: str) -> None:
        """Choose it in words, `on` or `off`.

        Raises:
            RefusedError: it is neither, or the configuration has chosen.
        """
        from supportterm.screens import noticing

        if (screen := self._desk_screen) is not None:
            await noticing.choose(screen, argument)
