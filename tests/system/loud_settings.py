"""The product's settings with everything logged, once as the product does it and once with nothing blanked."""

from __future__ import annotations

import copy
import os
from typing import Any

from flasharr.settings import *  # noqa: F403
from flasharr.settings import LOGGING as QUIET

LOUD: dict[str, Any] = copy.deepcopy(QUIET)
LOUD["handlers"]["raw"] = {"class": "logging.FileHandler", "filename": os.environ["FLASHARR_RAW_LOG"]}
LOUD["root"] = {"handlers": ["raw", "console"], "level": "DEBUG"}
LOUD["loggers"] = {
    name: {"level": "DEBUG", "propagate": True, "handlers": []} for name in ("django", "django-q", "daphne", "urllib3")
}
LOGGING = LOUD
