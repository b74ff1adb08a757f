"""Sync problems: how sync goes, what is wrong with it, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from supportterm.desk import synclock
from supportterm.screens import format as shown_as
from supportterm.screens import keys, sync_advice
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.sync_line import SyncLine, in_words, is_trouble, outbox_in_words

_UNREAD_SHOWN = 8
_WEEK = timedelta(days=7)


class ProblemsScreen(DeskScreen[None]):
    """One page for a person: state, what the server said, what to do, what waits, where the files are."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LIST,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.LIST)]
    CSS_PATH: ClassVar[str] = "problems.tcss"
    TITLE_WORDS = "Sync problems"
    _here = ""

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with Horizontal(id="head"):
            yield Static("Sync", id="title", markup=False)
            yield SyncLine()
        with VerticalScroll():
            yield Static("", id="state", markup=False)
            yield Static("", id="said", markup=False)
            yield Static("What to do", classes="heading", markup=False)
            yield Static("", id="advice", markup=False)
            yield Static("Waiting for the server", classes="heading", markup=False)
            yield Static("", id="waiting", markup=False)
            yield Static(
                "Mail that could not be read as it should", classes="heading", id="unread-heading", markup=False
            )
            yield Static("", id="unread", markup=False)
            yield Static("Triggers' programs that failed this week", classes="heading", id="runs-heading", markup=False)
            yield Static("", id="runs", markup=False)
            yield Static("Who does the work, and where", classes="heading", markup=False)
            yield Static("", id="worker", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Read how it goes."""
        self.query_one(VerticalScroll).focus()
        self.store_changed()
        self.in_background(self._count(), opens=False)

    async def _count(self) -> None:
        """Say what can be worked on without a network."""
        tickets, files = await self.console.ask(lambda views: (views.total(), views.files()))
        self._here = f"all here {tickets:,} ticket{'s' * (tickets != 1)}, {files:,} file{'s' * (files != 1)}"
        if self.is_here:
            self.tick(self.console.now())

    def store_changed(self) -> None:
        """Read it again."""
        if not self.query("#worker"):
            return
        views = self.console.views
        now = self.console.now()
        held, stopped = views.outbox_counts()
        self._put("waiting", sync_advice.waiting(views.waiting_operations(), outbox_in_words(held, stopped)))
        unread = views.unreadable(_UNREAD_SHOWN + 1)
        for name in ("unread-heading", "unread"):
            self.query_one(f"#{name}").display = bool(unread)
        lines = [sync_advice.unreadable(message, size, now) for message, size in unread[:_UNREAD_SHOWN]]
        lines += ["… and more; their sources are kept."] if len(unread) > _UNREAD_SHOWN else []
        self._put("unread", "\n".join(lines))
        failed = views.failed_runs(int((now - _WEEK).timestamp() * 1000))
        for name in ("runs-heading", "runs"):
            self.query_one(f"#{name}").display = bool(failed)
        self._put("runs", "\n".join(sync_advice.failed(run, now) for run in failed))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Show what the passing of time changed."""
        if not self.query("#worker"):
            return
        sync = self.console.views.sync()
        trouble = str(getattr(self.app, "worker_trouble", "") or "")
        self.query_one(SyncLine).show(sync, now)
        state = self.query_one("#state", Static)
        state.update(_state(sync, now, trouble))
        state.set_class(is_trouble(sync, trouble), "trouble")
        state.set_class(sync.get("state") == "online" and not trouble, "well")
        self._put("said", sync_advice.said(sync, trouble))
        holder = synclock.holder(self.console.store)
        self._put(
            "advice", sync_advice.advice(sync, trouble, working=holder is not None, key=self.key_of("desk.sync-now"))
        )
        self._put("worker", self._worker(holder, now))

    def _worker(self, holder: synclock.Holder | None, now: datetime) -> str:
        store = self.console.store
        lines = [
            f"worker   process {holder.pid}, since {shown_as.when(holder.since, now)}"
            if holder is not None
            else "worker   none runs; `supportterm sync --watch` starts one"
        ]
        lines.append(
            f"server   {shown_as.line(self.console.config.mailbox.imap.host)}, "
            f"mailbox {shown_as.line(self.console.config.mailbox.address)}"
        )
        lines.append(f"store    {shown_as.line(str(store))}")
        lines += [self._here] if self._here else []
        log = store.with_name("worker.log")
        lines += [f"log      {shown_as.line(str(log))}"] if log.exists() else []
        return "\n".join(lines)

    def _put(self, name: str, words: str) -> None:
        self.query_one(f"#{name}", Static).update(shown_as.body(words))

    def action_down(self) -> None:
        """Scroll down."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_up(self) -> None:
        """Scroll up."""
        self.query_one(VerticalScroll).scroll_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll a screen down."""
        self.query_one(VerticalScroll).scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Scroll a screen up."""
        self.query_one(VerticalScroll).scroll_page_up(animate=False)

    def action_top(self) -> None:
        """Scroll to the top."""
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_bottom(self) -> None:
        """Scroll to the end."""
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def action_back(self) -> None:
        """Leave."""
        self.dismiss(None)


def _state(sync: Mapping[str, Any], now: datetime, trouble: str) -> str:
    words = in_words(sync, now, trouble)
    parts = [words[:1].upper() + words[1:]]
    success = sync.get("success")
    if success and (sync.get("state") != "online" or trouble):
        parts.append(f"last success {shown_as.when(datetime.fromisoformat(success), now)}")
    if sync.get("state") == "online" and sync.get("since"):
        parts.append(f"without a break since {shown_as.when(datetime.fromisoformat(sync['since']), now)}")
    return "; ".join(parts) + "."
