"""Accounts at file hosts. Passwords and sessions are sealed (hosts/vault.py) before they reach a row."""

from __future__ import annotations

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from hosts.base import Problem
from hosts.notices import days_left
from hosts.standing import restore

MOST_TRANSFERS = 32


class Account(models.Model):
    """A user's account at one host, and what is known of its standing.

    `standing` is "" while nothing keeps the account from being used, else the code of the Problem that does;
    its sentence template and params are kept beside it so that pages can translate them. `next_check_at` is when
    the host is asked about it again by itself, None for when the user asks.
    """

    host = models.CharField(max_length=32)
    email = models.CharField(max_length=254)
    sealed_password = models.TextField()
    sealed_session = models.TextField(blank=True)
    session_changed_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    is_vip = models.BooleanField(default=False)
    vip_until = models.DateTimeField(null=True, blank=True)
    is_lifetime = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    max_transfers = models.PositiveSmallIntegerField(
        gettext_lazy("transfers at once"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TRANSFERS)],
    )
    standing = models.CharField(max_length=40, blank=True)
    standing_since = models.DateTimeField(null=True, blank=True)
    standing_sentence = models.TextField(blank=True)
    standing_params = models.JSONField(default=dict, blank=True)
    cool_down_until = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["host", "created_at", "pk"]
        verbose_name = gettext_lazy("account")
        verbose_name_plural = gettext_lazy("accounts")
        constraints = [models.UniqueConstraint(fields=["host", "email"], name="one_account_per_email")]

    def __str__(self) -> str:
        return f"{self.email} ({self.host})"

    @property
    def days_left(self) -> int | None:
        """Days of VIP, None when it has no known end."""
        return days_left(self, timezone.now())

    @property
    def signed_in_since(self) -> datetime | None:
        return self.session_changed_at if self.sealed_session else None

    @property
    def past_problem(self) -> Problem | None:
        """What kept it from being used last, when that has passed by itself."""
        if not self.standing or self.problem:
            return None
        return restore(self.standing, self.standing_sentence, self.standing_params)

    @property
    def problem(self) -> Problem | None:
        """What keeps the account from being used, None when it may be used."""
        return self.problem_at(timezone.now())

    def problem_at(self, now: datetime) -> Problem | None:
        """The standing at a moment: one that only waits for a time is over when the time has come."""
        if not self.standing:
            return None
        left = (self.cool_down_until - now).total_seconds() if self.cool_down_until else None
        problem = restore(self.standing, self.standing_sentence, self.standing_params, left)
        is_over = not problem.needs_user and (left is None or left <= 0)
        return None if is_over else problem


class CoolDown(models.Model):
    """A server that fails or asked for peace, kept so that a restart does not forget it (see hosts/breaker.py).

    `until` is None while its failures are too few for a pause. `pause` is the length of the pause in seconds: when
    the clock was set back meanwhile, nobody waits longer than that.
    """

    server = models.CharField(max_length=255, unique=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    pause = models.FloatField(default=0.0)
    code = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)
    params = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.server

    @property
    def problem(self) -> Problem:
        """What began the pause."""
        return restore(self.code, self.sentence, self.params)


class HostLimit(models.Model):
    """How many connections at once the user allows to a server of this host; without a row the host's own number."""

    MOST = 16

    host = models.CharField(max_length=32, unique=True)
    connections = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST)])

    def __str__(self) -> str:
        return f"{self.host}: {self.connections}"


class Network(models.Model):
    """How connections leave: one row."""

    sealed_proxy = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "network"

    def __str__(self) -> str:
        return "Network"

    @classmethod
    def current(cls) -> Network:
        return cls.objects.filter(pk=1).first() or cls(pk=1)
