from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from downloads import actions, reports
from downloads.models import Download
from downloads.reports import Measured
from downloads.states import Status
from flasharr.simulator.demo import SERIES
from tests.browser.server import Server
from tests.downloads.conftest import make_download

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINKS = f"https://www.fshare.vn/folder/{SERIES} https://www.fshare.vn/file/DEMOGONE0001"


def opened(page: Page, server: Server, path: str = "/") -> None:
    """Open a page and wait until its socket is there."""
    with page.expect_websocket():
        page.goto(server.url + path)


def forms_sent(page: Page) -> list[str]:
    """The addresses that forms go to from now on."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def running(name: str) -> Download:
    return make_download(Status.DOWNLOADING, name=name, engine="me", size=1_000_000)


def test_progress_moves_while_focus_ticks_and_open_menus_stay(queue: Page, server: Server) -> None:
    row, other = running("Bến Không Chồng.mkv"), running("other.mkv")
    opened(queue, server)
    shown = queue.locator(f"#download-{row.pk}")
    queue.evaluate("document.body.dataset.reloaded = 'no'")
    queue.get_by_label("Select other.mkv").check()
    queue.get_by_label("More for other.mkv").click()
    pause = queue.get_by_label("Pause Bến Không Chồng.mkv")
    pause.focus()
    for done in (250_000, 500_000, 750_000):
        reports.measure("me", [Measured(row.pk, done, 100_000), Measured(other.pk, done, 50_000)])
        expect(shown.locator("progress")).to_have_js_property("value", done / 10_000)
    expect(shown).to_contain_text("100 KB/s")
    expect(queue.locator("#totals")).to_contain_text("150 KB/s")
    expect(pause).to_be_focused()
    expect(queue.get_by_label("Select other.mkv")).to_be_checked()
    expect(queue.locator(f"#download-{other.pk} details")).to_have_attribute("open", "")
    assert queue.evaluate("document.body.dataset.reloaded") == "no"


def test_rows_come_and_go_by_themselves_on_every_page_of_a_long_list(queue: Page, server: Server) -> None:
    rows = [make_download(name=f"film {number:03}.mkv") for number in range(60)]
    opened(queue, server)
    expect(queue.locator(".row")).to_have_count(50)
    actions.pause(Download.objects.filter(pk=rows[-1].pk))  # on the second page: nothing here to change
    running("new.mkv")
    actions.remove(Download.objects.filter(pk=rows[0].pk))
    actions.pause(Download.objects.filter(pk=rows[1].pk))
    expect(queue.get_by_label("Select new.mkv")).to_be_visible()
    expect(queue.get_by_label("Select film 000.mkv")).to_have_count(0)
    expect(queue.locator(f"#download-{rows[1].pk}")).to_contain_text("Paused by you.")
    queue.get_by_role("searchbox").press_sequentially("film 05")
    expect(queue.locator(".row")).to_have_count(10)
    expect(queue).to_have_url(re.compile(r"q=film(%20|\+)05$"))


def test_links_are_shown_before_they_are_added(queue: Page, server: Server) -> None:
    opened(queue, server)
    queue.get_by_label("Links").fill(LINKS)
    queue.get_by_role("button", name="Preview").click()
    expect(queue.get_by_text("Gone from the host")).to_be_visible()
    total = queue.locator("[data-chosen-count]")
    expect(total).to_contain_text("12 of 12 files")
    queue.get_by_label("Everything in Season 1").uncheck()
    expect(total).to_contain_text("4 of 12 files, 139 MB")
    expect(queue.get_by_label("Everything in Sóng Ngầm")).to_have_js_property("indeterminate", True)
    queue.get_by_role("button", name="Add the ticked files").click()
    expect(queue.get_by_text("4 downloads added.")).to_be_visible()
    expect(queue.locator(".row")).to_have_count(4)
    expect(queue.get_by_label("Links")).to_have_value("")


def test_a_refused_text_comes_back_with_the_sentence(queue: Page, server: Server, complaints: list[str]) -> None:
    opened(queue, server)
    queue.get_by_label("Links").fill("nothing here")
    queue.get_by_role("button", name="Preview").click()
    expect(queue.get_by_role("alert")).to_contain_text("No link was found.")
    expect(queue.get_by_label("Links")).to_have_value("nothing here")
    assert all("422" in complaint for complaint in complaints)  # Chromium notes the status of every refused form
    complaints.clear()


def test_a_removed_download_can_be_brought_back(queue: Page, server: Server) -> None:
    make_download(name="film.mkv")
    make_download(name="other.mkv")
    queue.clock.install()
    opened(queue, server)
    queue.get_by_label("Select other.mkv").check()
    opener = queue.get_by_label("Remove film.mkv")
    opener.click()
    expect(queue.get_by_role("dialog")).to_contain_text("Remove this download?")
    queue.keyboard.press("Escape")
    expect(opener).to_be_focused()
    opener.click()
    queue.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(queue.get_by_role("dialog")).to_have_count(0)
    expect(queue.get_by_label("Select film.mkv")).to_have_count(0)
    expect(queue.get_by_label("Select other.mkv")).to_be_checked()
    queue.clock.fast_forward("05:00")
    queue.get_by_role("button", name="Undo").click()
    expect(queue.get_by_label("Select film.mkv")).to_be_visible()
    expect(queue.get_by_role("button", name="Undo")).to_have_count(0)
    expect(queue.get_by_text("1 download is back.")).to_be_visible()
    queue.mouse.move(0, 0)  # a message stays while it is being read
    queue.clock.fast_forward("00:10")
    expect(queue.get_by_text("1 download is back.")).to_have_count(0)


def test_a_list_that_changes_while_it_is_fetched_keeps_its_ticks(queue: Page, server: Server) -> None:
    """Who asked for the first list is gone by the time it comes; it is morphed all the same."""
    for number in range(3):
        make_download(name=f"film {number}.mkv")
    opened(queue, server)
    queue.get_by_label("Select film 2.mkv").check()
    held: list[Route] = []
    queue.route(f"{server.url}/", lambda route: route.continue_() if held else held.append(route))
    with queue.expect_request(f"{server.url}/"):
        actions.remove(Download.objects.filter(name="film 0.mkv"))
    with queue.expect_response(f"{server.url}/"):
        actions.remove(Download.objects.filter(name="film 1.mkv"))
    expect(queue.locator(".row")).to_have_count(1)
    queue.evaluate(
        "window.swapped = new Promise((done) => document.addEventListener('htmx:afterSwap', () => done())), 0"
    )
    held[0].continue_()
    queue.evaluate("window.swapped")
    expect(queue.locator("[data-list]")).to_have_count(1)
    expect(queue.get_by_label("Select film 2.mkv")).to_be_checked()


def test_what_was_removed_is_restored_from_the_history(queue: Page, server: Server) -> None:
    for number in range(3):
        make_download(name=f"film {number}.mkv")
    actions.remove(Download.objects.all())
    opened(queue, server, "/history/?view=removed")
    queue.get_by_label("Restore film 0.mkv").click()
    expect(queue.locator(".row")).to_have_count(2)
    queue.get_by_label("Select film 1.mkv").check()
    queue.locator(".bulk").get_by_role("button", name="Restore").click()
    expect(queue.locator(".row")).to_have_count(1)
    assert Download.objects.filter(removed_at=None).count() == 2


def test_many_are_handled_at_once(queue: Page, server: Server) -> None:
    for number in range(55):
        make_download(name=f"film {number:03}.mkv")
    opened(queue, server)
    queue.get_by_label("Select this page").check()
    queue.get_by_label("all 55 of this list").check()
    queue.locator(".bulk").get_by_role("button", name="Pause").click()
    expect(queue.get_by_text("55 downloads changed.")).to_be_visible()
    expect(queue.locator(".row.is-paused")).to_have_count(50)
    expect(queue.locator(".pick:checked")).to_have_count(0)
    expect(queue.get_by_label("all 55 of this list")).not_to_be_checked()
    queue.get_by_role("button", name="Resume all").click()
    expect(queue.locator(".row.is-queued")).to_have_count(50)


def test_the_keyboard_does_it_all(queue: Page, server: Server) -> None:
    first, second = make_download(name="one.mkv"), make_download(name="two.mkv")
    opened(queue, server)
    sent = forms_sent(queue)
    queue.keyboard.press("?")
    expect(queue.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    queue.keyboard.press("Escape")
    queue.keyboard.press("j")
    expect(queue.get_by_label("Select one.mkv")).to_be_focused()
    queue.keyboard.press("j")
    queue.keyboard.press("x")
    expect(queue.get_by_label("Select two.mkv")).to_be_checked()
    queue.keyboard.press("Enter")
    queue.keyboard.press("p")
    expect(queue.locator(f"#download-{second.pk}")).to_have_class(re.compile("is-paused"))
    expect(queue.locator(f"#download-{first.pk}")).to_have_class(re.compile("is-queued"))
    expect(queue.get_by_label("Select two.mkv")).to_be_checked()
    assert sent == [f"{server.url}/downloads/{second.pk}/pause/"]
    queue.keyboard.press("a")
    expect(queue.get_by_label("Links")).to_be_focused()
    queue.keyboard.type("?j/")
    expect(queue.get_by_label("Links")).to_have_value("?j/")


def test_a_lost_connection_is_seen_and_made_up_for(queue: Page, server: Server, complaints: list[str]) -> None:
    row = make_download(name="film.mkv")
    opened(queue, server)
    server.kill()
    expect(queue.locator("#connection")).to_have_text("Connection lost. Reconnecting…")
    actions.pause(Download.objects.filter(pk=row.pk))
    make_download(name="meanwhile.mkv")
    server.start()
    expect(queue.locator("#connection")).to_contain_text("Connected again")
    expect(queue.locator(f"#download-{row.pk}")).to_contain_text("Paused by you.")
    expect(queue.get_by_label("Select meanwhile.mkv")).to_be_visible()
    complaints.clear()  # Chromium reports every attempt to connect


def test_everything_works_without_scripts(browser: Browser, signed_in: BrowserContext, server: Server) -> None:
    film = make_download(name="film.mkv")
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in.storage_state())
    page = context.new_page()
    sent = forms_sent(page)
    page.goto(server.url)
    page.get_by_label("Select film.mkv").check()
    page.keyboard.press("Enter")
    page.get_by_label("Pause film.mkv").click()
    expect(page.locator(".row")).to_contain_text("Paused by you.")
    assert [address.rpartition("/downloads/")[2] for address in sent] == [f"{film.pk}/pause/"]
    page.get_by_label("Remove film.mkv").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Select film.mkv")).to_be_visible()
    page.get_by_label("Links").fill(LINKS)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Resume all").click()
    expect(page).to_have_url(f"{server.url}/")
    page.get_by_label("Links").fill(LINKS)
    page.get_by_role("button", name="Preview").click()
    page.get_by_label("Undercurrent.S01E01").uncheck()
    page.get_by_role("button", name="Add the ticked files").click()
    expect(page.get_by_text("11 downloads added.")).to_be_visible()
    context.close()
