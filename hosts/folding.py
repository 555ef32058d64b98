"""Letters as people search for them: without case, accents and apostrophes, đ as d. PURE."""

from __future__ import annotations

import unicodedata

APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u00b4`"
UNCOMPOSED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def fold_letters(text: str) -> str:
    """`Đường Về Nhà` -> `duong ve nha`, however its accents are encoded; punctuation stays. Idempotent."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    previous = ""
    while text != previous:
        previous = text
        text = unicodedata.normalize("NFKD", text.casefold()).translate(UNCOMPOSED)
        text = "".join(c for c in text if not unicodedata.combining(c) and c not in APOSTROPHES)
    return unicodedata.normalize("NFC", text)
