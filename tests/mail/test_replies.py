"""The new text of a reply is found whatever mailer and language wrote it."""

from __future__ import annotations

import pytest

from supportterm.mail.parse import parse
from tests.mail.replies import REPLIES


@pytest.mark.parametrize(("body", "new"), [case[1:] for case in REPLIES], ids=[case[0] for case in REPLIES])
def test_only_the_new_text_is_left(body: str, new: str) -> None:
    raw = f"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n{body}".encode()
    assert parse(raw).reply_text == new


@pytest.mark.parametrize(("body", "new"), [case[1:] for case in REPLIES], ids=[case[0] for case in REPLIES])
def test_nothing_is_lost_from_the_whole_text(body: str, new: str) -> None:
    raw = f"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n{body}".encode()
    text = parse(raw).text
    assert [line for line in new.split("\n") if line not in text.split("\n")] == []


HTML = {
    "gmail": (
        '<div dir="ltr">It works.<div><br></div><div>Thanks,</div><div>Alex</div></div><br><div class="gmail_quote">'
        '<div dir="ltr" class="gmail_attr">On Tue, 3 Mar 2026, Nora wrote:<br></div>'
        '<blockquote class="gmail_quote" style="border-left:1px solid">Does it work?</blockquote></div>'
    ),
    "thunderbird": (
        "It works.<br><br>Thanks,<br>Alex<br><div class='moz-cite-prefix'>Blorp 3.3.2026 Nora:<br></div>"
        "<blockquote type='cite' cite='mid:x'><p>Does it work?</p></blockquote>"
    ),
    "apple": (
        "<div>It works.</div><div><br></div><div>Thanks,</div><div>Alex</div><div><blockquote type='cite'>"
        "<div>On 3 Mar 2026, at 10:05, Nora &lt;n@s.example&gt; wrote:</div><div>Does it work?</div></blockquote></div>"
    ),
    "outlook on the web": (
        "<div>It works.</div><div><br></div><div>Thanks,</div><div>Alex</div><hr style='width:98%'>"
        "<div id='divRplyFwdMsg'><b>Fra:</b> Nora &lt;n@s.example&gt;<br><b>Sendt:</b> tirsdag 3. mars 2026 10:05<br>"
        "<b>Til:</b> Alex<br><b>Emne:</b> Faktura</div><div>Does it work?</div>"
    ),
    "outlook": (
        "<p class=MsoNormal>It works.</p><p class=MsoNormal>Thanks,</p><p class=MsoNormal>Alex</p>"
        "<div style='border-top:solid'><p class=MsoNormal><b>From:</b> Nora [mailto:n@s.example] <br>"
        "<b>Sent:</b> Tuesday, March 3, 2026 10:05 AM<br><b>To:</b> Alex<br><b>Subject:</b> It</p></div>"
        "<p class=MsoNormal>Does it work?</p>"
    ),
    "yahoo": (
        "<div>It works.</div><div><br></div><div>Thanks,</div><div>Alex</div><div class='yahoo_quoted'>"
        "<div>Blorp Tuesday Nora blorpti:</div><div>Does it work?</div></div>"
    ),
    "gmail signature": (
        "<div>It works.</div><div><br></div><div>Thanks,</div><div>Alex</div>"
        "<div class='gmail_signature'>Alex Roe<br>Roe Ltd</div>"
    ),
}


@pytest.mark.parametrize("mailer", HTML)
def test_quotes_of_html_mail_are_folded_by_their_marks(mailer: str) -> None:
    raw = f"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n<html><body>{HTML[mailer]}".encode()
    assert parse(raw).reply_text.split() == ["It", "works.", "Thanks,", "Alex"]
