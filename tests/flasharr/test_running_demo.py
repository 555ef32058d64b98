from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from flasharr import running_demo


def test_a_note_of_a_living_demo_is_adopted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FSHARE_API_URL", "http://127.0.0.1:1/api")
    monkeypatch.setenv("HOME_SECRET", "not ours to keep")
    running_demo.leave_note(tmp_path)
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600
    adopted = running_demo.adopt({"FLASHARR_DATA_DIR": str(tmp_path)}, Path("/nowhere"))
    assert adopted["FSHARE_API_URL"] == "http://127.0.0.1:1/api"
    assert "HOME_SECRET" not in adopted
    assert running_demo.adopt({}, tmp_path) == adopted


def test_a_note_of_a_demo_that_ended_is_not(tmp_path: Path) -> None:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    (tmp_path / "demo.json").write_text(json.dumps({"process": f"{pid} 1", "environment": {"FLASHARR_DEMO": "true"}}))
    assert running_demo.adopt({}, tmp_path) == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"process": "x", "environment": {}}', '{"process": 1}'])
def test_a_damaged_note_is_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.json").write_text(text)
    assert running_demo.adopt({}, tmp_path) == {}


def test_a_note_does_not_pass_to_a_later_process_of_the_same_number(tmp_path: Path) -> None:
    note = {"process": f"{os.getpid()} 12345", "environment": {"FLASHARR_DEMO": "true"}}
    (tmp_path / "demo.json").write_text(json.dumps(note))
    assert running_demo.adopt({}, tmp_path) == {}


def test_a_real_start_removes_the_note(tmp_path: Path) -> None:
    running_demo.leave_note(tmp_path)
    running_demo.remove_note(tmp_path)
    assert running_demo.adopt({}, tmp_path) == {}
