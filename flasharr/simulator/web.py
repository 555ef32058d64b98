"""https://www.fshare.vn: the listing that needs no sign-in, and the pages people see."""

from __future__ import annotations

import html
import zlib
from typing import Any
from urllib.parse import urlencode

from flasharr.simulator import site
from flasharr.simulator.answers import Answer, Text, json_answer, nginx_answer
from flasharr.simulator.dead import SHAPES
from flasharr.simulator.journal import Request
from flasharr.simulator.state import State
from flasharr.simulator.visit import Visit
from flasharr.simulator.world import File, Folder, World

LISTING = "/api/v3/files/folder"
DEFAULT_PAGE = 50
MODIFIED = 1_700_000_000


def identify(visit: Visit, state: State) -> None:
    if visit.path == LISTING:
        visit.call, visit.code = "v3", visit.query.get("linkcode", "").upper()
    elif call := site.call_of(visit):
        visit.call, visit.code = call, str((visit.fields or {}).get("linkcode", "")).upper()
    elif visit.path.startswith(("/file/", "/folder/")):
        visit.call, visit.code = "page", visit.path.split("/")[2].upper()


def answer(visit: Visit, state: State, request: Request) -> Answer:
    if visit.call in site.SERVED:
        return site.answer(visit, state)
    if visit.call != "v3":
        return nginx_answer(404)
    item = state.world.item(visit.code)
    if item is None or item.dead:
        return _missing(item, state)
    if item.token and visit.query.get("token") != item.token and state.world.rules.gated == "403":
        return json_answer(403, {"name": "Forbidden", "message": "", "code": 0, "status": 403})
    value = _listing(visit, item, state.world)
    wants_json = "application/json" in str(visit.headers.get("Accept", ""))
    return json_answer(200, value) if wants_json else _xml(value)


def _missing(item: File | Folder | None, state: State) -> Answer:
    gone = SHAPES["v3"](state.origin, "")
    is_in_body = state.world.rules.v3_dead == "body" or (item is not None and item.dead == "v3")
    gone.status = 200 if is_in_body else 404
    return gone


def _listing(visit: Visit, item: File | Folder, world: World) -> dict[str, Any]:
    page = max(1, _number(visit.query.get("page"), 1))
    size = max(1, _number(visit.query.get("per-page"), DEFAULT_PAGE))
    size = min(size, world.rules.most_rows or size)
    codes = item.items if isinstance(item, Folder) else []
    if item.token and visit.query.get("token") != item.token:
        codes = []
    items = [found for code in codes if (found := world.item(code.upper()))]
    last = max(1, -(-len(items) // size))

    def link(number: int) -> str:
        query = {**visit.query, "page": str(number), "per-page": str(size)}
        return f"/v3/files/folder?{urlencode(query)}"

    links = {"self": link(page), "first": link(1), "last": link(last)}
    if page < last:
        links["next"] = link(page + 1)
    rows = items[(page - 1) * size : page * size]
    return {
        "items": [_row(row, world, f"/{item.name}") for row in rows],
        "current": _row(item, world, "/"),
        "_links": links,
    }


def _row(item: File | Folder, world: World, path: str) -> dict[str, Any]:
    is_file = isinstance(item, File)
    return {
        "id": zlib.crc32(item.code.encode()),
        "linkcode": item.code,
        "name": item.name,
        "type": int(is_file),
        "size": _size(item.size, world.rules.v3_sizes) if isinstance(item, File) else 0,
        "mimetype": "application/octet-stream" if is_file else world.rules.folder_mimetype,
        "path": path,
        "modified": MODIFIED,
        **({world.rules.v3_description: ""} if world.rules.v3_description else {}),
    }


def _size(size: int, shape: str) -> int | str:
    if shape == "human":
        return f"{round(size / (1 << 20))} MB"
    return str(size) if shape == "str" else size


def _xml(value: dict[str, Any]) -> Answer:
    rows = "".join(
        f"<item>{''.join(f'<{k}>{_text(v)}</{k}>' for k, v in row.items())}</item>" for row in value["items"]
    )
    current = "".join(f"<{key}>{_text(entry)}</{key}>" for key, entry in value["current"].items())
    links = "".join(f"<{name}>{_text(entry)}</{name}>" for name, entry in value["_links"].items())
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<response><items>{rows}</items><current>{current}</current><_links>{links}</_links></response>"
    )
    return Answer(200, Text(text.encode()), {"Content-Type": "application/xml; charset=UTF-8"})


def _text(value: Any) -> str:
    return "" if value is None else html.escape(str(value))


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdigit() else default
