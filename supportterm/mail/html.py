"""HTML to readable text: quotes marked with `>`, links in full, nothing fetched."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

SIZE_LIMIT = 1_500_000
"""Code points of HTML read; the rest stays in the source."""
NODES_LIMIT = 60_000
DEPTH_LIMIT = 400
UNCLOSED_LIMIT = 5_000


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GONE = _names(
    "head style script title meta link noscript template iframe object embed svg math canvas audio video map select"
    " option"
)
_BLOCKS = _names(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul"
)
_PARAGRAPHS = _names("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre dl")
_CELLS = _names("td th")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|mso-hide\s*:\s*all", re.I
)
_INTRO = re.compile(r"\b(?:moz-cite-prefix|gmail_attr|protonmail_quote_intro)\b")
_QUOTED = re.compile(r"\b(?:yahoo_quoted|ydp\w{0,12}yahoo_quoted|protonmail_quote)\b")
_FORWARD_ID = re.compile(r"(?:x_)*(?:divRplyFwdMsg|appendonsend)$", re.I)
_SIGNATURE = re.compile(r"\b(?:gmail_signature|protonmail_signature_block)\b")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_SAFE_LINK = re.compile(r"(?:https?|ftps?|mailto|tel|sip|news):", re.I)


def to_text(html: str) -> tuple[str, str]:
    """Convert a mail's HTML.

    Returns:
        The text, quoted parts prefixed with `> `, and a defect in words, empty where all was well.
    """
    defect = ""
    if len(html) > SIZE_LIMIT:
        html, defect = html[:SIZE_LIMIT], "HTML longer than is read"
    if _may_nest_deep(html):
        return _stripped(html), "HTML nested too deep or too long"
    try:
        tree = LexborHTMLParser(html)
    except (ValueError, RuntimeError, MemoryError):
        return _stripped(html), "HTML that cannot be parsed"
    root = tree.body or tree.root
    if root is None:
        return "", defect
    writer = _Writer()
    if not _walk(root, writer):
        plain = root.text(deep=True, separator="\n")
        return _SPACES.sub(" ", plain) if len(
            plain
        ) > SIZE_LIMIT else plain, defect or "HTML nested too deep or too long"
    return writer.text(), defect


def _may_nest_deep(html: str) -> bool:
    """Tell HTML whose open elements alone would cost the parser seconds."""
    if html.count("<") < UNCLOSED_LIMIT:
        return False
    low = html.lower()
    flat = sum(low.count(tag) for tag in ("<br", "<p", "<li", "<td", "<tr", "<img", "<hr", "<meta", "<!"))
    return low.count("<") - 2 * low.count("</") - flat > UNCLOSED_LIMIT


def _stripped(html: str) -> str:
    """Take the tags off without a parser."""
    return unescape(re.sub(r"<[^<>]{0,2000}>", " ", html))


class _Writer:
    """Collects lines; knows how deep in quotes they stand and whether whitespace counts."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.gap = False
        self.quote = 0
        self.pre = 0
        self.prefix = ""

    def write(self, text: str) -> None:
        if self.pre:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for other in others:
                self.end_line()
                self.line.append(other)
            return
        text = _SPACES.sub(" ", text)
        if text == " " and not self.line:
            return
        if text.startswith(" ") and (not self.line or self.line[-1].endswith((" ", "\t"))):
            text = text[1:]
        if text:
            self.line.append(text)

    def end_line(self) -> None:
        text = "".join(self.line).rstrip()
        self.line = []
        if self.prefix and text:
            text, self.prefix = self.prefix + text, ""
        if self.gap and self.lines:
            self.lines.append(">" * self.quote)
        self.gap = False
        self.lines.append(f"{'>' * self.quote} {text}".rstrip() if self.quote else text)

    def block(self, paragraph: bool) -> None:
        if self.line and ("".join(self.line)).strip():
            self.end_line()
        self.line = []
        if paragraph and self.lines and self.lines[-1].strip("> "):
            self.gap = True

    def rule(self, line: str) -> None:
        self.block(False)
        self.lines.append(f"{'>' * self.quote} {line}" if self.quote else line)

    def text(self) -> str:
        self.block(False)
        return re.sub(r"\n{4,}", "\n\n\n", "\n".join(self.lines)).strip("\n")


def _walk(root: LexborNode, out: _Writer) -> bool:
    """Visit the tree without recursion; False where it is too deep or too large to finish."""
    stack: list[tuple[LexborNode, str, bool, str]] = []
    node: LexborNode | None = root
    count = 0
    while True:
        if node is not None:
            count += 1
            if count > NODES_LIMIT or len(stack) > DEPTH_LIMIT:
                return False
            if node.is_text_node:
                content = node.text_content
                if content:
                    out.write(content)
                node = node.next
                continue
            tag = node.tag or ""
            if tag in _GONE or tag.startswith(("-", "!")) or not node.is_element_node:
                node = node.next
                continue
            attributes = node.attributes if tag not in ("br", "b", "tr", "tbody") else {}
            if attributes and _is_hidden(attributes):
                node = node.next
                continue
            quoted = _open(tag, attributes, out)
            stack.append((node, tag, quoted, (attributes.get("href") or "") if tag == "a" else ""))
            if tag == "a":
                out.line.append("")
                stack[-1] = (node, tag, quoted, f"{len(out.lines)}:{len(out.line)}:{attributes.get('href') or ''}")
            node = node.child
            continue
        if not stack:
            return True
        closed, tag, quoted, link = stack.pop()
        _close(tag, quoted, link, out)
        if not stack:
            return True
        node = closed.next


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style) and _HIDDEN.search(style or "") is not None


def _is_quote(tag: str, attributes: dict[str, str | None]) -> bool:
    """Tell a quote from an indented paragraph, which editors also write as a blockquote."""
    named = attributes.get("class") or ""
    if tag == "blockquote":
        style = attributes.get("style") or ""
        return not ("40px" in style and "border: none" in style and "type" not in attributes and "gmail" not in named)
    return bool(named) and (_INTRO.search(named) or _QUOTED.search(named)) is not None


def _open(tag: str, attributes: dict[str, str | None], out: _Writer) -> bool:
    if tag == "br":
        out.end_line()
    elif tag == "hr":
        out.block(False)
        out.rule("-" * 24)
    elif tag == "img":
        alt = (attributes.get("alt") or "").strip()
        if alt and len(alt) < 200 and attributes.get("width") not in ("0", "1"):
            out.write(f"[{alt}]")
    elif tag in _CELLS:
        if out.line and "".join(out.line).strip():
            out.line.append("\t")
    elif tag in _BLOCKS:
        out.block(tag in _PARAGRAPHS)
        if tag == "li":
            out.prefix = "- "
        elif tag == "pre":
            out.pre += 1
    if _FORWARD_ID.match(attributes.get("id") or ""):
        out.rule("-" * 24)
    elif _SIGNATURE.search(attributes.get("class") or ""):
        out.rule("-- ")
    if _is_quote(tag, attributes):
        out.quote += 1
        return True
    return False


def _close(tag: str, quoted: bool, link: str, out: _Writer) -> None:
    if tag == "a" and link:
        _link(link, out)
    if tag in _BLOCKS:
        out.block(tag in _PARAGRAPHS)
        if tag == "pre":
            out.pre = max(0, out.pre - 1)
        elif tag == "li":
            out.prefix = ""
    if quoted:
        out.quote -= 1


def _link(link: str, out: _Writer) -> None:
    """Show a link's address behind its words unless they are the address."""
    line, place, href = link.split(":", 2)
    href = _SPACES.sub("", href)
    if not href or href.startswith("#"):
        return
    same_line = int(line) == len(out.lines)
    words = "".join(out.line[int(place) :] if same_line else out.line).strip()
    bare = re.sub(r"^(?:mailto:|https?://)", "", href, flags=re.I).rstrip("/")
    if words and (bare.lower() in words.lower() or words.lower().rstrip("/") == bare.split("?")[0].lower()):
        return
    if not words and not out.line and same_line:
        return
    shown = href if _SAFE_LINK.match(href) else f"[{href[:200]}]"
    out.line.append(f" <{shown}>" if words else f"<{shown}>")
