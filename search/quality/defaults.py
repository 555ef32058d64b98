"""The profiles that a new installation has."""

from __future__ import annotations

from typing import Any

from hosts.sentences import gettext_noop
from search.quality.weights import LANGUAGES, WEIGHTS
from search.releases.tables.classes import RESOLUTIONS, SOURCES

DEFAULTS: tuple[dict[str, Any], ...] = (
    {
        "name": gettext_noop("Vietnamese first"),
        "is_default": True,
        "resolutions": list(RESOLUTIONS),
        "sources": list(SOURCES),
        "languages": list(LANGUAGES),
        "weights": dict(WEIGHTS),
        "cutoff": 75,
    },
    {
        "name": gettext_noop("Best picture"),
        "is_default": False,
        "resolutions": list(RESOLUTIONS),
        "sources": [source for source in SOURCES if source != "cinema"],
        "languages": list(LANGUAGES),
        "weights": {
            "resolution": 34, "source": 30, "codec": 5, "dynamic range": 12, "sound": 10, "Vietnamese": 2, "fixes": 3,
            "size": 4,
        },
        "cutoff": 85,
    },
)  # fmt: skip

SHIPPED = frozenset(fields["name"] for fields in DEFAULTS)
