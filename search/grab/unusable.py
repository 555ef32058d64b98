"""Offers that were tried and could not be used: for a while they are not chosen again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from downloads.models import Download
from downloads.preview import IntakeRefused
from hosts.base import LinkProblem, Problem
from search import library
from search.grab.models import Chosen, Unusable
from search.grab.problems import NothingInside

KEPT = timedelta(days=14)
OF_THE_OFFER = (LinkProblem, NothingInside, IntakeRefused)
"""What says something about the link itself. A host that is down says nothing about it."""


def is_about_the_offer(problem: Problem) -> bool:
    return isinstance(problem, OF_THE_OFFER)


def remember(host: str, code: str, name: str, sentence: str, params: Mapping[str, str | int]) -> None:
    """`sentence` and `params` are those of the problem."""
    now = timezone.now()
    Unusable.objects.filter(until__lte=now).delete()
    fields = {
        "name": name[:1024],
        "reason_sentence": sentence,
        "reason_params": dict(params),
        "at": now,
        "until": now + KEPT,
    }
    Unusable.objects.update_or_create(host=host, code=code, defaults=fields)


def keep(row: Download) -> None:
    """Called when a removed row is about to be deleted for good: what is known of its file is known a while longer."""
    if library.has_failed(row, is_patient=False) and Chosen.objects.filter(download=row).exists():
        remember(row.host, row.code, row.name, row.reason_sentence, row.reason_params)


def known() -> frozenset[tuple[str, str]]:
    """All of them by host and code, there are few; with the failed rows that were removed a moment ago."""
    noted = Unusable.objects.filter(until__gt=timezone.now())
    removed = Download.objects.exclude(removed_at=None).filter(library.FAILED_OR_LOCKED, chosen__isnull=False)
    return frozenset((*noted.values_list("host", "code"), *removed.values_list("host", "code")))
