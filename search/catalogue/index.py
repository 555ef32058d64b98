"""Full text over the catalogue: one interface, and one implementation for each database.

Texts are folded (search.releases.fold) before they are stored and before they are looked up, so that the databases
need to know nothing of accents, đ, NFC or numerals: to both a text is words with one space between.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from search.catalogue.facts import LONGEST_WORD
from search.catalogue.models import CatalogueEntry
from search.releases.fold import fold, fold_letters

MOST_WORDS = 16

Alternatives = tuple[str, ...]
"""Words of which one must be there; one that ends in "*" stands for all that begin so."""


class TextIndex(ABC):
    """Finds entries by words of their names: all words, in any order; the last one may be a beginning."""

    @abstractmethod
    def put(self, texts: Sequence[tuple[int, str]]) -> None:
        """Index these (entry number, folded text) anew. In the transaction that writes the entries."""

    @abstractmethod
    def drop(self, numbers: Sequence[int]) -> None:
        """Forget these entries. In the transaction that deletes them."""

    @abstractmethod
    def settle(self) -> None:
        """Much was written: let the database take stock, so that it looks things up the quick way."""

    @abstractmethod
    def matching(self, rows: QuerySet[CatalogueEntry], text: str) -> QuerySet[CatalogueEntry]:
        """Those of `rows` that hold every word of a text; all of them when it has none."""

    def newest(self, text: str, limit: int) -> list[int]:
        """The numbers of living entries that hold every word of a text, newest first; of one without words none."""
        rows = CatalogueEntry.objects.filter(dead_at=None)
        found = self.matching(rows, text) if words(text) else rows.none()
        return list(found.order_by("-pk").values_list("pk", flat=True)[:limit])


class SqliteIndex(TextIndex):
    """FTS5. The table holds its own copy of the texts, so that forgetting one needs to know nothing of it."""

    NEWEST = """
        SELECT entry.id FROM search_catalogue_text AS text
        CROSS JOIN search_catalogueentry AS entry ON entry.id = text.rowid
        WHERE text.search_catalogue_text MATCH %s AND entry.dead_at IS NULL
        ORDER BY text.rowid DESC LIMIT %s
    """

    def put(self, texts: Sequence[tuple[int, str]]) -> None:
        self.drop([number for number, _ in texts])
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO search_catalogue_text (rowid, folded) VALUES (%s, %s)", texts)

    def drop(self, numbers: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_catalogue_text WHERE rowid = %s", [(one,) for one in numbers])

    def settle(self) -> None:
        """Nothing to do: FTS5 merges its parts as they are written."""

    def matching(self, rows: QuerySet[CatalogueEntry], text: str) -> QuerySet[CatalogueEntry]:
        if not (wanted := words(text)):
            return rows
        query = "SELECT rowid FROM search_catalogue_text WHERE search_catalogue_text MATCH %s"
        return rows.filter(pk__in=RawSQL(query, [self._asked(wanted)]))  # noqa: S611 - bound

    def newest(self, text: str, limit: int) -> list[int]:
        """FTS5 gives its rows in order, so that this stops at the limit however many there are."""
        if not (wanted := words(text)):
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.NEWEST, [self._asked(wanted), limit])
            return [number for (number,) in cursor.fetchall()]

    @staticmethod
    def _asked(wanted: Sequence[Alternatives]) -> str:
        return " AND ".join("(" + " OR ".join(map(_quoted_for_fts5, one)) + ")" for one in wanted)


class PostgresIndex(TextIndex):
    """A GIN index over the words themselves: no text-search parser, which would cut `10bit` or `1e5` its own way.

    The index is on an expression of `folded`, so the database keeps it by itself.
    """

    WORDS = "array_to_tsvector(string_to_array(search_catalogueentry.folded, ' '))"

    def put(self, texts: Sequence[tuple[int, str]]) -> None:
        """Nothing to do."""

    def drop(self, numbers: Sequence[int]) -> None:
        """Nothing to do."""

    def settle(self) -> None:
        """Without statistics the planner takes every word for a rare one and sorts what it should walk through.

        What was written lately waits in a list that each look-up reads from end to end, until it is cleaned.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('search_catalogue_words'::regclass)")
            cursor.execute("ANALYZE search_catalogueentry, search_placement")

    def matching(self, rows: QuerySet[CatalogueEntry], text: str) -> QuerySet[CatalogueEntry]:
        if not (wanted := words(text)):
            return rows
        asked = " & ".join("(" + " | ".join(map(_quoted_for_tsquery, one)) + ")" for one in wanted)
        condition = RawSQL(f"{self.WORDS} @@ %s::tsquery", [asked], output_field=BooleanField())  # noqa: S611 - bound
        return rows.filter(condition)


INDEXES: dict[str, type[TextIndex]] = {"sqlite": SqliteIndex, "postgresql": PostgresIndex}


def index() -> TextIndex:
    """The one for the database in use."""
    return INDEXES[connection.vendor]()


def words(text: str) -> list[Alternatives]:
    """What a text asks for. Its last word may be still being typed, unless it is a number.

    "Bố Già 2" -> bo, gia, 2. "vamp" -> vamp*. The word "va" folds to "and" and may be the beginning of "vampire": both.
    """
    folded = [word[:LONGEST_WORD] for word in fold(text).split()[:MOST_WORDS]]
    if not folded:
        return []
    *before, last = folded
    if last.isdigit():
        return [(word,) for word in folded]
    typed = [word[:LONGEST_WORD] for word in fold_letters(text).split()[-1:]]
    beginnings = {last, *(word for word in typed if word.isalnum() and len(folded) < MOST_WORDS)}
    return [*((word,) for word in before), (last, *(f"{word}*" for word in sorted(beginnings)))]


def _quoted_for_fts5(word: str) -> str:
    """Folded words hold letters and digits only; the quotes keep AND, OR and NEAR from being commands."""
    return f'"{word[:-1]}"*' if word.endswith("*") else f'"{word}"'


def _quoted_for_tsquery(word: str) -> str:
    return f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'"
