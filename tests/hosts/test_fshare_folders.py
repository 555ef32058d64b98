from __future__ import annotations

from functools import partial

import pytest

from flasharr.simulator import Simulator
from hosts.base import Entry, HostContext, HostDown, LinkDead, LinkRefused
from hosts.folders import Walk
from hosts.links import Link, LinkKind
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to

TOP = link_to(LinkKind.FOLDER, "TOP")
fshare = Fshare()


def listed(context: HostContext, link: Link = TOP) -> list[Entry]:
    return list(Walk(link, partial(fshare.list_folder, context=context)))


def shown(entries: list[Entry]) -> list[str]:
    return [f"{entry.path}/{entry.name}".lstrip("/") + "/" * entry.is_folder for entry in entries]


def test_a_tree_comes_in_order_with_its_paths(simulator: Simulator, stranger: HostContext) -> None:
    simulator.add_folder("TOP", "Phim bộ", ["S1", "FILE02", "S2"])
    simulator.add_folder("S1", "Mùa 1", ["FILE01", "EXTRA"])
    simulator.add_folder("EXTRA", "Hậu trường", ["FILE03"])
    simulator.add_folder("S2", "Mùa 2", [])
    simulator.add_file("FILE02", "readme.txt", 10)
    simulator.add_file("FILE03", "making of.mkv", 20)
    entries = listed(stranger)
    assert shown(entries) == [
        "readme.txt",
        "Mùa 1/",
        "Mùa 1/Phim hay – tập 1.mkv",
        "Mùa 1/Hậu trường/",
        "Mùa 1/Hậu trường/making of.mkv",
        "Mùa 2/",
    ]
    assert [entry.size for entry in entries] == [10, None, 300_000, None, 20, None]
    assert {request.call for request in simulator.journal} == {"v3"}


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_page_is_read(
    simulator: Simulator, context: HostContext, stranger: HostContext, count: int, signed_in: bool
) -> None:
    codes = [f"PART{number:03}" for number in range(count)]
    for code in codes:
        simulator.add_file(code, f"{code}.mkv", 1000)
    simulator.add_folder("TOP", "Many", codes)
    if signed_in:
        simulator.fault("server_error", call="v3", count=None)
    assert [entry.link.code for entry in listed(context if signed_in else stranger)] == codes


def test_the_api_lists_what_the_website_does_not(simulator: Simulator, context: HostContext) -> None:
    simulator.fault("server_error", call="v3", count=None)
    simulator.add_folder("TOP", "Top", ["SUB", "FILE01"])
    simulator.add_folder("SUB", "Sub", ["FILE02", "FILE03"])
    simulator.add_file("FILE02", "b.mkv", 20, password="secret")
    simulator.add_file("FILE03", "c.mkv", 30, dead="deleted")
    entries = {entry.name: entry for entry in listed(context)}
    assert entries["b.mkv"].needs_password
    assert entries["c.mkv"].is_dead
    assert (entries["b.mkv"].size, entries["b.mkv"].path) == (20, "Sub")
    assert entries["Sub"].is_folder


def test_a_tree_of_thirty_levels_is_walked(simulator: Simulator, stranger: HostContext) -> None:
    for level in range(30):
        simulator.add_folder(f"L{level}", f"level {level}", [f"L{level + 1}"])
    simulator.add_folder("L30", "bottom", ["FILE01"])
    entries = listed(stranger, link_to(LinkKind.FOLDER, "L0"))
    assert entries[-1].path.count("/") == 29
    assert entries[-1].path.endswith("level 29/bottom")


def test_cycles_and_repeats_give_each_code_once(simulator: Simulator, stranger: HostContext) -> None:
    simulator.add_folder("TOP", "Top", ["A", "FILE01", "FILE01", "TOP"])
    simulator.add_folder("A", "A", ["B", "TOP", "FILE01"])
    simulator.add_folder("B", "B", ["A"])
    codes = [entry.link.code for entry in listed(stranger)]
    assert sorted(codes) == ["A", "B", "FILE01"]


def test_two_files_of_one_name_are_two_files(simulator: Simulator, stranger: HostContext) -> None:
    simulator.add_folder("TOP", "Top", ["FILE01", "FILE02"])
    simulator.add_file("FILE02", "Phim hay – tập 1.mkv", 5)
    assert len(listed(stranger)) == 2


def test_a_dead_folder_is_dead_and_a_dead_sub_folder_one_dead_entry(
    simulator: Simulator, stranger: HostContext
) -> None:
    simulator.add_folder("TOP", "Top", ["GONE", "FILE01"])
    simulator.add_folder("GONE", "Gone", ["FILE02"], dead="json")
    entries = listed(stranger)
    assert [(entry.name, entry.is_dead) for entry in entries] == [("Phim hay – tập 1.mkv", False), ("Gone", True)]
    with pytest.raises(LinkDead):
        listed(stranger, link_to(LinkKind.FOLDER, "NOSUCH"))


def test_a_share_token_goes_down_to_every_link(simulator: Simulator, stranger: HostContext) -> None:
    simulator.world.rules.gated = "403"
    simulator.add_folder("TOP", "Top", ["SUB"], token="1613735234")
    simulator.add_folder("SUB", "Sub", ["FILE01"], token="1613735234")
    entries = listed(stranger, link_to(LinkKind.FOLDER, "TOP", "1613735234"))
    assert [entry.link.url for entry in entries] == [
        "https://www.fshare.vn/folder/SUB?token=1613735234",
        "https://www.fshare.vn/file/FILE01?token=1613735234",
    ]
    with pytest.raises(LinkRefused, match="token"):
        listed(stranger)


def test_a_file_behind_a_folder_link_is_that_file(stranger: HostContext) -> None:
    entries = listed(stranger, link_to(LinkKind.FOLDER, "FILE01"))
    assert [entry.link.url for entry in entries] == ["https://www.fshare.vn/file/FILE01"]


def test_a_failure_half_way_is_no_short_list(simulator: Simulator, stranger: HostContext) -> None:
    simulator.add_folder("TOP", "Top", ["SUB", "FILE01"])
    simulator.add_folder("SUB", "Sub", ["FILE02"])
    simulator.fault("server_error", call="v3", code="SUB")
    with pytest.raises(HostDown):
        listed(stranger)


def test_slashes_in_a_folders_name_make_no_folders(simulator: Simulator, stranger: HostContext) -> None:
    simulator.add_folder("TOP", "Top", ["SUB"])
    simulator.add_folder("SUB", "../A/B", ["FILE01"])
    assert listed(stranger)[-1].path == ".._A_B"


@pytest.mark.parametrize("mimetype", [None, ""])
def test_folders_are_told_from_files(simulator: Simulator, stranger: HostContext, mimetype: str | None) -> None:
    simulator.world.rules.folder_mimetype = mimetype
    simulator.add_folder("TOP", "Top", ["SUB", "ZERO"])
    simulator.add_folder("SUB", "Sub", [])
    simulator.add_file("ZERO", "empty.txt", 0)
    assert [(entry.name, entry.is_folder, entry.size) for entry in listed(stranger)] == [
        ("empty.txt", False, 0),
        ("Sub", True, None),
    ]
