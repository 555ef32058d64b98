"""Sound: codecs, and codecs written together with their channels ("DDP5.1", "DTS-HD.MA.7.1", "AAC2.0")."""

from __future__ import annotations

from search.releases.tables.row import LIKELY, SURE, ZONE, Row, Strength, row

CHANNELS = {
    "1 0": "1.0", "2 0": "2.0", "2 1": "2.1", "3 1": "3.1", "4 0": "4.0", "4 1": "4.1",
    "5 0": "5.0", "5 1": "5.1", "6 0": "6.0", "6 1": "6.1", "7 0": "7.0", "7 1": "7.1", "9 1": "9.1",
}  # fmt: skip
GLUED = {"20": "2.0", "51": "5.1", "71": "7.1", "10": "1.0", "50": "5.0"}

CODECS: tuple[tuple[Strength, str, tuple[str, ...]], ...] = (
    (SURE, "aac", ("aac", "he aac", "lc aac", "qaac", "aac lc", "heaac")),
    (SURE, "ac3", ("ac3", "ac 3", "dd5", "dolby digital", "ac3d", "dd ex", "ac4", "ddex", "ac3p")),
    (LIKELY, "ac3", ("dd",)),
    (
        SURE,
        "eac3",
        ("eac3", "e ac3", "e ac 3", "ddp", "dd+", "ddplus", "dd plus", "dolby digital plus", "ec3", "eac3d", "ddp+"),
    ),
    (
        SURE,
        "dts-hd",
        ("dts hd", "dtshd", "dts hd ma", "dtshd ma", "dts hdma", "dts ma", "dts hd hra", "dts hra", "dts hr"),
    ),
    (
        SURE,
        "dts-hd",
        ("dts hr ma", "dts lossless", "dts hd master", "dts hd master audio", "hdma", "dtshdma", "dtsma", "dts hd hr"),
    ),
    (SURE, "dts", ("dts", "dts es", "dtses", "dtsx3")),
    (SURE, "dts-x", ("dts x", "dts x ma", "dts:x")),
    (SURE, "truehd", ("truehd", "true hd", "dolby truehd", "dolby true hd")),
    (SURE, "flac", ("flac",)),
    (SURE, "mp3", ("mp3", "lame", "lame3")),
    (SURE, "mp2", ("mpa2 0", "mp2")),
    (LIKELY, "opus", ("=OPUS", "=Opus")),
    (ZONE, "opus", ("opus",)),
    (LIKELY, "vorbis", ("ogg", "vorbis")),
    (SURE, "pcm", ("lpcm", "pcm")),
)


def _with_channels() -> list[Row]:
    rows = []
    for strength, codec, names in CODECS:
        rows.append(row(strength, " | ".join(names), audio=codec))
        plain = [name for name in names if not name.startswith("=")] or [codec]
        rows.append(row(SURE, " | ".join(f"{name}x{n}" for name in plain for n in "23456"), audio=codec))
        for digits, channels in {**CHANNELS, **GLUED}.items():
            forms = [form for name in plain for form in (f"{name} {digits}", f"{name}{digits}")]
            forms += [form + "ch" for form in forms]
            rows.append(row(SURE, " | ".join(forms), audio=codec, channels=channels))
        for digits, channels in {"2": "2.0", "6": "5.1", "8": "7.1"}.items():
            forms = [form for name in plain for form in (f"{name} {digits}ch", f"{name}{digits}ch")]
            rows.append(row(SURE, " | ".join(forms), audio=codec, channels=channels))
    return rows


def _atmos() -> list[Row]:
    rows = []
    for digits, channels in {**CHANNELS, "": ""}.items():
        forms = " | ".join(f"ddpa{gap}{digits}".strip() for gap in ("", " "))
        facts = {"channels": channels} if channels else {}
        rows.append(row(SURE, forms, audio="eac3", more_audio="atmos", **facts))
        dda = " | ".join(f"dda{gap}{digits}".strip() for gap in ("", " "))
        rows.append(row(SURE, dda, audio="ac3", more_audio="atmos", **facts))
    return rows


TABLE = (
    *_with_channels(),
    *_atmos(),
    row(SURE, "atmos | dolby atmos", audio="atmos"),
    *(row(ZONE, digits, channels=channels) for digits, channels in CHANNELS.items()),
    *(row(SURE, f"{digits}ch | {digits} ch", channels=channels) for digits, channels in CHANNELS.items()),
    row(SURE, "6ch | 6 ch", channels="5.1"),
    row(SURE, "2ch | 2 ch", channels="2.0"),
    row(SURE, "8ch | 8 ch", channels="7.1"),
    row(SURE, "2audio | 3audio | 4audio | 5audio | 2audios | 2 audio", tracks="many"),
    row(
        ZONE,
        "line | mic dubbed | md | ld | line audio | line auds | clean audio | audios | audio | 24 bit audio",
        tracks="line",
    ),
)
