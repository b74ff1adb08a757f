"""Who really wrote: the customer behind a contact form or a colleague's forward."""

from __future__ import annotations

import re
from collections.abc import Sequence

from supportterm.domain.mail import Address
from supportterm.domain.text import clean
from supportterm.mail import addresses
from supportterm.mail.automatic import is_no_reply
from supportterm.mail.markers import lowered, markers

LINES_LOOK = 80

_FORM = re.compile(
    r"^(?:web|www|website|webmaster|form|forms|formular|contact|contact-?form|wordpress|apache|nobody|mailer|noreply|no-reply|notification"
    r"s?|server|system|robot|shop|webform|site)(?:$|[._+@-])",
    re.I,
)
_LINE = re.compile(r"[\s>*|]*[*_]{0,2}([^\W\d_][\w'’ .\-/]{0,30}?)[*_]{0,2}\s?[:：=]\s*[*_]{0,2}\s*(.{0,300})")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|enc|vs|vb|ilt|пересл|转发|轉寄|転送|fw)\s?[:：]", re.I)


def is_own(address: str, own: frozenset[str]) -> bool:
    """Tell whether an address is one of ours; `own` holds addresses and domains."""
    low = address.lower()
    domain = low.rpartition("@")[2]
    return bool(low) and any(low == one or domain == one.lstrip("@") for one in map(str.lower, own))


def original_sender(
    sender: Address, reply_to: Sequence[Address], subject: str, text: str, own: frozenset[str]
) -> Address | None:
    """Return the person a form or a forward speaks for, None where the sender speaks for themselves."""
    ours = is_own(sender.address, own)
    form = is_no_reply(sender.address) or _FORM.match(sender.address) is not None
    if not ours and not form:
        return None
    for one in reply_to:
        if one.address and one.address.lower() != sender.address.lower() and not is_own(one.address, own):
            return one if not is_no_reply(one.address) else None
    if ours and (_FORWARD.match(subject) or _has_forward_block(text)):
        return _forwarded(text, own)
    return _form(text, own)


def _has_forward_block(text: str) -> bool:
    return markers().separators.search(lowered(text[:4000])) is not None


def _forwarded(text: str, own: frozenset[str]) -> Address | None:
    """Return the first `From:` line of a forwarded mail that is not ours."""
    roles = markers().roles
    for line in text.split("\n")[: 4 * LINES_LOOK]:
        match = _LINE.match(line[:400])
        if match is None or "from" not in roles.get(lowered(match[1].strip()), ()):
            continue
        value = re.sub(r"\[(?:mailto:)?([^\]\s]+@[^\]\s]+)\]", r"<\1>", match[2]).replace("*", "")
        for one in addresses.read(value.encode("utf-8", "replace"), limit=2)[0]:
            if one.address and not is_own(one.address, own):
                return one
    return None


def _form(text: str, own: frozenset[str]) -> Address | None:
    """Return the name and address of a form's `Name:` and `Email:` lines; a value may stand on the next line."""
    known = markers()
    name = address = ""
    lines = [line[:400] for line in text.split("\n")[:LINES_LOOK]]
    for number, line in enumerate(lines):
        match = _LINE.match(line)
        if match is None:
            continue
        label, value = lowered(match[1].strip()), match[2].strip(" *_")
        if not value and number + 1 < len(lines):
            value = lines[number + 1].strip(" *_>")
        if not name and label in known.form_name and value and "@" not in value:
            name = clean(value, 120)
        elif not address and (label in known.form_email or "from" in known.roles.get(label, ())):
            found = _ADDRESS.search(value)
            if found and not is_own(found[0], own):
                address = found[0]
                before = value[: found.start()].strip(" <>\"'[(")
                name = name or (clean(before, 120) if "from" in known.roles.get(label, ()) else "")
    return Address(name, address) if address else None
