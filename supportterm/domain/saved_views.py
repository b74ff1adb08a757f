"""The views every desk has: names for queries, in the order of their digits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SavedView:
    """A query under a name."""

    name: str
    title: str
    query: str


VIEWS: tuple[SavedView, ...] = (
    SavedView("now", "Now", "is:open (assignee:me OR assignee:none) -is:snoozed"),
    SavedView("mine", "Mine", "is:open assignee:me -is:snoozed"),
    SavedView("unassigned", "Unassigned", "is:open assignee:none -is:snoozed"),
    SavedView("waiting", "Waiting for the customer", "status:pending -is:history"),
    SavedView("on-hold", "On hold", "status:on-hold"),
    SavedView("overdue", "Overdue", "is:open is:overdue"),
    SavedView("snoozed", "Snoozed", "is:snoozed"),
    SavedView("open", "Everything open", "is:open"),
    SavedView("solved", "Solved", "status:solved sort:-updated"),
    SavedView("spam", "Spam", "status:spam sort:-updated"),
)


def named(name: str) -> SavedView | None:
    """Return the view of that name, or None."""
    return next((view for view in VIEWS if view.name == name), None)
