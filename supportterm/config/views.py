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
    from supportterm.domain.query import QueryError

    taken = {view.name: "built in" for view in saved_views.VIEWS}
    for number, view in enumerate(views):
        where = f"views.{number}"
        if not view.name.strip() or len(view.name) > saved_views.LONGEST_NAME or not view.name.isprintable():
            raise source.error(f"{where}.name", f"`name` takes 1 to {saved_views.LONGEST_NAME} letters.")
        if len(view.short) > saved_views.LONGEST_SHORT or not view.short.isprintable():
            raise source.error(f"{where}.short", f"`short` takes at most {saved_views.LONGEST_SHORT} letters.")
        name = saved_views.known_as(view.name)
        if (whose := taken.get(name)) is not None:
            raise source.error(f"{where}.name", f"a view is called `{name}` already ({whose}). Choose another name.")
        taken[name] = f"view {number + 1}"
        try:
            saved_views.own(view.name, view.query)
        except QueryError as error:
            place = f"from letter {error.start + 1} of `query`: "
            raise source.error(f"{where}.query", f"{place}{error.message}") from None
    known, seen = arranged(views, ()), set[str]()
    for name in shown:
        if known.named(name) is None:
            raise source.error("console.views", known.unknown(name))
        if saved_views.known_as(name) in seen:
            raise source.error("console.views", f"`{name}` stands in `views` twice. Take one out.")
        seen.add(saved_views.known_as(name))


def arranged(views: Sequence[View], shown: Sequence[str]) -> Shelf:
    """Return the views of a desk, in the order in which they are to be shown."""
    from supportterm.domain import saved_views

    own: list[SavedView] = [saved_views.own(view.name, view.query, view.short, view.empty) for view in views]
    return saved_views.arranged(own, shown)
