"""Why a file was chosen, and of which title it is."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from downloads.models import Download
from search.finder.places import Place
from search.titles import Medium, TitleRef


class Chosen(models.Model):
    """What a download is for. It goes with its row.

    `places` are pairs of season and episode, none for a film. `kind` is video, subtitle, archive or folder.
    `contributions` are rows of field, found, points and most; `reasons` of code, wanted and found (see
    search.releases). `offered` files were looked at, `refused` of them were not the title or not good enough.
    """

    download = models.OneToOneField(Download, on_delete=models.CASCADE, related_name="chosen")
    medium = models.CharField(_("kind"), max_length=8)
    tmdb_id = models.PositiveBigIntegerField("TMDB")
    title = models.CharField(_("title"), max_length=500)
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    places = models.JSONField(default=list)
    kind = models.CharField(max_length=16)
    release = models.CharField(_("name of the release"), max_length=1024)
    score = models.SmallIntegerField(_("score"))
    contributions = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    profile = models.CharField(_("quality profile"), max_length=80)
    offered = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    is_filler = models.BooleanField(default=False)
    by_watchlist = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("chosen file")
        verbose_name_plural = _("chosen files")
        indexes = [models.Index(fields=["medium", "tmdb_id"], name="chosen_title")]

    def __str__(self) -> str:
        return self.release

    @property
    def ref(self) -> TitleRef:
        return TitleRef(Medium(self.medium), self.tmdb_id)

    @property
    def holds(self) -> frozenset[Place]:
        return frozenset((int(season), int(episode)) for season, episode in self.places)


class Unusable(models.Model):
    """An offer that turned out to be dead, locked or empty; the plans leave it out until its time is over."""

    host = models.CharField(max_length=32)
    code = models.TextField()
    name = models.CharField(_("name"), max_length=1024)
    reason_sentence = models.TextField()
    reason_params = models.JSONField(default=dict)
    at = models.DateTimeField(_("tried"), default=timezone.now)
    until = models.DateTimeField(_("left out until"))

    class Meta:
        verbose_name = _("offer that cannot be used")
        verbose_name_plural = _("offers that cannot be used")
        constraints = [models.UniqueConstraint(fields=["host", "code"], name="one_note_per_offer")]

    def __str__(self) -> str:
        return self.name
