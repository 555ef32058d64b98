"""One look for a wanted title: is it out, is it offered, is there a better one? Nothing is ever deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from downloads.purging import UNDO_FOR
from hosts.base import Problem, gettext_noop
from search import airing, library, providers
from search.finder.places import Place
from search.grab import actions as grabbing
from search.grab import unusable
from search.grab.preview import GrabPreview, Line, preview
from search.labels import place as place_code
from search.library import Library
from search.library import State as Have
from search.quality import queries as quality
from search.quality.models import QualityProfile
from search.releases.tables.files import SUBTITLES
from search.titles import Title
from search.watchlist import declined, pacing, queries
from search.watchlist.declined import Where
from search.watchlist.models import DECLINED, Mode, State, Wish

log = logging.getLogger(__name__)

MOST_AT_ONCE = 10  # titles in one slice
MOST_LISTED = 8  # episodes that are named
MOST_OFFERS = 5  # that cannot be used, before it is enough for one look
NOT_OUT = gettext_noop("It is not out yet. Its day is {day}.")
NO_DAY = gettext_noop("It is not known when it comes out.")
NOBODY = gettext_noop("Nobody offers it yet as the quality profile wants it.")
ON_ITS_WAY = gettext_noop("Files put into the queue: {count}.")
NOBODY_THE_REST = gettext_noop(
    "The rest is here. Nobody offers these yet as the quality profile wants them: {missing}."
)
NEXT_BEST = gettext_noop("Files put into the queue: {count}. Passed over, for it cannot be used: {passed}.")
NONE_USABLE = gettext_noop("Nobody offers a file of it that can be used. Passed over: {passed}.")
THERE = gettext_noop("Files found: {count}.")
COMPLETE = gettext_noop("All of it is here.")
THE_REST = gettext_noop("All of it is here but what you removed.")
REMOVED = gettext_noop("You removed it, so it is not fetched again until you ask for it.")
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
    left_out: Sequence[list[int]] = ()


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
        outcome = Outcome(
            State(wish.state), problem.code, problem.sentence, again, dict(problem.params), wish.found, wish.left_out
        )
    except Exception:
        log.exception("Looking for %s failed", wish)
        outcome = Outcome(State(wish.state), "trouble", TROUBLE, now + pacing.SOMETIMES, {}, wish.found, wish.left_out)
    # A wish that was changed meanwhile is due again: what was found by the old wishes says nothing about it.
    Wish.objects.filter(pk=wish.pk, next_check_at=wish.next_check_at).update(
        state=outcome.state,
        found=list(outcome.found),
        left_out=list(outcome.left_out),
        checked_at=now,
        next_check_at=outcome.again,
        reason_code=outcome.code,
        reason_sentence=outcome.sentence,
        reason_params=outcome.params,
    )
    return outcome


@dataclass(frozen=True, slots=True)
class Subject:
    """What one look is about. `removed` are the parts that the user took away, and when."""

    wish: Wish
    title: Title
    profile: QualityProfile
    here: Library
    now: datetime
    removed: Mapping[Where, datetime]
    seasons: Sequence[int] = ()
    days: Mapping[Place, date] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def coming(self) -> date | None:
        """The day of the next episode."""
        return min((day for day in self.days.values() if day > self.today), default=None)

    def preview(self, seasons: Sequence[int], episodes: Collection[Place] | None, again: bool = False) -> GrabPreview:
        return preview(self.title, seasons, self.profile, episodes=episodes, again=again, here=self.here)


def find(wish: Wish, now: datetime) -> Outcome:
    """Raises Problem."""
    tmdb = providers.tmdb("en")
    title, numbers = tmdb.title(wish.ref), tuple(wish.seasons)
    if title.is_series:
        numbers = numbers or airing.regular(title)
        title = airing.with_episodes(title, numbers, tmdb)
    days = {place: one.aired for place, one in airing.episodes(title).items() if one.aired}
    here = library.of(title, is_patient=False)
    removed = declined.of(wish, here)
    subject = Subject(wish, title, wish.profile or quality.default(), here, now, removed, numbers, days)
    return _series(subject) if title.is_series else _film(subject)


def _film(subject: Subject) -> Outcome:
    day, removed = subject.title.card.released, subject.removed
    if subject.here.has_film:
        return _complete(subject, [] if removed else [None])
    if removed:
        return Outcome(State.DONE, DECLINED, REMOVED, _after_undo(removed, subject.now), {})
    if day is None or day > subject.today:
        return _not_out(day, subject.now)
    return _take(subject, (), None, day)


def _series(subject: Subject) -> Outcome:
    aired = airing.aired(subject.title, subject.seasons, subject.today)
    out = {place for place in aired if _is_wanted(subject, place)}
    left_out: dict[Where, datetime] = {
        place: at for place, at in subject.removed.items() if place in out - subject.here.had
    }
    outcome = _episodes(subject, out)
    again = min(filter(None, (outcome.again, _after_undo(left_out, subject.now))), default=None)
    return replace(outcome, left_out=declined.places(left_out), again=again)


def _episodes(subject: Subject, out: set[Place]) -> Outcome:
    wanted = out - subject.removed.keys()
    if needed := wanted - subject.here.had:
        newest = max((subject.days[place] for place in needed if place in subject.days), default=None)
        return _take(subject, sorted({season for season, _ in needed}), needed, newest)
    coming = subject.coming
    if not out:
        return _not_out(coming, subject.now)
    if coming is None or subject.wish.upgrades:
        return _complete(subject, sorted(wanted), coming)
    again = pacing.before(coming, subject.now)
    return Outcome(State.WAITING, "next", NEXT, again, {"day": coming.isoformat()})


def _is_wanted(subject: Subject, place: Place) -> bool:
    if not subject.wish.future_only:
        return True
    day = subject.days.get(place)
    return bool(day and day >= timezone.localdate(subject.wish.created_at))


def _not_out(day: date | None, now: datetime) -> Outcome:
    params: dict[str, str | int] = {"day": day.isoformat()} if day else {}
    return Outcome(State.WAITING, "not_out", NOT_OUT if day else NO_DAY, pacing.before(day, now), params)


def _after_undo(removed: Mapping[Where, datetime], now: datetime) -> datetime | None:
    """A removal that can still be undone is looked at once more when it no longer can be."""
    last = max((at for at in removed.values() if at + UNDO_FOR > now), default=None)
    return last and last + UNDO_FOR + timedelta(minutes=1)


def _take(subject: Subject, seasons: Sequence[int], needed: Collection[Place] | None, newest: date | None) -> Outcome:
    """Fetch the best that can be used, or tell of it. `grab` notes what cannot be; the next plan leaves it out."""
    passed: dict[tuple[str, str], str] = {}
    again = pacing.after_a_miss(newest, subject.now)
    for _ in range(MOST_OFFERS):
        seen = subject.preview(seasons, needed)
        if not seen.lines:
            break
        try:
            return _and_passed(_got(subject, seen, None, again), passed.values())
        except Problem as problem:
            if not unusable.is_about_the_offer(problem):
                raise
        lost = unusable.known()
        passed |= {one.key: one.name for line in seen.lines if (one := line.found.candidate).key in lost}
    if passed:
        return Outcome(State.WAITING, "none_usable", NONE_USABLE, again, {"passed": ", ".join(passed.values())})
    if seen.failing or not seen.is_complete:
        raise next((part.problem for part in seen.failing.values() if part.problem), Problem())
    if needed and subject.here.had:
        return Outcome(State.WAITING, "nobody", NOBODY_THE_REST, again, {"missing": _listed(needed)})
    return Outcome(State.WAITING, "nobody", NOBODY, again, {})


def _listed(places: Collection[Place]) -> str:
    """ "S01E05, S01E09"; of many the first ones."""
    codes = [place_code(place) for place in sorted(places)]
    return ", ".join(codes[:MOST_LISTED]) + (" …" if len(codes) > MOST_LISTED else "")


def _and_passed(outcome: Outcome, passed: Iterable[str]) -> Outcome:
    """Tell of the offers that were better and could not be used."""
    names = ", ".join(passed)
    return replace(outcome, sentence=NEXT_BEST, params={**outcome.params, "passed": names}) if names else outcome


def _got(subject: Subject, seen: GrabPreview, keys: list[str] | None, again: datetime) -> Outcome:
    if subject.wish.mode == Mode.NOTICE:
        found = sorted(keys or [line.key for line in seen.lines])
        return Outcome(State.FOUND, "found", THERE, again, {"count": len(found)}, found)
    done = grabbing.grab(seen, keys, by_watchlist=True)
    soon = subject.now + pacing.jittered(pacing.AFTER_A_GRAB)
    return Outcome(State.GRABBED, "grabbed", ON_ITS_WAY, min(again, soon), {"count": done.new})


def _complete(subject: Subject, parts: Sequence[Where], coming: date | None = None) -> Outcome:
    """All that is wanted and out is here: perhaps there are better ones, as long as these are not good enough."""
    here, now, title = subject.here, subject.now, subject.title
    poor = _poor(here, subject.profile, parts) if subject.wish.upgrades else []
    if poor:
        places = {place for place in poor if place is not None}
        seen = subject.preview(sorted({season for season, _ in places}), places or None, again=True)
        better = [line.key for line in seen.lines if _is_better(line, here)]
        if better:
            return _got(subject, seen, better, pacing.after_a_miss(None, now))
    again = pacing.before(coming, now) if coming else None
    if poor:
        again = min(filter(None, (again, pacing.after_a_miss(None, now))))
    if coming:
        return Outcome(State.WAITING, "next", NEXT, again, {"day": coming.isoformat()})
    if title.is_series and title.in_production and again is None:
        again = pacing.before(None, now)
    if under_way := sum(
        here.states.get(place) == Have.QUEUED if place else here.film == Have.QUEUED for place in parts
    ):
        again = now + pacing.jittered(pacing.AFTER_A_GRAB)  # their downloads may still fail
        return Outcome(State.GRABBED, "grabbed", ON_ITS_WAY, again, {"count": under_way})
    if not title.is_series or not subject.removed.keys() - here.had:
        return Outcome(State.DONE, "complete", COMPLETE, again, {})
    return Outcome(State.DONE, DECLINED, THE_REST if here.had else REMOVED, again, {})


def _poor(here: Library, profile: QualityProfile, parts: Sequence[Where]) -> list[Where]:
    """What is below the cutoff; of what nobody scored nothing is known."""
    return [part for part in parts if (best := here.best(part)) is not None and best < profile.cutoff]


def _is_better(line: Line, here: Library) -> bool:
    """Than each that it stands in for, and not fetched before."""
    if line.existing is not None or line.found.release.container in SUBTITLES:
        return False
    olds = [here.best(place) for place in line.places] or [here.best()]
    return all(old is not None and line.found.score.total > old for old in olds)
