"""Text sealed for rest in the database: useless without the installation's secret key."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from hosts.base import AccountProblem, gettext_noop


class SealBroken(AccountProblem):
    """The text was sealed with another secret key, or was damaged."""

    code = "seal_broken"
    sentence = gettext_noop(
        "The saved password cannot be read: this installation's secret key has changed. "
        "Enter the password again under Accounts."
    )


def seal(text: str) -> str:
    """`text`, encrypted and signed; two calls never give the same answer."""
    return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode("ascii")


def unseal(text: str) -> str:
    """What `seal` was given. Raises SealBroken."""
    try:
        return _cipher(settings.SECRET_KEY).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error


@lru_cache(maxsize=2)
def _cipher(secret: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"flasharr credentials").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
