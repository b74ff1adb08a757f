"""What a template leaves behind when nobody fills it in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportterm.domain.hints.subject import Finding, Subject

_NOUNS = (
    r"name|surname|date|day|time|number|no\.?|link|url|amount|price|sum|address|product|item|order|ticket|agent|company"
    r"|customer|client|user|email|e-mail|phone|reason|city|country|insert|your|xxx|tbd|details?|case|topic|issue"
    r"|имя|фамили\w+|отчество|фио|дат[аеу]|врем\w+|номер|ссылк\w+|сумм\w+|адрес|товар\w*|заказ\w*|клиент\w*|компани\w+"
    r"|вставить|вставьте|указать|тема|город"
    r"|ad|adı|adınız|soyad|soyadı|isim|ismi|tarih|saat|numara\w*|tutar|adres|ürün|sipariş\w*|müşteri\w*|firma|şirket|bağlantı|konu"
    r"|氏名|お?名前|会社名|御社名|日付|日時|金額|番号|商品名|担当者名|顧客名|住所|件名|お客様名"
)
_KEYS = (
    r"OK|ESC|ENTER|TAB|CTRL|ALT|SHIFT|DEL|DELETE|HOME|END|SAVE|SEND|NEXT|BACK|CANCEL|YES|NO|START|STOP|F\d{1,2}|NOTE|WARNING"
    r"|INFO|ERROR|INTERNAL|URGENT|UPDATE|FIXED|SOLVED|ДА|НЕТ|TAMAM|EVET|HAYIR|DAHİLİ|ВНУТРЕННЕЕ"
)
_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}|\{%[^%\n]{0,80}%\}|\$\{[^{}\n]{1,80}\}"
    r"|\{[^\W\d][\w .'-]{0,40}\}|\{\d\}|\$[A-Z][A-Z_]{2,30}\b"
    rf"|[\[［](?!(?:{_KEYS})[\]］])(?=[^\]］\n]*[A-ZА-ЯЁÇĞİÖŞÜ])(?:[A-ZА-ЯЁÇĞİÖŞÜ0-9_'’.-]+[ /]?){{1,6}}(?<=[A-ZА-ЯЁÇĞİÖŞÜ_]{{2}})[\]］]"
    rf"|[\[［](?i:(?:[^\[\]\n]{{0,30}}[\s_'’])?(?:{_NOUNS})(?:[\s_'’/][^\[\]\n]{{0,30}})?)[\]］]"
    rf"|[【〔](?:{_NOUNS})[】〕]|[\[［](?:ここに)?[^\[\]\n]{{0,12}}(?:氏名|名前|日付|番号|会社名|金額|商品名)[^\[\]\n]{{0,8}}[\]］]"
    rf"|<<[^<>\n]{{1,40}}>>|<(?i:(?:[^<>\n/=@:]{{0,30}}[\s_-])?(?:{_NOUNS})(?:[\s_-][^<>\n/=@:]{{0,30}})?)>"
    r"|%%?[A-Za-z][A-Za-z_]{2,30}%%?|##[^\W\d][\w .-]{0,30}##|\*\|[A-Z_:]{2,30}\|\*|@@[\w ]{2,30}@@|__[A-Z][A-Z_]{2,30}__"
    r"|[〇○◯●◎△▲□■]{2,12}|[×✕]{2,12}(?=様|さま|さん|円|月|日|号|番)|(?<![＊*])[＊*]{2,6}(?=様|さま|さん)"
    r"|\b(?:TODO|FIXME|TBD|TBC)\b(?![ -]?[Ll]ist)|(?<![\w-])X{3,}(?![\w-]|\s?\d)|(?<![\wЀ-ӿ-])Х{3,}(?![\wЀ-ӿ-])"
    r"|\b(?:DD|GG|ДД)[./-](?:MM|AA|ММ)[./-](?:YYYY|YY|ГГГГ|YIL)\b|\bYYYY-MM-DD\b|\bHH:MM\b"
    r"|[(（](?i:insert|fill in|add|вставить|вставьте|указать|buraya|ここに)\s?[^()（）\n]{2,40}[)）]"
    r"|\bINSERT [A-Z ]{3,30}(?:HERE)?\b|(?<![\w_])_{3,30}(?![\w_]|\n*$)|(?<=\w )_{3,30}"
)
_NAMES = re.compile(r"name|имя|фио|\bad\b|adı|isim|氏名|名前|[〇○◯]{2}$", re.IGNORECASE)


def unfilled(subject: Subject) -> Iterator[Finding]:
    """Find placeholders, outside code; a name's is filled from the ticket."""
    for found in _PLACEHOLDER.finditer(subject.text):
        first = (subject.reply.customer_name or "").split(" ")[0]
        for_a_name = first and _NAMES.search(found.group())
        yield Finding(found.start(), found.end(), None, first if for_a_name else None)
