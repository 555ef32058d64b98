"""The notices that a user sees: about accounts and wanted titles, without what that user has put aside."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from flasharr.models import Dismissal
from hosts import accounts
from hosts.notices import Notice
from search.watchlist import queries as watchlist

KEPT = timedelta(days=400)


def shown_to(user: User | AnonymousUser) -> list[Notice]:
    """Accounts are for administrators, and so is what is said about them."""
    if not user.is_superuser:
        return []
    current = [*accounts.current_notices(), *watchlist.notices()]
    keys = [notice.key for notice in current]
    aside = set(Dismissal.objects.filter(user=user, key__in=keys).values_list("key", flat=True)) if keys else set()
    return [notice for notice in current if notice.key not in aside]


def dismiss(user: User | AnonymousUser, key: str) -> bool:
    """Put a notice aside until something new happens; False when it is not shown (any more)."""
    if key not in [notice.key for notice in shown_to(user)]:
        return False
    assert isinstance(user, User)  # to others nothing is shown
    Dismissal.objects.get_or_create(user=user, key=key)
    Dismissal.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return True
