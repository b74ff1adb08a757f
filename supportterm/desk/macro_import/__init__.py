"""Snippets of other programs, taken over as macro files: what maps is mapped, what does not is listed."""

from __future__ import annotations

from supportterm.desk.macro_import.drafted import Drafted, Imported
from supportterm.desk.macro_import.reading import SOURCES, read
from supportterm.desk.macro_import.writing import Written, write

__all__ = ["SOURCES", "Drafted", "Imported", "Written", "read", "write"]
