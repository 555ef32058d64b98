"""Where Django's Vietnamese formats do not suit a sentence: its dates begin with a capital letter, and its large
numbers are not grouped.
"""

from __future__ import annotations

DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "H:i d/m/Y"
NUMBER_GROUPING = 3
