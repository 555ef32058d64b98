"""fileops: what a file is and what is in a folder, as strings and only strings."""

from __future__ import annotations

import zlib
from typing import Any

from flasharr.simulator.answers import Answer, Text, code_answer, json_answer
from flasharr.simulator.dead import dead_answer
from flasharr.simulator.sessions import Session
from flasharr.simulator.state import State
from flasharr.simulator.visit import Visit
from flasharr.simulator.world import File, Folder, World

DEFAULT_PAGE = 60
CREATED = "1700000000"


def describe(visit: Visit, state: State, session: Session) -> Answer:
    item = state.world.item(visit.code)
    if item is None or (item.dead and item.dead != "deleted"):
        return dead_answer(item.dead if item else state.world.rules.dead, state.origin, visit.code)
    if item.token and f"token={item.token}" not in str((visit.fields or {}).get("url", "")):
        return code_answer(403, 403, "Bạn không có quyền truy cập")
    return json_answer(200, _row(item, state.world))


def folder_list(visit: Visit, state: State, session: Session) -> Answer:
    fields = visit.fields or {}
    return _page(visit, state, _number(fields.get("pageIndex"), 0), _number(fields.get("limit"), DEFAULT_PAGE))


def folder_list_paging(visit: Visit, state: State, session: Session) -> Answer:
    fields = visit.fields or {}
    if not visit.code:
        return Answer(200, Text(), {"Content-Type": "application/json"})
    return _page(visit, state, _number(fields.get("page_index"), 0), _number(fields.get("page_size"), 50))


def total(visit: Visit, state: State, session: Session) -> Answer:
    folder = state.world.folders.get(visit.code)
    return json_answer(200, {"total": str(len(folder.items) if folder else 0)})


def home(visit: Visit, state: State, session: Session) -> Answer:
    """The account's own files; nobody in this world owns any."""
    return json_answer(200, [])


def _page(visit: Visit, state: State, index: int, limit: int) -> Answer:
    url = str((visit.fields or {}).get("url", ""))
    folder = state.world.folders.get(visit.code)
    if folder is None or folder.dead:
        return code_answer(404, 404, "Thư mục không tồn tại")
    if folder.token and f"token={folder.token}" not in url:
        return json_answer(200, []) if state.world.rules.gated == "empty" else code_answer(403, 403, "Forbidden")
    rows = [item for code in folder.items if (item := state.world.item(code.upper()))]
    if str((visit.fields or {}).get("dirOnly", 0)) == "1":
        rows = [item for item in rows if isinstance(item, Folder)]
    limit = min(limit, state.world.rules.most_rows or limit)
    page = rows[index * limit : (index + 1) * limit]
    return json_answer(200, [_row(item, state.world, folder) for item in page])


def _row(item: File | Folder, world: World, parent: Folder | None = None) -> dict[str, Any]:
    is_file = isinstance(item, File)
    kind = "1" if is_file else "0"
    return {
        "id": str(zlib.crc32(item.code.encode())),
        "linkcode": item.code,
        "name": item.name,
        "secure": "0",
        "public": "1",
        "copied": "0",
        "shared": "0",
        "directlink": "0",
        "type": kind,
        "file_type": kind,
        "path": f"/{parent.name}" if parent else "/",
        "owner_id": "1000002",
        "pid": str(zlib.crc32(parent.code.encode())) if parent else "0",
        "size": str(item.size) if isinstance(item, File) else "0",
        "downloadcount": "0",
        "deleted": "1" if item.dead else "0",
        "mimetype": "application/octet-stream" if is_file else world.rules.folder_mimetype,
        "created": CREATED,
        "modified": CREATED,
        "lastdownload": CREATED,
        "pwd": "1" if isinstance(item, File) and item.password else None,
        "hash_index": "",
        "description": "",
    }


def _number(value: Any, default: int) -> int:
    text = str(value if value is not None else default)
    return int(text) if text.isdigit() else default
