"""Replies as mailers in many languages write them: a name, the body, the new text."""

from __future__ import annotations

REPLIES: list[tuple[str, str, str]] = []


def _add(name: str, body: str, new: str) -> None:
    REPLIES.append((name, body.strip("\n"), new.strip("\n")))


_ASKED = "> Could you send the invoice again?\n>\n> Kind regards\n> Nora"

for _name, _intro in {
    "english": "On Tue, 3 Mar 2026 at 10:05, Nora Field <nora@shop.example> wrote:",
    "english, wrapped": "On Tue, 3 Mar 2026 at 10:05, Nora Field\n<nora@shop.example> wrote:",
    "english, verb alone": "On Tuesday, March 3, 2026 at 10:05 AM Nora Field <nora@shop.example>\nwrote:",
    "english, yahoo": "--- On Tue, 3/3/26, Nora Field <nora@shop.example> wrote:",
    "english, no date": "Nora Field <nora@shop.example> wrote:",
    "horde": "Quoting Nora Field <nora@shop.example>:",
    "german": "Am 03.03.26 um 10:05 schrieb Nora Field:",
    "german, wrapped": "Nora Field <nora@shop.example> schrieb am Di., 3. März\n2026, 10:05:",
    "french": "Le mar. 3 mars 2026 à 10:05, Nora Field <nora@shop.example> a écrit :",
    "spanish": "El mar, 3 mar 2026 a las 10:05, Nora Field (<nora@shop.example>) escribió:",
    "italian": "Il giorno mar 3 mar 2026 alle ore 10:05 Nora Field <nora@shop.example>\nha scritto:",
    "portuguese": "Em ter., 3 de mar. de 2026 às 10:05, Nora Field <nora@shop.example> escreveu:",
    "dutch": "Op di 3 mrt 2026 om 10:05 schreef Nora Field <nora@shop.example>:",
    "polish": "W dniu 3.03.2026 o 10:05, Nora Field pisze:",
    "polish, gmail": "wt., 3 mar 2026 o 10:05 Nora Field <nora@shop.example> napisał(a):",
    "swedish": "Den tis 3 mars 2026 kl 10:05 skrev Nora Field <nora@shop.example>:",
    "danish": "Den 03.03.2026 kl. 10.05 skrev Nora Field:",
    "norwegian": "tir. 3. mars 2026 kl. 10:05 skrev Nora Field <nora@shop.example>:",
    "finnish": "ti 3. maalisk. 2026 klo 10.05 Nora Field (nora@shop.example) kirjoitti:",
    "czech": "út 3. 3. 2026 v 10:05 odesílatel Nora Field <nora@shop.example> napsal:",
    "hungarian": "Nora Field <nora@shop.example> ezt írta (időpont: 2026. márc. 3., K, 10:05):",
    "romanian": "Pe mar., 3 mar. 2026 la 10:05, Nora Field <nora@shop.example> a scris:",
    "russian": "вт, 3 мар. 2026 г. в 10:05, Nora Field <nora@shop.example>:",
    "russian, verb": "03.03.2026 10:05, Нора Филд пишет:",
    "ukrainian": "вт, 3 бер. 2026 р. о 10:05 Nora Field <nora@shop.example> пише:",
    "turkish": "Nora Field <nora@shop.example>, 3 Mar 2026 Sal, 10:05 tarihinde şunu yazdı:",
    "turkish, wrapped": "Nora Field Destek Ekibi Müşteri Hizmetleri\n"
    "<nora@shop.example>, 3 Mar 2026 Sal, 10:05 tarihinde\nşunu yazdı:",
    "japanese": "2026年3月3日(火) 10:05 Nora Field <nora@shop.example>:",
    "japanese, thunderbird": "On 2026/03/03 10:05, 野原のら wrote:",
    "chinese": "Nora Field <nora@shop.example> 于2026年3月3日周二 10:05写道：",
    "korean": "2026년 3월 3일 (화) 오전 10:05, Nora Field <nora@shop.example>님이 작성:",
    "vietnamese": "Vào Th 3, 3 thg 3, 2026 vào lúc 10:05 Nora Field <nora@shop.example> đã viết:",
    "greek": "Στις Τρί 3 Μαρ 2026 στις 10:05 π.μ., ο χρήστης Nora Field <nora@shop.example>\nέγραψε:",
    "hebrew": "‫בתאריך יום ג׳, 3 במרץ 2026 ב-10:05 מאת ‪Nora Field‬‏ <‪nora@shop.example‬‏>:‬",
    "a language nobody taught us": "Klo 3.3.2026 10:05 Nora Field <nora@shop.example> blorpti:",
}.items():
    _add(
        f"reply above, {_name}",
        f"It arrived, thank you.\n\nAlex\n\n{_intro}\n\n{_ASKED}",
        "It arrived, thank you.\n\nAlex",
    )
    _add(
        f"reply below, {_name}",
        f"{_intro}\n{_ASKED}\n\nIt arrived, thank you.\n\nAlex",
        "It arrived, thank you.\n\nAlex",
    )

for _name, _block in {
    "english": "From: Nora Field <nora@shop.example>\nSent: Tuesday, March 3, 2026 10:05 AM\n"
    "To: Alex\nSubject: Invoice",
    "english, bold": "*From:* Nora Field\n*Sent:* Tuesday, March 3, 2026 10:05 AM\n*To:* Alex\n*Subject:* Invoice",
    "english, date first": "Date: Tue, 3 Mar 2026 10:05:00 +0100\nFrom: nora@shop.example\n"
    "To: alex@home.example\nSubject: Invoice",
    "english, no sender": "Date: Tue, 3 Mar 2026 10:05:00 +0100\nTo: alex@home.example",
    "german": "Von: Nora Field\nGesendet: Dienstag, 3. März 2026 10:05\nAn: Alex\nCc: Kim\nBetreff: Rechnung",
    "french": "De : Nora Field\nEnvoyé : mardi 3 mars 2026 10:05\nÀ : Alex\nObjet : Facture",
    "spanish": "De: Nora Field\nEnviado el: martes, 3 de marzo de 2026 10:05\nPara: Alex\nAsunto: Factura",
    "italian": "Da: Nora Field\nInviato: martedì 3 marzo 2026 10:05\nA: Alex\nOggetto: Fattura",
    "dutch": "Van: Nora Field\nVerzonden: dinsdag 3 maart 2026 10:05\nAan: Alex\nOnderwerp: Factuur",
    "polish": "Od: Nora Field\nWysłano: wtorek, 3 marca 2026 10:05\nDo: Alex\nTemat: Faktura",
    "swedish": "Från: Nora Field\nSkickat: den 3 mars 2026 10:05\nTill: Alex\nÄmne: Faktura",
    "russian": "От: Нора Филд\nОтправлено: 3 марта 2026 г. 10:05\nКому: Алексей\nТема: Счёт",
    "turkish": "Kimden: Nora Field\nGönderildi: 3 Mart 2026 Salı 10:05\nKime: Alex\nKonu: Fatura",
    "japanese": "差出人: 野原 <nora@shop.example>\n送信日時: 2026年3月3日 10:05\n宛先: Alex\n件名: 請求書",
    "chinese": "发件人: Nora Field\n发送时间: 2026年3月3日 10:05\n收件人: Alex\n主题: 发票",
    "korean": "보낸 사람: Nora Field <nora@shop.example>\n"
    "보낸 날짜: 2026년 3월 3일 화요일 10:05\n받는 사람: Alex\n제목: 청구서",
}.items():
    _add(
        f"header block, {_name}",
        f"It arrived, thank you.\n\n{_block}\n\nCould you send it again?",
        "It arrived, thank you.",
    )
    _add(
        f"header block under a rule, {_name}",
        f"It arrived, thank you.\n________________________________\n{_block}\n\nCould you send it again?\n\nNora",
        "It arrived, thank you.",
    )

for _name, _line in {
    "english": "-----Original Message-----",
    "german": "-----Ursprüngliche Nachricht-----",
    "french": "-------- Message d'origine --------",
    "spanish": "-----Mensaje original-----",
    "russian": "-------- Исходное сообщение --------",
    "turkish": "-----Özgün İleti-----",
    "turkish, newer": "-------- Orijinal mesaj --------",
    "japanese": "-----元のメッセージ-----",
    "chinese": "------------------ 原始邮件 ------------------",
    "forward": "---------- Forwarded message ---------",
    "forward, apple": "Begin forwarded message:",
    "another desk": "##- Please type your reply above this line -##",
    "notes": "-----Nora Field <nora@shop.example> wrote: -----",
}.items():
    _add(
        f"separator, {_name}",
        f"It arrived, thank you.\n\n{_line}\n\nCould you send it again?",
        "It arrived, thank you.",
    )

for _line in (
    "Sent from my iPhone",
    "Sent from my mobile",
    "Sent from Outlook for iOS",
    "Get Outlook for Android<https://links.example/out>",
    "Sent from Mail for Windows",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPad",
    "Wysłane z iPhone'a",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Отправлено с iPhone",
    "Отправлено из мобильной Почты",
    "iPhone'umdan gönderildi",
    "iPhoneから送信",
    "发自我的 iPhone",
    "나의 iPhone에서 보냄",
    "Von meinem Mobilgerät gesendet",
    "Sent from my iPhone, please excuse the brevity",
    "Sent with [Proton Mail](https://links.example/p) secure email.",
    "Sent from Blorpbox",
    "[Sent from my tin can]",
):
    _add(f"device, {_line}", f"It arrived, thank you.\n\n{_line}", "It arrived, thank you.")

for _line in (
    "Sent from the warehouse, it took nine days.",
    "Sent from Hamburg on Monday",
    "Sent from my desk, is that not nice, with my phone",
    "On Monday your colleague wrote:",
    "Get well soon",
    "* the original message is gone *",
    "On 3 March 2026 she wrote, and I quote:",
    "Ich habe das Paket gestern gesendet",
    "Ürün dün gönderildi",
    "Отправлено с опозданием",
    "Mail me when it is done.",
    "From: Berlin",
    "-- and then it stopped",
    "5 > 3 is what it says",
    "On this day I wrote nothing:",
    "Our order numbers:",
):
    _add(f"no marker, {_line}", f"The parcel is late.\n{_line}\nWhat now?", f"The parcel is late.\n{_line}\nWhat now?")

_add("signature", "It works.\n\nThanks,\nAlex\n\n-- \nAlex Roe\nRoe Ltd\n+1 555 0100", "It works.\n\nThanks,\nAlex")
_add("signature without its blank", "It works.\n\n--\nAlex Roe\nRoe Ltd", "It works.")
_add(
    "signature above the quote",
    f"It works.\n\n-- \nAlex Roe\n\nOn 3 Mar 2026, at 10:05, Nora <n@s.example> wrote:\n\n{_ASKED}",
    "It works.",
)
_add(
    "signature below the quote",
    f"It works.\n\nOn 3 Mar 2026, at 10:05, Nora <n@s.example> wrote:\n\n{_ASKED}\n\n-- \nAlex Roe",
    "It works.",
)
_add("sign-off stays", "It works.\n\nMany thanks,\nAlex", "It works.\n\nMany thanks,\nAlex")
_add(
    "list footer",
    "It works.\n\n_______________________________________________\nusers mailing list\n"
    "users@lists.example\nhttps://lists.example/users",
    "It works.",
)
_add(
    "japanese signature between rules",
    "お世話になっております。\n届きました。\n\n"
    "--------------------\n株式会社ロー\n山田太郎\nTEL: 03-0000-0000\n--------------------",
    "お世話になっております。\n届きました。",
)
_add(
    "rule within a text stays",
    "The log says:\n----------\nerror 17\nerror 18\n----------\nWhat does it mean?",
    "The log says:\n----------\nerror 17\nerror 18\n----------\nWhat does it mean?",
)
_add(
    "answers between the questions",
    "Hi Nora,\n\nOn 3 Mar 2026, at 10:05, Nora <n@s.example> wrote:\n> Which size?\n\nLarge.\n\n"
    "> Which colour?\n\nBlue.\n\nAlex",
    "Hi Nora,\n\n> Which size?\n\nLarge.\n\n> Which colour?\n\nBlue.\n\nAlex",
)
_add(
    "answers without words above",
    "On 3 Mar 2026, at 10:05, Nora <n@s.example> wrote:\n> Which size?\n\nLarge.\n\n"
    "> Which colour?\n\nBlue.\n\n> Kind regards\n> Nora",
    "> Which size?\n\nLarge.\n\n> Which colour?\n\nBlue.",
)
_add(
    "greeting above, answer below",
    "Hi Nora,\n\nOn 3 Mar 2026, at 10:05, Nora <n@s.example> wrote:\n> Is it still broken?\n\nYes, it is.\n\nAlex",
    "Hi Nora,\n\n> Is it still broken?\n\nYes, it is.\n\nAlex",
)
_add(
    "quote of quotes",
    "Done.\n\nOn 3 Mar 2026, at 10:05, Nora <n@s.example> wrote:\n\n> Please do.\n>\n"
    "> On 2 Mar 2026, at 9:00, Alex <a@h.example> wrote:\n>> Shall I?\n>",
    "Done.",
)
_add("only a quote", "> Which size?", "> Which size?")
_add(
    "unquoted mail below",
    "Done.\n\nOn Tue, 3 Mar 2026 at 10:05, Nora Field <nora@shop.example> wrote:\n\nPlease do.\n\nNora",
    "Done.",
)
_add(
    "signed text",
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt works.\n"
    "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----",
    "It works.",
)
_add(
    "advertised address stays",
    "The banner reads\n>>> >>> https://shop.example <<<\nand nothing happens.",
    "The banner reads\n>>> >>> https://shop.example <<<\nand nothing happens.",
)
_add(
    "form fields are no header block",
    "Name: Alex\nOrder: 4711\nMessage: where is it?",
    "Name: Alex\nOrder: 4711\nMessage: where is it?",
)
_add(
    "a quote made by hand stays",
    "> It works on every phone.\n\nNot on mine.",
    "> It works on every phone.\n\nNot on mine.",
)
_add(
    "answer below a quote that names itself",
    "> On 3 Mar 2026, at 10:05, Nora <n@s.example> wrote:\n>\n> Does it work?\n\nYes.",
    "Yes.",
)
_add(
    "introduction whose bracket was wrapped",
    "Merci.\n\nLe mar. 3 mars 2026 à 10:05, Nora Field <nora@shop.example\n> a écrit :\n\n> Et alors ?",
    "Merci.",
)
_add(
    "list footer without a rule",
    "It works.\n\nUnsubscribe: <mailto:users-request@lists.example?subject=unsubscribe>\n<https://lists.example/users>",
    "It works.",
)
