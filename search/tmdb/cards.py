"""The cards that lists have shown lately: of a title that is opened from one, its name is known at once. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from search.titles import Card, TitleRef

MOST = 2_000


class Cards:
    """Thread-safe. The newest MOST of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._cards: dict[TitleRef, Card] = {}

    def put(self, cards: Iterable[Card]) -> None:
        with self._lock:
            for card in cards:
                self._cards.pop(card.ref, None)
                self._cards[card.ref] = card
            for old in list(self._cards)[:-MOST]:
                del self._cards[old]

    def get(self, ref: TitleRef) -> Card | None:
        with self._lock:
            return self._cards.get(ref)
