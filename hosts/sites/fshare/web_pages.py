"""The website's listing, page by page. It needs no sign-in, and knows single files too."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

from hosts.base import AnswerUnreadable, Entry, LinkDead
from hosts.links import Link, LinkKind
from hosts.sites.fshare import refusals
from hosts.sites.fshare.address import link_to, token_of
from hosts.sites.fshare.answers import Answer, whole
from hosts.sites.fshare.client import Client
from hosts.sites.fshare.entries import entries_of, entry_of, is_folder_row
from hosts.sites.fshare.refusals import LABEL

SIZE = 1000  # rows a page; a server that gives fewer says where the next page is


def pages(client: Client, folder: Link) -> Iterator[list[Entry]]:
    """The pages of a folder's listing; a file is listed as itself. Raises Problem."""
    number = 1
    while number:
        answer = page(client, folder, number, SIZE)
        items = answer.items
        if items is None:
            raise AnswerUnreadable(host=LABEL)
        current = answer.fields.get("current")
        if number == 1 and not items and isinstance(current, dict) and not is_folder_row(current):
            yield [entry_of(current, link_to(LinkKind.FILE, folder.code, token_of(folder)))]
        yield list(entries_of(items, folder))
        number = _next_page(answer, number, len(items))


def page(client: Client, link: Link, number: int, size: int) -> Answer:
    """One page of the website's listing; a token that it does not want is left out."""
    query: dict[str, str | int] = {
        "linkcode": link.code, "sort": "type,name", "page": number, "per-page": size
    }  # fmt: skip
    if token := token_of(link):
        answer = client.wire.folder(**query, token=token)
        if answer.status != 404 and not isinstance(refusals.at_web(answer), LinkDead):
            return _accepted(answer)
    return _accepted(client.wire.folder(**query))


def _accepted(answer: Answer) -> Answer:
    if problem := refusals.at_web(answer):
        raise problem
    return answer


def _next_page(answer: Answer, number: int, count: int) -> int:
    """The number of the page that follows, 0 after the last. Only the number is taken from the answer's link."""
    links = answer.fields.get("_links")
    if not isinstance(links, dict):
        return number + 1 if count else 0
    following = links.get("next")
    if isinstance(following, dict):
        following = following.get("href")
    if not following or not count:
        return 0
    query = str(following).partition("?")[2].partition("#")[0]
    following_number = whole(parse_qs(query).get("page", [""])[0])
    return following_number if following_number is not None and following_number > number else 0
