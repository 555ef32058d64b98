"""Notices come and go on an open page, and the cards of the accounts break no rule of accessibility."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from downloads import usage
from hosts import accounts, vault
from hosts.base import LoginRefused
from hosts.models import Account
from tests.browser.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_notice_comes_by_itself_and_is_put_aside(queue: Page, server: Server) -> None:
    now = timezone.now()
    good, _ = (
        Account.objects.create(
            host="fshare",
            email=f"{name}@example.com",
            sealed_password=vault.seal("x"),
            is_vip=True,
            checked_at=now,
            vip_until=now + timedelta(days=days),
        )
        for name, days in (("good", 90), ("ending", 3))
    )
    usage.count({good.pk: 5_000_000_000})
    queue.goto(server.url)
    notices, badge = queue.locator("#notices form"), queue.locator("#notices-badge")
    expect(notices).to_have_count(1)
    expect(notices).to_contain_text("ending@example.com: VIP ends in 3 days.")
    accounts.record(good, LoginRefused(host="Fshare"))
    expect(notices.first).to_contain_text("good@example.com: Fshare refused")
    expect(badge).to_contain_text("2 notices")
    assert not (found := Axe().run(queue)).violations_count, found.generate_report()
    notices.first.get_by_role("button").click()
    expect(notices).to_have_count(1)
    expect(badge).to_contain_text("1 notice")
    queue.goto(f"{server.url}/settings/accounts/")
    queue.get_by_text("By day").click()
    expect(queue.get_by_role("row")).to_have_count(2)
    assert not (found := Axe().run(queue)).violations_count, found.generate_report()
