"""From a title to rows in the queue, with their names in the library and why they were chosen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from downloads import actions as queue
from downloads.models import Batch, Download
from downloads.states import Status
from flasharr.simulator import Simulator
from search import library
from search.finder.found import judge
from search.grab import actions, problems
from search.grab.models import Chosen
from search.grab.preview import preview
from search.library import State
from search.quality import actions as quality
from search.quality.queries import pure
from search.sources.base import Candidate
from search.titles import Medium
from tests.search.asking import root, title

WHOLE = "Chernobyl (2019)/Season 01/Chernobyl (2019) - S01E0{}"


def paths() -> list[str]:
    return [f"{row.directory}/{row.filename}" for row in Download.objects.order_by("position")]


def test_a_season_is_one_batch_under_library_names(world: Simulator) -> None:
    work = title("Chernobyl", Medium.TV)
    done = actions.grab_seasons(work, [1])
    assert (done.new, len(done.added)) == (5, 5)
    assert paths()[:2] == [
        "Chernobyl (2019)/Season 01/Chernobyl (2019) - S01E01 - 1-23-45.mkv",
        "Chernobyl (2019)/Season 01/Chernobyl (2019) - S01E02 - Please Remain Calm.mkv",
    ]
    assert [batch.name for batch in Batch.objects.all()] == ["Chernobyl (2019) S01"]
    assert {row.batch_id for row in Download.objects.all()} == {done.batch.pk if done.batch else 0}


def test_pressed_twice_adds_nothing_twice(world: Simulator) -> None:
    work = title("Chernobyl", Medium.TV)
    seen = preview(work, [1])
    actions.grab(seen)
    again = actions.grab(seen)
    assert (again.new, len(again.added)) == (0, 5)
    with pytest.raises(problems.AllHere):
        actions.grab_seasons(work, [1])
    assert (Download.objects.count(), Batch.objects.count(), Chosen.objects.count()) == (5, 1, 5)


def test_two_at_once_add_each_file_once(world: Simulator) -> None:
    seen = preview(title("Chernobyl", Medium.TV), [1])

    def press(_: int) -> int:
        try:
            return actions.grab(seen).new
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(press, range(2))) == 5
    assert (Download.objects.count(), Batch.objects.count(), Chosen.objects.count()) == (5, 1, 5)


def test_a_film_is_named_by_its_quality(world: Simulator) -> None:
    actions.grab_film(title("Dune", Medium.MOVIE, 2021))
    assert paths() == ["Dune (2021)/Dune (2021) - 1080p BluRay.mkv"]
    why = Chosen.objects.get()
    assert (why.title, why.profile, why.kind, why.places) == ("Dune", "Vietnamese first", "video", [])
    assert why.score == sum(points for _, _, points, _ in why.contributions)
    assert why.offered > why.refused > 0


def test_what_the_library_has_is_left_out(world: Simulator) -> None:
    work = title("Chernobyl", Medium.TV)
    folder = root() / "Chernobyl (2019)" / "Season 01"
    folder.mkdir(parents=True)
    (folder / "Chernobyl (2019) - S01E02.mkv").write_bytes(b"x")
    (folder / "Chernobyl (2019) - S01E03.srt").write_bytes(b"x")
    seen = preview(work, [1])
    assert seen.had == ((1, 2),)
    assert (seen.aired, seen.covered, len(seen.lines)) == (5, 5, 4)
    actions.grab(seen)
    assert library.of(work).had == {(1, number) for number in range(1, 6)}


def test_the_episodes_of_a_series_are_not_the_film_of_its_name(world: Simulator) -> None:
    work = title("Mai", Medium.MOVIE)
    folder = root() / "Mai (2024)"
    (folder / "Season 01").mkdir(parents=True)
    (folder / "Season 01" / "Mai (2024) - S01E01.mkv").write_bytes(b"x")
    assert library.of(work).film is None
    (folder / "Mai (2024) - 1080p.mkv").write_bytes(b"x")
    assert library.of(work).film == State.HAVE


def test_the_library_tells_the_state_of_each_episode(world: Simulator) -> None:
    work = title("Chernobyl", Medium.TV)
    actions.grab_seasons(work, [1])
    rows = list(Download.objects.order_by("position"))
    target = root() / "x.mkv"
    target.write_bytes(b"x")
    Download.objects.filter(pk=rows[0].pk).update(status=Status.COMPLETED, path=str(target), root=str(root()))
    Download.objects.filter(pk=rows[1].pk).update(status=Status.COMPLETED, path=str(root() / "gone.mkv"))
    Download.objects.filter(pk=rows[2].pk).update(status=Status.FAILED)
    queue.remove(Download.objects.filter(pk=rows[4].pk))
    here = library.of(work)
    assert here.states == {(1, 1): State.HAVE, (1, 3): State.FAILED, (1, 4): State.QUEUED}
    assert here.state((1, 2), aired=[(1, 2)]) == State.MISSING
    assert here.state((1, 2), aired=[(1, 2)], found=[(1, 2)]) == State.FOUND
    assert here.state((1, 9)) == State.COMING
    assert library.marks([work.ref]) == {work.ref: State.HAVE}


def test_what_could_not_be_fetched_is_not_chosen_again(world: Simulator) -> None:
    work = title("Dune", Medium.MOVIE, 2021)
    first = actions.grab_film(work).added[0].download
    Download.objects.filter(pk=first.pk).update(status=Status.FAILED)
    second = actions.grab_film(work).added[0].download
    assert second.code != first.code
    assert second.filename != first.filename


def test_two_files_of_one_episode_have_two_paths(world: Simulator) -> None:
    work = title("Chernobyl", Medium.TV)
    seen = preview(work, [1])
    same = [one for one in seen.found if one.accepted and one.places == {(1, 1)}]
    assert len(same) == 2
    actions.grab(seen, [":".join(one.candidate.key) for one in same])
    assert len({path.casefold() for path in paths()}) == 2
    assert all("S01E01 - 1-23-45" in path for path in paths())


def test_one_file_by_hand_whatever_the_profile_thinks(world: Simulator) -> None:
    work = title("Dune", Medium.MOVIE, 2021)
    seen = preview(work)
    poor = next(one for one in seen.found if "HDCAM" in one.candidate.name)
    done = actions.grab_file(work, poor, others=seen.found)
    assert done.added[0].download.filename == "Dune (2021) - 1080p CAM.mkv"
    assert Chosen.objects.get().offered == len(seen.found)


def test_a_file_that_nobody_offers_is_refused_and_nothing_added(world: Simulator) -> None:
    seen = preview(title("Chernobyl", Medium.TV), [1])
    with pytest.raises(problems.NotOffered) as refused:
        actions.grab(seen, [seen.lines[0].key, "fshare:NEVERSEEN", "../etc"])
    assert refused.value.params == {"count": 2}
    assert Download.objects.count() == 0


def test_a_profile_that_nothing_suits_says_so(world: Simulator) -> None:
    strict = quality.create(name="Strict", required_words=["nobody has this word"])
    with pytest.raises(problems.NothingSuits):
        actions.grab_film(title("Dune", Medium.MOVIE, 2021), strict)


def test_silent_sources_are_not_nothing_offered(world: Simulator) -> None:
    work = title("Mai", Medium.MOVIE)
    world.fault("server_error", call="search", count=None)
    with pytest.raises(problems.SourcesSilent):
        actions.grab_film(work)


def test_gaps_are_named(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    offers = [
        one
        for one in world.world.titles.offers
        if "E03" not in one.name and "Tập 3" not in one.name and "Complete" not in one.name
    ]
    monkeypatch.setattr(world.world.titles, "offers", offers)
    seen = preview(title("Chernobyl", Medium.TV), [1])
    assert seen.missing == ((1, 3),)
    assert (seen.covered, seen.aired) == (4, 5)
    assert seen.size == sum(line.found.candidate.size or 0 for line in seen.lines)


def test_a_folder_brings_its_wanted_files_under_library_names(world: Simulator) -> None:
    work = title("Chernobyl", Medium.TV)
    names = [f"{number:02d} - Vietsub.mkv" for number in range(1, 4)]
    codes = [f"INSIDE0000{number}" for number in range(5)]
    for code, name in zip(codes, [*names, "Chernobyl.S01E02.vi.srt", "read me.txt"], strict=True):
        world.add_file(code, name, 1000)
    world.add_folder("CHERNOBYLDIR", "Chernobyl S01 1080p", codes)
    offer = Candidate(
        "fshare", "CHERNOBYLDIR", "https://www.fshare.vn/folder/CHERNOBYLDIR", "Chernobyl S01 1080p", is_folder=True
    )
    done = actions.grab_file(work, judge(offer, work, pure()))
    assert (done.new, paths()[0]) == (4, WHOLE.format(1) + " - 1-23-45.mkv")
    assert any(path.endswith("S01E02 - Please Remain Calm.vi.srt") for path in paths())
    assert actions.grab_file(work, judge(offer, work, pure())).new == 0
    assert sorted(Chosen.objects.values_list("kind", flat=True)) == ["subtitle", "video", "video", "video"]


def test_a_folder_without_what_is_wanted_adds_nothing(world: Simulator) -> None:
    world.add_file("OTHER0000001", "Something.Else.S01E01.mkv", 1000)
    world.add_folder("EMPTYDIR0001", "Dune 2021", ["OTHER0000001"])
    offer = Candidate(
        "fshare", "EMPTYDIR0001", "https://www.fshare.vn/folder/EMPTYDIR0001", "Dune 2021", is_folder=True
    )
    work = title("Dune", Medium.MOVIE, 2021)
    with pytest.raises(problems.NothingInside):
        actions.grab_file(work, judge(offer, work, pure()))
    assert Download.objects.count() == 0
