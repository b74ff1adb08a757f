"""Bytes to text: the declared charset, else candidates weighed by what they make of the bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from functools import lru_cache

SAMPLE = 16_384
"""Bytes looked at when a charset is weighed."""

DETECTED = 48
"""Bytes from which on the general detector is worth asking."""

_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "windows-874": "cp874",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "koi8-u": "koi8_u",
}
_REFUSED = frozenset(
    {"utf-7", "utf7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "csunicode11utf7", "u7", "imap4-utf-7"}
)
_CANDIDATES = ("cp1251", "koi8-r", "cp932", "euc_jp", "cp1254", "cp1252", "gb18030", "cp949", "cp950", "cp1250")

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_CYRILLIC_WORD = re.compile("[А-ЯЁ]?[а-яёіїєґ]+|[А-ЯЁІЇЄҐ]+")
_FREQUENT_CYRILLIC = frozenset("оеаинтслврокмдпуя")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_TURKISH = re.compile("[ğışĞİŞçöüÇÖÜ]")
_WESTERN = re.compile("[äöüßéèêëàâáíóúñçôûîïùÿœæøåãõÄÖÜÉÈÀÅØÆÑÃÕÇ¿¡€’‘“”–—…•™©®°«»]")
_WITHIN_WORD = re.compile(
    "[A-Za-z][\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3][a-z]"
)
_CENTRAL = re.compile("[ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰăâîșțşţ]")
_MIXED_WORD = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\uff61-\uff9f¤¦§¬¶£¥¢Ðð³²¹¼½¾×÷ÞþÝý]")


@lru_cache(maxsize=256)
def codec(charset: str) -> str | None:
    """Return the Python codec for a charset's name, None where it is unknown or refused (UTF-7 is never decoded)."""
    name = charset.strip().strip("\"'").lower()[:60]
    name = _ALIASES.get(name, name)
    if name in _REFUSED or name.replace("_", "-") in _REFUSED:
        return None
    try:
        info = codecs.lookup(name)
        if info.name in (
            "utf-7",
            "idna",
            "punycode",
            "unicode_escape",
            "raw_unicode_escape",
            "undefined",
            "mbcs",
            "oem",
        ):
            return None
        "".encode(info.name)
        b"x".decode(info.name)
    except (LookupError, ValueError, UnicodeError, AssertionError):
        return None
    return info.name


def decode(raw: bytes, declared: str = "", hints: Iterable[str] = ()) -> tuple[str, str]:
    """Decode bytes that declare a charset, or none.

    Args:
        raw: the bytes.
        declared: the charset's name as the mail gives it, may be empty or wrong.
        hints: charsets named elsewhere in the same mail, tried before the general candidates.

    Returns:
        The text, and a defect in words, empty where all was well.
    """
    known = codec(declared) if declared else None
    seven_bit = raw.isascii()
    if seven_bit and (known is None or known in ("utf-8", "cp1252")) and b"\x1b$" not in raw:
        unknown = declared and known is None
        return raw.decode("ascii"), f"unknown charset {declared[:40]}" if unknown else ""
    if known and not (known == "cp1252" and "ascii" in declared.lower()):
        try:
            return raw.decode(known), ""
        except (UnicodeError, ValueError):
            pass
    text = guess(raw, hints)
    if known and text is None:
        return raw.decode(known, "replace"), f"not valid {declared[:40]}"
    defect = f"not valid {declared[:40]}" if declared else "8-bit text without a charset"
    return (text if text is not None else raw.decode("latin-1")), defect


def guess(raw: bytes, hints: Iterable[str] = ()) -> str | None:
    """Decode bytes of an unknown charset; None where nothing fits better than another."""
    if b"\x1b$" in raw[:SAMPLE] and raw.isascii():
        try:
            return raw.decode("iso2022_jp_ext")
        except UnicodeDecodeError:
            pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _mostly_utf8(raw, error):
            return raw.decode("utf-8", "replace")
    sample = raw[:SAMPLE]
    best: tuple[float, str] | None = None
    hinted = [name for name in (codec(hint) for hint in hints) if name and name != "utf-8"]
    for name in dict.fromkeys((*hinted, *_CANDIDATES)):
        try:
            text = sample.decode(name, "strict" if len(raw) <= SAMPLE else "ignore")
        except (UnicodeError, ValueError):
            continue
        weight = plausibility(text) + (0.15 if name in hinted else 0.0)
        if best is None or weight > best[0] + 1e-9:
            best = (weight, name)
    if best is not None and best[0] >= 0.5:
        return raw.decode(best[1], "replace")
    detected = _detect(sample) if len(sample) >= DETECTED else None
    if detected:
        return raw.decode(detected, "replace")
    return raw.decode(best[1], "replace") if best else None


def plausibility(text: str) -> float:
    """Weigh how much the characters beyond ASCII look like one language's text, from about -1 to 1."""
    high = [c for c in text if c > "\x7f"]
    if not high:
        return 0.0
    count = len(high)
    joined = "".join(high)
    cyrillic = len(_CYRILLIC.findall(joined))
    if cyrillic > 0.8 * count:
        words = _CYRILLIC_WORD.findall(text)
        shaped = sum(len(w) for w in words if len(w) > 1) / cyrillic
        lower = sum(c.islower() for c in high) / count
        frequent = sum(c in _FREQUENT_CYRILLIC for c in joined.lower()) / count
        mixed = len(_MIXED_WORD.findall(text)) / count
        return shaped * 0.4 + lower * 0.1 + frequent * 0.6 - mixed
    kana, han, hangul = (len(p.findall(joined)) for p in (_KANA, _HAN, _HANGUL))
    odd = len(_ODD.findall(joined)) / count + len(_WITHIN_WORD.findall(text)) / count
    if kana > 0.2 * count:
        return 0.9 - odd
    if hangul > 0.7 * count:
        common = sum(c in _COMMON_HANGUL for c in joined) / hangul
        return 0.35 + min(0.5, common * 2) - odd
    if han > 0.5 * count:
        common = sum(c in _COMMON_HAN for c in joined) / han
        return 0.35 + min(0.5, common * 2) - odd
    turkish = len(_TURKISH.findall(joined)) / count
    western = len(_WESTERN.findall(joined)) / count
    inside = len(re.findall(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][a-z]", text)) / count
    central = len(_CENTRAL.findall(joined)) / count
    return (
        max(turkish, western, central) * 0.6
        + min(1.0, inside) * 0.2
        - odd
        - 0.3 * (len(text) - len(text.strip("\x00")) > 0)
    )


_COMMON_HANGUL = frozenset("이가는을를의에서로고니다하지은도한사있어해요습안녕주문제품시기입없않았합세감그나")
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上个国们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长的時來這個們為說會對後國請謝您"
)


def _mostly_utf8(raw: bytes, error: UnicodeDecodeError) -> bool:
    """Tell UTF-8 that was cut, or has a broken byte or two, from text in another charset."""
    if error.reason == "unexpected end of data" and not raw[: error.start].isascii():
        return True
    text = raw[:SAMPLE].decode("utf-8", "replace")
    good = sum(c > "\x7f" for c in text) - text.count("\ufffd")
    return good > 8 * text.count("\ufffd")


def _detect(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    found = from_bytes(sample[:4096]).best()
    return codec(found.encoding) if found else None
