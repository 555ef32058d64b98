"""One way to compare words: whatever differs only in case, accents, punctuation or numerals folds to one text."""

from __future__ import annotations

import re
from functools import lru_cache

from hosts import folding

AND = ("and", "va")  # "va" is Vietnamese "và" once its accent is gone
WORD = re.compile(r"[^\W_]+")
FOREIGN = re.compile(r"[\u0400-\u052f\u0590-\u06ff\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af\uff66-\uffdc]")
"""A letter that is neither Latin nor Greek."""

ROMAN = {
    numeral: str(value)
    for value, numeral in enumerate(
        [
            "i",
            "ii",
            "iii",
            "iv",
            "v",
            "vi",
            "vii",
            "viii",
            "ix",
            "x",
            "xi",
            "xii",
            "xiii",
            "xiv",
            "xv",
            "xvi",
            "xvii",
            "xviii",
            "xix",
            "xx",
        ],
        start=1,
    )
}


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` as plain words with one space between. Idempotent.

    "Bố Già" -> "bo gia", "Fast & Furious" -> "fast and furious", "Rocky II" -> "rocky 2", "Ocean's" -> "oceans".
    """
    plain = fold_letters(text).replace("&", " and ")
    words: list[str] = []
    for word in WORD.findall(plain):
        if word == "s" and words and words[-1].isalpha():
            words[-1] += "s"
        else:
            words.append(_numeral(word))
    return " ".join(words)


fold_letters = lru_cache(maxsize=16384)(folding.fold_letters)
"""The same few words come again and again."""


def _numeral(word: str) -> str:
    if word in AND:
        return "and"
    if word.isascii() and word.isdigit():
        return word.lstrip("0") or "0"
    return ROMAN.get(word, word)
