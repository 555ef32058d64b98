"""Which episodes of a series a release holds, however its name counts them."""

from __future__ import annotations

from search.releases import Kind, Release
from search.titles import Title

Place = tuple[int, int]
"""Season and episode, as the catalogue of titles counts."""

MOST_IN_ONE = 2_000  # episodes that one name may stand for


def places(release: Release, title: Title) -> frozenset[Place]:
    """Empty for a film, for what says neither season nor episode, and for what the series does not have."""
    if not title.is_series:
        return frozenset()
    counts = {season.number: season.episode_count for season in title.seasons}
    if release.air_date is not None and not release.episodes:
        return _aired_on(release, title)
    if release.episodes and not release.seasons:
        return _flat(release.absolute or release.episodes, counts)
    if release.episodes:
        return _in_season(release.seasons[0], release.episodes, counts)
    if release.kind == Kind.PACK or release.seasons:
        return _whole(release.seasons, counts)
    return frozenset()


def _aired_on(release: Release, title: Title) -> frozenset[Place]:
    known = (episode for season in title.seasons for episode in season.episodes)
    return frozenset((one.season, one.number) for one in known if one.aired == release.air_date)


def _in_season(season: int, episodes: tuple[int, ...], counts: dict[int, int]) -> frozenset[Place]:
    """A first season that goes on for longer than it is counts through all of them: S01E30 is S02E05."""
    last = counts.get(season, 0)
    if season == 1 and last and min(episodes) > last:
        return _flat(episodes, counts)
    return frozenset((season, episode) for episode in episodes[:MOST_IN_ONE])


def _flat(episodes: tuple[int, ...], counts: dict[int, int]) -> frozenset[Place]:
    """Numbers counted through all seasons; past the last known one they stay in the last season."""
    found: set[Place] = set()
    regular = sorted(number for number in counts if number > 0) or [1]
    for episode in episodes[:MOST_IN_ONE]:
        left = episode
        for season in regular:
            if left <= counts.get(season, 0) or season == regular[-1]:
                found.add((season, left))
                break
            left -= counts[season]
    return frozenset(found)


def _whole(seasons: tuple[int, ...], counts: dict[int, int]) -> frozenset[Place]:
    """Every episode of the seasons; a pack that names none has them all, without the specials."""
    wanted = seasons or tuple(number for number in counts if number > 0)
    every = ((season, episode) for season in wanted for episode in range(1, counts.get(season, 0) + 1))
    return frozenset(place for place, _ in zip(every, range(MOST_IN_ONE), strict=False))
