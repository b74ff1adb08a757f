"""Rules about form: capitals, exclamation marks, emoji, length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.lexicon import fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GAP = re.compile(r"[ \t,:;–—-]{1,3}|[ \t]?\n[ \t]?")
_CAPS_WORDS, _CAPS_LETTERS, _CAPS_LONG = 3, 12, 4
_ACRONYMS = frozenset(
    ("HTTP", "HTTPS", "REST", "JSON", "HTML", "IMAP", "SMTP", "ISBN", "IBAN", "SWIFT", "SEPA", "ASCII", "OAUTH", "SAML",
     "LDAP", "YAML", "TOML", "HDMI", "WLAN", "BIOS", "KVKK", "TCKN", "IPTV", "CCTV", "VOIP", "DHCP", "DMARC", "DKIM",
     "NULL", "UUID", "POST")
)  # fmt: skip
_LOWER_TURKISH = str.maketrans({"I": "ı", "İ": "i"})

_TOO_LOUD = re.compile(r"[!！]\s?[!！]")
_MARK = re.compile(r"[!！]")
_MOST_MARKS = 4
_BRACKETS = re.compile(r"(?<![\d)])\){3,}")

_EMOJI = re.compile(
    "[\U0001f300-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u2604\u2607-\u260d\u2614-\u262f\u2638-\u263a\u2660-\u2668"
    "\u2728\u2763-\u2767\u2b50][\ufe0f\u200d\U0001f300-\U0001faff\U0001f1e6-\U0001f1ff\u2640\u2642\u2764]*|\u2764\ufe0f?"
)
_EMOTICON = re.compile(
    r"(?<![\w:;=])(?:[:;=8][-'o^]?[)\]dDpP(*]+(?![\w/])|[xX]D+\b|<3(?!\d)|\^_{0,3}\^;?|;_;|T_T|[oO]_[oO](?!\w))"
    r"|[(（][\^＾][_ω▽o.-]{0,3}[\^＾][;)）]*|[(（](?:笑|爆|汗|泣)[)）]|(?<=[ぁ-んァ-ヶ一-龯。！!？?])[wｗ]+(?![\w])"
)
_LONE_BRACKETS = re.compile(r"(?<=[^\s\d(:;])[ ]?\){2,}|(?<=[.!?…][ ])\)+(?=\s|$)")

_SENTENCE_LIMIT = {"en": 32, "ru": 26, "tr": 26}
_SENTENCE_CHARACTERS = 90
_CHAT_WORDS, _CHAT_CHARACTERS = 60, 150
_MAIL_WORDS, _MAIL_CHARACTERS = 180, 450
_TIMES_THE_QUESTION = 3


def all_caps(subject: Subject) -> Iterator[Finding]:
    """Find runs of capital words that are neither codes nor the customer's own."""
    if subject.reply.lang == "ja" or sum(map(str.isupper, _WORD.findall(subject.plain))) < _CAPS_WORDS:
        return
    theirs = {word.group() for word in _WORD.finditer(subject.reply.customer) if word.group().isupper()}
    run: list[re.Match[str]] = []
    for word in (*_WORD.finditer(subject.plain), None):
        loud = word is not None and word.group().isupper() and word.group().isalpha() and word.group() not in theirs
        if word is not None and loud and (not run or _GAP.fullmatch(subject.plain, run[-1].end(), word.start())):
            run.append(word)
            continue
        if _shouts([each.group() for each in run], subject):
            start, end = run[0].start(), run[-1].end()
            yield Finding(start, end, None, _lowered(subject, start, end))
        run = [word] if word is not None and loud else []


def _shouts(words: list[str], subject: Subject) -> bool:
    common = subject.pack.common if subject.pack is not None else frozenset()
    plain = {word for word in words if len(word) == _CAPS_LONG - 1 and fold(word, subject.reply.lang) in common}
    long = [word for word in words if (len(word) >= _CAPS_LONG or word in plain) and word not in _ACRONYMS]
    return len(words) >= _CAPS_WORDS and sum(map(len, words)) >= _CAPS_LETTERS and len(long) >= _CAPS_WORDS - 1


def _lowered(subject: Subject, start: int, end: int) -> str:
    text = subject.raw[start:end]
    lower = text.translate(_LOWER_TURKISH).lower() if subject.reply.lang == "tr" else text.lower()
    before = subject.raw[:start].rstrip()
    return text[:1] + lower[1:] if not before or before[-1] in ".!?" else lower


def exclamations(subject: Subject) -> Iterator[Finding]:
    """Find `!!`, or four marks in all; in Russian brackets that smile count too."""
    marks = len(_MARK.findall(subject.plain))
    smiles = subject.reply.lang == "ru" and _BRACKETS.search(subject.plain)
    if marks >= _MOST_MARKS or smiles or _TOO_LOUD.search(subject.plain):
        yield Finding()


def emoji(subject: Subject) -> Iterator[Finding]:
    """Find emoji and emoticons in what goes out as a letter."""
    if subject.reply.channel in ("email", "phone"):
        yield from _smiles(subject)


def _smiles(subject: Subject) -> Iterator[Finding]:
    patterns = [_EMOJI, _EMOTICON]
    if subject.reply.lang == "ru" and subject.plain.count(")") > subject.plain.count("("):
        patterns.append(_LONE_BRACKETS)
    for pattern in patterns:
        for found in pattern.finditer(subject.plain):
            start = found.end() - len(found.group().lstrip())
            yield Finding(start, found.end(), None, "")


def long_sentence(subject: Subject) -> Iterator[Finding]:
    """Find sentences of more words, in Japanese characters, than can be followed."""
    if subject.structure is None:
        return
    limit = _SENTENCE_LIMIT.get(subject.reply.lang)
    for sentence in subject.structure.sentences:
        start, end = subject.structure.place(sentence.span)
        length = sentence.last - sentence.first if limit else len("".join(subject.plain[start:end].split()))
        if length > (limit or _SENTENCE_CHARACTERS):
            yield Finding(start, end, {"n": length, "unit": "words" if limit else "characters"})


def long_reply(subject: Subject) -> Iterator[Finding]:
    """Find a reply far longer than its channel or its question asks for."""
    characters = subject.reply.lang == "ja"
    length = _length(subject.text, characters)
    asked = _length(subject.customer, characters)
    if subject.reply.channel == "chat":
        most = _CHAT_CHARACTERS if characters else _CHAT_WORDS
    elif subject.reply.channel in ("email", "phone") and asked:
        most = max(_MAIL_CHARACTERS if characters else _MAIL_WORDS, _TIMES_THE_QUESTION * asked)
    else:
        return
    if length > most:
        one = "character" if characters else "word"
        yield Finding(values={"n": length, "m": asked, "unit": f"{one}s", "unit_one": one})


def _length(text: str, characters: bool) -> int:
    return len("".join(text.split())) if characters else sum(1 for _ in _WORD.finditer(text))
