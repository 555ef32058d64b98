"""Every question about quality profiles."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from search.quality.defaults import DEFAULTS
from search.quality.models import Naming, QualityProfile
from search.quality.weights import Wishes, profile
from search.releases import Profile


def profiles() -> QuerySet[QualityProfile]:
    """All of them, the default first. There is always one: the first question makes those that we ship."""
    if not QualityProfile.objects.exists():
        make_defaults()
    return QualityProfile.objects.all()


def default() -> QualityProfile:
    row = profiles().first()
    assert row is not None
    return row


def chosen(pk: int | None) -> QualityProfile:
    """The profile of this number, else the default."""
    return (profiles().filter(pk=pk).first() if pk else None) or default()


def wishes(row: QualityProfile) -> Wishes:
    return Wishes(
        name=row.name,
        resolutions=tuple(row.resolutions),
        sources=tuple(row.sources),
        languages=tuple(row.languages),
        needs_vietnamese=row.needs_vietnamese,
        hdr=row.hdr,
        least_per_hour=row.least_per_hour,
        most_per_hour=row.most_per_hour,
        banned_words=tuple(row.banned_words),
        required_words=tuple(row.required_words),
        weights=row.weights,
        shows_quality=row.naming == Naming.QUALITY,
    )


def pure(row: QualityProfile | None = None) -> Profile:
    """What `search.releases.score` and the finder take; without a row the default's."""
    return profile(wishes(row or default()))


def make_defaults() -> None:
    """Two good ones. Harmless when somebody else makes them at the same time."""
    try:
        with transaction.atomic():
            QualityProfile.objects.bulk_create(QualityProfile(**fields) for fields in DEFAULTS)
    except IntegrityError:
        return
