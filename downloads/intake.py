"""From pasted text to what will be added: find the links, look behind them, mark what is here already.

The pages show a Preview before anything is added; REST and the commands expand and add in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

from django.conf import settings
from django.db import connections
from django.utils import timezone

from downloads import actions, queries
from downloads.actions import Added, NewDownload, Together
from downloads.cautions import DIFFERS
from downloads.engine.errors import PathRefused
from downloads.gathering import look_into
from downloads.listings import Glance
from downloads.models import Batch, Download, Visit
from downloads.preview import Group, IntakeRefused, Item, Preview, key
from downloads.states import Reason, Status
from hosts import accounts, registry
from hosts.base import Entry, LinkDead, LinkProblem, LinkRefused, Problem, gettext_noop
from hosts.checksums import OF_SEVERAL, agreed
from hosts.links import Link, LinkKind

MOST_TEXT = 1_000_000
MOST_LINKS = 1_000
MOST_FOLDERS = 20
MOST_IN_ALL = 15_000  # each is a field of the form that answers a preview
LOOKED_UP = 40
PATIENCE = 30.0  # seconds; as many links as are looked up take some 22 at half a second between requests
TOO_MANY_FOLDERS = gettext_noop("That is {count} folders; at most {most} can be looked into at once.")
TOO_MANY_IN_ALL = gettext_noop("The links hold more than {most} files in all. Paste fewer folders at once.")
NOT_FOUND = gettext_noop("Ticked files that are not there any more: {count}. Nothing was added; look through the list.")


def find(text: str) -> tuple[list[Link], Sequence[tuple[str, Problem]]]:
    """The links in a text and what was refused. Raises IntakeRefused."""
    found = look_for(text)
    return found.links, found.refused


def look_for(text: str) -> registry.Found:
    """The links in a text, with their checksums, and what was refused. Raises IntakeRefused."""
    if len(text) > MOST_TEXT:
        raise IntakeRefused(gettext_noop("The text is too long: at most {most} characters at once."), most=MOST_TEXT)
    found = registry.links_in(text, settings.FLASHARR["ALLOW_PRIVATE_HOSTS"])
    if len(found.links) > MOST_LINKS:
        raise IntakeRefused(
            gettext_noop("That is {count} links; at most {most} can be added at once."),
            count=len(found.links),
            most=MOST_LINKS,
        )
    if not found.links and found.refused:
        raise IntakeRefused.because_of(found.refused[0][1])
    if not found.links:
        raise IntakeRefused(gettext_noop("No link was found. Paste Fshare links or direct http(s) addresses."))
    return found


def preview(text: str, glance: Glance | None = None, *, fresh: bool = True) -> Preview:
    """Look behind every link of a text. Raises IntakeRefused when there is nothing to look behind.

    A `glance` leaves folders unopened once it is over. Without `fresh` what was listed lately is not asked for again.
    """
    found = look_for(text)
    links = found.links
    files = [link for link in links if link.kind == LinkKind.FILE]
    folders = [link for link in links if link.kind == LinkKind.FOLDER]
    if len(folders) > MOST_FOLDERS:
        raise IntakeRefused(TOO_MANY_FOLDERS, count=len(folders), most=MOST_FOLDERS)
    groups: list[Group] = []
    for link in folders:
        groups.append(look_into(link, glance, fresh=fresh))
        require_few(len(files) + sum(len(group.items) for group in groups))
    if files:
        groups.insert(0, Group([*in_parallel(files[:LOOKED_UP]), *map(unseen, files[LOOKED_UP:])]))
    return Preview(mark_existing(groups), found.refused, found.checksums)


def require_few(files: int) -> None:
    """Raises IntakeRefused."""
    if files > MOST_IN_ALL:
        raise IntakeRefused(TOO_MANY_IN_ALL, most=MOST_IN_ALL)


def in_parallel(links: Sequence[Link]) -> list[Item]:
    """Describe a handful of links, four at a time. What a host has not told when PATIENCE is over stays unseen."""
    pool = ThreadPoolExecutor(4, thread_name_prefix="describe")
    asked = [pool.submit(describe, link) for link in links]
    done = wait(asked, PATIENCE).done
    pool.shutdown(wait=False, cancel_futures=True)
    return [one.result() if one in done else unseen(link) for one, link in zip(asked, links, strict=True)]


def describe(link: Link) -> Item:
    """Ask the host about one file; a problem becomes a note, a dead link is marked.

    What a foreign server says to such a question is not its last word: a direct link may be added all the same.
    """
    host = registry.by_name(link.host)
    try:
        return Item(host.describe(link, accounts.context_for(host)))
    except LinkDead as problem:
        return replace(unseen(link), entry=replace(unseen(link).entry, is_dead=host.is_one_service), note=problem)
    except Problem as problem:
        return replace(unseen(link), note=problem)
    finally:
        connections.close_all()


def unseen(link: Link) -> Item:
    """A link nobody has asked about yet: its code stands in for its name."""
    return Item(Entry(link, link.url.rstrip("/").rsplit("/", 1)[-1].partition("?")[0]), described=False)


def mark_existing(groups: list[Group]) -> list[Group]:
    """Say of every item whether its file is in the queue or the history already."""
    wanted = [NewDownload(item.entry.link) for group in groups for item in group.items]
    rows = (row for row in actions.live_rows(wanted) if not actions.file_is_gone(row))
    here = {(row.host, row.code): row for row in rows}

    def marked(item: Item) -> Item:
        return replace(item, existing=here.get((item.entry.link.host, item.entry.link.code)))

    return [replace(group, items=[marked(item) for item in group.items]) for group in groups]


def add(
    what: str | Preview,
    chosen: Iterable[str] | None = None,
    *,
    directory: str = "",
    filename: str = "",
    password: str = "",
    priority: int = 0,
    checksum: str = "",
) -> list[Added]:
    """Add what is behind a text, or what its preview showed: files one by one, every folder as a batch under its
    own name.

    `chosen` holds "host:code" of the files wanted; None wants all but the dead ones. Raises IntakeRefused when
    nothing can be added, with the sentence of the first obstacle, or when a chosen one is missing; and PathRefused.
    """
    require_plain(directory, filename)
    checksum = require_checksum(checksum)
    seen = preview(what) if isinstance(what, str) else what
    wanted = None if chosen is None else set(chosen)
    require_found(seen, wanted or set())
    if filename and len(seen.items) != 1:
        raise IntakeRefused(gettext_noop("A file name can be given for a single file only."))
    if checksum and len(seen.items) != 1:
        raise IntakeRefused(OF_SEVERAL)
    added: list[Added] = []
    for group in seen.groups:
        parent = "/".join(part for part in (directory, group.folder.name if group.folder else "") if part)
        items = [
            NewDownload(
                item.entry.link,
                name=item.entry.name if item.described else "",
                size=item.entry.size,
                directory="/".join(part for part in (parent, item.entry.path) if part),
                filename=filename,
                password=password,
                priority=priority,
                checksum=checksum_of(item, checksum, seen),
            )
            for item in group.items
            if not item.entry.is_dead and (wanted is None or key(item.entry.link) in wanted)
        ]
        if items:
            added += actions.add(items, together(group, directory))
    if not added:
        raise IntakeRefused.because_of(obstacle(seen))
    return added


def together(group: Group, directory: str) -> Together | None:
    """The batch that a folder becomes; single files are none."""
    if group.folder is None:
        return None
    seen = {key(entry.link) for entry in (*(item.entry for item in group.items), *group.unopened)}
    return Together(group.folder.name, group.folder.link.url, directory, frozenset(seen))


def revisit(batch: Batch) -> list[Added]:
    """Look into the folder of a batch again and add what was not in it then. Raises IntakeRefused."""
    known = set(Visit.objects.filter(batch=batch).values_list("seen", flat=True).first() or ())
    seen = preview(batch.url)
    new = {key(item.entry.link) for item in seen.items if item.addable} - known
    if not new and (problem := next((group.problem for group in seen.groups if group.problem), None)):
        raise IntakeRefused.because_of(problem)
    return add(seen, new, directory=batch.directory) if new else []


def require_plain(directory: str, filename: str) -> None:
    """What a user names stays below the download folder, and says so before anything is added. Raises PathRefused."""
    parts = directory.replace("\\", "/").split("/")
    leads_out = directory.startswith(("/", "\\")) or ".." in parts
    is_path = any(separator in filename for separator in "/\\") or filename in (".", "..")
    if leads_out or is_path or "\0" in directory + filename:
        raise PathRefused()


def require_checksum(*given: str | None) -> str:
    """The best of what was given for one file, "" without any. Raises IntakeRefused for what cannot be checked."""
    try:
        return agreed(filter(None, given))
    except LinkRefused as problem:
        raise IntakeRefused.because_of(problem) from None


def checksum_of(item: Item, given: str, seen: Preview) -> str:
    """What a file is to be checked by, together with what its row knows. Raises IntakeRefused.

    A checksum that did not match may have been the wrong one: another one takes its place.
    """
    row, behind_it = item.existing, seen.checksums.get((item.entry.link.host, item.entry.link.code))
    is_believed = row is not None and DIFFERS.code not in (row.reason_code, row.warning_code)
    return require_checksum(given, behind_it, row.checksum if row is not None and is_believed else None)


def require_found(seen: Preview, wanted: set[str]) -> None:
    """Every file wanted must be there, or nothing is added. Raises IntakeRefused."""
    missing = wanted - {key(item.entry.link) for item in seen.items if not item.entry.is_dead}
    if missing and (problem := seen.passing_problem):
        raise IntakeRefused.because_of(problem)
    if missing:
        raise IntakeRefused(NOT_FOUND, count=len(missing))


def obstacle(seen: Preview) -> Problem:
    """The first thing that explains why a preview adds nothing."""
    notes = [group.problem for group in seen.groups] + [item.note for item in seen.items]
    notes += [problem for group in seen.groups for _, problem in group.shut]
    return next((note for note in notes if note), IntakeRefused(gettext_noop("Nothing was chosen.")))


def describe_unseen() -> None:
    """Fill in names and sizes of waiting rows that were added without them; fail the dead ones.

    Each row is asked about once, and a host that has a problem is left alone: the engine asks again in time.
    """
    last, troubled = 0, set[str]()
    waiting = (Status.QUEUED, Status.WAITING, Status.PAUSED)
    while row := next_unseen(last, waiting, troubled):
        last = row.pk
        item = describe(row.link)
        if item.entry.is_dead:
            actions.fail_found_dead(Download.objects.filter(pk=row.pk), Reason.of(LinkDead()), timezone.now())
        elif item.described:
            actions.learn(row.pk, item.entry.name, item.entry.size)
        elif registry.by_name(row.host).is_one_service and not isinstance(item.note, LinkProblem):
            troubled.add(row.host)


def next_unseen(last: int, statuses: Iterable[Status], troubled: set[str]) -> Download | None:
    known = [host.name for host in registry.HOSTS if host.name not in troubled]
    rows = queries.live().filter(pk__gt=last, name="", status__in=list(statuses), host__in=known)
    return rows.order_by("pk").first()
