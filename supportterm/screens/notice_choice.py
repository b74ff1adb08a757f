"""What the app asks of the agent on any screen: whether warnings show on the desktop, which hints stay muted."""

from __future__ import annotations

from supportterm.screens.base import DeskScreen
from supportterm.screens.life import Life


class NoticeChoice(Life):
    """What `:notices` and `:muted-hints` do, on every screen."""

    @property
    def _desk_screen(self) -> DeskScreen[object] | None:
        """The screen that commands act on: the topmost that is no question."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, DeskScreen)), None)

    def action_notices(self) -> None:
        """Choose whether warnings show on the desktop, too."""
        from supportterm.screens import noticing

        if (screen := self._desk_screen) is not None:
            screen.in_background(noticing.choose(screen))

    def action_muted_hints(self) -> None:
        """See which hints are muted, and hear one again."""
        from supportterm.screens import hint_muting

        if (screen := self._desk_screen) is not None:
            screen.in_background(hint_muting.muted(screen))

    async def command_notices(self, argument: str) -> None:
        """Choose it in words, `on` or `off`.

        Raises:
            RefusedError: it is neither, or the configuration has chosen.
        """
        from supportterm.screens import noticing

        if (screen := self._desk_screen) is not None:
            await noticing.choose(screen, argument)
