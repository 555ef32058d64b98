"""Sentences that a page translates, and remote text that can be stored. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping

NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def encodable(text: str) -> str:
    """Remote text without what no database, page or file system takes: NUL and halves of surrogate pairs."""
    return NO_TEXT.sub("\ufffd", text)


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation without needing Django: makemessages looks for this name."""
    return sentence


def fill(sentence: str, params: Mapping[str, str | int]) -> str:
    """Put the values into a sentence; one whose values were lost is shown as it is rather than not at all.

    Large whole numbers are grouped: 1000000 becomes 1,000,000.
    """
    try:
        return sentence.format(**{name: f"{it:,}" if isinstance(it, int) else it for name, it in params.items()})
    except (KeyError, IndexError, ValueError, TypeError):
        return sentence
