"""How the first user comes to be: from the environment, or through the setup page with a one-time code."""

from __future__ import annotations

import hmac
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction

from flasharr.secrets import read_or_make
from hosts import accounts

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without what looks alike on a console
GROUPS, GROUP = 4, 4
NAME = "setup_code"


def prepare() -> str | None:
    """Make what the environment names. Returns the one-time code when there is still no user. Harmless to repeat."""
    name, password = settings.FLASHARR["ADMIN_USERNAME"], settings.FLASHARR["ADMIN_PASSWORD"]
    if name and password:
        make_first_user(name, password)
    accounts.from_environment()
    accounts.start_afresh()
    if get_user_model().objects.exists():
        forget_code()
        return None
    return code()


def make_first_user(name: str, password: str) -> User | None:
    """The first user, who may do everything; None when there is a user already. Safe against a second caller."""
    with transaction.atomic():
        if User.objects.exists():
            return None
        user = User.objects.create_superuser(name, password=password)
    forget_code()
    return user


def code() -> str:
    """The one-time code, made when it is missing. Raises ImproperlyConfigured when it cannot be kept."""
    return read_or_make(settings.FLASHARR["DATA_DIR"], NAME, make_code)


def make_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def is_code(text: str) -> bool:
    """Is this the one-time code? Case and dashes do not matter; the time it takes says nothing."""
    return hmac.compare_digest(plain(text), plain(code()))


def plain(text: str) -> bytes:
    return "".join(character for character in text.upper() if character.isalnum()).encode()


def forget_code() -> None:
    (settings.FLASHARR["DATA_DIR"] / "secrets" / NAME).unlink(missing_ok=True)
