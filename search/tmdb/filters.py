"""What discover can filter and sort by, in TMDB's words for each medium. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.titles import Medium

FEWEST_VOTES = 50  # below, an average says little


class Sort(StrEnum):
    POPULAR = "popular"
    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty fields filter nothing. All `genres` must fit. `rating_from` is 0 to 10, `language` the original ("vi")."""

    genres: tuple[int, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    rating_from: float | None = None
    language: str = ""
    sort: Sort = Sort.POPULAR

    def query(self, medium: Medium) -> dict[str, str | int]:
        day = "primary_release_date" if medium is Medium.MOVIE else "first_air_date"
        sort = {
            Sort.POPULAR: "popularity.desc",
            Sort.BEST: "vote_average.desc",
            Sort.NEWEST: f"{day}.desc",
            Sort.OLDEST: f"{day}.asc",
        }[self.sort]
        given: dict[str, str | int] = {"sort_by": sort, "include_adult": "false"}
        if self.genres:
            given["with_genres"] = ",".join(str(genre) for genre in self.genres)
        if self.year_from:
            given[f"{day}.gte"] = f"{self.year_from:04}-01-01"
        if self.year_to:
            given[f"{day}.lte"] = f"{self.year_to:04}-12-31"
        if self.rating_from:
            given["vote_average.gte"] = f"{self.rating_from:g}"
        if self.rating_from or self.sort is Sort.BEST:
            given["vote_count.gte"] = FEWEST_VOTES
        if self.language:
            given["with_original_language"] = self.language
        return given
