"""Looking into folders: the files below a folder link, or as many of them as a glance finds."""

from __future__ import annotations

from collections.abc import Iterable

from downloads.listings import Glance, Listings
from downloads.preview import Group, IntakeRefused, Item, key
from hosts import registry
from hosts.base import Entry, LinkDead, Problem, gettext_noop
from hosts.folders import Walk, inside
from hosts.links import Link

MOST_FILES = 5_000
TOO_MANY_FILES = gettext_noop("The folder holds more than {most} files. Paste its sub-folders one by one.")
STILL_LOOKING = gettext_noop(
    "The folders are large: {count} files were found so far. Press the button again to go on, or choose fewer folders."
)
EMPTY_FOLDER = gettext_noop("The folder is empty.")


def look_into(link: Link, glance: Glance | None = None, *, fresh: bool = True) -> Group:
    """List a folder link with everything below it, or as far as a glance goes."""
    listings = Listings(registry.by_name(link.host), fresh=fresh)
    folder = Entry(link, link.code, is_folder=True)
    try:
        folder = listings.describe(link)
        return gather(listings, folder, glance)
    except Problem as problem:
        return Group([], folder, problem)


def gather(listings: Listings, folder: Entry, glance: Glance | None) -> Group:
    """The files below a folder. Raises Problem; what was listed till then is remembered for the next try."""
    ticked: list[str] = []

    def skip(inner: Entry) -> bool:
        if glance is None:
            return False
        if key(inner.link) in glance.ticked:
            ticked.append(inside(inner))
        if glance.deep and is_below(inside(inner), ticked):
            return False
        return key(inner.link) not in glance.opened and glance.is_over and not listings.remembers(inner.link)

    walk = Walk(folder.link, listings.of, skip=skip)
    items: list[Item] = []
    for entry in walk:
        if glance is not None and glance.is_too_long:
            raise IntakeRefused(STILL_LOOKING, count=len(items))
        if entry.is_folder:
            continue
        items.append(Item(entry, LinkDead() if entry.is_dead else None))
        if len(items) > MOST_FILES:
            raise IntakeRefused(TOO_MANY_FILES, most=MOST_FILES)
        if glance is not None:
            glance.files += 1
    alive = [item.entry for item in items if not item.entry.is_dead]
    whole = frozenset(key(entry.link) for entry in (*alive, *walk.unopened) if is_below(entry.path, ticked))
    empty = None if items or walk.unopened or walk.shut else IntakeRefused(EMPTY_FOLDER)
    return Group(items, folder, empty, walk.unopened, walk.shut, whole)


def is_below(path: str, tops: Iterable[str]) -> bool:
    """Whether a path is one of the tops or inside one."""
    return any(path == top or path.startswith(f"{top}/") for top in tops)
