"""Views: names for queries, in the order of their digits; those every desk has, and a desk's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supportterm.domain import query, query_reach
from supportterm.domain.query_hints import nearest


@dataclass(frozen=True, slots=True)
class SavedView:
    """A query under a name; `tab` and `brief` are the title where room is short, `empty` what to say of no tickets.

    `tiered` where its order is the queue's own. In `empty` a view's name in
    braces stands for the key that leads there.
    """

    name: str
    title: str
    query: str
    tab: str
    brief: str
    empty: str
    tiered: bool = False


VIEWS: tuple[SavedView, ...] = (
    SavedView(
        "now",
        "Now",
        "is:open (assignee:me OR assignee:none) -is:snoozed",
        "Now",
        "Now",
        "Nothing presses. {waiting} shows whose answer you wait for.",
        tiered=True,
    ),
    SavedView(
        "mine",
        "Mine",
        "is:open assignee:me -is:snoozed",
        "Mine",
        "Mine",
        "Nothing is yours to answer. {unassigned} shows what nobody has taken.",
        tiered=True,
    ),
    SavedView(
        "unassigned",
        "Unassigned",
        "is:open assignee:none -is:snoozed",
        "Unassigned",
        "Unas",
        "Everything open has somebody. {mine} shows what is yours.",
        tiered=True,
    ),
    SavedView(
        "waiting",
        "Waiting for the customer",
        "status:pending -is:history sort:updated",
        "Waiting",
        "Wait",
        "No customer owes you an answer. {now} shows what presses.",
    ),
    SavedView(
        "on-hold",
        "On hold",
        "status:on-hold sort:due",
        "On hold",
        "Hold",
        "Nothing is on hold. {now} shows what presses.",
    ),
    SavedView(
        "promises",
        "Promises",
        "has:promise sort:promise",
        "Promises",
        "Prom",
        "No promise is open. {now} shows what presses.",
    ),
    SavedView(
        "problems",
        "Problems",
        "has:problem -status:solved -status:closed -status:spam",
        "Problems",
        "Prob",
        "No customer waits to hear of a problem. {now} shows what presses.",
    ),
    SavedView(
        "overdue",
        "Overdue",
        "is:open is:overdue",
        "Overdue",
        "Late",
        "Nothing is late. {now} shows what comes next.",
        tiered=True,
    ),
    SavedView(
        "snoozed",
        "Snoozed",
        "is:snoozed",
        "Snoozed",
        "Snoo",
        "Nothing is snoozed. {now} shows what presses.",
    ),
    SavedView(
        "open",
        "Everything open",
        "is:open",
        "Open",
        "Open",
        "Nobody waits for an answer. {solved} shows what was solved.",
        tiered=True,
    ),
    SavedView(
        "solved",
        "Solved",
        "status:solved sort:-updated",
        "Solved",
        "Solv",
        "Nothing was solved in the last seven days. {open} shows everything open.",
    ),
    SavedView(
        "spam",
        "Spam",
        "status:spam sort:-updated",
        "Spam",
        "Spam",
        "No spam. {now} shows what presses.",
    ),
)


LONGEST_NAME, LONGEST_SHORT = 40, 12
_BRIEF = 6
"""Letters of a name where room is shortest and nothing shorter was given."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The views of a desk: those shown, in the order of their digits, and those that can only be named."""

    views: tuple[SavedView, ...] = VIEWS
    others: tuple[SavedView, ...] = ()

    def __iter__(self) -> Iterator[SavedView]:
        """Yield every view, those shown first."""
        yield from self.views
        yield from self.others

    def named(self, name: str) -> SavedView | None:
        """Return the view of that name, else of that short name, or None; `Big customers` is `big-customers` too."""
        wanted = known_as(name)
        by_short = {known_as(view.tab): view for view in reversed(list(self))}
        return next((view for view in self if view.name == wanted), None) or by_short.get(wanted)

    def unknown(self, name: str) -> str:
        """Return the sentence for a name no view has."""
        return f"There is no view “{name}”. {nearest(known_as(name), [view.name for view in self])}"


BUILT_IN = Shelf()


def known_as(name: str) -> str:
    """Return what a view is called on the command line: small letters, hyphens for blanks."""
    return "-".join(name.casefold().split())


def own(name: str, text: str, short: str = "", empty: str = "") -> SavedView:
    """Return a view of a desk's own.

    Raises:
        QueryError: its query cannot be read.
    """
    title = " ".join(name.split())
    read = query.parse(text)
    tab = short or title
    brief = short or title.split(" ")[0][:_BRIEF]
    said = empty.replace("{", "{{").replace("}", "}}") or "Nothing here right now. {now} shows what presses."
    return SavedView(known_as(name), title, text, tab, brief, said, tiered=query_reach.in_tiers(read))


def arranged(own_views: Sequence[SavedView], order: Sequence[str]) -> Shelf:
    """Return a desk's shelf: the views it names in their order, else the built-in ones and then its own.

    Names that no view has are left out.
    """
    everything = Shelf((*VIEWS, *own_views))
    if not order:
        return everything
    shown = tuple(view for name in order if (view := everything.named(name)) is not None)
    return Shelf(shown or VIEWS, tuple(view for view in everything if view not in shown))


def mistakes(own_views: Sequence[tuple[str, str, str]], order: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a desk's own views (name, query, short name each) and with the order of all.

    Each as the place, `views.0.query` or `console.views`, and a sentence.
    """
    taken = {view.name: "built in" for view in VIEWS}
    for number, (name, text, short) in enumerate(own_views):
        where = f"views.{number}"
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            yield f"{where}.name", f"`name` takes 1 to {LONGEST_NAME} letters."
        elif (whose := taken.get(known_as(name))) is not None:
            yield f"{where}.name", f"a view is called `{known_as(name)}` already ({whose}). Choose another name."
        if len(short) > LONGEST_SHORT or not short.isprintable():
            yield f"{where}.short", f"`short` takes at most {LONGEST_SHORT} letters."
        try:
            query.parse(text)
        except query.QueryError as error:
            yield f"{where}.query", f"at letter {error.start + 1} of `query`: {error.message}"
        taken[known_as(name)] = f"view {number + 1}"
    known = Shelf((*VIEWS, *(SavedView(known_as(n), n, "", s or n, "", "") for n, _, s in own_views)))
    named: list[SavedView] = []
    for name in order:
        view = known.named(name)
        if view is None:
            yield "console.views", known.unknown(name)
        elif view in named:
            yield "console.views", f"`{name}` stands in `views` twice. Take one out."
        else:
            named.append(view)


def narrowed(view: SavedView, text: str) -> query.Query:
    """Return the query of a view with a filter on it; the filter's own order and limit win.

    Raises:
        QueryError: the filter cannot be read.
    """
    outer, inner = query.parse(view.query), query.parse(text)
    roots = tuple(node for node in (outer.root, inner.root) if node is not None)
    both = query.All(roots, 0, len(text)) if len(roots) > 1 else next(iter(roots), None)
    return query.Query(both, inner.sort or outer.sort, inner.limit or outer.limit)
