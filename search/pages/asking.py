"""Ask TMDB for a page: what cannot be had is a problem beside the page, not an error instead of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest, QueryDict
from django.utils import translation

from search.problems import SourceProblem

T = TypeVar("T")
LARGEST_NUMBER = 999_999_999


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """`value` is None exactly when there is a `problem`."""

    value: T | None = None
    problem: SourceProblem | None = None


def ask(question: Callable[[], T]) -> Answer[T]:
    try:
        return Answer(question())
    except SourceProblem as problem:
        return Answer(problem=problem)


def ask_all(questions: Mapping[str, Callable[[], T]]) -> dict[str, Answer[T]]:
    """Side by side, each in the reader's language."""
    language = translation.get_language() or "en"

    def translated(question: Callable[[], T]) -> Answer[T]:
        with translation.override(language):
            return ask(question)

    with ThreadPoolExecutor(len(questions)) as side_by_side:
        futures = {name: side_by_side.submit(translated, question) for name, question in questions.items()}
    return {name: future.result() for name, future in futures.items()}


def number(asked: QueryDict, name: str, least: int = 0, most: int = LARGEST_NUMBER) -> int | None:
    """A whole number of an address; None for what is none, or none that makes sense."""
    text = asked.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    return int(text) if least <= int(text) <= most else None


def without_page(request: HttpRequest) -> str:
    """The address's query for the next page to add its number to."""
    asked = request.GET.copy()
    for name in ("page", "more"):
        asked.pop(name, None)
    return asked.urlencode()
