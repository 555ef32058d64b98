"""Every verb a user has over quality profiles. Pages, REST and the admin all come through here."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hosts.base import Cure, Problem, gettext_noop
from search import searches
from search.quality import queries
from search.quality.models import QualityProfile
from search.quality.weights import LANGUAGES, WEIGHTS
from search.releases.tables.classes import RESOLUTIONS, SOURCES

MOST_PROFILES = 50
MOST_WORDS = 50
LONGEST_WORD = 60
KNOWN = {"resolutions": tuple(RESOLUTIONS), "sources": tuple(SOURCES), "languages": LANGUAGES}
UNKNOWN = _("“%(value)s” is not known here. Use: %(known)s.")
TWICE = _("“%(value)s” is in the list twice.")
NONE = _("Name at least one.")
NOT_WORDS = _("Give at most 50 words of at most 60 letters, separated by commas.")
NOT_WEIGHTS = _("Give whole numbers from 0 to 100, at least one of them above 0.")
LEAST_ABOVE_MOST = _("It is more than the most that is allowed.")


class ProfileRefused(Problem):
    """The quality profile stays as it is."""

    code = "profile_refused"
    permanent = True
    cure = Cure.NONE
    sentence = gettext_noop("This is the last quality profile. Add another one before you delete it.")


TOO_MANY = gettext_noop("There are {most} quality profiles already. Delete one first.")


def create(**fields: Any) -> QualityProfile:
    """A new profile; what is not given is as in our first default. Raises ValidationError by field, ProfileRefused."""
    if queries.profiles().count() >= MOST_PROFILES:
        raise ProfileRefused(TOO_MANY, most=MOST_PROFILES)
    row = QualityProfile(
        resolutions=list(RESOLUTIONS), sources=list(SOURCES), languages=list(LANGUAGES), weights=dict(WEIGHTS)
    )
    return save(row, fields)


def change(row: QualityProfile, **fields: Any) -> QualityProfile:
    """Raises ValidationError by field, and then nothing was changed."""
    return save(row, fields)


def make_default(row: QualityProfile) -> None:
    with transaction.atomic():
        QualityProfile.objects.exclude(pk=row.pk).filter(is_default=True).update(is_default=False)
        QualityProfile.objects.filter(pk=row.pk).update(is_default=True)
    row.is_default = True


def remove(row: QualityProfile) -> None:
    """What used it uses the default from now on. Raises ProfileRefused for the last one."""
    with transaction.atomic():
        others = QualityProfile.objects.exclude(pk=row.pk)
        if not others.exists():
            raise ProfileRefused()
        was_default = row.is_default
        QualityProfile.objects.filter(pk=row.pk).delete()
        if was_default:
            make_default(others.order_by("pk")[0])
    searches.forget()


def save(row: QualityProfile, fields: dict[str, Any]) -> QualityProfile:
    becomes_default = fields.pop("is_default", False)
    for name, value in fields.items():
        setattr(row, name, value)
    check(row)
    row.full_clean(exclude=["resolutions", "sources", "languages", "weights", "banned_words", "required_words"])
    with transaction.atomic():
        row.save()
        if becomes_default:
            make_default(row)
    searches.forget()
    return row


def check(row: QualityProfile) -> None:
    """Raises ValidationError by field."""
    errors: dict[str, Any] = {}
    for name, known in KNOWN.items():
        if error := _wrong_list(getattr(row, name), known):
            errors[name] = error
    for name in ("banned_words", "required_words"):
        if not _are_words(getattr(row, name)):
            errors[name] = NOT_WORDS
    if not _are_weights(row.weights):
        errors["weights"] = NOT_WEIGHTS
    if row.least_per_hour is not None and row.most_per_hour is not None and row.least_per_hour > row.most_per_hour:
        errors["least_per_hour"] = LEAST_ABOVE_MOST
    if errors:
        raise ValidationError(errors)


def _wrong_list(values: Any, known: tuple[str, ...]) -> ValidationError | None:
    if not isinstance(values, list | tuple) or not values:
        return ValidationError(NONE)
    seen: list[Any] = []
    for value in values:
        if value not in known:
            params = {"value": str(value)[:40], "known": ", ".join(known)}
            return ValidationError(UNKNOWN, params=params)
        if value in seen:
            return ValidationError(TWICE, params={"value": value})
        seen.append(value)
    return None


def _are_words(values: Any) -> bool:
    return (
        isinstance(values, list | tuple)
        and len(values) <= MOST_WORDS
        and all(isinstance(one, str) and 0 < len(one.strip()) <= LONGEST_WORD and "\0" not in one for one in values)
    )


def _are_weights(values: Any) -> bool:
    if not isinstance(values, dict) or not values or not set(values) <= set(WEIGHTS):
        return False
    numbers = [one for one in values.values() if isinstance(one, int) and not isinstance(one, bool)]
    return len(numbers) == len(values) and all(0 <= one <= 100 for one in numbers) and sum(numbers) > 0
