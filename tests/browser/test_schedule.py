from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_hour_is_changed_by_the_keyboard_and_keeps_the_focus(queue: Page, server: Server) -> None:
    queue.goto(f"{server.url}/settings/speed/")
    hour = queue.locator("button[value='2-13']")
    hour.focus()
    for word in ("Limited", "Paused", "Full speed"):
        queue.keyboard.press("Enter")
        expect(hour).to_have_attribute("aria-label", f"Wednesday 13:00, {word}")
        expect(hour).to_be_focused()


def test_many_hours_are_set_without_leaving_the_page(queue: Page, server: Server) -> None:
    queue.goto(f"{server.url}/settings/speed/")
    queue.get_by_label("Saturday", exact=True).check()
    queue.get_by_label("Until").select_option("10:00")
    queue.get_by_role("button", name="Set these hours").click()
    expect(queue.locator(".week .is-p")).to_have_count(2)
    expect(queue.get_by_label("Saturday", exact=True)).to_be_checked()
