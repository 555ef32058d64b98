"""The guards that every request passes, by the names that settings.MIDDLEWARE uses."""

from __future__ import annotations

from flasharr.middleware.access import LoginRequired, SetupRequired
from flasharr.middleware.alive import Alive
from flasharr.middleware.answers import HtmxMessages, MachineAnswers
from flasharr.middleware.headers import SecurityHeaders
from flasharr.middleware.proxy import TrustedProxy
from flasharr.middleware.zone import UserZone

__all__ = [
    "Alive",
    "HtmxMessages",
    "LoginRequired",
    "MachineAnswers",
    "SecurityHeaders",
    "SetupRequired",
    "TrustedProxy",
    "UserZone",
]
