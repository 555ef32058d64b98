"""Visiting the followed folders, one listing after another.

What has still to be looked into stands in the database (CatalogueFolder), so a visit that is stopped or killed at any
point goes on where it was. It is cut into slices that end within seconds: other chores get their turn between them.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from downloads.engine.backoff import Backoff
from downloads.running import Unexpected
from hosts import accounts, registry, vault
from hosts.base import Cure, Entry, HostProblem, LinkDead, LinkProblem, Problem, gettext_noop
from hosts.links import Link, LinkKind
from search.catalogue import queries
from search.catalogue.closing import NO_PROBLEM, close
from search.catalogue.models import CatalogueFolder, FolderSubscription, with_query
from search.catalogue.shelving import NotWanted, Shelf

log = logging.getLogger(__name__)

SLICE = 10.0
PAUSE = 0.5  # seconds between two folders, give or take half of it
MOST_FOLDERS = 20_000
WAITS = Backoff(base=60.0, cap=6 * 3600.0)
LOOK_AGAIN = 900.0


class CameBackEmpty(HostProblem):
    """A folder that held something is listed without anything: believed only when it is so again."""

    code = "came_back_empty"
    sentence = gettext_noop(
        "The folder “{name}” suddenly came back empty. Its files are kept, and it will be looked into again."
    )


class TokenLost(Problem):
    code = "token_lost"
    permanent = True
    cure = Cure.NONE
    sentence = gettext_noop(
        "The saved share token cannot be read: this installation's secret key has changed. Follow its link again."
    )


class TooManyFolders(Problem):
    code = "too_many_folders"
    permanent = True
    cure = Cure.NONE
    sentence = gettext_noop("It holds more than {most} folders. Follow its sub-folders one by one.")


@dataclass(frozen=True, slots=True)
class Pace:
    """How a slice spends its time. Replaced in tests."""

    seconds: float = SLICE
    pause: float = PAUSE
    now: Callable[[], datetime] = timezone.now

    def rest(self) -> None:
        time.sleep(self.pause * random.uniform(0.5, 1.5))


def work(pace: Pace | None = None) -> int:
    """Look into folders of whatever is due until the slice is over; returns how many."""
    pace = pace or Pace()
    begun, until, count = pace.now(), time.monotonic() + pace.seconds, 0
    while subscription := queries.next_due(pace.now(), begun):
        step(subscription, pace.now())
        count += 1
        if time.monotonic() >= until:
            break
        pace.rest()
    return count


def step(subscription: FolderSubscription, now: datetime) -> None:
    """Look into one folder, or end the visit when there is none left."""
    if not subscription.is_visiting:
        begin(subscription, now)
    folder = subscription.folders.filter(visit=subscription.visit, listed__lt=subscription.visit).order_by("pk").first()
    if folder is None:
        close(subscription, now)
        return
    try:
        Shelf(subscription, folder, now).fill(listing(subscription, folder))
        FolderSubscription.objects.filter(pk=subscription.pk).exclude(problem_code="").update(**NO_PROBLEM)
    except NotWanted:
        log.info("The visit of folder %s ends: it was paused or removed", subscription.pk)
    except LinkProblem as problem:
        if not folder.path:
            hold(subscription, problem, now)
        elif isinstance(problem, LinkDead):  # since its parent was listed
            CatalogueFolder.objects.filter(pk=folder.pk).update(visit=0)
        else:
            log.info("Folder %s of %s is passed over: %s", folder, subscription.pk, problem)
            pass_over(subscription, folder)
    except Problem as problem:
        hold(subscription, problem, now)
    except Exception as error:
        log.exception("The visit of folder %s failed unexpectedly", subscription.pk)
        hold(subscription, Unexpected(detail=type(error).__name__), now)


def pass_over(subscription: FolderSubscription, folder: CatalogueFolder) -> None:
    """Leave a folder that does not open, and what was found below it, as they were seen last."""
    below = subscription.folders.filter(path__startswith=f"{folder.path}/", visit__lt=subscription.visit)
    for kept in (below, subscription.folders.filter(pk=folder.pk)):
        kept.update(visit=subscription.visit, listed=subscription.visit)


def begin(subscription: FolderSubscription, now: datetime) -> None:
    """Number a new visit and let it begin at the top."""
    subscription.visit, subscription.visit_started_at = subscription.visit + 1, now
    subscription.listed_folders = subscription.listed_files = 0
    with transaction.atomic():
        subscription.save(update_fields=["visit", "visit_started_at", "listed_folders", "listed_files"])
        CatalogueFolder.objects.update_or_create(
            subscription=subscription,
            code=subscription.code,
            defaults={"url": subscription.url, "path": "", "visit": subscription.visit},
        )


def listing(subscription: FolderSubscription, folder: CatalogueFolder) -> list[Entry]:
    """What the host says is directly in a folder. Raises Problem."""
    if subscription.listed_folders >= MOST_FOLDERS:
        raise TooManyFolders(most=MOST_FOLDERS)
    try:
        url = with_query(folder.url, subscription.query)
    except vault.SealBroken as error:
        raise TokenLost from error
    host = registry.by_name(subscription.host)
    link = Link(subscription.host, LinkKind.FOLDER, folder.code, url)
    listed = host.list_folder(link, accounts.context_for(host))
    if not listed and not folder.came_back_empty and queries.holds_something(folder):
        CatalogueFolder.objects.filter(pk=folder.pk).update(came_back_empty=True)
        raise CameBackEmpty(name=folder.path or subscription.name, retry_after=LOOK_AGAIN)
    return listed


def hold(subscription: FolderSubscription, problem: Problem, now: datetime) -> None:
    """Wait with the reason: for a time that the host or the backoff says, or until the user acts."""
    attempts = subscription.attempts + 1
    if problem.permanent:
        wait: float | None = subscription.interval_hours * 3600.0
    elif problem.needs_user and problem.retry_after is None:
        wait = None
    else:
        wait = Backoff(attempts - 1, WAITS.base, WAITS.cap).delay(problem.retry_after)
    FolderSubscription.objects.filter(pk=subscription.pk).update(
        problem_code=problem.code,
        problem_sentence=problem.sentence,
        problem_params=problem.params,
        problem_cure=Cure.NONE if problem.permanent else problem.cure,
        attempts=attempts,
        next_visit_at=None if wait is None else now + timedelta(seconds=wait),
    )
