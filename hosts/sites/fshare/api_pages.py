"""The API's two listings, page by page, for when the website's cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import NamedTuple

from hosts.base import AnswerUnreadable, Entry, LinkDead
from hosts.links import Link
from hosts.sites.fshare.address import token_of, without_token
from hosts.sites.fshare.answers import Answer
from hosts.sites.fshare.client import Client
from hosts.sites.fshare.entries import entries_of
from hosts.sites.fshare.passes import settled
from hosts.sites.fshare.refusals import LABEL, NoSuchPage

SIZE = 1000  # rows a page; one that gives fewer is not taken for the last, as a server may have a limit of its own


class Call(NamedTuple):
    path: str
    page: str
    size: str


CALLS = (
    Call("/api/fileops/getFolderList", "pageIndex", "limit"),
    Call("/api/fileops/getFolderListPaging", "page_index", "page_size"),
)


def children(client: Client, folder: Link) -> list[Entry]:
    """What is directly in a folder, by the first listing that makes sense. Raises Problem."""
    first, second = (partial(settled, partial(_pages, client, folder, call)) for call in CALLS)
    try:
        return first()
    except AnswerUnreadable as unreadable:
        try:
            return second()
        except (AnswerUnreadable, LinkDead):  # this listing may itself be what is gone
            raise unreadable from None


def _pages(client: Client, folder: Link, call: Call) -> Iterator[list[Entry]]:
    """Pages until one is empty: only that is the end for sure."""
    for number in count():
        entries = list(_page(client, folder, call, number))
        yield entries
        if not entries:
            return


def _page(client: Client, folder: Link, call: Call, number: int) -> Iterator[Entry]:
    def ask(link: Link) -> Answer:
        return client.about_link(call.path, {"url": link.url, "dirOnly": 0, call.page: number, call.size: SIZE})

    try:
        items = ask(folder).items
    except (LinkDead, NoSuchPage):
        if not token_of(folder):
            raise
        items = ask(without_token(folder)).items
    if items is None:
        raise AnswerUnreadable(host=LABEL)
    return entries_of(items, folder)
