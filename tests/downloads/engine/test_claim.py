from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from downloads.engine.claim import Claim
from downloads.engine.errors import PartInUse
from downloads.engine.partfile import PartFile
from downloads.engine.transfer import Target

HOLD = """
import os, sys
from downloads.engine.claim import Claim
claim = Claim(os.open(sys.argv[1], os.O_RDONLY), "part.lock")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> int:
    return os.open(tmp_path, os.O_RDONLY)


def test_a_part_has_one_holder_at_a_time(tmp_path: Path, folder: int) -> None:
    first = Claim(folder, "part.lock")
    with pytest.raises(PartInUse) as refused:
        Claim(folder, "part.lock")
    assert refused.value.retry_after
    first.release()
    Claim(folder, "part.lock").release()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_holder_lets_go(tmp_path: Path, folder: int) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(PartInUse):
            Claim(folder, "part.lock")
        holder.send_signal(signal.SIGKILL)
    Claim(folder, "part.lock").release()


def test_a_second_transfer_does_not_touch_the_part_of_the_first(tmp_path: Path) -> None:
    target = Target(tmp_path, "", "film.mkv", "part1")
    part = PartFile(target)
    with pytest.raises(PartInUse):
        PartFile(target)
    part.close()
    PartFile(target).close()
