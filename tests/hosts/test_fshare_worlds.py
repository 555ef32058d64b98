"""Folders of every shape: the right set each time, and how many requests that took."""

from __future__ import annotations

from functools import partial

import pytest

from flasharr.simulator import Simulator, folder_worlds
from flasharr.simulator.folder_worlds import TOP
from hosts.base import AnswerUnreadable, Entry, HostContext, LinkRefused, PasswordNeeded
from hosts.folders import Walk
from hosts.links import LinkKind
from hosts.sites.fshare import Fshare, api_pages, web_pages
from hosts.sites.fshare.address import link_to
from hosts.sites.fshare.passes import MOST_PAGES, settled

TOKEN = "1613735234"
fshare = Fshare()


def listed(context: HostContext, token: str = "") -> list[Entry]:
    return list(Walk(link_to(LinkKind.FOLDER, TOP, token), partial(fshare.list_folder, context=context)))


def codes(entries: list[Entry]) -> list[str]:
    return sorted(entry.link.code for entry in entries)


@pytest.fixture
def by_api(simulator: Simulator, context: HostContext) -> HostContext:
    """Signed in, while the website's listing is out of order."""
    fshare.check_account(context)
    simulator.fault("server_error", call="v3", count=None)
    return context


@pytest.mark.parametrize(
    ("count", "requests"),
    [(0, 1), (1, 1), (999, 1), (1000, 1), (1001, 4), (5000, 10)],  # more than one page is read twice
)
def test_a_full_folder_by_the_website(simulator: Simulator, stranger: HostContext, count: int, requests: int) -> None:
    expected = folder_worlds.full(simulator.world, count)
    assert codes(listed(stranger)) == expected
    assert len(simulator.journal) == requests


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (1, 2), (1000, 2), (1001, 6), (5000, 12)])
def test_a_full_folder_by_the_api(simulator: Simulator, by_api: HostContext, count: int, requests: int) -> None:
    expected = folder_worlds.full(simulator.world, count)
    assert codes(listed(by_api)) == expected
    assert len(simulator.journal.calls("list")) == requests


def test_a_server_with_a_limit_of_its_own_hides_nothing(simulator: Simulator, by_api: HostContext) -> None:
    expected = folder_worlds.full(simulator.world, 250)
    simulator.world.rules.most_rows = 100
    assert codes(listed(by_api)) == expected
    simulator.clear_faults()
    assert codes(listed(by_api)) == expected


def test_twenty_five_levels_that_end_in_a_circle(simulator: Simulator, stranger: HostContext) -> None:
    expected = folder_worlds.deep(simulator.world, 25)
    entries = listed(stranger)
    assert codes(entries) == sorted(expected)
    assert max(entry.path.count("/") for entry in entries) == 23
    assert len(simulator.journal.calls("v3")) == 25


def test_a_tangle_holds_each_code_once(simulator: Simulator, stranger: HostContext) -> None:
    expected = folder_worlds.tangled(simulator.world)
    assert codes(listed(stranger)) == sorted(expected)
    assert len(simulator.journal.calls("v3")) == 3


@pytest.mark.parametrize("gated", ["empty", "403"])
def test_a_gated_tree_is_opened_by_its_token_at_every_level(
    simulator: Simulator, context: HostContext, gated: str
) -> None:
    simulator.world.rules.gated = gated
    expected = folder_worlds.deep(simulator.world, 5, TOKEN)
    entries = listed(context, TOKEN)
    assert codes(entries) == sorted(expected)
    assert all(entry.link.url.endswith(f"?token={TOKEN}") for entry in entries)
    file = next(entry.link for entry in entries if not entry.is_folder)
    assert fshare.resolve(file, context).size == 1000
    simulator.journal.clear()
    if gated == "empty":
        assert listed(context) == []


def test_a_gated_share_without_its_token_says_so_and_spares_the_account(
    simulator: Simulator, context: HostContext
) -> None:
    simulator.world.rules.gated = "403"
    folder_worlds.deep(simulator.world, 2, TOKEN)
    file = link_to(LinkKind.FILE, "DEEP01")
    for ask in (
        lambda: listed(context),
        lambda: fshare.describe(file, context),
        lambda: fshare.resolve(file, context),
    ):
        with pytest.raises(LinkRefused, match="without its token"):
            ask()
    simulator.fault("server_error", call="v3", count=None)
    with pytest.raises(PasswordNeeded, match=r"whole link with \?token="):
        fshare.resolve(file, context)


def test_a_gated_folder_in_an_open_one_hides_nothing_else(simulator: Simulator, context: HostContext) -> None:
    simulator.world.rules.gated = "403"
    for code in ("BEFORE", "INSIDE", "AFTER"):
        simulator.add_file(code, f"{code}.mkv", 1000)
    simulator.add_folder("GATED", "Gated", ["INSIDE"], token=TOKEN)
    simulator.add_folder("OPEN", "Open", ["AFTER"])
    simulator.add_folder(TOP, "Top", ["BEFORE", "GATED", "OPEN"])
    walk = Walk(link_to(LinkKind.FOLDER, TOP), partial(fshare.list_folder, context=context))
    assert codes(list(walk)) == ["AFTER", "BEFORE", "GATED", "OPEN"]
    [(folder, problem)] = walk.shut
    assert (folder.link.code, type(problem)) == ("GATED", LinkRefused)


def test_an_address_with_more_than_the_code_may_be_unwelcome(simulator: Simulator, context: HostContext) -> None:
    folder_worlds.full(simulator.world, 3)
    simulator.fault("strict_address", count=None)
    assert len(listed(context, TOKEN)) == 3
    assert fshare.resolve(link_to(LinkKind.FILE, "PART00001", TOKEN), context).size == 1000
    simulator.fault("server_error", call="v3", count=None)
    assert len(listed(context, TOKEN)) == 3


@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_row_that_goes_after_a_page_hides_no_other(
    simulator: Simulator, stranger: HostContext, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(web_pages, "SIZE", 100)
    expected = folder_worlds.full(simulator.world, 250)
    simulator.fault("list_shifts", skip=page)
    assert codes(listed(stranger)) == expected[1:]
    assert len(simulator.journal) == 9  # three pages, until two readings agree


def test_a_row_that_comes_meanwhile_is_found_and_repeats_nothing(
    simulator: Simulator, by_api: HostContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_pages, "SIZE", 100)
    expected = folder_worlds.full(simulator.world, 250)
    simulator.fault("list_shifts", value="FILE01", call="list", skip=1)
    assert codes(listed(by_api)) == ["FILE01", *expected]
    assert len(simulator.journal.calls("list")) == 12


def test_a_list_that_never_rests_gives_all_that_was_seen(
    simulator: Simulator, stranger: HostContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_pages, "SIZE", 100)
    expected = folder_worlds.full(simulator.world, 250)
    simulator.fault("list_shifts", count=None)
    assert set(codes(listed(stranger))) >= set(expected[9:])
    assert len(simulator.journal) == 9


def test_the_other_listing_is_asked_when_the_first_one_makes_no_sense(
    simulator: Simulator, by_api: HostContext
) -> None:
    expected = folder_worlds.full(simulator.world, 3)
    simulator.fault("empty_body", call="list", count=None)
    assert codes(listed(by_api)) == expected
    simulator.fault("empty_body", call="list_paging", count=None)
    with pytest.raises(AnswerUnreadable):
        listed(by_api)


def test_an_endless_list_is_no_list() -> None:
    def endless() -> object:
        number = 0
        while True:
            number += 1
            yield [Entry(link_to(LinkKind.FILE, f"N{number}"), "x")]

    with pytest.raises(AnswerUnreadable):
        settled(endless)  # type: ignore[arg-type]
    assert MOST_PAGES * web_pages.SIZE >= 100_000
