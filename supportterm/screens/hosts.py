"""Hosts as they really are: foreign letters as `xn--`, and whether a name pretends to be another."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

HOST = re.compile(r"(?<![\w@.-])((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24})(?![\w-])")
"""A name in a text that reads like a host's."""
_ENDINGS = frozenset({"png", "jpg", "jpeg", "gif", "pdf", "txt", "csv", "html", "htm", "doc", "docx", "xls", "xlsx"})


def real(host: str) -> str:
    """Return a host as the network knows it: letters beyond ASCII as `xn--…`, lower case."""
    labels = []
    for label in host.rstrip(".").lower().split("."):
        try:
            labels.append(label if label.isascii() else "xn--" + _folded(label).encode("punycode").decode("ascii"))
        except UnicodeError:
            labels.append(ascii(label).strip("'"))
    return ".".join(labels)


def real_address(address: str) -> str:
    """Return a mail address with its host as the network knows it."""
    local, at, host = address.rpartition("@")
    return f"{local}{at}{real(host)}" if at else address


def of_link(link: str) -> str:
    """Return the host a link leads to, as the network knows it; empty where it names none."""
    try:
        parts = urlsplit(link)
        host = parts.path.partition("?")[0].rpartition("@")[2] if parts.scheme == "mailto" else parts.hostname or ""
    except ValueError:
        return ""
    return real(host)


def disguised(host: str) -> bool:
    """Tell a host that is written with letters beyond ASCII, or that the network knows as such."""
    return not host.isascii() or any(label.startswith("xn--") for label in host.lower().split("."))


def named_in(words: str) -> list[str]:
    """Return the hosts a text names, as the network knows them; file names do not count."""
    return [real(name) for name in HOST.findall(words) if name.rpartition(".")[2].lower() not in _ENDINGS]


def same_site(one: str, other: str) -> bool:
    """Tell whether two hosts are one, or one lies under the other."""
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _folded(label: str) -> str:
    return unicodedata.normalize("NFKC", label).lower()
