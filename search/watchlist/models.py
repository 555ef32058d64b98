"""What the user waits for."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from downloads.states import Reason
from hosts.base import Cure
from search.finder.places import Place
from search.quality.models import QualityProfile
from search.titles import Medium, TitleRef


class Media(models.TextChoices):
    MOVIE = "movie", _("Film")
    TV = "tv", _("Series")


class Mode(models.TextChoices):
    GRAB = "grab", _("Download what fits")
    NOTICE = "notice", _("Only tell me")


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    FOUND = "found", _("Found")
    GRABBED = "grabbed", _("In the queue")
    DONE = "done", _("Done")


DECLINED = "declined"
"""How a check ends when all that is wanted was removed by the user."""


class Wish(models.Model):
    """A film or a series that is wanted.

    `seasons` are those wanted of a series, none for all; with `future_only` only episodes that air after it was
    added. `upgrades`: a better file is fetched as long as the one that is here is below the profile's cutoff.
    `reason_*` say how the last check ended, `left_out` the places that it left alone because the user removed them
    after `asked_at`; `gone_when_asked` are the downloads whose files were gone by then. `next_check_at` is None when
    there is nothing more to look for.
    """

    medium = models.CharField(_("kind"), max_length=8, choices=Media.choices)
    tmdb_id = models.PositiveBigIntegerField("TMDB", validators=[MinValueValidator(1)])
    name = models.CharField(_("name"), max_length=500)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    poster_path = models.CharField(max_length=255, blank=True, editable=False)
    seasons = models.JSONField(_("seasons"), default=list, blank=True)
    future_only = models.BooleanField(_("only new episodes"), default=False)
    profile = models.ForeignKey(
        QualityProfile, null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("quality profile")
    )
    mode = models.CharField(_("when found"), max_length=8, choices=Mode.choices, default=Mode.GRAB)
    upgrades = models.BooleanField(_("look for better ones"), default=False)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.WAITING, editable=False)
    found = models.JSONField(default=list, blank=True, editable=False)
    left_out = models.JSONField(default=list, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    gone_when_asked = models.JSONField(default=list, blank=True, editable=False)
    checked_at = models.DateTimeField(_("last check"), null=True, blank=True, editable=False)
    next_check_at = models.DateTimeField(_("next check"), null=True, blank=True, default=timezone.now, editable=False)
    reason_code = models.CharField(max_length=64, blank=True, editable=False)
    reason_sentence = models.TextField(blank=True, editable=False)
    reason_params = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("wanted title")
        verbose_name_plural = _("wanted titles")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["medium", "tmdb_id"], name="one_wish_per_title"),
            models.CheckConstraint(condition=models.Q(medium__in=list(Media.values)), name="wish_medium_is_known"),
            models.CheckConstraint(condition=models.Q(mode__in=list(Mode.values)), name="wish_mode_is_known"),
            models.CheckConstraint(condition=models.Q(state__in=list(State.values)), name="wish_state_is_known"),
        ]
        indexes = [models.Index(fields=["next_check_at"], name="wish_due")]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})" if self.year else self.name

    @property
    def ref(self) -> TitleRef:
        return TitleRef(Medium(self.medium), self.tmdb_id)

    @property
    def leaves_out(self) -> bool:
        """Is there something that the user removed and may want again?"""
        return bool(self.left_out) or self.reason_code == DECLINED

    @property
    def reason(self) -> Reason | None:
        """How the last check ended; None before the first."""
        if not self.reason_code:
            return None
        return Reason(self.reason_code, self.reason_sentence, self.reason_params, None, Cure.NONE)


class Declined(models.Model):
    """What a row that the user removed had been fetched for, once that row is deleted for good."""

    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="declined")
    places = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "declined"

    def __str__(self) -> str:
        return f"{self.wish}: {self.places}"

    @property
    def holds(self) -> frozenset[Place]:
        return frozenset((int(season), int(episode)) for season, episode in self.places)
