from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from flasharr import folders
from flasharr.folders import FolderRefused

DATA_DIR = settings.FLASHARR["DATA_DIR"]


@pytest.mark.parametrize("text", ["", "films", "./films", "~/films", "../films", "/films\0", "/" + "x" * 3000])
def test_it_wants_a_full_path(text: str) -> None:
    with pytest.raises(FolderRefused, match="full path"):
        folders.usable(text)


@pytest.mark.parametrize(
    "text",
    ["/", "//", "/etc", "/etc/films", "/usr/local", "/proc/self", "/dev/shm", "/var", "/tmp/..", "/home", "/root"],
)
def test_it_refuses_folders_of_the_system(text: str) -> None:
    with pytest.raises(FolderRefused, match="belongs to the system"):
        folders.usable(text)


@pytest.mark.parametrize(
    "text", ["/var/spool/cron/crontabs", "/run/systemd/x", "/lib64/x", "/var/log/x", "/usr/share/x"]
)
def test_it_refuses_what_is_below_them(text: str) -> None:
    with pytest.raises(FolderRefused, match="belongs to the system"):
        folders.usable(text)
    assert not Path(text).exists()


@pytest.mark.parametrize(
    "text",
    [
        "/root/.ssh",
        "/home/an",
        "/home/an/.config/autostart",
        "/home/an/Downloads/.hidden/films",
        "/srv/../home/an/.local/bin",
        pytest.param(str(Path.home() / ".config" / "autostart"), id="this user's"),
        pytest.param(str(DATA_DIR / "downloads" / ".hidden"), id="hidden among the data"),
    ],
)
def test_it_refuses_homes_and_what_is_hidden(text: str) -> None:
    with pytest.raises(FolderRefused, match="is hidden, or the home of a user"):
        folders.usable(text)


def test_the_home_of_the_program_is_refused_wherever_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(FolderRefused, match="the home of a user"):
        folders.usable(str(tmp_path))
    assert folders.usable(str(tmp_path / "Downloads")).is_dir()


def test_a_link_does_not_hide_what_is_hidden(tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    (tmp_path / "films").symlink_to(tmp_path / ".ssh")
    with pytest.raises(FolderRefused, match="is hidden"):
        folders.usable(str(tmp_path / "films"))


@pytest.mark.parametrize(
    "text",
    [
        *("/srv", "/mnt", "/media", "/data", "/downloads", "/library", "/mnt/nas/films", "/media/an/disk/Films"),
        *("/home/an/Downloads", "/root/Downloads", "/var/lib/flasharr/films", "/opt/films", "/volume1/films"),
    ],
)
def test_ordinary_places_are_fine(text: str) -> None:
    folders.require_harmless(Path(text))


def test_the_folder_that_was_configured_may_stand_in_a_hidden_one(
    tmp_path: Path, configure: Callable[..., None]
) -> None:
    data = tmp_path / ".local" / "flasharr"
    configure(DATA_DIR=data, DOWNLOAD_DIR=data / "downloads")
    assert folders.usable(str(data / "downloads" / "films")).is_dir()


@pytest.mark.parametrize(
    "folder",
    [DATA_DIR, DATA_DIR / "secrets", DATA_DIR / "films", settings.BASE_DIR, settings.BASE_DIR / "static"],
)
def test_it_refuses_its_own_folders(folder: Path) -> None:
    with pytest.raises(FolderRefused, match="Flasharr's own files"):
        folders.usable(str(folder))


def test_it_refuses_a_folder_that_contains_its_data(tmp_path: Path, configure: Callable[..., None]) -> None:
    configure(DATA_DIR=tmp_path / "a" / "data", DOWNLOAD_DIR=tmp_path / "elsewhere")
    with pytest.raises(FolderRefused, match="Flasharr's own files"):
        folders.usable(str(tmp_path / "a"))


def test_a_link_does_not_hide_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "innocent").symlink_to("/etc")
    with pytest.raises(FolderRefused, match="belongs to the system"):
        folders.usable(str(tmp_path / "innocent"))


def test_the_usual_place_in_the_data_folder_is_fine() -> None:
    assert folders.usable(str(DATA_DIR / "downloads")) == DATA_DIR / "downloads"


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    assert folders.usable(str(tmp_path / "a" / "b" / ".." / "c")) == tmp_path / "a" / "c"
    assert (tmp_path / "a" / "c").is_dir()
    assert not any((tmp_path / "a" / "c").iterdir())


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderRefused, match="cannot be written"):
        folders.usable(str(tmp_path / "file"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FolderRefused, match="cannot be written"):
        folders.usable(str(tmp_path))
