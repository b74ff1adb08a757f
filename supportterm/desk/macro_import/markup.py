"""HTML as the text it shows."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(?:p|br|div|span|ul|ol|li|b|i|a|strong|em|h[1-6]|table|blockquote)\b[^<>]*>", re.IGNORECASE)


def as_text(text: str) -> str:
    """Return what HTML shows; a text without tags as it is."""
    if not _TAG.search(text):
        return text
    from supportterm.mail import html

    return html.to_text(text)[0].strip()
