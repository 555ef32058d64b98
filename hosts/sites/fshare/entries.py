"""Rows of Fshare's lists as entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hosts.base import Entry
from hosts.links import Link, LinkKind
from hosts.sites.fshare.address import CODE, link_to, token_of
from hosts.sites.fshare.answers import truth, whole


def entries_of(items: list[Mapping[str, Any]], folder: Link) -> Iterator[Entry]:
    """The entries of a page; what has no code leads nowhere and is no entry."""
    for item in items:
        code = str(item.get("linkcode") or "")
        if CODE.fullmatch(code):
            kind = LinkKind.FOLDER if is_folder_row(item) else LinkKind.FILE
            yield entry_of(item, link_to(kind, code, token_of(folder)))


def entry_of(item: Mapping[str, Any], link: Link) -> Entry:
    size = whole(item.get("size"))
    is_folder = link.kind is LinkKind.FOLDER
    return Entry(
        link,
        str(item.get("name") or link.code),
        size if size is not None and size >= 0 and not is_folder else None,
        is_folder,
        needs_password=truth(item.get("pwd")),
        is_dead=truth(item.get("deleted")),
    )


def is_folder_row(item: Mapping[str, Any]) -> bool:
    """`type` (elsewhere `file_type`) 0 is a folder; without it a folder has neither a MIME type nor a size."""
    kind = whole(item.get("type"))
    kind = whole(item.get("file_type")) if kind is None else kind
    return not item.get("mimetype") and not whole(item.get("size")) if kind is None else kind == 0
