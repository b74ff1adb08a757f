"""Another file in the store's place: it is taken up while the keys go on, and what is shown stays until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.domain.errors import StoreError

if TYPE_CHECKING:
    from textual.worker import Worker

    from supportterm.screens.life import Life


class Replaced:
    """Sees to it for one console; `Life.store_trouble` says meanwhile why nothing can be read."""

    def __init__(self, app: Life) -> None:
        self._app = app
        self._taking_up: Worker[None] | None = None

    def look(self) -> bool:
        """Tell whether the store is another file by now that is not taken up yet, and begin to."""
        app = self._app
        if self._taking_up is not None and self._taking_up.is_running:
            return True
        if not app.support.is_replaced():
            return False
        app.store_trouble = app.store_trouble or "Another file lies in the store's place: it is being opened."
        self._taking_up = app.run_worker(self._take_up(), exit_on_error=False)
        return True

    async def _take_up(self) -> None:
        app = self._app
        try:
            await app.support.reopen()
        except StoreError as error:
            app.store_trouble = str(error)
        else:
            app.store_trouble = ""
            app.read_anew()
            app.notify("Another file lies in the store's place: the screens show it now.", markup=False)
