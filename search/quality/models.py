"""What the user calls a good file: his own profiles of quality."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Hdr(models.TextChoices):
    PREFER = "prefer", _("Prefer it")
    ANY = "any", _("All the same to me")
    REQUIRE = "require", _("Only with HDR")
    REFUSE = "refuse", _("Never with HDR")


class Naming(models.TextChoices):
    """What file names in the library say behind title, year and episode."""

    PLAIN = "plain", _("Quality for films, nothing more for episodes")
    QUALITY = "quality", _("Quality, language and group")
    SHORT = "short", _("Nothing more")


class QualityProfile(models.Model):
    """The lists have the best first; what is in none of them is refused (`resolutions`, `sources`) or earns nothing
    (`languages`). `weights` are the points of each field, see quality/weights.py.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_default = models.BooleanField(_("default"), default=False)
    resolutions = models.JSONField(_("resolutions"), default=list)
    sources = models.JSONField(_("sources"), default=list)
    languages = models.JSONField(_("languages"), default=list)
    needs_vietnamese = models.BooleanField(_("only with Vietnamese"), default=False)
    hdr = models.CharField(_("HDR"), max_length=16, choices=Hdr.choices, default=Hdr.PREFER)
    least_per_hour = models.FloatField(
        _("least GB an hour"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(1000)]
    )
    most_per_hour = models.FloatField(
        _("most GB an hour"), null=True, blank=True, validators=[MinValueValidator(0.01), MaxValueValidator(1000)]
    )
    banned_words = models.JSONField(_("banned words"), default=list, blank=True)
    required_words = models.JSONField(_("required words"), default=list, blank=True)
    weights = models.JSONField(_("weights"), default=dict)
    cutoff = models.PositiveSmallIntegerField(_("good enough"), default=80, validators=[MaxValueValidator(100)])
    naming = models.CharField(_("file names"), max_length=16, choices=Naming.choices, default=Naming.PLAIN)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("quality profile")
        verbose_name_plural = _("quality profiles")
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=models.Q(is_default=True), name="one_default"),
            models.CheckConstraint(condition=models.Q(hdr__in=list(Hdr.values)), name="hdr_is_known"),
            models.CheckConstraint(condition=models.Q(naming__in=list(Naming.values)), name="naming_is_known"),
        ]

    def __str__(self) -> str:
        return self.name
