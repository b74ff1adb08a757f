"""The views every desk has: names for queries, in the order of their digits."""

from __future__ import annotations

from dataclasses import dataclass

from supportterm.domain import query


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


def named(name: str) -> SavedView | None:
    """Return the view of that name, or None."""
    return next((view for view in VIEWS if view.name == name), None)


def narrowed(view: SavedView, text: str) -> query.Query:
    """Return the query of a view with a filter on it; the filter's own order and limit win.

    Raises:
        QueryError: the filter cannot be read.
    """
    outer, inner = query.parse(view.query), query.parse(text)
    roots = tuple(node for node in (outer.root, inner.root) if node is not None)
    both = query.All(roots, 0, len(text)) if len(roots) > 1 else next(iter(roots), None)
    return query.Query(both, inner.sort or outer.sort, inner.limit)
