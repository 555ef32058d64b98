"""The one hook upwards: hosts know nothing of downloads, but what waits for an account must hear of it."""

from __future__ import annotations

from django.dispatch import Signal

account_usable = Signal()
"""An account was added, mended or switched on. `sender` is Account, `host` the host's name."""
