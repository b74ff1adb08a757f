"""The editor's own keys: moving, selecting, deleting. What a command of the registry claims is not here."""

from __future__ import annotations

from textual.binding import Binding

_KEYS = (
    ("up", "cursor_up", "Up"),
    ("down", "cursor_down", "Down"),
    ("left", "cursor_left", "Left"),
    ("right", "cursor_right", "Right"),
    ("ctrl+left,alt+b", "cursor_word_left", "Word left"),
    ("ctrl+right,alt+f", "cursor_word_right", "Word right"),
    ("home,ctrl+a", "cursor_line_start", "Row start"),
    ("end,ctrl+e", "cursor_line_end", "Row end"),
    ("pageup", "cursor_page_up", "Page up"),
    ("pagedown", "cursor_page_down", "Page down"),
    ("ctrl+home", "text_start", "Start"),
    ("ctrl+end", "text_end", "End"),
    ("shift+up", "cursor_up(True)", "Select up"),
    ("shift+down", "cursor_down(True)", "Select down"),
    ("shift+left", "cursor_left(True)", "Select left"),
    ("shift+right", "cursor_right(True)", "Select right"),
    ("ctrl+shift+left", "cursor_word_left(True)", "Select word left"),
    ("ctrl+shift+right", "cursor_word_right(True)", "Select word right"),
    ("shift+home", "cursor_line_start(True)", "Select to row start"),
    ("shift+end", "cursor_line_end(True)", "Select to row end"),
    ("backspace", "delete_left", "Delete left"),
    ("delete,ctrl+d", "delete_right", "Delete right"),
    ("ctrl+w,ctrl+backspace,alt+backspace", "delete_word_left", "Delete word left"),
    ("ctrl+delete,alt+delete", "delete_word_right", "Delete word right"),
    ("ctrl+u", "delete_to_start_of_line", "Delete to row start"),
    ("ctrl+k", "delete_to_end_of_line_or_delete_line", "Delete to row end"),
    ("ctrl+x", "cut", "Cut"),
    ("ctrl+c", "copy", "Copy"),
    ("ctrl+v", "paste", "Paste"),
)
BINDINGS = tuple(Binding(keys, action, title, show=False) for keys, action, title in _KEYS)
OWN_COMMANDS = frozenset({"reply.next-blank", "reply.previous-blank", "reply.undo", "reply.redo"})
"""Commands of the registry that the editor carries out itself, by whatever keys they have."""
