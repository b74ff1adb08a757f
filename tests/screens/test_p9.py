"""No byte of mail acts on the terminal or the console: every screen, every payload, in a real terminal (SAFETY: P9)."""

from __future__ import annotations
