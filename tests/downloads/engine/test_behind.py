"""Who writes: a thread beside the receiving one, or the receiving one itself."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from downloads.engine import filling
from downloads.engine.partfile import PartFile
from tests.downloads.engine.bench import Bench


@pytest.mark.parametrize(("few", "is_handed_over"), [(1, True), (0, False)])
def test_only_few_connections_write_beside_receiving(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, few: int, is_handed_over: bool
) -> None:
    writers = set()
    write = PartFile.write

    def noted(part: PartFile, *arguments: Any) -> None:
        writers.add(threading.current_thread().name.partition("_")[0])
        write(part, *arguments)

    monkeypatch.setattr(filling, "NOTICEABLE", 10**9)  # every write takes long
    monkeypatch.setattr(filling, "FEW", few)
    monkeypatch.setattr(PartFile, "write", noted)
    bench.limits = replace(bench.limits, buffer=64 * 1024)
    assert bench.is_right(bench.finished())
    assert ("writing" in writers) == is_handed_over
    assert not filling.AT_WORK
