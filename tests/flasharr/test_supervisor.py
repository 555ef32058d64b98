from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from downloads import processes
from flasharr import supervisor

POLITE = "import sys, time; open(sys.argv[1], 'a').write(f'{__import__(\"os\").getpid()}\\n'); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + POLITE
FAILING = "import sys; open(sys.argv[1], 'a').write(f'{__import__(\"os\").getpid()}\\n'); sys.exit(1)"


START = """
import json, sys
from flasharr import supervisor
supervisor.STOP_WITHIN = 2.0
sys.exit(supervisor.run([supervisor.Child(*child) for child in json.loads(sys.argv[1])]))
"""


class Supervised:
    """A supervisor of small Python programs, each of which notes its process number in a file."""

    def __init__(self, folder: Path, programs: dict[str, str], *start: str) -> None:
        self.files = {name: folder / name for name in programs}
        children = [[name, [sys.executable, "-c", code, str(self.files[name])]] for name, code in programs.items()]
        argv = [*start, sys.executable, "-c", START, json.dumps(children)]
        hears = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)  # also when these tests are run with nohup
        self.process = subprocess.Popen(argv, start_new_session=True, stderr=subprocess.DEVNULL, preexec_fn=hears)

    def pids(self, name: str) -> list[int]:
        path = self.files[name]
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    started: list[Supervised] = []

    def start(*start: str, **programs: str) -> Supervised:
        started.append(Supervised(tmp_path, programs, *start))
        for name in programs:
            until(lambda name=name: started[-1].pids(name))  # type: ignore[misc]
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_it_restarts_a_child_that_was_killed(supervise: Callable[..., Supervised]) -> None:
    supervised = supervise(web=POLITE, worker=POLITE)
    [first] = supervised.pids("worker")
    os.kill(first, signal.SIGKILL)
    until(lambda: len(supervised.pids("worker")) == 2)
    assert len(supervised.pids("web")) == 1


def test_it_waits_longer_and_longer_for_a_child_that_keeps_failing(supervise: Callable[..., Supervised]) -> None:
    supervised = supervise(worker=FAILING)
    began = time.monotonic()
    until(lambda: len(supervised.pids("worker")) == 3)
    assert time.monotonic() - began >= 2.5  # pauses of 1 and 2 seconds


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_with_its_children(supervise: Callable[..., Supervised], number: signal.Signals) -> None:
    supervised = supervise(web=POLITE, worker=POLITE)
    os.kill(supervised.process.pid, number)
    assert supervised.process.wait(60) == 0
    assert not any(processes.exists(pid) for name in ("web", "worker") for pid in supervised.pids(name))


def test_nohup_keeps_it_when_the_terminal_goes(supervise: Callable[..., Supervised]) -> None:
    supervised = supervise("nohup", web=POLITE)
    os.killpg(supervised.process.pid, signal.SIGHUP)
    [web] = supervised.pids("web")
    os.kill(web, signal.SIGKILL)
    until(lambda: len(supervised.pids("web")) == 2)
    assert supervised.process.poll() is None


def test_it_kills_a_child_that_does_not_end_in_time(supervise: Callable[..., Supervised]) -> None:
    assert supervisor.STOP_WITHIN < 10, "what Docker waits for"
    supervised = supervise(worker=STUBBORN)
    os.kill(supervised.process.pid, signal.SIGTERM)
    assert supervised.process.wait(60) == 0
    assert not processes.exists(supervised.pids("worker")[0])


def test_its_children_die_when_it_is_killed(supervise: Callable[..., Supervised]) -> None:
    supervised = supervise(web=POLITE, worker=STUBBORN)
    os.kill(supervised.process.pid, signal.SIGKILL)
    supervised.process.wait()
    until(lambda: not any(processes.exists(supervised.pids(name)[0]) for name in ("web", "worker")))
