"""The HTML alternative says what the plain text says, and nothing of it acts."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.mail import rich
from supportterm.mail.body import unflow
from supportterm.mail.flowed import WIDTH, flowed
from supportterm.mail.html import to_text
from supportterm.mail.parse import parse
from tests.mail.test_compose import is_fit_for_the_wire, mail

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="https://spy.example/x.gif" onerror="go()">',
    "</blockquote></body></html><p>out",
    "<!-- hidden --> <![CDATA[ x ]]> <?php x ?>",
    "&lt;b&gt; &amp;amp; &#60;script&#62; &copy &notin; &",
    'https://a.example/"onclick="x" https://b.example/\'><b>',
    "javascript:alert(1) data:text/html,<b>x</b> vbscript:x",
    "<style>body{display:none}</style><base href=https://evil.example/>",
    "<a href=https://evil.example>https://bank.example</a>",
    "> <b>quoted</b>\n>> deeper </blockquote>\n> back",
    "{{ticket.key}} ${1|a|} %n \\",
    "\u202eevil\u202c \u200b zero",
]
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029"), max_size=40)
LINES = st.lists(
    st.tuples(st.sampled_from(["", "> ", ">", ">> ", "> > ", ">>>> ", "  ", "- "]), WORDS | st.sampled_from(HOSTILE)),
    max_size=12,
)


def plain(text: str) -> str:
    """Return a text without its blanks, and without lines of nothing but quote marks, which are blanks too."""
    lines = (re.sub(r"\s+", "", line) for line in text.split("\n"))
    return "".join(line for line in lines if line.strip(">"))


@given(LINES)
def test_what_is_read_back_is_the_plain_text(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(mark + words for mark, words in lines)
    back, defect = to_text(rich.html(text))
    assert not defect
    assert plain(back) == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    page = rich.html(text)
    assert plain(to_text(page)[0]) == plain(text)
    tags = set(re.findall(r"<\s*/?\s*([a-z!?][\w-]*)", page, re.IGNORECASE))
    assert tags <= {"!DOCTYPE", "html", "body", "br", "blockquote", "a"}
    assert not re.search(r"<[^>]*\b(?:src|on\w+|background|srcset)\s*=", page, re.IGNORECASE)
    assert all(re.match(r"https?://[^\"<>]+\"", target) for target in page.split('href="')[1:])


def test_quotes_are_quotes_as_deep_as_they_are_and_links_can_be_followed() -> None:
    page = rich.html("See https://acme.example/a?b=1&c=(2).\n> they said\n>> before\n> and\nEnd")
    assert '<a href="https://acme.example/a?b=1&amp;c=(2)">https://acme.example/a?b=1&amp;c=(2)</a>.' in page
    assert page.count("<blockquote") == page.count("</blockquote>") == 2
    assert to_text(page)[0].replace("\n>>\n", "\n").replace("\n>\n", "\n").split("\n")[1:4] == [
        "> they said",
        ">> before",
        "> and",
    ]


@pytest.mark.parametrize("text", [">" * 500 + " deep", "> " * 500 + "deep", "x\n" * 20_000, "y" * 300_000])
def test_absurd_texts_are_shown_or_left_plain(text: str) -> None:
    page = rich.html(text)
    assert not page or (plain(to_text(page)[0]) == plain(text) and page.count("<blockquote") <= rich.DEPTH)


@given(LINES)
def test_a_flowed_text_is_whole_again_when_it_is_read(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(mark + words for mark, words in lines)
    assert plain(unflow(flowed(text))) == plain(text)


def test_long_lines_are_broken_softly_and_short_ones_stay() -> None:
    text = "word " * 60 + "end\n\nFrom here\n>> " + "quoted " * 30 + "end\n-- \nAda"
    broken = flowed(text).split("\n")
    assert all(len(line) <= WIDTH + 2 for line in broken)
    assert broken[-2:] == ["-- ", "Ada"]
    assert unflow("\n".join(broken)) == text
    assert flowed("x" * 300) == "x" * 300


def test_a_rich_mail_carries_both_and_is_read_as_its_text() -> None:
    text = "Hello Mara,\n" + "it leaves <today> & arrives tomorrow. " * 6 + "\n\n> where is it?\n> Привет\nAda"
    raw = mail(text=text, is_rich=True)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert is_fit_for_the_wire(raw)
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert plain(parse(raw).text) == plain(text)
    assert plain(to_text(message.get_body(("html",)).get_content())[0]) == plain(text)  # type: ignore[union-attr] # it has one
    assert "format=flowed" not in str(email.message_from_bytes(mail(text=text)))


@pytest.mark.parametrize("line", ["  indented", " > no quote", "From here", "> From there", ">> deep", "a\tb", "-- "])
def test_a_flowed_line_keeps_its_own_beginning(line: str) -> None:
    written = flowed(line)
    assert unflow(written) == line
    assert not written.startswith("From ")
    assert written.startswith(">") == line.startswith(">")
