"""One look for a wanted title: is it out, is it offered, is there a better one? Nothing is ever deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from hosts.base import Problem, gettext_noop
from search import airing, library, providers
from search.finder.places import Place
from search.grab import actions as grabbing
from search.grab.preview import GrabPreview, Line, preview
from search.library import Library
from search.library import State as Have
from search.quality import queries as quality
from search.quality.models import QualityProfile
from search.titles import Episode, Title
from search.watchlist import pacing, queries
from search.watchlist.models import Mode, State, Wish

log = logging.getLogger(__name__)

MOST_AT_ONCE = 10  # titles in one slice
NOT_OUT = gettext_noop("It is not out yet. Its day is {day}.")
NO_DAY = gettext_noop("It is not known when it comes out.")
NOBODY = gettext_noop("Nobody offers it yet as the quality profile wants it.")
ON_ITS_WAY = gettext_noop("Files put into the queue: {count}.")
THERE = gettext_noop("Files found: {count}.")
COMPLETE = gettext_noop("All of it is here.")
NEXT = gettext_noop("All of it that is out is here. The next episode comes on {day}.")
TROUBLE = gettext_noop("It could not be looked for.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a look ended. `again` is None when there is nothing more to look for."""

    state: State
    code: str
    sentence: str
    again: datetime | None
    params: dict[str, str | int]
    found: Sequence[str] = ()


def work(now: Callable[[], datetime] = timezone.now, most: int = MOST_AT_ONCE) -> int:
    """Look for the titles that are due, the longest overdue first; how many."""
    due = list(queries.due(now())[:most])
    for wish in due:
        look(wish, now())
    return len(due)


def look(wish: Wish, now: datetime) -> Outcome:
    """Look for one title and keep how that ended."""
    try:
        outcome = find(wish, now)
    except Problem as problem:
        wait = timedelta(seconds=problem.retry_after) if problem.retry_after else pacing.AFTER_TROUBLE
        again = now + max(pacing.jittered(pacing.AFTER_TROUBLE), wait)
        outcome = Outcome(State(wish.state), problem.code, problem.sentence, again, dict(problem.params), wish.found)
    except Exception:
        log.exception("Looking for %s failed", wish)
        outcome = Outcome(State(wish.state), "trouble", TROUBLE, now + pacing.SOMETIMES, {}, wish.found)
    # A wish that was changed meanwhile is due again: what was found by the old wishes says nothing about it.
    Wish.objects.filter(pk=wish.pk, next_check_at=wish.next_check_at).update(
        state=outcome.state,
        found=list(outcome.found),
        checked_at=now,
        next_check_at=outcome.again,
        reason_code=outcome.code,
        reason_sentence=outcome.sentence,
        reason_params=outcome.params,
    )
    return outcome


def find(wish: Wish, now: datetime) -> Outcome:
    """Raises Problem."""
    tmdb = providers.tmdb("en")
    title = tmdb.title(wish.ref)
    profile = wish.profile or quality.default()
    today = timezone.localdate(now)
    if not title.is_series:
        return _film(wish, title, profile, now, today)
    numbers = tuple(wish.seasons) or airing.regular(title)
    return _series(wish, airing.with_episodes(title, numbers, tmdb), numbers, profile, now, today)


def _film(wish: Wish, title: Title, profile: QualityProfile, now: datetime, today: date) -> Outcome:
    here, day = library.of(title), title.card.released
    if here.has_film:
        return _complete(wish, title, profile, here, now)
    if day is None or day > today:
        return _not_out(day, now)
    return _take(wish, preview(title, profile=profile), day, now)


def _series(
    wish: Wish, title: Title, numbers: Sequence[int], profile: QualityProfile, now: datetime, today: date
) -> Outcome:
    here, days = library.of(title), airing.episodes(title)
    out = {place for place in airing.aired(title, numbers, today) if _is_wanted(wish, days, place)}
    needed = out - here.had
    if needed:
        seasons = sorted({season for season, _ in needed})
        newest = max((one.aired for place in needed if (one := days.get(place)) and one.aired), default=None)
        return _take(wish, preview(title, seasons, profile, episodes=needed), newest, now)
    coming = min((one.aired for place, one in days.items() if one.aired and one.aired > today), default=None)
    if out and (coming is None or wish.upgrades):
        return _complete(wish, title, profile, here, now, out, coming)
    if out and coming is not None:
        params: dict[str, str | int] = {"day": coming.isoformat()}
        return Outcome(State.WAITING, "next", NEXT, pacing.before(coming, now), params)
    return _not_out(coming, now)


def _is_wanted(wish: Wish, days: dict[Place, Episode], place: Place) -> bool:
    if not wish.future_only:
        return True
    episode = days.get(place)
    return bool(episode and episode.aired and episode.aired >= timezone.localdate(wish.created_at))


def _not_out(day: date | None, now: datetime) -> Outcome:
    params: dict[str, str | int] = {"day": day.isoformat()} if day else {}
    return Outcome(State.WAITING, "not_out", NOT_OUT if day else NO_DAY, pacing.before(day, now), params)


def _take(wish: Wish, seen: GrabPreview, newest: date | None, now: datetime) -> Outcome:
    """Fetch what was found, or tell of it."""
    if not seen.lines:
        if seen.failing or not seen.is_complete:
            raise next((part.problem for part in seen.failing.values() if part.problem), Problem())
        return Outcome(State.WAITING, "nobody", NOBODY, pacing.after_a_miss(newest, now), {})
    return _got(wish, seen, None, newest, now)


def _got(wish: Wish, seen: GrabPreview, keys: list[str] | None, newest: date | None, now: datetime) -> Outcome:
    again = pacing.after_a_miss(newest, now)
    if wish.mode == Mode.NOTICE:
        found = sorted(keys or [line.key for line in seen.lines])
        return Outcome(State.FOUND, "found", THERE, again, {"count": len(found)}, found)
    done = grabbing.grab(seen, keys, by_watchlist=True)
    return Outcome(State.GRABBED, "grabbed", ON_ITS_WAY, again, {"count": done.new})


def _complete(
    wish: Wish,
    title: Title,
    profile: QualityProfile,
    here: Library,
    now: datetime,
    out: Collection[Place] = (),
    coming: date | None = None,
) -> Outcome:
    """All that is out is here: perhaps there is a better one, as long as the present one is not good enough."""
    poor = _poor(here, profile, out) if wish.upgrades else []
    if poor:
        places = {place for place in poor if place is not None}
        seen = preview(title, sorted({s for s, _ in places}), profile, episodes=places or None, again=True)
        better = [line.key for line in seen.lines if _is_better(line, here)]
        if better:
            return _got(wish, seen, better, None, now)
    again = pacing.before(coming, now) if coming else None
    if poor:
        again = min(filter(None, (again, pacing.after_a_miss(None, now))))
    if coming:
        return Outcome(State.WAITING, "next", NEXT, again, {"day": coming.isoformat()})
    if title.is_series and title.in_production and again is None:
        again = pacing.before(None, now)
    if under_way := _under_way(here, out):
        again = now + pacing.jittered(pacing.SOMETIMES)
        return Outcome(State.GRABBED, "grabbed", ON_ITS_WAY, again, {"count": under_way})
    return Outcome(State.DONE, "complete", COMPLETE, again, {})


def _under_way(here: Library, out: Collection[Place]) -> int:
    """How many of its parts are not finished: their downloads may still fail."""
    states = [here.states.get(place) for place in out] if out else [here.film]
    return sum(state == Have.QUEUED for state in states)


def _poor(here: Library, profile: QualityProfile, out: Collection[Place]) -> list[Place | None]:
    """What is below the cutoff; of what nobody scored nothing is known."""
    asked: list[Place | None] = list(out) or [None]
    return [place for place in asked if (best := here.best(place)) is not None and best < profile.cutoff]


def _is_better(line: Line, here: Library) -> bool:
    """Than each that it stands in for, and not fetched before."""
    if line.existing is not None:
        return False
    olds = [here.best(place) for place in line.places] or [here.best()]
    return all(old is not None and line.found.score.total > old for old in olds)
