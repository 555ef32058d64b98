"""File endings."""

from __future__ import annotations

from search.releases.tables.row import words

VIDEO = words(
    "mkv mp4 avi mov wmv flv webm m4v mpg mpeg m2ts mts ts vob 3gp ogv ogm divx rmvb rm iso img asf "
    "strm wtv m2v f4v dvr mk3d"
)
SUBTITLES = words("srt ass ssa sub idx vtt sup smi")
ARCHIVES = words("rar zip 7z tar gz bz2 r00 r01 r02 001 002 003 sfv par2 nzb")
OTHER = words("nfo torrent txt jpg png mka ac3 flac mp3 aac mks patch xml nzb info json part")
ENDINGS = VIDEO | SUBTITLES | ARCHIVES | OTHER
AFTER_SPACE = words("mkv mp4 avi")
"""What is an ending behind a space, too."""

SIDECAR_LANGUAGES = words("en eng vi vie fr es de it ja ko zh pt ru")
