"""Names, sizes and folders: from the website's listing without signing in, else from the API with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from hosts.base import AnswerUnreadable, Entry, LinkDead, LinkRefused, Problem, VipNeeded
from hosts.links import Link
from hosts.sites.fshare import api_pages, web_pages
from hosts.sites.fshare.client import Client
from hosts.sites.fshare.entries import entry_of
from hosts.sites.fshare.passes import settled
from hosts.sites.fshare.refusals import LABEL

T = TypeVar("T")


def describe(client: Client, link: Link) -> Entry:
    """Name, size and standing of a link. Raises Problem, LinkDead also for one that is marked deleted."""
    entry = _either(
        client,
        lambda: _with_protection(client, describe_without_account(client, link)),
        lambda: _describe_with_account(client, link),
    )
    if entry.is_dead:
        raise LinkDead
    return entry


def describe_without_account(client: Client, link: Link) -> Entry:
    current = web_pages.page(client, link, 1, 1).fields.get("current")
    if not isinstance(current, dict) or not current.get("name"):
        raise AnswerUnreadable(host=LABEL)
    return entry_of(current, link)


def children(client: Client, folder: Link) -> list[Entry]:
    """What is directly in a folder, all pages of it, each code once. Raises Problem."""
    return _either(
        client,
        lambda: settled(partial(web_pages.pages, client, folder)),
        lambda: api_pages.children(client, folder),
    )


def _either(client: Client, without_account: Callable[[], T], with_account: Callable[[], T]) -> T:
    """The website's word, else the API's; what the website calls gone is gone.

    A share that wants its token is refused by the API with the code for "not VIP": the website's reason says more.
    """
    try:
        return without_account()
    except LinkDead:
        raise
    except Problem as problem:
        if not client.can_sign_in:
            raise
        refused = problem
    try:
        return with_account()
    except VipNeeded:
        if isinstance(refused, LinkRefused):
            raise refused from None
        raise


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
