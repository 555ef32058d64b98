"""Names, sizes and folders: from the website's listing without signing in, else from the API with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from hosts.base import AnswerUnreadable, Entry, LinkDead, Problem
from hosts.links import Link, LinkKind
from hosts.sites.fshare import refusals
from hosts.sites.fshare.address import link_to, token_of, without_token
from hosts.sites.fshare.answers import Answer, truth, whole
from hosts.sites.fshare.client import Client
from hosts.sites.fshare.refusals import LABEL

PAGE = 100


def describe(client: Client, link: Link) -> Entry:
    """Name, size and standing of a link. Raises Problem, LinkDead also for one that is marked deleted."""
    try:
        entry = _with_protection(client, describe_without_account(client, link))
    except LinkDead:
        raise
    except Problem:
        if not client.can_sign_in:
            raise
        entry = _describe_with_account(client, link)
    if entry.is_dead:
        raise LinkDead
    return entry


def _with_protection(client: Client, entry: Entry) -> Entry:
    """Whether a file asks for a password is known to the API only; without it that comes out when it is fetched.

    What is wrong with the account is kept by the client, and so is asked for once and not for every link.
    """
    if entry.is_folder or entry.is_dead or not client.can_sign_in:
        return entry
    try:
        return replace(entry, needs_password=_describe_with_account(client, entry.link).needs_password)
    except Problem:
        return entry


def _describe_with_account(client: Client, link: Link) -> Entry:
    return entry_of(client.about_link("/api/fileops/get", {"url": link.url}).fields, link)


def describe_without_account(client: Client, link: Link) -> Entry:
    current = _page(client, link, 1, 1).fields.get("current")
    if not isinstance(current, dict) or not current.get("name"):
        raise AnswerUnreadable(host=LABEL)
    return entry_of(current, link)


def children(client: Client, folder: Link) -> list[Entry]:
    """What is directly in a folder, all pages of it, each code once. Raises Problem."""
    try:
        entries = list(_pages(client, folder))
    except LinkDead:
        raise
    except Problem:
        if not client.can_sign_in:
            raise
        entries = list(_pages_with_account(client, folder))
    unique: dict[tuple[LinkKind, str], Entry] = {}
    for entry in entries:
        unique.setdefault((entry.link.kind, entry.link.code), entry)
    return list(unique.values())


def _pages(client: Client, folder: Link) -> Iterator[Entry]:
    page = 1
    while page:
        answer = _page(client, folder, page, PAGE)
        items = answer.items
        if items is None:
            raise AnswerUnreadable(host=LABEL)
        current = answer.fields.get("current")
        if page == 1 and not items and isinstance(current, dict) and not _is_folder(current):
            yield entry_of(current, link_to(LinkKind.FILE, folder.code, token_of(folder)))
        yield from _entries(items, folder)
        page = _next_page(answer, page, len(items))


def _page(client: Client, link: Link, page: int, size: int) -> Answer:
    """One page of the website's listing; a token that it does not want is left out."""
    query: dict[str, str | int] = {
        "linkcode": link.code, "sort": "type,name", "page": page, "per-page": size
    }  # fmt: skip
    if token := token_of(link):
        answer = client.wire.folder(**query, token=token)
        if not isinstance(refusals.at_web(answer), LinkDead):
            return _accepted(answer)
    return _accepted(client.wire.folder(**query))


def _accepted(answer: Answer) -> Answer:
    if problem := refusals.at_web(answer):
        raise problem
    return answer


def _next_page(answer: Answer, page: int, count: int) -> int:
    """The number of the page that follows, 0 after the last. Only the number is taken from the answer's link."""
    links = answer.fields.get("_links")
    if not isinstance(links, dict):
        return page + 1 if count >= PAGE else 0
    following = links.get("next")
    if isinstance(following, dict):
        following = following.get("href")
    if not following or not count:
        return 0
    query = str(following).partition("?")[2].partition("#")[0]
    number = whole(parse_qs(query).get("page", [""])[0])
    return number if number is not None and number > page else 0


def _pages_with_account(client: Client, folder: Link) -> Iterator[Entry]:
    page, count = 0, PAGE
    while count >= PAGE:
        items = _own_page(client, folder, page)
        yield from _entries(items, folder)
        page, count = page + 1, len(items)


def _own_page(client: Client, folder: Link, page: int) -> list[Mapping[str, Any]]:
    def ask(link: Link) -> Answer:
        body: dict[str, str | int] = {"url": link.url, "dirOnly": 0, "pageIndex": page, "limit": PAGE}
        return client.about_link("/api/fileops/getFolderList", body)

    try:
        items = ask(folder).items
    except LinkDead:
        if not token_of(folder):
            raise
        items = ask(without_token(folder)).items
    if items is None:
        raise AnswerUnreadable(host=LABEL)
    return items


def _entries(items: list[Mapping[str, Any]], folder: Link) -> Iterator[Entry]:
    """The entries of a page; what has no code leads nowhere and is no entry."""
    for item in items:
        code = str(item.get("linkcode") or "")
        if code.isascii() and code.isalnum():
            kind = LinkKind.FOLDER if _is_folder(item) else LinkKind.FILE
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


def _is_folder(item: Mapping[str, Any]) -> bool:
    """`type` (elsewhere `file_type`) 0 is a folder; without it a folder has neither a MIME type nor a size."""
    kind = whole(item.get("type"))
    kind = whole(item.get("file_type")) if kind is None else kind
    return not item.get("mimetype") and not whole(item.get("size")) if kind is None else kind == 0
