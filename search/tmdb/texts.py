"""Which of the texts that TMDB has is shown: the reader's language, else English, else the title's own. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.titles import JUST_A_NUMBER, Name, NameKind, is_latin
from search.tmdb.values import fields, rows, text


def is_generic(name: str) -> bool:
    """Only a number, as TMDB fills in what nobody named: Episode 3, Tập 3."""
    return JUST_A_NUMBER.fullmatch(name) is not None


def is_own_name(original: str, language: str) -> bool:
    """In English a title keeps its own name where that is written in Latin letters: "Dark" needs no translation."""
    return language == "en" and bool(original) and is_latin(original)


class Texts:
    """The texts of one title. `languages` are the ones wanted, in order: ("vi", "en")."""

    def __init__(self, value: dict[str, Any], languages: Sequence[str]) -> None:
        self._value, self._languages = value, languages
        self._own = text(value.get("original_language"))
        self.original = text(value.get("original_title") or value.get("original_name"))
        self.translated: list[tuple[str, str, dict[str, Any]]] = [
            (text(row.get("iso_639_1")), text(row.get("iso_3166_1")), fields(row.get("data")))
            for row in rows(fields(value.get("translations")).get("translations"))
        ]

    def name(self) -> str:
        for language in self._languages:
            if found := self._name_in(language):
                return found
            if is_own_name(self.original, language):
                break
        return self.original or text(self._value.get("title") or self._value.get("name"))

    def overview(self) -> str:
        return self._field("overview")

    def tagline(self) -> str:
        return self._field("tagline")

    def names(self) -> tuple[Name, ...]:
        """Every name once, the shown one first."""
        shown = self.name()
        shown_in = next((one for one in self._languages if self._name_in(one) == shown), self._own)
        all_names = [Name(shown, NameKind.SHOWN, shown_in), Name(self.original, NameKind.ORIGINAL, self._own)]
        # What is shown may be the original as well; both languages ask for theirs, so it is kept under the first.
        all_names += [Name(_name(data), NameKind.TRANSLATION, lang, land) for lang, land, data in self._sorted()]
        all_names += [
            Name(text(row.get("title")), NameKind.ALTERNATIVE, "", text(row.get("iso_3166_1")))
            for row in rows(
                fields(self._value.get("alternative_titles")).get("titles")
                or fields(self._value.get("alternative_titles")).get("results")
            )
        ]
        once: dict[str, Name] = {}
        for name in all_names:
            if name.text:
                once.setdefault(name.text.casefold(), name)
        return tuple(once.values())

    def _sorted(self) -> list[tuple[str, str, dict[str, Any]]]:
        wanted = {language: place for place, language in enumerate(self._languages)}
        return sorted(self.translated, key=lambda row: wanted.get(row[0], len(wanted)))

    def _name_in(self, language: str) -> str:
        found = next((name for lang, _, data in self.translated if lang == language and (name := _name(data))), "")
        return found or (self.original if language == self._own else "")

    def _field(self, key: str) -> str:
        for language in self._languages:
            for lang, _, data in self.translated:
                if lang == language and (found := text(data.get(key))):
                    return found
        return text(self._value.get(key))


def _name(data: dict[str, Any]) -> str:
    return text(data.get("title") or data.get("name"))
