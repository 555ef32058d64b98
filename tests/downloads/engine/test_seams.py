"""What happens when two connections disagree where their segments meet."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import requests

from downloads.engine.journal import Record
from downloads.engine.partfile import FOLDER, PartFile, Target
from downloads.engine.plan import Plan, Segment
from downloads.engine.seams import SeamDiffers, settle
from downloads.engine.throttle import Throttle
from downloads.engine.tools import Tools
from flasharr.simulator import Simulator
from hosts.base import Source
from tests.downloads.engine.bench import CODE, NAME, QUICK, Bench

KIB = 1024
MIB = 1024 * KIB
SIZE = 4 * MIB
STEP = MIB
HELD = 64 * KIB  # what is compared
SHARED = replace(QUICK, buffer=64 * KIB, smallest_shared=MIB, smallest_split=256 * KIB, regrow=60.0)


@contextmanager
def halted_at_a_seam(bench: Bench, wrong: str) -> Iterator[tuple[SeamDiffers, Plan, Tools, Source]]:
    """Four segments of 1 MiB, the second without its last KiB; `wrong` is the side of 2 MiB that is not the file."""
    bench.simulator.add_file(CODE, NAME, SIZE)
    bench.size = SIZE
    content = bench.simulator.world.files[CODE].content().read()
    part = PartFile(Target(bench.root, "", NAME, "part1"))
    part.restore()
    plan = Plan(SIZE, [Segment(start, start + STEP, STEP) for start in range(0, SIZE, STEP)])
    plan.segments[1].written -= KIB
    part.begin(plan)
    disk = bytearray(content)
    if wrong in ("later", "both"):
        disk[2 * STEP : 3 * STEP] = b"x" * STEP
    part.write(memoryview(disk), 0)
    part.checkpoint(plan.snapshot())
    came = bytes(content[2 * STEP : 2 * STEP + HELD]) if wrong == "later" else b"y" * HELD
    http = requests.Session()
    stop = threading.Event()
    tools = Tools(NAME, part, http, stop, Throttle(), bench.limits)
    try:
        yield SeamDiffers(2 * STEP, came), plan, tools, bench.mint()
    finally:
        part.close()
        http.close()


def journalled(bench: Bench) -> list[tuple[int, int]]:
    """(start, written) of the segments that are on the disk by the journal."""
    record = Record.from_bytes((bench.root / FOLDER / "part1.journal").read_bytes())
    return [(part.start // STEP, part.written) for part in record.plan.segments]


def test_the_segment_behind_a_seam_is_dropped_when_two_others_agree(bench: Bench) -> None:
    with halted_at_a_seam(bench, "later") as (problem, plan, tools, source):
        assert settle(problem, plan, tools, source)
    assert [part.written for part in plan.segments] == [STEP, STEP - KIB, 0, STEP]
    assert journalled(bench) == [(0, 2 * STEP - KIB), (2, 0), (3, STEP)]
    assert bench.requests()[-1].range == f"bytes={2 * STEP}-{2 * STEP + HELD - 1}"
    before = bench.sent()
    assert bench.is_right(bench.finished())
    assert bench.sent() - before <= STEP + 4 * HELD


def test_the_segment_before_a_seam_is_dropped_and_the_one_before_it_compared_anew(bench: Bench) -> None:
    with halted_at_a_seam(bench, "before") as (problem, plan, tools, source):
        assert settle(problem, plan, tools, source)
    assert [part.written for part in plan.segments] == [STEP - HELD, 0, STEP, STEP]
    assert journalled(bench) == [(0, STEP - HELD), (1, 0), (2, STEP + STEP)]
    assert bench.is_right(bench.finished())


def test_segments_too_short_to_compare_are_opened_as_well(bench: Bench) -> None:
    with halted_at_a_seam(bench, "before") as (problem, plan, tools, source):
        plan.segments[0:1] = [Segment(0, STEP - HELD, STEP - HELD), Segment(STEP - HELD, STEP, HELD)]
        assert settle(problem, plan, tools, source)
    assert [part.written for part in plan.segments] == [STEP - 2 * HELD, 0, 0, STEP, STEP]


def test_nothing_is_dropped_when_no_two_agree(bench: Bench) -> None:
    with halted_at_a_seam(bench, "both") as (problem, plan, tools, source):
        before = journalled(bench)
        assert not settle(problem, plan, tools, source)
        assert journalled(bench) == before


@pytest.mark.parametrize("fault", ["reset", "range_ignored", "wrong_content_range", "link_expired"])
def test_nothing_is_dropped_without_a_third_opinion(bench: Bench, simulator: Simulator, fault: str) -> None:
    with halted_at_a_seam(bench, "later") as (problem, plan, tools, source):
        simulator.fault(fault, code=CODE, **({"after": 100} if fault == "reset" else {}))
        before = journalled(bench)
        assert not settle(problem, plan, tools, source)
        assert journalled(bench) == before


@pytest.mark.parametrize("seed", range(16))
def test_a_few_lying_connections_never_make_a_wrong_file(bench: Bench, seed: int) -> None:
    """Right headers, wrong bytes on some of the connections, pauses and breaks in between."""
    dice = random.Random(seed)
    bench.simulator.add_file(CODE, NAME, SIZE, speed=30 * MIB)
    bench.size, bench.connections, bench.limits = SIZE, 4, SHARED
    bench.checksum = "sha256:" + bench.simulator.sha256(CODE)
    bench.simulator.fault("wrong_bytes", code=CODE, skip=dice.randrange(6), count=(lies := dice.choice([1, 1, 2])))
    if dice.random() < 0.5:
        bench.simulator.fault("reset", code=CODE, when="resume", skip=dice.randrange(6), after=dice.randrange(MIB))
    if dice.random() < 0.5:
        bench.run_until(dice.randrange(MIB, 3 * MIB))
    assert bench.is_right(bench.finished())
    assert bench.sent() <= (4 + lies) * SIZE


def test_a_checksum_is_right_after_a_segment_was_dropped(bench: Bench) -> None:
    bench.simulator.add_file(CODE, NAME, SIZE, speed=30 * MIB)
    bench.size, bench.connections, bench.limits = SIZE, 4, SHARED
    bench.checksum = "sha256:" + bench.simulator.sha256(CODE)
    bench.simulator.fault("wrong_bytes", code=CODE)
    assert bench.is_right(bench.finished())
    assert bench.kept() == ["part1.journal"]
