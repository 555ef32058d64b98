"""The file servers.

Minted addresses are /cdn/dl/<token>/<name>; /cdn/file/<code>/<name> is a plain direct link.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email.utils import formatdate
from urllib.parse import quote

from flasharr.simulator.addresses import Address
from flasharr.simulator.answers import Answer, Stretch, html_answer, nginx_answer
from flasharr.simulator.journal import Request
from flasharr.simulator.state import State
from flasharr.simulator.visit import Visit
from flasharr.simulator.world import DAY, File

RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
QUEUE_TICK = 0.02
LIMIT_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Fshare</title></head><body>"
    "<p>Quý khách đã vượt quá số lượt tải trong ngày.</p></body></html>\n"
)
EPOCH = 1_700_000_000

DISPOSITIONS: dict[str, Callable[[File], str]] = {
    "none": lambda file: "",
    "ascii": lambda file: f'attachment; filename="{file.name.encode("ascii", "replace").decode()}"',
    "utf8": lambda file: f'attachment; filename="{file.name}"'.encode().decode("latin-1"),
    "rfc5987": lambda file: f"attachment; filename=\"file\"; filename*=UTF-8''{quote(file.name, safe='')}",
    "wrong": lambda file: 'attachment; filename="another name.bin"',
    "traversal": lambda file: 'attachment; filename="../../../etc/cron.d/evil"',
    "code": lambda file: f'attachment; filename="{file.code}"',
}


def identify(visit: Visit, state: State) -> None:
    kind, _, rest = visit.path.lstrip("/").partition("/")
    visit.call = kind
    key = rest.partition("/")[0]
    if kind == "dl" and (address := state.addresses.find(key)):
        visit.code, visit.account = address.code, address.email
    elif kind == "file":
        visit.code = key.upper()
    if file := state.world.files.get(visit.code):
        visit.span = asked_span(str(visit.headers.get("Range", "")), file.size) or (0, file.size)


def answer(visit: Visit, state: State, request: Request) -> Answer:
    file = state.world.files.get(visit.code)
    if visit.method not in ("GET", "HEAD"):
        return nginx_answer(405)
    if file is None or visit.call not in ("dl", "file"):
        return nginx_answer(404)
    if visit.call == "dl":
        refusal = _refuse_address(visit, state, request)
        if refusal is not None:
            return refusal
    if file.dead:
        return nginx_answer(404)
    return file_answer(visit, file)


def _refuse_address(visit: Visit, state: State, request: Request) -> Answer | None:
    address: Address | None = state.addresses.find(visit.path.split("/")[2])
    if address is None:
        return nginx_answer(404)
    request.age = state.addresses.age(address)
    rules = state.world.rules
    if _is_over_cap(visit, state, address):
        if rules.over_cap != "queue":
            return html_answer(int(rules.over_cap), "<html><body>Too many connections</body></html>")
        while _is_over_cap(visit, state, address):
            time.sleep(QUEUE_TICK)
    account = state.world.accounts.get(address.email)
    if account and account.over_quota == "page" and state.traffic.is_used_up(account):
        return html_answer(200, LIMIT_PAGE)
    counts = visit.method == "GET" or rules.head_counts
    return None if state.addresses.use(address, rules, visit.client, counts) else nginx_answer(403)


def _is_over_cap(visit: Visit, state: State, address: Address) -> bool:
    """Whether the account or the client's IP address has too many transfers, this one among them."""
    account = state.world.accounts.get(address.email)
    mine, ours = account.max_connections if account else 0, state.world.rules.ip_connections
    return bool(mine and state.journal.open_now(account=address.email) > mine) or bool(
        ours and state.journal.open_now(client=visit.client) > ours
    )


def file_answer(visit: Visit, file: File, *, ignore_range: bool = False) -> Answer:
    """The whole file, or the range that was asked for where that is honoured."""
    headers = {"Content-Type": file.content_type, **validators(file)}
    if file.accept_ranges:
        headers["Accept-Ranges"] = file.accept_ranges
    if disposition := DISPOSITIONS[file.disposition](file):
        headers["Content-Disposition"] = disposition
    content = file.content()
    asked = str(visit.headers.get("Range", ""))
    if ignore_range or not file.ranges or not RANGE.match(asked) or not _still_the_same(visit, headers):
        return Answer(200, Stretch(content, 0, file.size), headers)
    span = asked_span(asked, file.size)
    if span is None:
        return unsatisfiable(file.size)
    start, end = span
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return Answer(206, Stretch(content, start, end), headers)


def unsatisfiable(size: int) -> Answer:
    refusal = nginx_answer(416)
    refusal.headers["Content-Range"] = f"bytes */{size}"
    return refusal


def asked_span(header: str, size: int) -> tuple[int, int] | None:
    """The single range of a Range header as [start, end); None when there is none that fits the size."""
    match = RANGE.match(header)
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1 if match[2] else size)
    return (start, end) if start < end else None


def validators(file: File) -> dict[str, str]:
    """ETag and Last-Modified as the file's profile has them."""
    headers = {}
    if file.etag != "none":
        tag = f'"{file.code.lower()}-{file.validator}"'
        headers["ETag"] = f"W/{tag}" if file.etag == "weak" else tag
    if file.last_modified:
        headers["Last-Modified"] = formatdate(EPOCH + file.validator * DAY, usegmt=True)
    return headers


def _still_the_same(visit: Visit, headers: dict[str, str]) -> bool:
    """What If-Range asks: a strong ETag or the exact date must match, else the whole file is sent."""
    condition = str(visit.headers.get("If-Range", ""))
    if not condition:
        return True
    tag = headers.get("ETag", "")
    return condition in (tag if not tag.startswith("W/") else "", headers.get("Last-Modified")) and bool(condition)
