from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import ROOT, Stack


def refuse(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    """Start it in a way that cannot work; the one line it says."""
    stack = Stack(folder, environment)
    ended = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(stack.port), *arguments],
        env=stack.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    [line] = ended.stderr.strip().splitlines()
    return line


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Cannot listen on 127.0.0.1:{port}: Address already in use" in refuse(tmp_path, {}, "--port", str(port))


@pytest.mark.parametrize("port", ["0x", "99999"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    stack = Stack(tmp_path, {})
    ended = stack.manage("up", "--port", port)
    assert ended.returncode == 2
    assert port in ended.stderr


@pytest.mark.parametrize("variable", ["FLASHARR_DATA_DIR", "FLASHARR_DOWNLOAD_DIR"])
def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path, variable: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    line = refuse(tmp_path, {variable: str(tmp_path / "file" / "below")})
    assert str(tmp_path / "file" / "below") in line
    assert variable in line


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FLASHARR_ALLOW_PRIVATE_HOSTS", "perhaps"),
        ("FSHARE_API_URL", "ftp://api.fshare.vn"),
        ("DATABASE_URL", "nonsense://"),
        ("FSHARE_PASSWORD_FILE", "/nowhere/at/all"),
        ("FLASHARR_API_KEY", "canary-key-0123"),
    ],
)
def test_a_bad_environment_value_is_told_in_one_line(tmp_path: Path, variable: str, value: str) -> None:
    line = refuse(tmp_path, {variable: value})
    assert line.startswith("Flasharr cannot start: ")
    assert "canary-key" not in line


def test_a_damaged_database_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "flasharr.sqlite3").write_bytes(b"this is not a database" * 1000)
    assert "database" in refuse(tmp_path, {})


def test_the_secret_key_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    stack = Stack(tmp_path, {"SECRET_KEY": ""})
    assert stack.manage("check").returncode == 0
    key = tmp_path / "data" / "secrets" / "secret_key"
    first = key.read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    assert stack.manage("check").returncode == 0
    assert key.read_text() == first
