"""For the server that the browser talks to: the tests' own database, static files straight from their sources."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["BROWSER_TEST_DATABASE"]
WHITENOISE_USE_FINDERS = True
