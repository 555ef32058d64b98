from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from downloads import actions
from downloads.engine.errors import ServerBusy
from downloads.models import Download, Preferences, new_part_id
from downloads.states import NO_NETWORK, Reason, Status
from hosts.base import HostDown, PasswordNeeded
from hosts.breaker import Standing
from hosts.cooldowns import store
from search.watchlist.check import THERE, Outcome
from search.watchlist.models import State, Wish
from tests.browser.server import Server
from tests.downloads.conftest import make_download
from tests.search.catalogue.rows import make_entries, make_subscription

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/",
    "/?view=paused",
    "/history/",
    "/history/?view=removed",
    "/downloads/remove/?id={pk}",
    "/downloads/{pk}/password/",
    "/downloads/{pk}/limit/",
    "/folders/",
    "/folders/?q=nobody",
    "/folders/{folder}/remove/",
    "/search/",
    "/search/?q=dune",
    "/search/?q=dune&kind=files&now=1",
    "/search/?q=zzzzqqqq",
    "/discover/",
    "/discover/?list=films&from=2020&to=2010",
    "/title/movie/438631/?all=1",
    "/title/tv/127532/?season=1&all=1",
    "/title/tv/127532/plan/?season=1",
    "/title/tv/127532/plan/?season=2&every=1",
    "/title/tv/9100005/plan/?season=1",
    "/collection/9200001/",
    "/watchlist/",
    "/calendar/",
    "/calendar/?from=2024-01-01",
    "/settings/",
    "/settings/speed/",
    "/settings/network/",
    "/settings/accounts/",
    "/settings/quality/",
    "/settings/quality/new/",
    "/settings/leftovers/",
    "/settings/leftovers/delete/?all=1",
    "/settings/keys/",
    "/settings/password/",
]
LONG = "Một.Bộ.Phim.Có.Tên.Rất.Dài." + "x" * 120 + ".mkv"


@pytest.fixture
def pages(tmp_path: Path) -> list[str]:
    """Every page, with rows in each state to look at."""
    reason = Reason.of(PasswordNeeded())
    held = {"reason_code": reason.code, "reason_sentence": reason.sentence, "reason_cure": reason.cure.value}
    for status in Status:
        why = held if status == Status.WAITING else {}
        make_download(status, name=f"{status}.mkv", downloaded=500_000, speed=1_000, finished_at=timezone.now(), **why)
    gone = make_download(Status.COMPLETED, name="gone.mkv", path="/films/gone.mkv")
    actions.remove(Download.objects.filter(pk=gone.pk), with_file=True)
    row = make_download(name=LONG, directory="a/" * 60)
    leave_parts(tmp_path)
    store("x" * 100 + ".example", Standing(1, 3600.0, ServerBusy(server="x" * 100 + ".example", status=503)))
    lost = Reason(NO_NETWORK.code, NO_NETWORK.sentence, {"servers": "Fshare, files.example"})
    make_download(Status.WAITING, reason_code=lost.code, reason_sentence=lost.sentence, reason_params=lost.params)
    folder = followed_folders()
    wanted_titles()
    return [page.format(pk=row.pk, folder=folder) for page in PAGES]


def leave_parts(root: Path) -> None:
    """Parts that no download owns."""
    Preferences.objects.update_or_create(pk=1, defaults={"download_dir": str(root)})
    (root / ".flasharr").mkdir()
    for _ in range(3):
        (root / ".flasharr" / f"{new_part_id()}.part").write_bytes(b"x" * 100_000)


def followed_folders() -> int:
    """One in each state, with files."""
    now = timezone.now()
    row = make_subscription()
    make_entries(row, [LONG, "Bố Già.mkv"])
    make_subscription(is_enabled=False, name="x" * 100)
    make_subscription(visit_started_at=now, next_visit_at=now, visited_at=None)
    make_subscription(
        problem_code=HostDown.code,
        problem_sentence=HostDown.sentence,
        problem_params={"host": "Fshare"},
        problem_cure="account",
    )
    return row.pk


def wanted_titles() -> None:
    """One before its first check, and one after, of which much was removed."""
    told = Outcome(State.FOUND, "found", THERE, timezone.now(), {"count": 2})
    Wish.objects.create(medium="tv", tmdb_id=127532, name="Solo Leveling", year=2024, poster_path="/tv-127532.png")
    Wish.objects.create(
        medium="movie",
        tmdb_id=1,
        name=LONG,
        state=told.state,
        reason_code=told.code,
        reason_sentence=told.sentence,
        reason_params=told.params,
        left_out=[[1, number] for number in range(1, 30)],
        checked_at=timezone.now(),
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_an_accessibility_rule(
    queue: Page, server: Server, pages: list[str], theme: str, complaints: list[str]
) -> None:
    queue.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    for path in [*pages, "/add/?text=x"]:
        accessible(queue, server.url + path)
    assert not complaints
    accessible(queue, f"{server.url}/nowhere/")
    complaints.clear()  # Chromium notes the 404
    queue.context.clear_cookies()
    accessible(queue, f"{server.url}/login/")


def accessible(page: Page, address: str) -> None:
    page.goto(address)
    results = Axe().run(page)
    assert not results.violations_count, f"{address}: {results.generate_report()}"


def test_no_page_is_wider_than_a_phone(
    browser: Browser, playwright: Playwright, signed_in: BrowserContext, server: Server, pages: list[str]
) -> None:
    phone = playwright.devices["Pixel 7"]
    context = browser.new_context(**phone, storage_state=signed_in.storage_state())
    page = context.new_page()
    for path in pages:
        page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= phone["viewport"]["width"], path
    context.close()


def test_the_chosen_colours_stay(queue: Page, server: Server) -> None:
    queue.emulate_media(color_scheme="light")
    queue.goto(server.url)
    before = queue.evaluate("getComputedStyle(document.body).backgroundColor")
    queue.get_by_role("radio", name="Dark").check()
    assert queue.evaluate("getComputedStyle(document.body).backgroundColor") != before
    queue.goto(f"{server.url}/history/")
    assert queue.locator("html").get_attribute("data-theme") == "dark"
