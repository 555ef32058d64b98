"""Every verb a user has over the watchlist. Pages, REST and the admin all come through here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hosts.base import Cure, Problem, gettext_noop
from search.quality.models import QualityProfile
from search.titles import Title
from search.watchlist import declined, wake
from search.watchlist.models import Mode, State, Wish

MOST_WISHES = 500
NO_SEASONS = _("Give the numbers of seasons that the series has.")
CHANGEABLE = ("seasons", "future_only", "profile", "mode", "upgrades")


class WatchRefused(Problem):
    """The watchlist stays as it is."""

    code = "watch_refused"
    permanent = True
    cure = Cure.NONE
    sentence = gettext_noop("There are {most} titles on the watchlist already. Remove some first.")


def add(
    title: Title,
    *,
    seasons: Sequence[int] = (),
    future_only: bool = False,
    profile: QualityProfile | None = None,
    mode: str = Mode.GRAB,
    upgrades: bool = False,
) -> tuple[Wish, bool]:
    """Put a title on the watchlist, and look for it in a moment; False when it was there, which changes nothing.

    Raises ValidationError by field, WatchRefused.
    """
    known = Wish.objects.filter(medium=title.ref.medium, tmdb_id=title.ref.tmdb_id).first()
    if known is not None:
        return known, False
    if Wish.objects.count() >= MOST_WISHES:
        raise WatchRefused(most=MOST_WISHES)
    numbers = {season.number for season in title.seasons}
    if not set(seasons) <= numbers:
        raise ValidationError({"seasons": NO_SEASONS})
    row = Wish(
        medium=title.ref.medium,
        tmdb_id=title.ref.tmdb_id,
        name=title.card.name[:500],
        year=title.card.year,
        poster_path=title.card.poster_path[:255],
        seasons=sorted(set(seasons)),
        future_only=future_only and title.is_series,
        profile=profile,
        mode=mode,
        upgrades=upgrades,
        gone_when_asked=declined.gone(title.ref),
    )
    row.full_clean(validate_unique=False, validate_constraints=False)
    with transaction.atomic():
        wish, is_new = Wish.objects.get_or_create(
            medium=row.medium, tmdb_id=row.tmdb_id, defaults={name: getattr(row, name) for name in KEPT}
        )
        transaction.on_commit(wake.checker)
    return wish, is_new


KEPT = ("name", "year", "poster_path", "gone_when_asked", *CHANGEABLE)


def change(wish: Wish, **fields: Any) -> Wish:
    """Of CHANGEABLE; what was found by the old wishes is looked for anew. Raises ValidationError by field."""
    for name in CHANGEABLE:
        if name in fields:
            setattr(wish, name, fields[name])
    if not _are_seasons(wish.seasons):
        raise ValidationError({"seasons": NO_SEASONS})
    wish.full_clean()
    wish.save(update_fields=[name for name in CHANGEABLE if name in fields])
    check_now(wish)
    return wish


def remove(wish: Wish) -> None:
    """Want it no longer. What is in the queue or the library stays."""
    Wish.objects.filter(pk=wish.pk).delete()


def check_now(wish: Wish) -> None:
    """Look for it in a moment, whenever its turn would have been."""
    Wish.objects.filter(pk=wish.pk).update(next_check_at=timezone.now(), state=State.WAITING, found=[])
    wish.refresh_from_db()
    transaction.on_commit(wake.checker)


def want_again(wish: Wish) -> None:
    """Also what the user removed."""
    wish.declined.all().delete()
    gone = declined.gone(wish.ref)
    Wish.objects.filter(pk=wish.pk).update(asked_at=timezone.now(), left_out=[], gone_when_asked=gone)
    check_now(wish)


def _are_seasons(values: Any) -> bool:
    return isinstance(values, list) and all(
        isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 10_000 for one in values
    )
