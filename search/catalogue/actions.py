"""Every verb a user has over followed folders. Pages, REST, the admin and the command all come through here."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from downloads import actions as queue
from downloads.actions import Added, NewDownload, Together
from hosts import accounts, registry, vault
from hosts.base import Cure, Problem, gettext_noop
from hosts.links import LinkKind
from search.catalogue import forgetting, wake
from search.catalogue.closing import NO_PROBLEM
from search.catalogue.models import CatalogueEntry, FolderSubscription, Placement, without_query
from search.catalogue.shelving import CHUNK

MOST_AT_ONCE = 5_000
FEW = 1_000  # files that are forgotten while somebody waits
LONGEST_INTERVAL = 24 * 90  # hours


class FollowRefused(Problem):
    """The folder cannot be followed; nothing was changed."""

    code = "follow_refused"
    permanent = True
    cure = Cure.NONE
    sentence = gettext_noop("Paste one link of a folder, such as https://www.fshare.vn/folder/ABC123.")


NOT_A_FOLDER = gettext_noop("This is the link of a file. Only folders can be followed.")
FOLLOWED = gettext_noop("The folder “{name}” is followed already.")
BEING_FORGOTTEN = gettext_noop("The folder “{name}” is still being forgotten. Follow it again in a minute.")
CHOOSE = gettext_noop("Choose at least one file.")
TOO_MANY = gettext_noop("That is {count} files; at most {most} can be added at once.")


def subscribe(text: str, interval_hours: int = 24) -> FolderSubscription:
    """Follow the folder of a link, asking its host for its name. Raises Problem, and then nothing was changed."""
    found = registry.links_in(text, settings.FLASHARR["ALLOW_PRIVATE_HOSTS"])
    if len(found.links) != 1:
        raise FollowRefused
    link = found.links[0]
    if link.kind is not LinkKind.FOLDER:
        raise FollowRefused(NOT_A_FOLDER)
    if here := FolderSubscription.objects.filter(host=link.host, code=link.code).first():
        raise FollowRefused(FOLLOWED, name=here.name)
    if gone := FolderSubscription.every.filter(host=link.host, code=link.code).first():
        raise FollowRefused(BEING_FORGOTTEN, name=gone.name)
    host = registry.by_name(link.host)
    entry = host.describe(link, accounts.context_for(host))
    url, query = without_query(link.url)
    row, made = FolderSubscription.objects.get_or_create(
        host=link.host,
        code=link.code,
        defaults={
            "url": url,
            "sealed_query": vault.seal(query) if query else "",
            "name": (entry.name or link.code)[:255],
            "interval_hours": interval_hours,
        },
    )
    if not made:
        raise FollowRefused(FOLLOWED, name=row.name)
    transaction.on_commit(wake.crawler)
    return row


def unsubscribe(subscription: FolderSubscription, *, keep_entries: bool) -> None:
    """Follow it no longer. Its files stay findable as last seen, or those that no other folder holds are forgotten.

    A few are forgotten at once, many by a chore. A visit under way ends here.
    """
    FolderSubscription.objects.filter(pk=subscription.pk).update(
        is_enabled=False, forgotten_at=timezone.now(), keeps_files=keep_entries, asked_at=None
    )
    if Placement.objects.filter(folder__subscription=subscription)[: FEW + 1].count() > FEW:
        transaction.on_commit(wake.forgetter)
    else:
        subscription.keeps_files = keep_entries
        forgetting.forget(subscription)


def refresh(subscription: FolderSubscription) -> bool:
    """Visit it now; what kept it waiting is tried again. False for one that is paused."""
    changed = FolderSubscription.objects.filter(pk=subscription.pk, is_enabled=True).update(
        next_visit_at=timezone.now(), asked_at=None, **NO_PROBLEM
    )
    if changed:
        transaction.on_commit(wake.crawler)
    return bool(changed)


def pause(subscription: FolderSubscription) -> None:
    """Visit it no more until it is resumed; a visit under way stops where it is."""
    FolderSubscription.objects.filter(pk=subscription.pk).update(is_enabled=False)


def resume(subscription: FolderSubscription) -> None:
    """Visit it again, from where a visit stopped or else when it is due."""
    now = timezone.now()
    rows = FolderSubscription.objects.filter(pk=subscription.pk)
    rows.filter(next_visit_at=None).update(next_visit_at=now)
    rows.exclude(visit_started_at=None).update(next_visit_at=now)
    rows.update(is_enabled=True, asked_at=None, **NO_PROBLEM)
    transaction.on_commit(wake.crawler)


def set_interval(subscription: FolderSubscription, hours: int) -> None:
    FolderSubscription.objects.filter(pk=subscription.pk).update(interval_hours=hours)


def wake_host(host: str) -> None:
    """An account of this host may be used again: what waited for one goes on."""
    waiting = FolderSubscription.objects.filter(host=host, problem_cure=Cure.ACCOUNT)
    if waiting.update(next_visit_at=timezone.now(), asked_at=None, **NO_PROBLEM):
        transaction.on_commit(wake.crawler)


def download(numbers: Sequence[int]) -> list[Added]:
    """Put entries into the queue as one batch in one transaction, each in its folder. Raises FollowRefused."""
    if not numbers:
        raise FollowRefused(CHOOSE)
    if len(numbers) > MOST_AT_ONCE:
        raise FollowRefused(TOO_MANY, count=len(numbers), most=MOST_AT_ONCE)
    rows: list[CatalogueEntry] = []
    for start in range(0, len(numbers), CHUNK):
        chosen = CatalogueEntry.objects.filter(pk__in=numbers[start : start + CHUNK], dead_at=None)
        rows += chosen.select_related("folder__subscription").order_by("path", "name")
    if not rows:
        raise FollowRefused(CHOOSE)
    items = [NewDownload(row.link, name=row.name, size=row.size, directory=row.path) for row in rows]
    return queue.add(items, Together(batch_name(rows)))


def batch_name(rows: Sequence[CatalogueEntry]) -> str:
    """The followed folder when all come from one, else the first file's name."""
    tops = {row.path.partition("/")[0] for row in rows}
    return tops.pop() if len(tops) == 1 and "" not in tops else rows[0].name
