"""Every fault there is, by name. A new one is a function and a line here."""

from __future__ import annotations

from collections.abc import Callable

from flasharr.simulator import api_faults, cdn_faults, search_faults
from flasharr.simulator.answers import Answer
from flasharr.simulator.faults import Kind, Turn

MEMBER = ("user", "download", "fileops", "list", "list_paging", "total", "home")
LINK = ("download", "fileops", "v3")
API = ("api",)
CDN = ("cdn",)
DOWNLOAD = ("download",)
LISTS = ("v3", "list", "list_paging")
TMDB = ("tmdb",)
TIMFSHARE = ("timfshare",)


def _kind(act: Callable[[Turn], Answer], calls: tuple[str, ...]) -> Kind:
    return Kind(act, calls, " ".join((act.__doc__ or "").split()))


KINDS: dict[str, Kind] = {
    # the API and the web listing
    "session_expired": _kind(api_faults.session_expired, MEMBER),
    "stale_token": _kind(api_faults.stale_token, DOWNLOAD),
    "gate": _kind(api_faults.gate, API),
    "login_error": _kind(api_faults.login_refused, ("login",)),
    "link_dead": _kind(api_faults.link_dead, LINK),
    "password_wrong": _kind(api_faults.password_wrong, DOWNLOAD),
    "vip_lapsed": _kind(api_faults.vip_lapsed, DOWNLOAD),
    "too_many_sessions": _kind(api_faults.too_many_sessions, DOWNLOAD),
    "server_error": _kind(api_faults.server_error, API),
    "busy": _kind(api_faults.busy, API),
    "rate_limited": _kind(api_faults.rate_limited, API),
    "redirect": _kind(api_faults.redirect, API),
    "empty_body": _kind(api_faults.empty_body, DOWNLOAD),
    "empty_object": _kind(api_faults.empty_object, DOWNLOAD),
    "empty_location": _kind(api_faults.empty_location, DOWNLOAD),
    "truncated_json": _kind(api_faults.truncated_json, DOWNLOAD),
    "html_answer": _kind(api_faults.html_answered, DOWNLOAD),
    "huge_body": _kind(api_faults.huge_body, DOWNLOAD),
    "wrapped": _kind(api_faults.wrapped, DOWNLOAD),
    "code_as_string": _kind(api_faults.code_as_string, DOWNLOAD),
    "other_location_key": _kind(api_faults.other_location_key, DOWNLOAD),
    "with_code": _kind(api_faults.with_code, DOWNLOAD),
    "wrong_charset": _kind(api_faults.wrong_charset, LINK),
    "strict_address": _kind(api_faults.strict_address, (*LINK, *LISTS)),
    "list_shifts": _kind(api_faults.list_shifts, LISTS),
    "silence": _kind(api_faults.silence, API),
    # the file servers
    "slow": _kind(cdn_faults.slow, CDN),
    "stall": _kind(cdn_faults.stall, CDN),
    "reset": _kind(cdn_faults.reset, CDN),
    "early_end": _kind(cdn_faults.early_end, CDN),
    "range_ignored": _kind(cdn_faults.range_ignored, CDN),
    "html_page": _kind(cdn_faults.html_page, CDN),
    "link_expired": _kind(cdn_faults.link_expired, CDN),
    "changed_file": _kind(cdn_faults.changed_file, CDN),
    "wrong_content_range": _kind(cdn_faults.wrong_content_range, CDN),
    "multipart": _kind(cdn_faults.multipart, CDN),
    "ip_changed": _kind(cdn_faults.ip_changed, CDN),
    "wrong_bytes": _kind(cdn_faults.wrong_bytes, CDN),
    "extra_bytes": _kind(cdn_faults.extra_bytes, CDN),
    "not_satisfiable": _kind(cdn_faults.not_satisfiable, CDN),
    "length_too_large": _kind(cdn_faults.length_too_large, CDN),
    "length_too_small": _kind(cdn_faults.length_too_small, CDN),
    "chunked": _kind(cdn_faults.chunked, CDN),
    "corrupt": _kind(cdn_faults.corrupt, CDN),
    "connection_close": _kind(cdn_faults.connection_close, CDN),
    "gzip_claimed": _kind(cdn_faults.gzip_claimed, CDN),
    # TMDB and TimFshare
    "tmdb_error": _kind(search_faults.tmdb_error, TMDB),
    "cloudfront": _kind(search_faults.cloudfront, TMDB),
    "cloudflare": _kind(search_faults.cloudflare, TIMFSHARE),
    "no_data": _kind(search_faults.no_data, TIMFSHARE),
    "many_rows": _kind(search_faults.many_rows, TIMFSHARE),
    "twice": _kind(search_faults.twice, TIMFSHARE),
    "odd_rows": _kind(search_faults.odd_rows, TIMFSHARE),
    "late": _kind(search_faults.late, TIMFSHARE),
}
