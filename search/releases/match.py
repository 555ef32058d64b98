"""Is this file that title? Every word, number and year counts."""

from __future__ import annotations

import re
from functools import lru_cache

from search.releases.fold import fold
from search.releases.release import Kind, Release
from search.releases.tables.numbers import WORDS as NUMBER_WORDS
from search.releases.tables.titles import ARTICLES, COUNTED, COUNTRIES, SEASON_NAMES, SEASON_WORDS, SPECIALS
from search.releases.verdict import Code, Reason, Title, Verdict

YEAR_AT_END = re.compile(r"^(.+) ((?:19|20)\d\d)$")
DOUBLED = re.compile(r"(.)\1+")
SUBTITLE = re.compile(r"\s*:\s+|\s+[-–]\s+")
TWO_NAMES = re.compile(r"\s+[-–—|/]\s+")
NUMBERS = {word: str(value) for word, value in NUMBER_WORDS.items() if word not in ("un", "sept", "dix")}
Words = tuple[str, ...]
GOOD = (Code.SAME_TITLE, Code.OTHER_NAME, Code.NEAR_TITLE, Code.SUBTITLE)
BEST = {
    code: rank
    for rank, code in enumerate((*GOOD, Code.OTHER_NUMBER, Code.MORE_WORDS, Code.FEWER_WORDS, Code.OTHER_TITLE))
}


def match(release: Release, title: Title) -> Verdict:
    """Whether the release is (a part of) the title."""
    judged = [kind(release, title), name(release, title)]
    if judged[1].code in GOOD:
        judged += (
            [year(release, title, judged[1].code), part(release, title)] if judged[0].code == Code.CONTAINS else []
        )
    against = tuple(reason for reason in judged if reason.code in AGAINST)
    if against:
        return Verdict(False, against)
    return Verdict(True, tuple(reason for reason in judged[1:] if reason.wanted or reason.found))


AGAINST = frozenset(
    (
        Code.OTHER_TITLE, Code.MORE_WORDS, Code.FEWER_WORDS, Code.OTHER_NUMBER, Code.OTHER_YEAR,
        Code.NOT_A_SERIES, Code.NOT_A_FILM, Code.OTHER_SEASON, Code.OTHER_EPISODE,
    )
)  # fmt: skip
NOTHING = Reason(Code.CONTAINS, "", "")


def kind(release: Release, title: Title) -> Reason:
    """A series has numbers; a film has none, save one that may belong to its title."""
    numbered = bool(release.seasons or release.episodes or release.air_date or release.kind == Kind.PACK)
    if title.is_series:
        return NOTHING if numbered else Reason(Code.NOT_A_SERIES, title.names[0], release.title)
    if numbered and not release.absolute:
        return Reason(Code.NOT_A_FILM, title.names[0], _numbers(release))
    return NOTHING


def _numbers(release: Release) -> str:
    seasons = ", ".join(f"S{season:02d}" for season in release.seasons)
    episodes = f"E{release.episodes[0]:02d}" if release.episodes else ""
    return f"{seasons}{episodes}" or str(release.air_date or release.title)


def name(release: Release, title: Title) -> Reason:
    """The best that any name of the release has to say about any of the title's."""
    if two := _two_names(release, title):
        return two
    found = [release.title, *release.alternative_titles]
    if not title.is_series and release.absolute:
        found = [f"{release.title} {release.absolute[0]}", release.title]
    if title.is_series and release.year is not None:
        found.append(f"{release.title} {release.year}")
    if title.is_series and release.title.endswith(tuple(f" {season}" for season in release.seasons[:1] if season > 1)):
        found.append(release.title.rpartition(" ")[0])  # Squid.Game.2.S02E03: the season's number twice
    reasons = [
        _compare(one, wanted, release, title, rank > 0)
        for wanted in title.names
        for rank, one in enumerate([*found])
        if one
    ] or [Reason(Code.OTHER_TITLE, title.names[0], release.title or release.name)]
    best = min(reasons, key=lambda reason: BEST[reason.code])
    if best.code == Code.SAME_TITLE and best.wanted != title.names[0]:
        return Reason(Code.OTHER_NAME, title.names[0], best.found)
    return best


def _two_names(release: Release, title: Title) -> Reason | None:
    """ "Câu Chuyện Đồ Chơi 2 - Toy Story 2": a name in two languages. Both are known; or one is, the year is the
    same, and the other side has nothing but words of the title's names.
    """
    sides = [_without_season(words(side), release) for side in TWO_NAMES.split(release.title)]
    if len(sides) != 2 or not all(sides):
        return None
    known = [words(wanted) for wanted in title.names]
    is_known = [side in known for side in sides]
    if not all(is_known):
        said = {word for wanted in known for word in wanted}
        same_year = release.year is not None and release.year == title.year
        rest = {word for side in sides for word in side if not word.isdigit()}
        if not any(is_known) or not same_year or not rest <= said:
            return None
    return Reason(Code.SAME_TITLE, title.names[0], release.title)


def _without_season(side: Words, release: Release) -> Words:
    """ "Gia Tộc Rồng Phần 2" of a file of the second season."""
    is_said = len(side) > 2 and side[-2] in SEASON_WORDS and side[-1].isdigit()
    return side[:-2] if is_said and int(side[-1]) in release.seasons else side


def _compare(found: str, wanted: str, release: Release, title: Title, aside: bool) -> Reason:
    """One name with another."""
    have, want = words(found), words(wanted)
    if aside and len(release.alternative_titles) == 2 and not title.is_series and len(have) == 1:
        return Reason(Code.OTHER_TITLE, wanted, found)
    year_said = YEAR_AT_END.match(" ".join(want))
    if year_said and title.year is None and str(release.year or "") == year_said[2]:
        want = want[:-1]
    same_year = release.year is not None and (release.year == title.year or (bool(year_said) and title.year is None))
    if have == want or "".join(have) == "".join(want):
        return Reason(Code.SAME_TITLE, wanted, found)
    if _core(have) == _core(want) or (_digits(have) == _digits(want) and _near(have, want, same_year)):
        return Reason(Code.NEAR_TITLE, wanted, found)
    if not title.is_series and same_year and _is_counted(have, want):
        return Reason(Code.NEAR_TITLE, wanted, found)
    if _is_subtitled(found, wanted, have, want, same_year) or _tail_is_known(have, want, release, title):
        return Reason(Code.SUBTITLE, wanted, found)
    return Reason(_difference(have, want), wanted, found)


@lru_cache(maxsize=4096)  # the names of a title are compared with every file
def words(text: str) -> Words:
    """Folded, without an article in front, numbers as digits."""
    folded = tuple(NUMBERS.get(word, word) for word in fold(text).split())
    return folded[1:] if len(folded) > 1 and folded[0] in ARTICLES else folded


def _core(parts: Words) -> Words:
    """Without what names leave out: the sign of "His..Hers", and what is counted, as in "John Wick (Chapter) 4"."""
    followed = zip(parts, (*parts[1:], ""), strict=True)
    return tuple(word for word, after in followed if word != "and" and not (word in COUNTED and after.isdigit()))


def _digits(parts: Words) -> Words:
    return tuple(word for word in parts if word.isdigit())


def _near(have: Words, want: Words, same_year: bool) -> bool:
    """The same words but for a doubled letter ("Baahubali"), or a plural where the year speaks for it."""
    if len(have) != len(want) or not want:
        return False
    differing = [(one, other) for one, other in zip(have, want, strict=True) if one != other]
    if all(DOUBLED.sub(r"\1", one) == DOUBLED.sub(r"\1", other) for one, other in differing):
        return min(len(word) for pair in differing for word in pair) > 4 if differing else True
    plural = all(one.rstrip("s") == other.rstrip("s") for one, other in differing)
    return plural and same_year and len(want) > 1 and len(differing) == 1


def _is_counted(have: Words, want: Words) -> bool:
    """ "Avatar 2 Dòng Chảy Của Nước": people count the parts of a long name that does without; the year is the same."""
    numbers = _digits(have)
    plain = tuple(word for word in have if not word.isdigit())
    return len(want) >= 4 and plain == want and len(numbers) == 1 and len(numbers[0]) == 1


def _is_subtitled(found: str, wanted: str, have: Words, want: Words, same_year: bool) -> bool:
    """One is the other with a subtitle behind a colon or dash, the year is the same, and no number is lost."""
    if not same_year:
        return False
    if len(have) >= 3 and words(SUBTITLE.split(wanted)[-1]) == have:
        return True  # the subtitle alone, long enough to be nobody else's in that year
    short = [words(SUBTITLE.split(text)[0]) for text in (found, wanted)]
    if short[0] == want and len(have) > len(want):
        return not _digits(have[len(want) :])
    if short[1] == have and len(want) > len(have):
        return set(_digits(want[len(have) :])) <= {"1"}
    return False


def _tail_is_known(have: Words, want: Words, release: Release, title: Title) -> bool:
    """What the release has more than the title: a country, the name of a season, that it is a special, "1" for a
    first film.
    """
    if have[: len(want)] != want or len(have) == len(want):
        return False
    tail = have[len(want) :]
    if title.is_series:
        if len(tail) == 1 and tail[0] in COUNTRIES:
            return not title.countries or COUNTRIES[tail[0]] in title.countries
        if release.seasons == (0,) and " ".join(tail) in SPECIALS:
            return True
        named = [words(season.name) for season in title.seasons if season.name]
        return tail in named or " ".join(tail) in SEASON_NAMES.get(" ".join(want), ())
    return tail == ("1",) and (release.year is None or release.year == title.year)


def _difference(have: Words, want: Words) -> Code:
    if [word for word in have if not word.isdigit()] == [word for word in want if not word.isdigit()]:
        return Code.OTHER_NUMBER
    if have[: len(want)] == want:
        return Code.OTHER_NUMBER if have[len(want)].isdigit() else Code.MORE_WORDS
    if want[: len(have)] == have:
        return Code.OTHER_NUMBER if want[len(have)].isdigit() else Code.FEWER_WORDS
    return Code.OTHER_TITLE


def year(release: Release, title: Title, how: Code) -> Reason:
    """Films of another year are other films. Series go on for years, but their first season does not."""
    if release.year is None or title.year is None or str(release.year) in _numbers_of(title):
        return NOTHING
    found, wanted = str(release.year), str(title.year)
    apart = abs(release.year - title.year)
    if apart == 0:
        return Reason(Code.SAME_YEAR, wanted, found)
    if title.is_series:
        return _season_year(release, title, found, wanted)
    if apart == 1 and how in (Code.SAME_TITLE, Code.OTHER_NAME, Code.NEAR_TITLE):
        return Reason(Code.NEAR_YEAR, wanted, found)
    return Reason(Code.OTHER_YEAR, wanted, found)


def _numbers_of(title: Title) -> set[str]:
    """Numbers that a series has in its own name ("Reply 1988"): no year of its release."""
    return {word for name in title.names for word in words(name)[1:] if word.isdigit()} if title.is_series else set()


def _season_year(release: Release, title: Title, found: str, wanted: str) -> Reason:
    assert release.year is not None
    assert title.year is not None
    numbers = release.seasons or (1,)
    known = {season.year for season in title.seasons if season.number in numbers and season.year is not None}
    if known:
        near = any(abs(release.year - year) <= 1 for year in known)
    else:
        near = title.year - 1 <= release.year <= title.year + 1 or (release.year > title.year and max(numbers) > 1)
    return Reason(Code.SEASON_YEAR if near else Code.OTHER_YEAR, wanted, found)


def part(release: Release, title: Title) -> Reason:
    """Whether the wanted season and episode are in it. A pack has all episodes of its seasons."""
    if not title.is_series or title.season is None:
        return NOTHING
    wanted = f"season {title.season}" + (f", episode {title.episode}" if title.episode is not None else "")
    seasons = release.seasons
    if seasons and title.season not in seasons:
        return Reason(Code.OTHER_SEASON, str(title.season), ", ".join(map(str, seasons)))
    if not seasons and title.season != 1 and not release.absolute:
        return Reason(Code.OTHER_SEASON, str(title.season), "unknown")
    if title.episode is None or (not release.episodes and release.air_date is None):
        return Reason(Code.CONTAINS, wanted, "")
    if title.episode not in release.episodes:
        return Reason(
            Code.OTHER_EPISODE, str(title.episode), ", ".join(map(str, release.episodes)) or str(release.air_date)
        )
    return Reason(Code.CONTAINS, wanted, "")
