from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from flasharr.simulator import Simulator
from hosts.base import (
    AccountMissing,
    AnswerUnreadable,
    HostContext,
    HostDown,
    HostProblem,
    LinkDead,
    LinkRefused,
    PasswordNeeded,
    PasswordWrong,
    Problem,
    VipNeeded,
)
from hosts.links import Link, LinkKind
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to
from tests.hosts.pages import Pages

FILE = link_to(LinkKind.FILE, "FILE01")
NAME = "Phim hay – tập 1.mkv"
fshare = Fshare()


def test_a_file_is_described_without_signing_in(simulator: Simulator, stranger: HostContext) -> None:
    entry = fshare.describe(FILE, stranger)
    assert (entry.name, entry.size, entry.is_folder, entry.link) == (NAME, 300_000, False, FILE)
    assert [request.call for request in simulator.journal] == ["v3"]


def test_a_folder_is_described_by_its_name(simulator: Simulator, stranger: HostContext) -> None:
    simulator.add_folder("TOP", "Phim bộ", ["FILE01"])
    entry = fshare.describe(link_to(LinkKind.FOLDER, "TOP"), stranger)
    assert (entry.name, entry.size, entry.is_folder) == ("Phim bộ", None, True)


@pytest.mark.parametrize(("shape", "size"), [("int", 300_000), ("str", 300_000), ("human", None)])
def test_sizes_are_exact_or_unknown(simulator: Simulator, stranger: HostContext, shape: str, size: int | None) -> None:
    simulator.world.rules.v3_sizes = shape
    assert fshare.describe(FILE, stranger).size == size


@pytest.mark.parametrize("shape", ["http", "body"])
def test_a_dead_link_is_dead_in_both_shapes_of_the_listing(
    simulator: Simulator, stranger: HostContext, shape: str
) -> None:
    simulator.world.rules.v3_dead = shape
    with pytest.raises(LinkDead):
        fshare.describe(link_to(LinkKind.FILE, "NOSUCH"), stranger)


def test_the_api_describes_a_file_when_the_listing_fails(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("server_error", call="v3", count=None)
    simulator.world.files["FILE01"].password = "open sesame"
    entry = fshare.describe(FILE, context)
    assert (entry.name, entry.size, entry.needs_password) == (NAME, 300_000, True)


def test_a_file_that_the_api_marks_deleted_is_dead(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("server_error", call="v3", count=None)
    simulator.fault("link_dead", call="fileops", value="deleted")
    with pytest.raises(LinkDead):
        fshare.describe(FILE, context)


def test_without_an_account_the_listings_own_problem_counts(simulator: Simulator, stranger: HostContext) -> None:
    simulator.fault("server_error", call="v3", count=None)
    with pytest.raises(HostProblem):
        fshare.describe(FILE, stranger)


def test_it_mints_an_address_whose_bytes_are_the_file(simulator: Simulator, context: HostContext) -> None:
    source = fshare.resolve(FILE, context)
    assert (source.name, source.size, source.max_connections) == (NAME, 300_000, 3)
    assert len(context.http.get(source.url).content) == 300_000
    assert simulator.journal.secrets_leaked_to_cdn() == []
    assert dict(source.headers) == {}


def test_two_addresses_are_never_the_same(context: HostContext) -> None:
    assert fshare.resolve(FILE, context).url != fshare.resolve(FILE, context).url


def test_a_missing_listing_costs_the_size_only(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("server_error", call="v3", count=None)
    source = fshare.resolve(FILE, context)
    assert (source.name, source.size) == (NAME, None)


def test_the_address_may_come_wrapped_or_under_another_name(simulator: Simulator, context: HostContext) -> None:
    for fault in ("wrapped", "other_location_key", "code_as_string"):
        simulator.fault(fault)
        assert urlsplit(fshare.resolve(FILE, context).url).path.startswith("/cdn/dl/")


@pytest.mark.parametrize("fault", ["empty_body", "empty_object", "empty_location", "truncated_json"])
def test_an_answer_without_an_address_makes_no_sense(simulator: Simulator, context: HostContext, fault: str) -> None:
    simulator.fault(fault)
    with pytest.raises(AnswerUnreadable):
        fshare.resolve(FILE, context)


def test_an_error_page_is_no_dead_link(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("html_answer")
    with pytest.raises(HostDown):
        fshare.resolve(FILE, context)


def test_an_endless_answer_is_not_read_to_its_end(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("huge_body")
    with pytest.raises(AnswerUnreadable, match="far too long"):
        fshare.resolve(FILE, context)


@pytest.mark.parametrize("shape", ["json", "html", "redirect", "v3", "deleted"])
def test_a_dead_link_is_dead_in_every_shape_of_the_api(simulator: Simulator, context: HostContext, shape: str) -> None:
    simulator.world.files["FILE01"].dead = shape
    simulator.fault("server_error", call="v3", count=None)
    with pytest.raises(LinkDead):
        fshare.resolve(FILE, context)


@pytest.mark.parametrize("shape", ["200", "403"])
def test_a_password_is_asked_for_and_checked_in_both_shapes(
    simulator: Simulator, context: HostContext, shape: str
) -> None:
    simulator.world.rules.password = shape
    simulator.world.files["FILE01"].password = "mở ra"
    with pytest.raises(PasswordNeeded) as needed:
        fshare.resolve(FILE, context)
    assert not isinstance(needed.value, PasswordWrong)
    with pytest.raises(PasswordWrong):
        fshare.resolve(FILE, context, "sai")
    assert fshare.resolve(FILE, context, "mở ra").size == 300_000
    assert b'"password"' not in simulator.journal.calls("download")[0].body


def test_vip_that_lapsed_is_told(simulator: Simulator, context: HostContext) -> None:
    fshare.check_account(context)
    simulator.world.accounts[str(context.config["FSHARE_EMAIL"])].vip_until = 1_000_000_000
    with pytest.raises(VipNeeded):
        fshare.resolve(FILE, context)


@pytest.mark.parametrize(("password", "kind"), [("", PasswordNeeded), ("sai", PasswordWrong)])
def test_a_file_that_is_withheld_is_no_fault_of_the_account(
    simulator: Simulator, context: HostContext, password: str, kind: type[Problem]
) -> None:
    """The same code as for "not VIP", while the account says that it is: it is asked once."""
    simulator.fault("vip_lapsed")
    with pytest.raises(kind, match="although the account is VIP"):
        fshare.resolve(FILE, context, password)
    assert [request.call for request in simulator.journal if request.part == "api"] == ["login", "download", "user"]


def test_an_account_that_cannot_be_asked_is_not_accused(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("vip_lapsed")
    simulator.fault("server_error", call="user", value=502, count=None)
    with pytest.raises(HostDown):
        fshare.resolve(FILE, context)


def test_a_folder_is_not_resolved(context: HostContext) -> None:
    with pytest.raises(LinkRefused, match="folder"):
        fshare.resolve(link_to(LinkKind.FOLDER, "TOP"), context)


def test_a_gated_file_needs_its_token(simulator: Simulator, context: HostContext) -> None:
    simulator.world.rules.gated = "403"
    simulator.world.files["FILE01"].token = "1613735234"
    with pytest.raises(LinkRefused, match="token"):
        fshare.describe(FILE, replace(context, credentials=None))
    gated = link_to(LinkKind.FILE, "FILE01", "1613735234")
    assert fshare.describe(gated, context).size == 300_000
    assert fshare.resolve(gated, context).size == 300_000


def test_a_token_that_the_host_stumbles_over_is_left_out(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("link_dead", call="v3", value="v3")
    simulator.fault("link_dead", call="download")
    assert fshare.resolve(link_to(LinkKind.FILE, "FILE01", "123"), context).size == 300_000


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_moved_api_is_followed_by_posting_again(simulator: Simulator, context: HostContext, status: int) -> None:
    simulator.fault("redirect", call="download", value=status)
    assert fshare.resolve(FILE, context).size == 300_000
    assert [request.method for request in simulator.journal.calls("download")] == ["POST", "POST"]


def test_redirects_in_circles_end(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("redirect", call="download", count=None)
    with pytest.raises(AnswerUnreadable, match="circles"):
        fshare.resolve(FILE, context)


@pytest.fixture
def elsewhere() -> Iterator[Simulator]:
    with Simulator() as other:
        yield other


def test_credentials_do_not_follow_to_another_origin(
    simulator: Simulator, context: HostContext, elsewhere: Simulator
) -> None:
    simulator.fault("redirect", call="login", value={"status": 307, "to": elsewhere.url + "/api/api/user/login"})
    with pytest.raises(AnswerUnreadable, match="not its own"):
        fshare.resolve(FILE, context)
    assert len(elsewhere.journal) == 0


@pytest.mark.parametrize("name", ["FSHARE_APP_KEY", "FSHARE_USER_AGENT"])
def test_without_an_app_key_it_says_how_to_get_one(simulator: Simulator, context: HostContext, name: str) -> None:
    bare = replace(context, config={**context.config, name: ""})
    assert fshare.missing_config(bare.config) == [name]
    with pytest.raises(AccountMissing, match=r"api-doc.*Lấy App Key.*FSHARE_APP_KEY"):
        fshare.resolve(FILE, bare)
    assert simulator.journal.requests_to("/api") == []


def test_without_an_account_it_asks_for_one(stranger: HostContext) -> None:
    with pytest.raises(AccountMissing, match="No Fshare account"):
        fshare.resolve(FILE, stranger)


def test_only_the_configured_servers_are_trusted() -> None:
    assert fshare.trusted_origins({}) == {("api.fshare.vn", 443), ("www.fshare.vn", 443)}
    assert fshare.trusted_origins({"FSHARE_API_URL": "http://127.0.0.1:8000/api"}) == {
        ("127.0.0.1", 8000),
        ("www.fshare.vn", 443),
    }


def test_links_are_matched_whatever_the_base_urls_are() -> None:
    assert fshare.match("https://fshare.vn/file/file01") == FILE
    assert fshare.match("https://download023.fshare.vn/dl/x/film.mkv") is None
    assert isinstance(fshare.match("http://www.fshare.vn/folder/a"), Link)


def test_a_listing_behind_a_wall_makes_no_link_dead_or_gated(pages: Pages, fshare: HostContext) -> None:
    """What it answers is for browsers; the API's word counts: a VIP that has ended waits for its renewal."""
    for status in (403, 404):
        pages.answer("/web/api/v3/files/folder", status, b"<html><title>Just a moment...</title></html>")
        pages.answer("/api/api/fileops/get", 200, b'{"name":"phim.mkv","size":"5","type":"1"}')
        assert Fshare().describe(FILE, fshare).name == "phim.mkv"
        pages.answer("/api/api/session/download", 403, b'{"code":403,"msg":"Application for vip accounts only"}')
        with pytest.raises(VipNeeded):
            Fshare().resolve(FILE, fshare)
        pages.answer("/api/api/fileops/get", 404, b'{"code":404}')
        with pytest.raises(LinkDead):
            Fshare().describe(FILE, fshare)


@pytest.mark.parametrize("page", [b"<title>404 Not Found</title>nginx", b"<title>Not Found - Fshare</title>"])
@pytest.mark.parametrize("is_described", [False, True])
def test_an_api_that_has_moved_makes_no_file_dead(
    pages: Pages, fshare: HostContext, is_described: bool, page: bytes
) -> None:
    context = replace(fshare, is_described=is_described)
    pages.answer("/api/api/session/download", 404, page)
    for listed in (b'{"items":[],"current":{"name":"phim.mkv","size":5,"type":1}}', b"<html>502</html>"):
        pages.answer("/web/api/v3/files/folder", 502 if b"html" in listed else 200, listed)
        with pytest.raises(AnswerUnreadable):
            Fshare().resolve(FILE, context)
    pages.answer("/web/api/v3/files/folder", 404, b'{"name":"Not Found","status":404}')
    with pytest.raises(LinkDead):
        Fshare().resolve(FILE, context)


def test_a_listing_that_refuses_everything_fails_no_file_while_vip_is_over(pages: Pages, fshare: HostContext) -> None:
    pages.answer("/web/api/v3/files/folder", 403, b'{"name":"Forbidden","status":403}')
    pages.answer("/api/api/session/download", 403, b'{"code":403,"msg":"Application for vip accounts only"}')
    for is_described in (False, True):
        with pytest.raises(VipNeeded):
            Fshare().resolve(FILE, replace(fshare, is_described=is_described))
