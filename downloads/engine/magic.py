"""What kind of file the first bytes make, and whether its name says something else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from hosts.base import fill, gettext_noop

HEAD = 1024  # bytes looked at
DISGUISED = gettext_noop("The name says {extension}, but the content is {kind}. It was kept as it came.")


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know about a file that is finished all the same: a sentence template in English and its values."""

    code: str
    sentence: str
    params: dict[str, str]

    @property
    def message(self) -> str:
        """The whole sentence in English."""
        return fill(self.sentence, self.params)


@dataclass(frozen=True, slots=True)
class Kind:
    """`marks` are bytes at their positions, all of which have to be there; `extensions` are those that fit."""

    label: str
    marks: tuple[tuple[int, bytes], ...]
    extensions: str


KINDS = (
    Kind("Matroska", ((0, b"\x1a\x45\xdf\xa3"),), "mkv webm mka mks mk3d"),
    Kind("MP4", ((4, b"ftyp"),), "mp4 m4v m4a m4b mov 3gp 3g2 f4v heic heif avif"),
    Kind("AVI", ((0, b"RIFF"), (8, b"AVI ")), "avi"),
    Kind("WAV", ((0, b"RIFF"), (8, b"WAVE")), "wav"),
    Kind("WebP", ((0, b"RIFF"), (8, b"WEBP")), "webp"),
    Kind("Windows Media", ((0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),), "wmv wma asf"),
    Kind("Flash video", ((0, b"FLV\x01"),), "flv"),
    Kind("MPEG", ((0, b"\x00\x00\x01\xba"),), "mpg mpeg vob m2p"),
    Kind("MPEG-TS", ((0, b"G"), (188, b"G"), (376, b"G")), "ts m2ts mts m2t tp trp"),
    Kind("MPEG-TS", ((4, b"G"), (196, b"G"), (388, b"G")), "ts m2ts mts m2t tp trp"),
    Kind("Ogg", ((0, b"OggS"),), "ogg ogv oga opus ogm"),
    Kind("FLAC", ((0, b"fLaC"),), "flac"),
    Kind("MP3", ((0, b"ID3"),), "mp3 aac flac"),
    Kind("ZIP", ((0, b"PK\x03\x04"),), "zip epub apk jar cbz"),
    Kind("RAR", ((0, b"Rar!\x1a\x07"),), "rar cbr"),
    Kind("7-Zip", ((0, b"7z\xbc\xaf\x27\x1c"),), "7z cb7"),
    Kind("gzip", ((0, b"\x1f\x8b\x08"),), "gz tgz svgz"),
    Kind("bzip2", ((0, b"BZh"), (4, b"1AY&SY")), "bz2 tbz2"),
    Kind("XZ", ((0, b"\xfd7zXZ\x00"),), "xz txz"),
    Kind("Zstandard", ((0, b"\x28\xb5\x2f\xfd"),), "zst"),
    Kind("PDF", ((0, b"%PDF-"),), "pdf"),
    Kind("JPEG", ((0, b"\xff\xd8\xff"),), "jpg jpeg"),
    Kind("PNG", ((0, b"\x89PNG\r\n\x1a\n"),), "png"),
    Kind("GIF", ((0, b"GIF8"),), "gif"),
    Kind("Windows program", ((0, b"MZ"),), "exe dll scr"),
    Kind("Linux program", ((0, b"\x7fELF"),), "elf so"),
)
FITTING = {kind: frozenset(kind.extensions.split()) for kind in KINDS}
# Only of these is it known what they begin with.
KNOWN = frozenset[str]().union(*FITTING.values())


def disguise(head: bytes, name: str) -> str:
    """What kind of file the bytes make when the extension promises another one; "" when nothing speaks against it."""
    extension = PurePath(name).suffix.lstrip(".").lower()
    if extension not in KNOWN:
        return ""
    fitting = [kind for kind in KINDS if all(head.startswith(mark, position) for position, mark in kind.marks)]
    if not fitting or any(extension in FITTING[kind] for kind in fitting):
        return ""
    return fitting[0].label


def look_at(path: Path) -> Caution | None:
    """A finished file that is not what it is called. A file that cannot be read now is not judged."""
    try:
        with path.open("rb") as file:
            kind = disguise(file.read(HEAD), path.name)
    except OSError:
        return None
    return Caution("disguised", DISGUISED, {"extension": path.suffix, "kind": kind}) if kind else None
