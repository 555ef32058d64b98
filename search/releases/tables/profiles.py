"""What makes a release a good one, in points, and how big a file of its class can be."""

from __future__ import annotations

from dataclasses import dataclass, field

Points = dict[str, int]
Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Demands:
    """What a file must be, or it is refused. Empty sets and None demand nothing.

    `resolutions` and `sources` are classes (see tables/classes.py); `hdr` is True where there must be some, False where
    there must be none. `least` and `most` are 10^9 bytes for an hour of film. Words are found whole, whatever their
    case and accents; of `required` one is enough.
    """

    resolutions: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    hdr: bool | None = None
    vietnamese: bool = False
    least: float | None = None
    most: float | None = None
    banned: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Points for what a name says; the best of every table together make 100.

    `bitrates` are the least and the most believable Mbit/s of a class; outside, `too_small` or `too_big` points are
    taken off. `held_back` caps the total for sources that are not fit to be seen. The key `""` of a table is for a
    name that does not say.
    """

    name: str
    resolutions: Points
    sources: Points
    codecs: Points
    dynamic_ranges: Points
    sounds: Points
    vietnamese: Points
    fixes: Points
    bitrates: dict[str, Limits]
    believable: int = 3
    too_small: int = -35
    too_big: int = -6
    shows_quality: bool = True
    """Whether file names in the library say more than title and numbers."""
    held_back: Points = field(default_factory=dict)
    demands: Demands = Demands()


VIETNAMESE_FIRST = Profile(
    name="Vietnamese first",
    resolutions={"2160p": 30, "1440p": 27, "1080p": 26, "720p": 16, "576p": 7, "540p": 6, "480p": 5, "360p": 1, "": 8},
    sources={
        "bluray/remux": 22, "bluray/bluray": 20, "bluray": 20, "bluray/uhdrip": 18, "bluray/bdrip": 16,
        "bluray/brrip": 14,
        "web/web-dl": 19, "web": 18, "web/webrip": 16, "web/web-cap": 10, "hddvd": 14, "tv": 10, "hdrip": 8,
        "dvd": 6, "dvd/dvdrip": 6, "vod": 8, "ppv": 6, "r5": 2, "vhs": 1, "": 7,
    },
    codecs={"h265": 4, "av1": 4, "h264": 3, "vp9": 3, "vc1": 2, "mpeg2": 1, "xvid": 0, "divx": 0, "": 2},
    dynamic_ranges={"dv+hdr": 6, "hdr10+": 6, "dv": 4, "hdr": 5, "hlg": 3, "sdr": 1, "": 1},
    sounds={
        "atmos": 6, "truehd": 5, "dts-x": 6, "dts-hd": 5, "pcm": 4, "flac": 4, "eac3": 4, "dts": 4, "ac3": 3,
        "opus": 3, "aac": 2, "mp3": 1, "": 1,
    },
    vietnamese={
        "dub and subtitles": 26, "voice-over and subtitles": 25, "audio and subtitles": 25, "dub": 22,
        "voice-over": 21, "audio": 20, "subtitles": 18, "machine-made audio": 9, "machine-made subtitles": 8, "": 0,
    },
    fixes={"proper": 3, "": 1},
    bitrates={
        "2160p/remux": (25, 140), "1080p/remux": (12, 60), "2160p": (4, 90), "1440p": (2.5, 50), "1080p": (1.2, 45),
        "720p": (0.5, 20), "576p": (0.3, 10), "480p": (0.25, 8), "": (0.15, 140),
    },
    held_back={"cam": 12, "telesync": 15, "telecine": 20, "workprint": 20, "screener": 30},
)  # fmt: skip
