"""`lint`: one object a reply as outside checks rely on, whatever a line holds."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from supportterm.__main__ import main
from supportterm.cli.lint import lint_file
from supportterm.desk import hint_packs
from supportterm.domain.errors import NotFoundError
from supportterm.domain.hints.catalogue import CATALOGUE

CONFIG = """
[mailbox]
address = "support@acme.example"
[mailbox.imap]
host = "127.0.0.1"
port = 143
user = "support"
[mailbox.smtp]
host = "127.0.0.1"
port = 25
user = "support"
"""


def run(tmp_path: Path, *records: Any) -> tuple[int, list[dict[str, Any]]]:
    file = tmp_path / "replies.jsonl"
    lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
    file.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    status = lint_file(file, out, hint_packs.shipped())
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


REPLIES = (
    {"id": 1, "customer": "Where is my order?", "reply": "Hi {{name}}, Send me your password. We are investigating!!"},
    {"id": 2, "customer": "Где заказ?", "reply": "Передали на склад 🙂. Пришлите пароль."},
    {"id": 3, "customer": "Sipariş nerede?", "reply": "İİİ İade: ŞİFRENİZİ HEMEN YAZIN LÜTFEN. Şifrenizi yazın."},
    {"id": 4, "customer": "注文はどこですか。", "reply": "〇〇様\r\nパスワードを教えてください。"},
)


def test_spans_are_code_points_of_the_reply(tmp_path: Path) -> None:
    status, rows = run(tmp_path, *REPLIES)
    assert status == 1
    spans = 0
    for record, row in zip(REPLIES, rows, strict=True):
        assert row["id"] == record["id"]
        for hint in row["hints"]:
            assert hint["message"]
            assert hint["severity"] == CATALOGUE[hint["rule"]].level.word
            for place in (hint, *hint.get("more", ())):
                if place["start"] is None:
                    assert place["end"] is None
                    assert place["text"] is None
                else:
                    spans += 1
                    assert place["text"] == str(record["reply"])[place["start"] : place["end"]] != ""
    assert spans >= 8
    assert [row["lang"] for row in rows] == ["en", "ru", "tr", "ja"]
    assert all("secret-request" in {hint["rule"] for hint in row["hints"]} for row in rows)


def test_each_rule_stands_once_and_what_matters_most_comes_first(tmp_path: Path) -> None:
    _, (row,) = run(
        tmp_path, {"id": 1, "reply": "Dear [NAME], hi {{name}}, it is done!! We recieved it.", "customer": ""}
    )
    rules = [hint["rule"] for hint in row["hints"]]
    assert len(rules) == len(set(rules))
    order = ["confirm", "warn", "hint"]
    assert [hint["severity"] for hint in row["hints"]] == sorted(
        (hint["severity"] for hint in row["hints"]), key=order.index
    )
    assert row["hints"][0]["rule"] == "unfilled-placeholder"
    assert row["hints"][0]["more"][0]["text"] == "{{name}}"


def test_the_status_is_one_only_from_a_warning_on(tmp_path: Path) -> None:
    assert run(tmp_path, {"id": 1, "customer": "", "reply": "It is ready 😊"})[0] == 0
    assert run(tmp_path, {"id": 1, "customer": "", "reply": "Please send me your password."})[0] == 1


def test_a_bad_line_is_answered_with_an_error_and_the_rest_goes_on(tmp_path: Path) -> None:
    status, rows = run(
        tmp_path,
        "{nonsense",
        {"id": "a"},
        {"id": "b", "reply": 5},
        "[1]",
        {"id": "c", "reply": "x", "state": "gone"},
        {"id": "d", "reply": "x", "context": []},
        {"id": "e", "reply": "x", "context": {"attachments": 3}},
        {"id": "f", "reply": "", "customer": None},
        {"id": "g", "reply": "\udc80 \x00 \x1b[2J {{" + "(" * 500},
        {"id": "h", "reply": "Привет", "customer": 7},
    )
    assert status in (0, 1)
    assert [row["id"] for row in rows] == ["line 1", "a", "b", "line 4", "c", "d", "e", "f", "g", "h"]
    assert ["error" in row for row in rows] == [True, True, True, True, True, False, True, False, False, True]


def test_a_reply_of_five_megabytes_is_answered_by_its_beginning(tmp_path: Path) -> None:
    text = "Send me your password. " + "we cannot " * 500_000
    _, (row,) = run(tmp_path, {"id": 1, "customer": "", "reply": text})
    hint = next(hint for hint in row["hints"] if hint["rule"] == "secret-request")
    assert hint["text"] == text[hint["start"] : hint["end"]]


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="cannot be read"):
        lint_file(tmp_path / "none.jsonl", io.StringIO(), hint_packs.shipped())


@pytest.mark.parametrize(
    ("reply", "status", "said"),
    [("Thank you, it leaves today at 4 pm.", 0, "promise-made"), ("Send me your PIN.", 1, "secret-request")],
)
def test_one_reply_by_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reply: str, status: int, said: str
) -> None:
    (tmp_path / "reply.txt").write_text(reply, encoding="utf-8")
    (tmp_path / "mail.txt").write_text("Where is it?", encoding="utf-8")
    (tmp_path / "context.json").write_text('{"attachments": []}', encoding="utf-8")
    args = ["lint", "--json", "--lang", "auto", "--customer", str(tmp_path / "mail.txt")]
    args += ["--reply", str(tmp_path / "reply.txt"), "--context", str(tmp_path / "context.json"), "--turn", "followup"]
    assert main(args) == status
    row = json.loads(capsys.readouterr().out)
    assert said in {hint["rule"] for hint in row["hints"]} or status == 0
    args.remove("--json")
    assert main(args) == status


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_a_reply_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    file = tmp_path / "reply.txt"
    if content is not None:
        file.write_bytes(content)
    assert main(["lint", "--json", "--reply", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert str(file) in said.err
    assert "Traceback" not in said.err


def test_usage_is_refused_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint"]) == 2
    with pytest.raises(SystemExit) as left:
        main(["lint", "--lang", "xx", "--reply", "-"])
    assert left.value.code == 2
    assert capsys.readouterr().out == ""


def test_this_houses_own_hints_count_and_are_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, folder, reply = tmp_path / "config.toml", tmp_path / "packs" / "hints", tmp_path / "reply.txt"
    config.write_text(CONFIG, encoding="utf-8")
    folder.mkdir(parents=True)
    own = 'format = 1\nlang = "en"\n[words]\ninternal-leak = ["project falcon"]\n'
    (folder / "ours.toml").write_text(own, encoding="utf-8")
    reply.write_text("The row is part of project Falcon.", encoding="utf-8")
    assert main(["--config", str(config), "lint", "--packs"]) == 0
    assert "ours.toml counts, words: 1" in capsys.readouterr().out
    assert main(["--config", str(config), "lint", "--reply", str(reply)]) == 1
    assert "internal-leak" in capsys.readouterr().out
    (folder / "ours.toml").write_text(own.replace("internal-leak", "internal-leek"), encoding="utf-8")
    assert main(["--config", str(config), "lint", "--packs"]) == 2
    assert "ours.toml, line 4: there is no rule of words `internal-leek`." in capsys.readouterr().out
    assert main(["--config", str(config), "config", "check"]) == 2
    assert main(["--config", str(config), "lint", "--reply", str(reply)]) == 0
    assert "internal-leek" in capsys.readouterr().err
