"""Vietnamese dates in figures: Django's own begin with a capital letter, which looks wrong inside a sentence."""

from __future__ import annotations

DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "H:i d/m/Y"
