"""The classes by which users speak of resolutions and sources, and what belongs to each. The best come first."""

from __future__ import annotations

UNKNOWN = "unknown"
RESOLUTIONS: dict[str, frozenset[str]] = {
    "2160p": frozenset({"2160p", "4320p"}),
    "1080p": frozenset({"1080p", "1440p"}),
    "720p": frozenset({"720p", "900p"}),
    UNKNOWN: frozenset({""}),
    "sd": frozenset(),
}
SOURCES: dict[str, frozenset[str]] = {
    "remux": frozenset({"bluray/remux", "dvd/remux"}),
    "bluray": frozenset({"bluray", "hddvd"}),
    "web-dl": frozenset({"web"}),
    "webrip": frozenset({"web/webrip", "web/web-cap"}),
    "tv": frozenset({"tv", "hdrip", "vod", "ppv"}),
    UNKNOWN: frozenset({""}),
    "dvd": frozenset({"dvd", "vhs", "r5"}),
    "cinema": frozenset({"cam", "telesync", "telecine", "workprint", "screener"}),
}


def resolution_class(resolution: str) -> str:
    return next((name for name, members in RESOLUTIONS.items() if resolution in members), "sd")


def source_class(source: str) -> str:
    """`source` may have a detail: "web/webrip"."""
    for key in (source, source.partition("/")[0]):
        for name, members in SOURCES.items():
            if key in members:
                return name
    return UNKNOWN
