"""Fshare.vn through its official API, with the user's own account and app key."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from hosts.base import (
    AccountInfo,
    AnswerUnreadable,
    Entry,
    Host,
    HostContext,
    HostProblem,
    LinkDead,
    LinkRefused,
    PasswordNeeded,
    PasswordWrong,
    Problem,
    Source,
    VipNeeded,
    gettext_noop,
)
from hosts.guard import Origin, origin_of
from hosts.links import Link, LinkKind
from hosts.sites.fshare import listing, refusals
from hosts.sites.fshare.address import DOMAINS, HOST, link_of, token_of, without_token
from hosts.sites.fshare.answers import Answer
from hosts.sites.fshare.client import NEEDED, Client
from hosts.sites.fshare.refusals import LABEL, NoSuchPage
from hosts.sites.fshare.subscription import KNOWN_BY, account_info
from hosts.sites.fshare.wire import API, INTERVAL, WEB

WITHHELD = gettext_noop(
    "{host} does not hand out this file, although the account is VIP. It may want a password: enter the right one. "
    "Or it wants its whole link with ?token=, or another copy must do."
)


class Fshare(Host):
    name = HOST
    label = LABEL
    needs_account = True
    max_connections = 3
    domains = DOMAINS

    def match(self, url: str) -> Link | None:
        return link_of(url)

    def describe(self, link: Link, context: HostContext) -> Entry:
        return listing.describe(Client(context), link)

    def list_folder(self, link: Link, context: HostContext) -> list[Entry]:
        return listing.children(Client(context), link)

    def resolve(self, link: Link, context: HostContext, password: str = "") -> Source:
        """Mint an address; name and size come from the listing, as the API answers with the address only.

        The code for "not VIP" also comes for a single file; before it counts against the account, that is asked.
        And before a page that is not there makes a file dead, the listing is asked: else a move of the API would make
        all files so.
        """
        if link.kind is not LinkKind.FILE:
            raise LinkRefused(gettext_noop("This is a folder. Add the files in it."))
        client = Client(context)
        entry, refused = (None, None) if context.is_described else _described(client, link)
        try:
            answer = _mint(client, link, password)
        except VipNeeded as needed:
            if context.is_described:
                refused = _described(client, link)[1]
            raise _confirmed(needed, self.check_account(context), refused, password) from None
        except NoSuchPage:
            if context.is_described:
                _described(client, link)
            raise
        url = str(answer.fields.get("location") or answer.fields.get("downloadurl") or "").strip()
        path = _path_of(url)
        name = entry.name if entry else unquote(path.rpartition("/")[2]) or link.code
        return Source(url, name, entry.size if entry else None, max_connections=self.max_connections)

    def read_page(self, page: str) -> Problem | None:
        return refusals.at_file(page)

    def check_account(self, context: HostContext) -> AccountInfo:
        answer = Client(context).about_account()
        email = context.credentials.email if context.credentials else ""
        if not KNOWN_BY & answer.fields.keys():
            raise AnswerUnreadable(host=LABEL)
        return account_info(answer.fields, email, context.now())

    def sign_out(self, context: HostContext) -> None:
        Client(context).sign_out()

    def front(self, link: Link, config: Mapping[str, str]) -> str:
        return config.get("FSHARE_API_URL") or API

    def trusted_origins(self, config: Mapping[str, str]) -> frozenset[Origin]:
        urls = (config.get("FSHARE_API_URL") or API, config.get("FSHARE_WEB_URL") or WEB)
        return frozenset(map(origin_of, urls))

    def interval(self, config: Mapping[str, str]) -> float:
        return float(config.get("FSHARE_INTERVAL") or INTERVAL)

    def missing_config(self, config: Mapping[str, str]) -> list[str]:
        return [name for name in NEEDED if not config.get(name)]


def _described(client: Client, link: Link) -> tuple[Entry | None, LinkRefused | None]:
    """Name and size, or why the listing does not tell them; None for both when it cannot now. Raises LinkDead.

    A share that wants its token is refused by the API with the code for "not VIP"; here it says what it means.
    """
    try:
        entry = listing.describe_without_account(client, link)
    except HostProblem:
        return None, None
    except LinkRefused as refused:
        return None, refused
    if entry.is_dead:
        raise LinkDead
    return entry, None


def _confirmed(needed: VipNeeded, info: AccountInfo, refused: LinkRefused | None, password: str) -> Problem:
    """A refusal for not being VIP that the account's own word contradicts is about the file.

    `refused` is what the listing says about that; without VIP even that would have to wait.
    """
    if not info.is_vip:
        return needed
    if refused:
        return refused
    return PasswordWrong(WITHHELD, host=LABEL) if password else PasswordNeeded(WITHHELD, host=LABEL)


def _path_of(url: str) -> str:
    """The path of a minted address. Raises AnswerUnreadable for what is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise AnswerUnreadable(host=LABEL) from error
    if not usable:
        raise AnswerUnreadable(host=LABEL)
    return parts.path


def _mint(client: Client, link: Link, password: str) -> Answer:
    """Ask for an address; a share token that the API does not know in an address is left out then."""
    secret = {"password": password} if password else {}

    def ask(url: str) -> Answer:
        return client.about_link("/api/session/download", {"url": url, "zipflag": 0, **secret}, password)

    try:
        return ask(link.url)
    except (LinkDead, NoSuchPage):
        if not token_of(link):
            raise
    return ask(without_token(link).url)
