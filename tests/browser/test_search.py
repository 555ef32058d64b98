"""From a few letters to files in the queue, as a person does it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from downloads.models import Batch, Download
from search.watchlist.models import Wish
from tests.browser.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("typed", "title"),
    [("mai", "Mai"), ("bo gia", "Dad, I'm Sorry"), ("hanh tinh cat", "Dune"), ("parasite", "Parasite")],
)
def test_titles_appear_while_typing(queue: Page, server: Server, typed: str, title: str) -> None:
    queue.goto(f"{server.url}/search/")
    queue.keyboard.type(typed, delay=20)
    expect(queue.locator(".poster-name", has_text=title).first).to_be_visible()
    expect(queue).to_have_url(f"{server.url}/search/?kind=all&q={quote(typed)}")


def test_results_are_reached_with_the_keyboard(queue: Page, server: Server) -> None:
    queue.goto(f"{server.url}/search/?q=dune")
    queue.keyboard.press("/")
    expect(queue.locator("#q")).to_be_focused()
    queue.keyboard.press("ArrowDown")
    expect(queue.locator(".poster-card a").first).to_be_focused()
    queue.keyboard.press("ArrowRight")
    expect(queue.locator(".poster-card a").nth(1)).to_be_focused()
    queue.keyboard.press("ArrowLeft")
    queue.keyboard.press("ArrowUp")
    expect(queue.locator("#q")).to_be_focused()
    queue.keyboard.press("ArrowDown")
    queue.keyboard.press("Enter")
    expect(queue.get_by_role("heading", level=1)).to_contain_text("Dune")


def test_from_a_name_to_a_season_in_the_queue(queue: Page, server: Server) -> None:
    queue.goto(f"{server.url}/search/")
    queue.locator("#q").fill("toi thang cap mot minh")
    queue.get_by_role("link", name="Solo Leveling").click()
    queue.get_by_role("link", name="Season 1").click()
    expect(queue.locator("#candidates[aria-busy=false]")).to_be_visible()
    expect(queue.get_by_text("Not found")).to_have_count(2)
    queue.locator(".why > summary").first.click()
    expect(queue.get_by_text("The title is the same").first).to_be_visible()
    queue.get_by_role("link", name="Plan the season").click()
    expect(queue.get_by_text("10 of 12 episodes")).to_be_visible()
    expect(queue.get_by_text("10 of 10 files")).to_be_visible()
    queue.get_by_role("checkbox").last.uncheck()
    expect(queue.get_by_text("9 of 10 files")).to_be_visible()
    queue.get_by_role("button", name="Get the ticked files").click()
    expect(queue).to_have_url(f"{server.url}/")
    expect(queue.get_by_text("9 files put into the queue.")).to_be_visible()
    expect(queue.locator(".rows > .row")).to_have_count(9)
    row = Download.objects.earliest("position")
    assert (row.directory, row.filename) == (
        "Solo Leveling (2024)/Season 01",
        "Solo Leveling (2024) - S01E01 - I'm Used to It.mkv",
    )
    assert Batch.objects.get().name == "Solo Leveling (2024) S01"


def test_the_best_file_of_a_film_by_one_press(queue: Page, server: Server) -> None:
    queue.goto(f"{server.url}/title/movie/438631/")
    queue.get_by_role("button", name="Get the best").click()
    expect(queue.get_by_text("1 file put into the queue.")).to_be_visible()
    expect(queue.locator(".best").get_by_text("Here already:")).to_be_visible()
    queue.get_by_role("button", name="Only tell me").click()
    expect(queue.get_by_role("link", name="On the watchlist")).to_be_visible()
    assert Wish.objects.get().mode == "notice"


def test_a_pasted_link_becomes_the_preview(queue: Page, server: Server) -> None:
    queue.goto(f"{server.url}/search/")
    queue.locator("#q").fill("https://www.fshare.vn/file/DEMOFILM0001")
    expect(queue.get_by_text("Mùa Nước Nổi")).to_be_visible()
    expect(queue).to_have_url(f"{server.url}/search/")
    queue.get_by_role("button", name="Add the ticked files").click()
    expect(queue.get_by_text("1 download added.")).to_be_visible()


def test_the_list_goes_on_by_itself_and_ends(queue: Page, server: Server) -> None:
    queue.goto(f"{server.url}/discover/?list=films")
    cards = queue.locator(".poster-card")
    expect(cards).to_have_count(20)
    while queue.locator(".more").count():
        before = cards.count()
        queue.mouse.wheel(0, 100_000)
        expect(cards).not_to_have_count(before)
    addresses = cards.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert len(addresses) > 40
    assert len(addresses) == len(set(addresses))
