"""Rules about facts: what the customer already sent, what must not be public or leave the house, which language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportterm.domain.concepts import Sentence
from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.lexicon import Hit, fold

ASK, KIND, FRESH = "ask-info", "k-", "another-one"
"""Concepts: what asks for something; what may be asked for; that another one is meant."""
_WINDOW = 8
_CODE = re.compile(
    r"(?<![\w@./-])(?:#\s?[\w-]*\d[\w-]*|№\s?[\w-]*\d[\w-]*|[A-ZА-Я]{1,6}[-–]?\d{2,}[\w-]*|\d{4,}[\w-]*)(?![\w@%])"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<![\w#№-])(?:\+|00|\(0|0)?\d[\d ()/-]{6,18}\d(?![\w-])")
_VALUES = {
    "k-email": _EMAIL,
    "k-phone": _PHONE,
    "k-browser": re.compile(
        r"\b(?:chrome|chromium|firefox|safari|edge|opera|brave|vivaldi|yandex browser)\b[ \d.]{0,8}", re.I
    ),
    "k-system": re.compile(
        r"\b(?:windows|mac ?os|os x|linux|ubuntu|debian|fedora|android|ios|ipados|iphone|ipad|pixel|galaxy|macbook|chromebook)"
        r"(?: ?(?:\d[\d.]*|xp|vista|pro|air|mini))?\b",
        re.I,
    ),
    "k-version": re.compile(r"(?<![\w.])v?\d{1,4}(?:\.\d{1,5}){1,3}(?![\w.])", re.I),
}
_NEAR = 24
"""Code points between a kind's name and its value in the customer's text."""
_SPECIAL = frozenset(("k-photo",))


def asks_known(subject: Subject) -> Iterator[Finding]:
    """Find requests for what the customer's own text holds."""
    reading = subject.structure
    if reading is None or not subject.customer.strip() or ASK not in reading.concepts:
        return
    for sentence in reading.sentences:
        for kind in [name for name in sentence.hits if name.startswith(KIND)]:
            for noun in sentence.hits[kind]:
                asking = _asking(sentence, noun)
                if asking is None or FRESH in sentence.hits:
                    continue
                value = _sent(subject, kind)
                if value:
                    start, end = reading.place(asking)
                    yield Finding(start, end, {"value": value})


def _asking(sentence: Sentence, noun: Hit) -> Hit | None:
    """Return the words that ask for a thing: the asking ones nearest to its name, and that."""
    if any(not_.end <= noun.start and noun.start - not_.end <= _WINDOW for not_ in sentence.hits.get("not", ())):
        return None
    best: Hit | None = None
    for ask in sentence.hits.get(ASK, ()):
        start, end = min(ask.start, noun.start), max(ask.end, noun.end)
        if end - start - (noun.end - noun.start) <= _WINDOW * 3 and (
            best is None or end - start < best.end - best.start
        ):
            best = Hit(start, end)
    return best


def _sent(subject: Subject, kind: str) -> str:
    """Return what of a kind the customer's text holds; empty where it holds none."""
    text = subject.customer
    if kind in _VALUES:
        found = _VALUES[kind].search(text)
        return found.group().strip() if found else ""
    reading = subject.customer_structure
    if reading is None:
        return ""
    if kind in _SPECIAL:
        place = next((reading.place(hit) for s in reading.sentences for hit in s.hits.get("sent-photo", ())), None)
        return " ".join(text[slice(*place)].split()) if place else ""
    numbers = [found for found in _CODE.finditer(text) if not _is_a_date(found.group())]
    nouns = {
        name: [reading.place(h) for s in reading.sentences for h in s.hits.get(name, ())]
        for name in _numbered(reading.concepts)
    }
    for number in numbers:
        near = [
            name
            for name, places in nouns.items()
            for start, end in places
            if 0 <= number.start() - end <= _NEAR or 0 <= start - number.end() <= _NEAR
        ]
        if (
            kind in near
            or (not near and number.group()[0] in "#№")
            or (not near and len(nouns) == 0 and _is_code(number.group()))
        ):
            return number.group().strip()
    return ""


def _numbered(concepts: set[str]) -> list[str]:
    return [name for name in concepts if name.startswith(KIND) and name not in _VALUES and name not in _SPECIAL]


def _is_code(text: str) -> bool:
    return any(c.isalpha() for c in text) or len(text) >= 6


def _is_a_date(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d(?:-\d\d-\d\d)?", text))


_OURS = frozenset(
    ("support", "help", "info", "hello", "service", "contact", "sales", "noreply", "no-reply", "office", "team", "care",
     "destek", "iletisim", "bilgi", "feedback", "press", "careers", "billing", "helpdesk")
)  # fmt: skip
_CARD = re.compile(r"(?<![\d-])(?:\d[ -]?){13,19}(?![\d-])")
_PERSONAL = (
    ("the order number", re.compile(
        r"\b(?:orders?|booking|reservation|invoice|customer|account|contract|policy|tracking|member(?:ship)?|client|case|parcel)"
        r"(?:\s(?:no\.?|number|nr\.?|id|code))?(?:\sis|:)?\s?[#№]?\s?(?=[\w-]*\d[\w-]*\d)[\w-]{3,20}"
        r"|(?:заказ\w*|брон\w*|договор\w*|сч[её]т\w*|накладн\w*|клиент\w*|аккаунт\w*|лицев\w+)(?:\sномер|\sсчёт\w*)?[:\s]{0,2}[№#]?\s?(?=[\w-]*\d[\w-]*\d)[\w-]{3,20}"
        r"|(?:ご?注文|予約|会員|顧客|契約|請求書|お客様|追跡|伝票|口座)(?:番号|№|No\.?|ID)?[はが:：#]?\s?[「]?(?=[\w-]*\d[\w-]*\d)[A-Za-z0-9-]{3,20}"
        r"|(?:sipariş\w*|rezervasyon\w*|fatura\w*|müşteri|üyelik|hesap|sözleşme|takip|kargo)(?:\s(?:numara\w*|no\w*|kod\w*))?[:\s]{1,2}[#]?(?=[\w-]*\d[\w-]*\d)[\w-]{3,20}",
        re.I)),
    ("the passport number", re.compile(
        r"\b(?:passport|driving licen[cs]e|licen[cs]e|ssn|social security|national insurance|id card|identity card)\D{0,20}[\w-]*\d{3,}[\w-]*"
        r"|(?:паспорт|снилс|инн)\D{0,20}\d[\d ]{3,}|(?:パスポート|旅券|免許証|マイナンバー)\D{0,10}[A-Za-z]*\d{3,}"
        r"|(?:pasaport|kimlik|ehliyet|tc\b)\D{0,20}[\w-]*\d{3,}", re.I)),
    ("the card", re.compile(
        r"\b(?:cards?|visa|mastercard|amex|iban|account)\b[^.!?\n]{0,20}(?:ending|ends|no\.?|number)[^.!?\n]{0,12}\d{4}\b"
        r"|\b[A-Z]{2}\d{2}(?: ?[\dA-Z]{4}){3,7}\b|карт\w*[^.!?\n]{0,25}\d{4}\b|カード[^。！？\n]{0,12}\d{4}|kart\w*[^.!?\n]{0,25}\d{4}\b", re.I)),
    ("the address", re.compile(
        r"\b\d{1,4}[a-z]?\s(?:[A-Z][\w'’.-]+\s){1,3}(?:st(?:reet)?|r(?:oa)?d|ave(?:nue)?|lane|ln|dr(?:ive)?|blvd|boulevard|court|ct|square|sq|way|close|place|pl|terrace|crescent|hill|row)\b"
        r"|\b(?:ул\.|улиц[аеуы]|пр-т|просп\.|проспект\w*|пер\.|переул\w+|шоссе|наб\.|бульвар\w*)\s?[А-ЯЁ][\w-]+[^.!?\n]{0,15}\d{1,4}|\b[А-ЯЁ][\w-]+(?:ой|ая)\s(?:улиц\w+|ул\.),?\s(?:д\.?\s?|дом\s)?\d{1,4}|\b(?:кв|д)\.\s?\d{1,4}"
        r"|〒\s?\d{3}-?\d{4}|\d{1,3}丁目|[一-鿿]{1,5}[市区町村][一-鿿ァ-ヶー]{1,8}\d{1,3}[-－番]\d{1,3}"
        r"|\b[A-ZÇĞİÖŞÜ][\w'’]+\s(?:sok(?:ak|ağı)?|cad(?:desi|de)?|mah(?:allesi|alle)?|bulvar[ıi]|apt\.?)\b\.?[^.!?\n]{0,20}\d{1,4}", 0)),
    ("the birthday", re.compile(
        r"\b(?:born|birthday|date of birth|birth ?date|dob)\b[^.!?\n]{0,25}\d{1,4}|(?:родил\w+|день рождения|дат\w+ рождения)[^.!?\n]{0,25}\d{1,4}"
        r"|(?:生年月日|誕生日|お誕生日|生まれ)[^。！？\n]{0,15}\d{1,4}|\d{1,4}[年月]\d{1,2}[月日]?\d{0,2}日?生まれ"
        r"|(?:doğum (?:tarih|gün)\w*|doğdu\w*)[^.!?\n]{0,25}\d{1,4}", re.I)),
)  # fmt: skip
_CALL_US = re.compile(
    r"\b(?:call|ring|phone|reach|hotline|our|line)\b|звон|телефон\w* поддержки|наш|горяч|窓口|当社|弊社|フリーダイヤル|お電話|\bara(?:y|may|ma)|bizi|hatt[ıi]",
    re.I,
)


def public_data(subject: Subject) -> Iterator[Finding]:
    """Find a person's data in what everybody can read."""
    if subject.reply.channel != "social":
        return
    text = subject.text
    for found in _EMAIL.finditer(text):
        if fold(found.group().partition("@")[0], "en") not in _OURS:
            yield Finding(found.start(), found.end(), {"what": "the e-mail address"})
    for found in _CARD.finditer(text):
        yield Finding(found.start(), found.start() + len(found.group().rstrip(" -")), {"what": "the card number"})
    for what, pattern in _PERSONAL:
        for found in pattern.finditer(text):
            yield Finding(found.start(), found.end(), {"what": what})
    for found in _PHONE.finditer(text):
        digits = sum(c.isdigit() for c in found.group())
        if 7 <= digits <= 12 and not _CALL_US.search(text, max(0, found.start() - 40), found.start()):
            yield Finding(found.start(), found.end(), {"what": "the phone number"})


_TICKET_LINK = re.compile(
    r"https?://\S+|\bwww\.\S+|(?<![\w])/?(?:t|tickets?|case|help|support)/[\w-]*\d[\w-]*|(?<!\w)/t/\w+|\b[\w-]+\.[a-z]{2,6}/\S+",
    re.I,
)


def no_ticket_link(subject: Subject) -> bool:
    """Tell whether a public reply has no link to go on at."""
    return not _TICKET_LINK.search(subject.raw)


_HOST = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[\w-]+\.)+(?:local|corp|internal|intranet|lan|intra|priv)\b(?:[:/][^\s)\"'»”]*)?"
    r"|\bhttps?://(?:intranet|wiki|jira|crm|backoffice|admin|staging|grafana|kibana|jenkins|gitlab)(?::\d+)?(?:/[^\s)\"'»”]*)?(?=\s|$|[).,])"
    r"|(?<![\w.])10\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:[:/]\S*)?(?![\w])|(?<![\w.])172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}(?![\w])",
    re.I,
)
_LABEL = re.compile(
    r"[\[(［（【](?:internal(?: only| note| use)?|int\.?|intern|team only|private note|staff only|not for customers?|внутренн\w*|для своих|служебн\w*"
    r"|社内\w{0,4}|内部\w{0,4}|社外秘|dahili\w*|iç not|iç yazışma|şirket içi)[\])］）】]"
    r"|^[ \t]*(?:internal(?: note| only| comment)?|note to (?:self|team|colleagues?)|team note|for the team|agent note|внутренн\w+ (?:заметка|комментарий|запись)|для (?:внутреннего пользования|коллег|команды)"
    r"|служебно|社内(?:用|メモ|向け|連絡)|内部メモ|dahili not|iç not|ekip notu)[ \t]*[:：—–-]",
    re.I | re.M,
)


def internal(subject: Subject) -> Iterator[Finding]:
    """Find labels of internal notes, and hosts or addresses that only exist within the house."""
    bare = subject.with_addresses
    for pattern in (_LABEL, _HOST):
        for found in pattern.finditer(bare):
            end = found.start() + len(found.group().rstrip(".,;:"))
            start = found.start() + len(found.group()) - len(found.group().lstrip())
            yield Finding(start, max(end, start + 1))


_NAMES = {"en": "English", "ru": "Russian", "ja": "Japanese", "tr": "Turkish", "de": "German", "fr": "French",
          "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "uk": "Ukrainian",
          "sv": "Swedish", "no": "Norwegian", "da": "Danish", "fi": "Finnish", "cs": "Czech", "zh": "Chinese",
          "ko": "Korean", "el": "Greek", "hu": "Hungarian", "ro": "Romanian", "ar": "Arabic", "he": "Hebrew",
          "vi": "Vietnamese"}  # fmt: skip
_ASKED_FOR = {
    "en": re.compile(
        r"english|англ|英語|ingilizce|englisch|anglais|ingl[eé]s|inglese|engels|angiel|англійськ|영어|英文|engelsk",
        re.I,
    ),
    "ru": re.compile(r"russian|русск|ロシア語|rus[cç]a|russisch|russe|ruso|russo|rosyj|російськ", re.I),
    "ja": re.compile(r"japanese|японск|日本語|japonca|japanisch|japonais|japon[eé]s|giapponese", re.I),
    "tr": re.compile(r"turkish|турецк|トルコ語|t[uü]rk[cç]e|t[uü]rkisch|turc|turco", re.I),
}
_FEWEST_LETTERS = 8


def language_mismatch(subject: Subject) -> Iterator[Finding]:
    """Find a reply in another language than the customer's, unless that is what they asked for."""
    mine, theirs = subject.reply.lang, subject.reply.customer_lang
    if theirs is None or theirs == mine or not subject.reply.lang_is_sure:
        return
    if min(_letters(subject.plain), _letters(subject.customer)) < _FEWEST_LETTERS:
        return
    asked = _ASKED_FOR.get(mine)
    if asked is None or not asked.search(subject.reply.customer):
        yield Finding(values={"a": _NAMES.get(theirs, theirs), "b": _NAMES.get(mine, mine)})


def _letters(text: str) -> int:
    cjk = sum("\u3040" <= c <= "\u9fff" for c in text)
    return sum(map(str.isalpha, text)) + cjk
