"""What is wanted, looked for politely, fetched or told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone

from downloads.models import Download
from downloads.states import Status
from flasharr import notices
from flasharr.simulator import Simulator
from search import library, searches
from search.finder.search import Wanted
from search.grab import actions as grabbing
from search.grab.models import Chosen
from search.grab.preview import preview
from search.library import State as Have
from search.quality import actions as quality_actions
from search.quality import queries as quality
from search.titles import Medium, Title, TitleRef
from search.tmdb import Tmdb
from search.watchlist import actions, check, pacing, queries, wake
from search.watchlist import calendar as calendars
from search.watchlist.calendar import AT_ONCE, MOST_FAILURES, calendar
from search.watchlist.models import Mode, State, Wish
from tests.search.asking import title
from tests.search.providers import asked


def wanted(text: str, medium: Medium = Medium.TV, year: int | None = None, **wishes: Any) -> Wish:
    return actions.add(title(text, medium, year), **wishes)[0]


def look(wish: Wish, now: datetime | None = None) -> Wish:
    check.look(wish, now or timezone.now())
    wish.refresh_from_db()
    return wish


def test_what_is_offered_is_fetched(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = look(wanted("Chernobyl"))
    assert (wish.state, wish.reason_sentence, wish.reason_params) == (State.GRABBED, check.ON_ITS_WAY, {"count": 5})
    assert all(row.by_watchlist for row in Chosen.objects.all())
    assert wish.next_check_at is not None
    Download.objects.filter(status=Status.QUEUED).update(status=Status.COMPLETED)
    monkeypatch.setattr("search.library.actions.file_is_gone", lambda row: False)
    done = look(wish)
    assert (done.state, done.reason_sentence, done.next_check_at) == (State.DONE, check.COMPLETE, None)
    assert Download.objects.count() == 5


def test_it_may_only_be_told(world: Simulator, user: User) -> None:
    wish = look(wanted("Dune", Medium.MOVIE, 2021, mode=Mode.NOTICE))
    assert (wish.state, Download.objects.count(), len(wish.found)) == (State.FOUND, 0, 1)
    (notice,) = notices.shown_to(user)
    assert (notice.email, notice.href) == ("Dune (2021)", "/title/movie/438631/")
    assert notices.dismiss(user, notice.key)
    look(wish)
    assert notices.shown_to(user) == []
    actions.remove(wish)
    assert queries.notices() == []


def test_what_is_not_out_asks_no_source(world: Simulator) -> None:
    wish = wanted("Chernobyl")
    world.journal.clear()
    early = datetime(2019, 5, 1, 12, tzinfo=UTC)
    assert look(wish, early).reason_sentence == check.NOT_OUT
    assert wish.reason_params == {"day": "2019-05-06"}
    assert wish.next_check_at is not None
    assert date(2019, 5, 6) <= wish.next_check_at.date() <= date(2019, 5, 7)
    assert asked(world, "timfshare") == []


def test_what_has_aired_is_wanted_and_the_next_is_waited_for(world: Simulator) -> None:
    wish = look(wanted("Chernobyl"), datetime(2019, 5, 15, 12, tzinfo=UTC))
    assert sorted(place for row in Chosen.objects.all() for place in row.holds) == [(1, 1), (1, 2)]
    assert look(wish, datetime(2019, 5, 15, 18, tzinfo=UTC)).reason_params == {"day": "2019-05-20"}


def test_only_new_episodes(world: Simulator) -> None:
    wish = wanted("Chernobyl", future_only=True)
    Wish.objects.filter(pk=wish.pk).update(created_at=datetime(2019, 5, 18, tzinfo=UTC))
    wish.refresh_from_db()
    look(wish, datetime(2019, 5, 28, tzinfo=UTC))
    assert sorted(place for row in Chosen.objects.all() for place in row.holds) == [(1, 3), (1, 4)]


def test_silent_sources_are_trouble_and_not_nobody(world: Simulator) -> None:
    wish = wanted("Mai", Medium.MOVIE)
    world.fault("server_error", call="search", count=None)
    now = timezone.now()
    look(wish, now)
    assert (wish.state, wish.reason_code) == (State.WAITING, "source_down")
    assert wish.next_check_at is not None
    assert timedelta(minutes=40) < wish.next_check_at - now < timedelta(hours=2)


def test_nobody_offers_it(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.world.titles, "offers", [])
    wish = look(wanted("Mai", Medium.MOVIE))
    assert (wish.state, wish.reason_sentence, Download.objects.count()) == (State.WAITING, check.NOBODY, 0)


def test_a_better_one_is_fetched_and_the_old_one_stays(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    work = title("Dune", Medium.MOVIE, 2021)
    best = quality.default()
    seen = preview(work)
    poor = next(one for one in seen.found if "HDCAM" in one.candidate.name)
    old = grabbing.grab_file(work, poor, others=seen.found).added[0].download
    plain = look(wanted("Dune", Medium.MOVIE, 2021))
    assert (plain.state, Download.objects.count()) == (State.GRABBED, 1)
    actions.change(plain, upgrades=True)
    assert look(plain).state == State.GRABBED
    assert Download.objects.filter(pk=old.pk, removed_at=None).exists()
    assert library.of(work).best() == seen.lines[0].found.score.total > best.cutoff - 30
    before = Download.objects.count()
    quality_actions.change(best, cutoff=100)
    Download.objects.filter(status=Status.QUEUED).update(status=Status.COMPLETED)
    monkeypatch.setattr("search.library.actions.file_is_gone", lambda row: False)
    assert look(plain).state == State.DONE
    assert Download.objects.count() == before


def test_what_could_not_be_fetched_is_looked_for_again(world: Simulator) -> None:
    wish = look(wanted("Dune", Medium.MOVIE, 2021))
    first = Download.objects.get()
    assert wish.next_check_at is not None
    assert wish.next_check_at < timezone.now() + timedelta(minutes=45)  # a dead link is known by then
    Download.objects.update(status=Status.FAILED)
    look(wish)
    assert Download.objects.exclude(pk=first.pk).count() == 1


def test_what_is_only_queued_may_still_fail(world: Simulator) -> None:
    wish = look(wanted("Mai", Medium.MOVIE))
    assert look(wish).state == State.GRABBED
    assert wish.next_check_at is not None
    Download.objects.update(status=Status.FAILED)
    look(wish)
    assert Download.objects.count() == 2


def test_a_wish_changed_during_a_look_is_looked_for_again(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = wanted("Mai", Medium.MOVIE)
    find = check.find

    def change_then_find(seen: Wish, now: datetime) -> check.Outcome:
        actions.change(Wish.objects.get(pk=wish.pk), upgrades=True)
        return find(seen, now)

    monkeypatch.setattr(check, "find", change_then_find)
    assert look(wish).state == State.WAITING
    assert queries.due(timezone.now()).exists()


def test_due_ones_are_looked_for_a_few_at_a_time(world: Simulator, queued: list[str]) -> None:
    first, second = wanted("Chernobyl"), wanted("Dark")
    Wish.objects.filter(pk=second.pk).update(next_check_at=timezone.now() - timedelta(days=1))
    assert check.work(most=1) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.checked_at is None, second.checked_at is None) == (True, False)
    queued.clear()
    cache.clear()
    wake.checker()
    wake.checker()
    assert queued == ["search.tasks.check_watchlist"]
    check.work()
    cache.clear()
    wake.checker()
    assert queued == ["search.tasks.check_watchlist"]


def test_twice_wanted_is_wanted_once(world: Simulator) -> None:
    work = title("Chernobyl", Medium.TV)
    assert [actions.add(work)[1], actions.add(work)[1]] == [True, False]
    assert Wish.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"seasons": [7]}, {"seasons": [-1]}, {"mode": "steal"}])
def test_what_makes_no_sense_is_refused(world: Simulator, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        wanted("Chernobyl", **wrong)
    assert not Wish.objects.exists()


def test_the_calendar_tells_days_and_states(world: Simulator) -> None:
    wanted("Chernobyl")
    grabbing.grab_seasons(title("Breaking Bad", Medium.TV), [1])
    spring = calendar(date(2019, 5, 1), date(2019, 5, 14))
    assert [(one.day, one.place, one.state, one.is_wanted) for one in spring.events] == [
        (date(2019, 5, 6), (1, 1), Have.MISSING, True),
        (date(2019, 5, 13), (1, 2), Have.MISSING, True),
    ]
    followed = calendar(date(2008, 1, 20), date(2008, 1, 20)).events
    assert [(one.episode, one.state, one.is_wanted) for one in followed] == [("Pilot", Have.QUEUED, False)]


def test_a_calendar_does_not_wait_for_every_title_while_tmdb_is_down(world: Simulator) -> None:
    for number in range(1, 30):
        Wish.objects.create(medium=Medium.MOVIE, tmdb_id=number, name=f"Film {number}")
    world.journal.clear()
    world.fault("server_error", call="tmdb", count=None)
    seen = calendar(date(2019, 5, 1), date(2019, 5, 14))
    assert len(seen.unknown) == 29
    assert len({one.path for one in asked(world, "tmdb")}) < MOST_FAILURES + AT_ONCE


def test_a_calendar_asks_for_its_titles_side_by_side(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(AT_ONCE, timeout=60)
    for name in ("Mai", "Dune", "Parasite", "Toy Story"):
        wanted(name, Medium.MOVIE)
    known = calendars._known

    def ask(ref: TitleRef, last: date, tmdb: Tmdb) -> Title:
        together.wait()  # breaks where they come one after another
        return known(ref, last, tmdb)

    monkeypatch.setattr(calendars, "_known", ask)
    seen = calendar(date(2024, 2, 1), date(2024, 2, 28))
    assert [(one.day, one.title.card.name) for one in seen.events] == [(date(2024, 2, 10), "Mai")]


def test_a_search_that_runs_is_fresh_enough(world: Simulator) -> None:
    world.fault("late", call="search", value=0.5, count=None)
    wanted_now, profile = Wanted(title("Mai", Medium.MOVIE)), quality.pure()
    first = searches.of(wanted_now, profile)
    assert searches.of(wanted_now, profile, fresh=True) is first
    first.wait(20, for_all=True)
    assert searches.of(wanted_now, profile, fresh=True) is not first


@pytest.mark.parametrize(
    ("age", "least", "most"), [(1, 2, 4), (30, 9, 15), (400, 28, 44)], ids=["new", "recent", "old"]
)
def test_what_is_new_is_looked_for_more_often(age: int, least: int, most: int) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    pauses = {pacing.after_a_miss(now.date() - timedelta(days=age), now) - now for _ in range(50)}
    assert timedelta(hours=least) <= min(pauses) < max(pauses) <= timedelta(hours=most)
