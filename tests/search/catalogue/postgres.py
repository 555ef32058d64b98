"""The tests' settings on a PostgreSQL server, whose address DATABASE_URL holds."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["TEST"] = {}
