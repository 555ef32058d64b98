"""What the judge of names says, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from search.finder.places import Place
from search.quality.defaults import SHIPPED
from search.quality.models import QualityProfile
from search.releases import Contribution, Kind, Reason, Release, Voice
from search.releases.names import CODECS, SOURCES
from search.releases.tables.files import SUBTITLES
from search.releases.verdict import SENTENCES
from search.sources.registry import SOURCES as ALL_SOURCES

FIELDS: Mapping[str, Promise] = {
    "resolution": _("Resolution"),
    "source": _("Source"),
    "codec": _("Video format"),
    "dynamic range": _("Dynamic range"),
    "sound": _("Sound"),
    "Vietnamese": _("Vietnamese"),
    "fixes": _("Corrected version"),
    "size": _("Size for its length"),
    "held back": _("Not fit to be seen"),
    "title": _("Title is not quite the same"),
    "year": _("Its name tells no year"),
}
WORDS: Mapping[str, Promise] = {
    "dub and subtitles": _("dubbed, with subtitles"),
    "voice-over and subtitles": _("voice-over, with subtitles"),
    "audio and subtitles": _("Vietnamese sound, with subtitles"),
    "dub": _("dubbed"),
    "voice-over": _("voice-over"),
    "audio": _("Vietnamese sound"),
    "subtitles": _("subtitles"),
    "machine-made audio": _("machine-made sound"),
    "machine-made subtitles": _("machine-made subtitles"),
    "cam": _("filmed in a cinema"),
    "telesync": _("filmed in a cinema, with sound from the projector"),
    "telecine": _("copied from a film reel"),
    "workprint": _("unfinished version"),
    "screener": _("advance copy"),
}
VOICES: Mapping[Voice, Promise] = {
    Voice.DUBBED: _("Dubbed"),
    Voice.VOICE_OVER: _("Voice-over"),
    Voice.UNSPECIFIED: _("Vietnamese sound"),
}
RANGES = {"dv": "Dolby Vision", "hdr": "HDR", "hdr10+": "HDR10+", "hlg": "HLG", "sdr": "SDR"}
SOUNDS = {
    "atmos": "Atmos", "truehd": "TrueHD", "dts-x": "DTS:X", "dts-hd": "DTS-HD", "dts": "DTS", "eac3": "DD+",
    "ac3": "DD", "flac": "FLAC", "aac": "AAC", "opus": "Opus", "pcm": "PCM", "mp3": "MP3",
}  # fmt: skip
QUALITY_WORDS: Mapping[str, Promise | str] = {
    "sd": "SD",
    "remux": "Remux",
    "bluray": "BluRay",
    "web-dl": "WEB-DL",
    "webrip": "WEBRip",
    "tv": _("television"),
    "dvd": "DVD",
    "cinema": _("filmed in a cinema"),
    "unknown": _("not told"),
    "dub": _("dubbed"),
    "voice-over": _("voice-over"),
    "subtitles": _("subtitles"),
    "original": _("original sound"),
}
"""What the lists of a quality profile are called on a page."""

SOURCE_LABELS = {source.name: source.label for source in ALL_SOURCES}


def reason(one: Reason) -> str:
    """Why a file is the title, or is not."""
    return gettext(SENTENCES[one.code]).format(wanted=one.wanted, found=one.found)


def field(one: Contribution) -> str:
    return str(FIELDS.get(one.field, one.field))


def found(one: Contribution) -> str:
    """What earned or cost the points; "" where the name does not say."""
    if one.field in ("source", "held back"):
        kind, _slash, detail = one.found.partition("/")
        word = WORDS.get(detail) or WORDS.get(kind) or SOURCES.get(detail) or SOURCES.get(kind)
        return str(word or one.found)
    tables: dict[str, Mapping[str, str]] = {"codec": CODECS, "dynamic range": RANGES, "sound": SOUNDS}
    return str(WORDS.get(one.found) or tables.get(one.field, {}).get(one.found, one.found))


def badges(release: Release) -> list[str]:
    """What matters of a file at a glance, the most telling first."""
    if release.container in SUBTITLES:
        return [str(_("Subtitle file"))]
    source = SOURCES.get(release.source_detail) or SOURCES.get(release.source, "")
    voices = [str(VOICES[voice]) for voice in VOICES if voice in release.vietnamese_audio]
    subtitles = [str(_("Vietnamese subtitles"))] if release.vietnamese_subtitles else []
    machine = [str(_("machine-made"))] if release.machine_made else []
    ranges = [RANGES.get(one, one.upper()) for one in release.hdr]
    best_sound = next((SOUNDS[one] for one in SOUNDS if one in release.audio), "")
    pack = [str(_("Whole pack"))] if release.kind == Kind.PACK else []
    told = [*pack, *release.edition, release.resolution, source, *ranges, *voices, *subtitles, *machine, best_sound]
    return [badge for badge in told if badge]


def source(name: str) -> str:
    return gettext(SOURCE_LABELS.get(name, name))


def quality_word(word: str) -> str:
    return str(QUALITY_WORDS.get(word, word))


def quality_words(words: Iterable[str]) -> str:
    return ", ".join(map(quality_word, words))


def profile_name(row: QualityProfile) -> str:
    """Those that come with Flasharr have a name in every language, until the user gives them one."""
    return gettext(row.name) if row.name in SHIPPED else row.name


def place(at: Place) -> str:
    """ "S01E05", as everybody writes it."""
    return f"S{at[0]:02d}E{at[1]:02d}"
