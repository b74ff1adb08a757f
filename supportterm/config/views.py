"""Views as they are written: `[[views]]`, each a query under a name, and the order in which the console shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supportterm.config.toml import Source

if TYPE_CHECKING:
    from supportterm.domain.saved_views import SavedView, Shelf


@dataclass(frozen=True, slots=True)
class View:
    """A view of one's own: a query under a name; `short` where room is short, `empty` what to say of no tickets."""

    name: str
    query: str
    short: str = ""
    empty: str = ""


def check_views(views: Sequence[View], shown: Sequence[str], source: Source) -> None:
    """Check views and the names of those the console shows.

    Raises:
        ConfigError: a mistake, with its line.
    """
    from supportterm.domain import saved_views

    for place, problem in saved_views.mistakes([(view.name, view.query, view.short) for view in views], shown):
        raise source.error(place, problem)


def arranged(views: Sequence[View], shown: Sequence[str]) -> Shelf:
    """Return the views of a desk, in the order in which they are to be shown."""
    from supportterm.domain import saved_views

    own: list[SavedView] = [saved_views.own(view.name, view.query, view.short, view.empty) for view in views]
    return saved_views.arranged(own, shown)
