"""Words that titles have more or less of without being other titles."""

from __future__ import annotations

from search.releases.tables.row import words

ARTICLES = words("the a an phim")
"""What may stand before a title or be missing; "phim" is Vietnamese for film."""

COUNTRIES = {
    "us": "US", "usa": "US", "uk": "GB", "au": "AU", "nz": "NZ", "ca": "CA", "vn": "VN", "kr": "KR", "jp": "JP",
    "in": "IN", "cn": "CN", "tw": "TW", "th": "TH",
}  # fmt: skip
"""What stands behind a series when another country has one of the same name, and that country's ISO 3166 code."""

COUNTED = words("chapter part vol volume")
"""What may be missing before the number of a part: "John Wick: Chapter 4" is "John Wick 4"."""

SEASON_WORDS = words("phan mua season part series")
"""What stands before the number of a season, folded."""

SPECIALS = words("special specials ova oad")
"""What stands behind a series before the number of a special."""

SEASON_NAMES: dict[str, tuple[str, ...]] = {
    "spartacus": ("blood and sand", "gods of the arena", "vengeance", "war of the damned"),
    "american horror story": (
        "murder house", "asylum", "coven", "freak show", "hotel", "roanoke", "cult", "apocalypse", "1984",
        "double feature", "nyc", "delicate",
    ),
    "true detective": ("night country",),
    "jojos bizarre adventure": ("stardust crusaders", "diamond is unbreakable", "golden wind", "stone ocean"),
    "demon slayer kimetsu no yaiba": (
        "entertainment district arc", "swordsmith village arc", "hashira training arc", "mugen train arc",
    ),
    "bleach": ("thousand year blood war",),
    "attack on titan": ("the final season", "final season"),
}  # fmt: skip
"""Seasons that files call by a name. The catalogue's own (`Title.seasons`) count as well."""
