"""What remains: checksum, version, part, episode title, and what kind of file it all makes."""

from __future__ import annotations

from search.releases.draft import Draft
from search.releases.release import Kind
from search.releases.rules.bare import spaced_dash
from search.releases.rules.needs import needs
from search.releases.rules.titles import clean


@needs("crc")
def checksum(draft: Draft) -> None:
    """[6B7FD717]"""
    for index in reversed(draft.shapes.get("crc", ())):
        bracket = draft.inside(index)
        if bracket is not None and bracket.stop - bracket.first == 1 and not draft.claimed[index]:
            draft.release.crc = draft.words[index]
            draft.claim("crc", index, index + 1)
            return


@needs("number", "se", "e", "v")
def version(draft: Draft) -> None:
    """01v2, S01E02v3, V2."""
    for shape in ("number", "se", "e", "v"):
        for index in draft.shapes.get(shape, ()):
            key = draft.lexemes[index].key
            if key[-2:-1] == "v" and key[-1].isdecimal() and (index >= draft.stop or draft.claimed[index]):
                draft.release.version = int(key[-1])
                draft.note("version", index, index + 1)
                return


@needs("volume_word")
def volume(draft: Draft) -> None:
    """[Group] Title - Vol.1 (BD): a disc of a series; the title ends at it."""
    for index in draft.shapes.get("volume_word", ()):
        number = draft.number(index + 1) is not None and draft.ends_here(index + 2)
        if draft.release.group and draft.start < index and number and spaced_dash(draft.gaps[index]):
            draft.anchors.append((index, index + 2))
            return


def part(draft: Draft) -> None:
    """cd1, Disc 2, and Part 2 behind the title: one of several files of one film."""
    for found in draft.founds:
        if found.mark.role == "disc" and found.first >= draft.stop:
            draft.release.part = int(draft.words[found.stop - 1][-1:].strip("s") or 0) or None
            draft.note("part", found.first, found.stop)
            return
    for index in draft.shapes.get("part_word", ()):
        number = draft.number(index + 1)
        if number is not None and number < 100 and index >= draft.stop and not draft.claimed[index]:
            draft.release.part = number
            draft.note("part", index, index + 2)
            return


def episode_title(draft: Draft) -> None:
    """The words between the episode's number and the first mark."""
    if not draft.release.episodes and draft.release.air_date is None:
        return
    first = max((stop for begin, stop in draft.anchors), default=0)
    stop = min(draft.tech, draft.count)
    for index in range(first, stop):
        if draft.claimed[index] or (draft.opens(index) and draft.gaps[index].strip(" ")[-1:] == "["):
            stop = index
            break
    if first >= stop or draft.start >= first:
        return
    begin, end = draft.starts[first], draft.ends[stop - 1]
    if "(" in draft.text[begin:end] and draft.gaps[stop][:1] == ")":
        end += 1
    draft.release.episode_title = clean(draft.text[begin:end])
    draft.spans["episode_title"] = (begin, end)


def kind(draft: Draft) -> None:
    """A season without an episode is a pack; an extra of a film is one."""
    release = draft.release
    if release.episodes or release.air_date is not None:
        release.kind = Kind.EPISODE
    elif release.seasons or release.episode_count is not None:
        release.kind = Kind.PACK
