"""Text as people search for it: without case and accents, đ as d. PURE."""

from __future__ import annotations

import unicodedata

D_WITH_STROKE = str.maketrans("đĐ", "dD")


def fold(text: str) -> str:
    """`Đường Về Nhà` -> `duong ve nha`, however its accents are encoded. Folding twice changes nothing."""
    bare = unicodedata.normalize("NFD", text.translate(D_WITH_STROKE))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()
