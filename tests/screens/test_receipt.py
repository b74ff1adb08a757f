"""What an agent sees of an acknowledgement: one line, what became of it, and why there is none."""

from __future__ import annotations

from pathlib import Path

from supportterm.mail.gateway import Answer
from tests.desk.office import Office, open_office
from tests.screens.office import office
from tests.screens.tickets import opened, text_of, until

TEXT = "The kiln stays cold since Monday. What shall we do?"


async def written_to(folder: Path, **headers: str) -> Office:
    made = await open_office(folder / "desk")
    await made.gets(TEXT, subject="The kiln", **headers)
    return made


async def test_a_receipt_is_one_line_that_opens(tmp_path: Path) -> None:
    made = await written_to(tmp_path)
    async with office(made) as (app, pilot):
        await opened(app, pilot)
        (line,) = [line for line in text_of(app).splitlines() if line.startswith(" RECEIPT")]
        assert "mara@lind.example" in line
        assert "You will hear from us" not in text_of(app)
        await until(pilot, lambda: "more lines" in text_of(app))
        await pilot.press("G", "quotation_mark")
        await until(pilot, lambda: "You will hear from us" in text_of(app))
        await pilot.press("w")
        await until(pilot, lambda: "The mail server took a receipt" in text_of(app))
    made.desk.database.close()


async def test_one_that_did_not_leave_says_so_beside_it(tmp_path: Path) -> None:
    made = await open_office(tmp_path / "desk")
    made.server.answers["mara@lind.example"] = (Answer.REFUSED, 550, "unknown here")
    await made.gets(TEXT, subject="The kiln")
    await made.sync()
    async with office(made) as (app, pilot):
        await opened(app, pilot)
        (line,) = [line for line in text_of(app).splitlines() if line.startswith(" RECEIPT")]
        assert "refused" in line
    made.desk.database.close()


async def test_why_says_what_kept_it_back(tmp_path: Path) -> None:
    made = await written_to(tmp_path, Precedence="list")
    async with office(made) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("w")
        await until(pilot, lambda: "No receipt: a machine wrote it (Precedence: list)." in text_of(app))
    made.desk.database.close()
