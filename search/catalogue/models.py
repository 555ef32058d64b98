"""The local index of the folders that the user follows.

    FolderSubscription ── CatalogueFolder ── Placement ── CatalogueEntry
    what is followed      each folder in it   "is in"      each file, once however often it is listed

A file lives as long as some folder holds it. Nothing is deleted because a visit did not find it: it is marked dead.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from downloads.states import Reason
from hosts import vault
from hosts.base import Cure
from hosts.links import Link, LinkKind


class Followed(models.Manager["FolderSubscription"]):
    """Those that are followed: one that is being forgotten is gone for everybody but the chore that does it."""

    def get_queryset(self) -> models.QuerySet[FolderSubscription]:
        return super().get_queryset().filter(forgotten_at=None)


class FolderSubscription(models.Model):
    """A folder that is visited again and again.

    `visit` numbers its visits, the present one or else the last. `visit_started_at` is None between visits.
    `next_visit_at` is None when only the user can help. `listed_folders` and `listed_files` count the present visit,
    `files` what the last whole one found. From `forgotten_at` on it is not followed any more: what it brought is on
    its way out, its files only when `keeps_files` is False.
    """

    host = models.CharField(max_length=32)
    code = models.CharField(max_length=128)
    url = models.TextField(help_text=_("Without its share token."))
    sealed_query = models.TextField(blank=True, editable=False)
    name = models.CharField(max_length=255)
    interval_hours = models.PositiveSmallIntegerField(
        _("hours between visits"), default=24, validators=[MinValueValidator(1), MaxValueValidator(24 * 90)]
    )
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    visit = models.PositiveIntegerField(default=0, editable=False)
    visit_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    visited_at = models.DateTimeField(_("last whole visit"), null=True, blank=True, editable=False)
    next_visit_at = models.DateTimeField(null=True, blank=True, default=timezone.now, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    stop_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    listed_folders = models.PositiveIntegerField(default=0, editable=False)
    listed_files = models.PositiveIntegerField(default=0, editable=False)
    files = models.PositiveIntegerField(default=0, editable=False)

    problem_code = models.CharField(max_length=64, blank=True, editable=False)
    problem_sentence = models.TextField(blank=True, editable=False)
    problem_params = models.JSONField(default=dict, blank=True, editable=False)
    problem_cure = models.CharField(max_length=16, blank=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)
    keeps_files = models.BooleanField(default=True, editable=False)

    objects = Followed()
    every = models.Manager()

    class Meta:
        verbose_name = _("followed folder")
        verbose_name_plural = _("followed folders")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["host", "code"], name="one_subscription_per_folder")]

    def __str__(self) -> str:
        return self.name

    @property
    def query(self) -> str:
        """What its links carry after the "?", which may be a secret. Raises vault.SealBroken."""
        return vault.unseal(self.sealed_query) if self.sealed_query else ""

    @property
    def is_visiting(self) -> bool:
        return self.visit_started_at is not None

    @property
    def is_under_way(self) -> bool:
        """Is it being visited, or about to be?"""
        is_due = self.next_visit_at is not None and self.next_visit_at <= timezone.now()
        return self.is_enabled and is_due

    @property
    def reason(self) -> Reason | None:
        """Why the visit does not go on; None when nothing is the matter."""
        if not self.problem_code:
            return None
        cure = Cure(self.problem_cure) if self.problem_cure in list(Cure) else Cure.NONE
        until = self.next_visit_at if self.is_enabled else None
        return Reason(self.problem_code, self.problem_sentence, self.problem_params, until, cure)


class CatalogueFolder(models.Model):
    """A folder of a followed one, at any depth; also the list of what a visit has still to look into.

    `visit` is the last visit in which something led here, `listed` the last one that listed it: where they
    differ, the visit is not done. `path` is below the followed folder, with its own name; "" is that folder itself.
    """

    subscription = models.ForeignKey(FolderSubscription, on_delete=models.CASCADE, related_name="folders")
    code = models.CharField(max_length=128)
    url = models.TextField()
    path = models.TextField(blank=True)
    visit = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)
    listed_at = models.DateTimeField(null=True, blank=True)
    came_back_empty = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "code"], name="one_row_per_folder_followed")]
        indexes = [models.Index(fields=["subscription", "visit", "listed"], name="folder_to_visit")]

    def __str__(self) -> str:
        return self.path or self.code


class CatalogueEntry(models.Model):
    """A file in a followed folder, with what its name says about it.

    `folder` is where it was found first; `path` is that folder's, below the download folder. `folded` is what the
    full-text index holds. `title_key` is the folded title. Numbers are None where the name does not say.
    """

    host = models.CharField(max_length=32)
    code = models.CharField(max_length=128)
    url = models.TextField()
    name = models.CharField(max_length=1024)
    path = models.TextField(blank=True)
    size = models.BigIntegerField(null=True, blank=True)
    folder = models.ForeignKey(
        CatalogueFolder, null=True, blank=True, on_delete=models.SET_NULL, related_name="found_first"
    )
    folded = models.TextField()
    title_key = models.CharField(max_length=255, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    season = models.PositiveSmallIntegerField(null=True, blank=True)
    last_season = models.PositiveSmallIntegerField(null=True, blank=True)
    episode = models.PositiveIntegerField(null=True, blank=True)
    last_episode = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    first_seen = models.DateTimeField(default=timezone.now)
    dead_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("file of a followed folder")
        verbose_name_plural = _("files of followed folders")
        constraints = [models.UniqueConstraint(fields=["host", "code"], name="one_entry_per_file")]
        indexes = [models.Index(fields=["title_key"], name="entry_title_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def last_seen(self) -> datetime:
        """When it was last known to be there."""
        listed_at = self.folder.listed_at if self.folder else None
        return self.dead_at or listed_at or self.first_seen

    @property
    def link(self) -> Link:
        """Its link with whatever the followed folder's own link carries. Raises vault.SealBroken."""
        query = self.folder.subscription.query if self.folder else ""
        return Link(self.host, LinkKind.FILE, self.code, with_query(self.url, query))


class Placement(models.Model):
    """That a folder holds a file; in a whole listing of the folder its placements become exactly what was listed."""

    folder = models.ForeignKey(CatalogueFolder, on_delete=models.CASCADE, related_name="placements")
    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="placements")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "entry"], name="a_file_is_in_a_folder_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.folder_id}"


def with_query(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def without_query(url: str) -> tuple[str, str]:
    """The address and what it carries after the "?"."""
    parts = urlsplit(url)
    return parts._replace(query="", fragment="").geturl(), parts.query
