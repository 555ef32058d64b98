"""What stands around a name: folders, file endings, sites, and the remains of a transport."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from search.releases.fold import fold_letters
from search.releases.lexicon import EXACT, MARKS
from search.releases.tables import files
from search.releases.tables.numbers import EPISODE, SEASON

LONGEST_ENDING = 8  # with its dot
LONGEST_SPACED = 4
LONGEST_VOLUME = 14
MOST_ENDINGS = 4
ARCHIVE_PART = re.compile(r"(?i)\.(?:part(\d{1,4})\.rar|r(\d\d)|(?:7z|zip|rar)\.(\d{3}))$")
VIETNAMESE = ("viet", "việt")  # "Viet.Sub" names subtitles and is no ending
SLASH = re.compile(r"[/\\]")
LAST_WORD = re.compile(r"([^\W_]+)\W*$")
FIRST_WORD = re.compile(r"\W*([^\W_]+)")
COPY = re.compile(r"\(\d{1,2}\)$")
SIGNATURE = re.compile(r"-?=?\{[^{}]{0,80}\}=?-?$")
SITE_START = re.compile(
    r"\s*(?:www\.[\w-]+\.(?:com|org|net|info|cc|to|cz|ru|se|io|tv|me|xyz)[ .]+(?=[^\W\d_])|(?:\[\s*)?"
    r"((?:www\s?\.\s?)[\w-]+(?:\.[a-z]{2,6})+|www[\s_][\w-]+[\s_][a-z]{2,6}|[\w-]+\.(?:com|org|net|cc|to|cd|cz|ru|se))"
    r"(?:\s*\])?\s*(?:-+|_)\s*(?=\S))",
    re.IGNORECASE,
)


class Frame(NamedTuple):
    """`text[start:end]` is the name without what stands around it."""

    start: int
    end: int
    container: str
    archive_part: int | None
    site: str


def path_parts(text: str) -> list[tuple[int, int]]:
    """The stretches of `text` between slashes that part folders; one when there are none."""
    if "/" not in text and "\\" not in text:
        return [(0, len(text))]
    cuts = [found.start() for found in SLASH.finditer(text) if _parts_folders(text, found.start())]
    if not cuts:
        return [(0, len(text))]
    edges = [-1, *cuts, len(text)]
    parts = [(first + 1, stop) for first, stop in itertools.pairwise(edges) if text[first + 1 : stop].strip()]
    return parts or [(0, len(text))]


def _parts_folders(text: str, slash: int) -> bool:
    """Not "Title / Other title", "Ukr/Eng", "Tập 3/20", "[720p/MKV]"."""
    if text[slash] == "\\":
        return True
    if slash == 0:
        return True
    before, after = text[:slash], text[slash + 1 :]
    if before[-1] == " " and after[:1] == " ":
        return False
    if any(
        before.rfind(opening) > before.rfind(closing) for opening, closing in (("[", "]"), ("(", ")"), ("【", "】"))
    ):
        return False
    left, right = LAST_WORD.search(before[-64:]), FIRST_WORD.match(after[:64])
    if left is None or right is None:
        return right is not None
    if left[1].isdecimal() and right[1].isdecimal():
        words = before[-64 : -len(left[1])].split()[-1:] or re.findall(r"[^\W_]+", before[-64:])[-2:-1]
        word = re.findall(r"[^\W\d_]+", before[-64:])[-1:]
        counted = after[right.end() :][:1] in (" ", ")", "]") and int(left[1]) <= int(right[1]) < 1000
        if counted and word and fold_letters(word[0]) not in SEASON:
            return False
        return not (word and fold_letters(word[0]) in EPISODE) and bool(words)
    return not (_is_mark(left[1]) and _is_mark(right[1]))


def _is_mark(word: str) -> bool:
    return word in EXACT or fold_letters(word) in MARKS


def frame(text: str, start: int, end: int) -> Frame:
    """Cut endings, junk and sites from `text[start:end]`."""
    stem = text[start:end].rstrip()
    container, archive_part = "", None
    volume = stem[-2:].isdigit() or stem[-3:].lower() == "rar"
    part = ARCHIVE_PART.search(stem, max(0, len(stem) - LONGEST_VOLUME)) if volume else None
    if part is not None:
        archive_part = next(int(digits) for digits in part.groups() if digits is not None)
        container = "rar" if "r" in part[0].lower() else part[0][1:].split(".")[0].lower()
        stem = stem[: part.start()]
    for _ in range(MOST_ENDINGS):
        dot, known = stem.rfind(".", -LONGEST_ENDING), files.ENDINGS
        space = stem.rfind(" ", -LONGEST_SPACED)
        if space > dot:
            dot, known = space, files.AFTER_SPACE
        ending = stem[dot + 1 :].lower()
        if dot < 0 or ending not in known or (ending == "sub" and stem[:dot].lower().endswith(VIETNAMESE)):
            break
        container = container or ending
        stem = stem[:dot].rstrip()
    stem = _without_junk(stem)
    site = SITE_START.match(stem)
    if site is not None and site.end() < len(stem):
        return Frame(start + site.end(), start + len(stem), container, archive_part, site[1] or site[0].strip(" ."))
    return Frame(start, start + len(stem), container, archive_part, "")


def _is_counted(stem: str, ending: str) -> bool:
    """ "[Group] Title (9)": the only number that there is, behind a title of anime."""
    return stem[0] == "[" and not any(character.isdigit() for character in stem[: -len(ending)])


def _without_junk(stem: str) -> str:
    """Without what a transport or a second download adds: "{{password}}", "-={ Site }=-", "(1)", quotes."""
    shorter = stem.rstrip(" '\"")
    opening = shorter.find("{{")
    if opening > 0 and "{" in shorter[-80:]:
        shorter = shorter[:opening].rstrip()
    for sign, pattern in ((")", COPY), ("}", SIGNATURE), ("-", SIGNATURE)):
        if not shorter.endswith(sign):
            continue
        found = pattern.search(shorter[-90:])
        if found is not None and len(found[0]) < len(shorter) and not _is_counted(shorter, found[0]):
            shorter = shorter[: len(shorter) - len(found[0])].rstrip()
    return shorter or stem
