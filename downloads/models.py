from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from downloads.engine.errors import DiskFull
from downloads.engine.magic import Caution
from downloads.engine.space import readable
from downloads.schedule import ALWAYS_FULL, DAYS, HOURS, NotASchedule, Week, zone_named
from downloads.states import SLOT, Reason, Status
from hosts.base import Cure
from hosts.folding import fold_letters
from hosts.links import Link, LinkKind
from hosts.models import Account

FASTEST = 10**12  # bytes a second; the pages speak of MB/s, and a float holds this exactly


NO_WEEK = _("A week is 7 days of 24 letters: f, l or p.")


FILE_MODE_IS_SANE = RegexValidator(
    r"\A0?[67][0-7]{2}\Z", _("Give the mode as three octal digits, the first 6 or 7, for example 664.")
)
FOLDER_MODE_IS_SANE = RegexValidator(
    r"\A0?7[0-7]{2}\Z", _("Give the mode as three octal digits, the first 7, for example 775.")
)


class Priority(models.IntegerChoices):
    LOW = -1, _("Low")
    NORMAL = 0, _("Normal")
    HIGH = 1, _("High")


class Batch(models.Model):
    """Files that were added together, usually the content of a folder at `url`, put below `directory`."""

    name = models.CharField(max_length=255)
    url = models.TextField(blank=True)
    directory = models.CharField(max_length=2048, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """What the folder of a batch held when it was last looked into, as "host:code": anything else is new."""

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="visit")
    seen = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)


def new_part_id() -> str:
    return uuid.uuid4().hex


class Download(models.Model):
    """One file on its way from a link to the disk.

    `version` grows with every change of any row; whoever remembers the highest one seen can ask for the rest.
    A removed row stays for a while (`removed_at`) so that removing can be undone.
    """

    host = models.CharField(max_length=32)
    server = models.CharField(max_length=255, blank=True, help_text=_("Whom it burdens: see Host.server_of."))
    code = models.TextField()
    url = models.TextField()
    name = models.CharField(max_length=1024, blank=True)
    filename = models.CharField(max_length=1024, blank=True, help_text=_("A name the user asked for."))
    root = models.CharField(max_length=4096, help_text=_("The download folder when it was added."))
    directory = models.CharField(max_length=2048, blank=True, help_text=_("Below the root."))
    path = models.CharField(max_length=4096, blank=True, help_text=_("The finished file."))
    folded = models.TextField(blank=True, editable=False)
    part_id = models.CharField(max_length=32, unique=True, default=new_part_id, editable=False)
    sealed_password = models.TextField(blank=True, editable=False)
    checksum = models.CharField(max_length=160, blank=True)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="downloads", editable=False
    )
    account_email = models.CharField(
        _("account"), max_length=254, blank=True, help_text=_("The one used last; kept when it is removed.")
    )
    batch = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.SET_NULL, related_name="downloads")

    status = models.CharField(max_length=16, default=Status.QUEUED, choices=[(s.value, s.value) for s in Status])
    reason_code = models.CharField(max_length=64, blank=True)
    reason_sentence = models.TextField(blank=True)
    reason_params = models.JSONField(default=dict, blank=True)
    reason_until = models.DateTimeField(null=True, blank=True)
    reason_cure = models.CharField(max_length=16, blank=True)

    warning_code = models.CharField(max_length=64, blank=True)
    warning_sentence = models.TextField(blank=True)
    warning_params = models.JSONField(default=dict, blank=True)

    size = models.BigIntegerField(null=True, blank=True)
    downloaded = models.BigIntegerField(default=0)
    speed = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    speed_limit = models.BigIntegerField(
        _("speed limit, bytes per second"),
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(FASTEST)],
        help_text=_("0 means none."),
    )
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    position = models.BigIntegerField(default=0)
    engine = models.CharField(max_length=64, blank=True, editable=False)
    version = models.BigIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When its host was last asked whether it is still there.")
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_with_file = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["host", "code"], condition=models.Q(removed_at=None), name="one_live_row_per_file"
            ),
            models.CheckConstraint(condition=models.Q(status__in=list(Status)), name="status_is_known"),
            models.CheckConstraint(condition=models.Q(size=None) | models.Q(size__gte=0), name="size_is_sane"),
        ]
        indexes = [
            models.Index(fields=["status", "-priority", "position"], name="download_claim_order"),
            models.Index(fields=["status", "reason_code", "-priority", "position"], name="download_reason_order"),
            models.Index(fields=["status", "server", "-priority", "position"], name="download_server_order"),
            models.Index(fields=["status", "reason_until"], name="download_waking"),
            models.Index(fields=["version"], name="download_version"),
            models.Index(fields=["-finished_at"], name="download_finished"),
        ]

    def __str__(self) -> str:
        return self.filename or self.name or self.url

    def searchable(self) -> str:
        """What a search for this row looks at, folded."""
        return fold_letters("\n".join(filter(None, (self.filename, self.name, self.directory, self.url))))

    @property
    def link(self) -> Link:
        return Link(self.host, LinkKind.FILE, self.code, self.url)

    @property
    def reason(self) -> Reason | None:
        """Why it does not run; None while it runs and when it is complete."""
        if self.reason_code:
            params = {**self.needed_space, **self.reason_params}
            cure = Cure(self.reason_cure) if self.reason_cure in list(Cure) else Cure.NONE
            return Reason(self.reason_code, self.reason_sentence, params, self.reason_until, cure)
        return SLOT if self.status == Status.QUEUED else None

    @property
    def warning(self) -> Caution | None:
        """What the user should know about a file that is finished all the same."""
        return Caution(self.warning_code, self.warning_sentence, self.warning_params) if self.warning_code else None

    @property
    def needed_space(self) -> dict[str, str]:
        """Rows are held for space many at a time: each has its own number."""
        if self.reason_code != DiskFull.code or self.size is None:
            return {}
        return {"needed": readable(max(0, self.size - self.downloaded))}

    @property
    def progress(self) -> float:
        """0 to 100; 0 while the size is unknown."""
        if self.status == Status.COMPLETED:
            return 100.0
        return min(100.0, round(100 * self.downloaded / self.size, 1)) if self.size else 0.0

    @property
    def eta(self) -> int | None:
        """Seconds to go at the present speed."""
        if self.status != Status.DOWNLOADING or not self.size or self.speed <= 0:
            return None
        return max(0, round((self.size - self.downloaded) / self.speed))


class Traffic(models.Model):
    """The bytes that an account has brought on one day of the installation's time zone, counted by us."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="traffic")
    day = models.DateField()
    bytes = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "traffic"
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}: {self.bytes}"


class Preferences(models.Model):
    """The user's settings for downloads: one row."""

    max_active = models.PositiveSmallIntegerField(
        _("downloads at once"), default=3, validators=[MinValueValidator(1), MaxValueValidator(32)]
    )
    speed_limit = models.BigIntegerField(
        _("speed limit, bytes per second"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("0 means none."),
    )
    file_mode = models.CharField(_("mode of files"), max_length=4, default="0664", validators=[FILE_MODE_IS_SANE])
    folder_mode = models.CharField(_("mode of folders"), max_length=4, default="0775", validators=[FOLDER_MODE_IS_SANE])
    download_dir = models.CharField(_("download folder"), max_length=2048, blank=True)
    schedule = models.CharField(_("schedule"), max_length=DAYS * HOURS, default=ALWAYS_FULL)
    schedule_limit = models.BigIntegerField(
        _("speed in limited hours, bytes per second"),
        default=1_000_000,
        validators=[MinValueValidator(1), MaxValueValidator(FASTEST)],
    )
    schedule_ignored_until = models.DateTimeField(null=True, blank=True, editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return "Preferences"

    @classmethod
    def current(cls) -> Preferences:
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def zone(self) -> ZoneInfo:
        """The clock that the schedule goes by. Raises NotASchedule for a zone that this system does not know."""
        return zone_named(self.time_zone or settings.TIME_ZONE)

    @property
    def week(self) -> Week:
        return Week(self.schedule, self.zone)

    def clean(self) -> None:
        """Raises ValidationError by field."""
        try:
            zone = self.zone
        except NotASchedule as error:
            raise ValidationError({"time_zone": _("There is no such time zone.")}) from error
        try:
            Week(self.schedule, zone)
        except NotASchedule as error:
            raise ValidationError({"schedule": NO_WEEK}) from error

    @property
    def root(self) -> Path:
        """Where finished files go."""
        return Path(self.download_dir) if self.download_dir else settings.FLASHARR["DOWNLOAD_DIR"]


class Change(models.Model):
    """The counter behind Download.version: one row."""

    value = models.BigIntegerField(default=0)


class EngineLease(models.Model):
    """Who runs the engine: one row. A lease whose heart has stopped beating may be taken by another."""

    TIME_TO_LIVE = timedelta(seconds=8)
    COMES_WITHIN = timedelta(seconds=20)

    owner = models.CharField(max_length=64, blank=True)
    pid = models.PositiveIntegerField(default=0)
    node = models.CharField(max_length=255, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField(null=True)
    stop_requested = models.BooleanField(default=False)
    speeds = models.JSONField(default=list)
