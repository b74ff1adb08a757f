"""Keys for hands that learned another program: what differs from the console's own."""

from __future__ import annotations

from collections.abc import Mapping

Keymap = Mapping[str, tuple[str, ...]]
"""Command ids to the keys that stand in for the registry's."""

MUTT: Keymap = {
    "desk.undo": ("u",),
    "desk.search": ("slash", "ctrl+f"),
    "desk.sync-now": ("dollar_sign", "f5"),
    "list.page-down": ("space", "pagedown", "z"),
    "list.page-up": ("minus", "pageup", "Z"),
    "list.top": ("equals_sign", "home"),
    "list.bottom": ("asterisk", "end"),
    "queue.filter": ("l",),
    "queue.mark": ("t",),
    "queue.mark-range": ("T",),
    "queue.next-clock": ("N",),
    "conversation.next-clock": ("N",),
    "queue.preview": ("V",),
    "ticket.reply-all": ("g",),
    "ticket.forward": ("f",),
    "ticket.solve": ("d",),
    "ticket.status": ("s",),
    "ticket.tag": ("Y",),
    "ticket.priority": ("F",),
    "ticket.next": ("n", "tab"),
    "conversation.attachments": ("v",),
    "conversation.card": ("V",),
    "conversation.links": ("ctrl+b", "o"),
    "conversation.source": ("h",),
    "conversation.timeline": ("H",),
    "search.line": ("l",),
    "source.find": ("l",),
    "help.narrow": ("l",),
}
"""As in mutt's index and pager: `=` and `*`, `l` limits, `/` searches, `g` answers everyone, `d` and `u`."""

GMAIL: Keymap = {
    "desk.search": ("slash", "ctrl+f"),
    "desk.outbox": ("B",),
    "list.back": ("u", "escape", "q"),
    "queue.open": ("enter", "o"),
    "queue.filter": ("F",),
    "queue.next-clock": ("N",),
    "conversation.next-clock": ("N",),
    "ticket.reply-all": ("a",),
    "ticket.forward": ("f",),
    "ticket.assign": ("A",),
    "ticket.tag": ("l",),
    "ticket.priority": ("plus",),
    "ticket.block": ("exclamation_mark",),
    "conversation.fold": ("semicolon", "quotation_mark", "enter"),
    "conversation.links": ("O",),
    "outbox.look": ("enter", "o"),
    "search.open": ("enter", "o"),
    "search.line": ("F",),
    "source.find": ("F",),
    "help.narrow": ("F",),
}
"""As Gmail has them: `/` searches, `o` opens, `u` goes back, `a` answers everyone, `e` is done, `l` labels."""

PRESETS: dict[str, Keymap] = {"support": {}, "mutt": MUTT, "gmail": GMAIL}
