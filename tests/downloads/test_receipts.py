"""The engine's note that a file is finished outlives no row that knows it, whenever the engine dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from downloads import outcomes
from downloads.engine.transfer import Finished
from downloads.models import Download
from downloads.states import Status
from tests.downloads.conftest import make_download
from tests.downloads.test_orchestrator import Engine, direct, engine, status_of

__all__ = ["engine"]
pytestmark = pytest.mark.django_db


class Killed(BaseException):
    pass


def receipt_of(row: Download) -> Path:
    receipt = Path(row.root) / ".flasharr" / f"{row.part_id}.journal"
    receipt.parent.mkdir(exist_ok=True)
    receipt.touch()
    return receipt


def finish(engine: Engine, tmp_path: Path) -> tuple[Download, Path]:
    row = direct(tmp_path)
    engine.tick()
    engine.hands[row.pk].end(Finished(tmp_path / "film.mkv", 100, None))
    return row, receipt_of(row)


def test_a_finished_row_keeps_no_receipt(engine: Engine, tmp_path: Path) -> None:
    row, receipt = finish(engine, tmp_path)
    engine.tick()
    assert (status_of(row), row.engine, receipt.exists()) == ("completed", "", False)


def test_the_next_engine_drops_what_a_killed_one_left(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, receipt = finish(engine, tmp_path)

    def killed(root: Path, part_id: str) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(outcomes, "discard", killed)
        with pytest.raises(Killed):
            engine.tick()
    assert (status_of(row), receipt.exists()) == ("completed", True)
    engine.orchestrator.name = "the next one"
    engine.orchestrator.take_over()
    assert (status_of(row), row.engine, receipt.exists()) == ("completed", "", False)


def test_the_part_of_an_unfinished_row_is_kept(engine: Engine, tmp_path: Path) -> None:
    row = make_download(Status.DOWNLOADING, root=str(tmp_path), engine="dead")
    receipt = receipt_of(row)
    engine.orchestrator.take_over()
    assert (status_of(row), receipt.exists()) == ("queued", True)
