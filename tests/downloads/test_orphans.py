"""What no download owns is offered for deletion, and nothing else is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from downloads import actions, orphans
from downloads.engine.claim import Claim
from downloads.models import Download, Preferences, new_part_id
from tests.downloads.conftest import make_download

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Preferences.objects.create(pk=1, download_dir=str(tmp_path))
    (tmp_path / ".flasharr").mkdir()
    return tmp_path / ".flasharr"


def lost(folder: Path, part_id: str = "", size: int = 100_000) -> str:
    part_id = part_id or new_part_id()
    (folder / f"{part_id}.part").write_bytes(b"x" * size)
    (folder / f"{part_id}.journal").write_bytes(b"journal")
    return part_id


def test_what_has_a_row_is_nobodys_business(folder: Path) -> None:
    row, removed = (make_download(root=str(folder.parent)) for _ in range(2))
    actions.remove(Download.objects.filter(pk=removed.pk))
    lost(folder, row.part_id)
    lost(folder, removed.part_id)
    gone = lost(folder)
    (folder / f"{gone}.part.changed-1").write_bytes(b"y" * 50_000)
    [orphan] = orphans.found()
    assert orphan.part_id == gone
    assert orphan.size >= 150_000
    assert orphans.delete([gone, row.part_id, removed.part_id]) == (1, orphan.size)
    assert sorted(path.name.partition(".")[0] for path in folder.iterdir()) == sorted(
        [row.part_id, removed.part_id] * 2
    )


def test_what_a_download_set_aside_is_offered_and_the_rest_of_it_stays(folder: Path) -> None:
    """It may be what keeps the download from having room for the right file."""
    row = make_download(root=str(folder.parent))
    lost(folder, row.part_id)
    (folder / f"{row.part_id}.part.changed-1").write_bytes(b"y" * 50_000)
    [orphan] = orphans.found()
    assert orphan.is_owned
    assert 50_000 <= orphan.size < 100_000
    assert orphans.delete([row.part_id]) == (1, orphan.size)
    assert sorted(path.name for path in folder.iterdir()) == [f"{row.part_id}.journal", f"{row.part_id}.part"]


def test_only_what_we_name_so_is_ours(folder: Path, tmp_path: Path) -> None:
    for name in ("film.part", "0" * 31 + ".part", "g" * 32 + ".part", "0" * 32 + ".part.mkv", "0" * 32):
        (folder / name).write_bytes(b"x")
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (folder / f"{new_part_id()}.part").symlink_to(victim)
    (folder / f"{new_part_id()}.part").mkdir()
    assert orphans.found() == []


def test_a_part_folder_that_is_a_link_is_not_looked_into(tmp_path: Path) -> None:
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "root"
    elsewhere.mkdir()
    root.mkdir()
    Preferences.objects.create(pk=1, download_dir=str(root))
    part_id = lost(elsewhere)
    (root / ".flasharr").symlink_to(elsewhere)
    assert orphans.found() == []
    assert orphans.delete([part_id]) == (0, 0)
    assert len(list(elsewhere.iterdir())) == 2


def test_one_that_somebody_writes_or_owns_by_now_stays(folder: Path) -> None:
    written, adopted = lost(folder), lost(folder)
    found = {orphan.part_id: orphan for orphan in orphans.found()}
    descriptor = os.open(folder, os.O_RDONLY)
    claim = Claim(descriptor, f"{written}.lock")
    make_download(root=str(folder.parent), part_id=adopted)
    assert not orphans.delete_one(found[written])
    assert not orphans.delete_one(found[adopted])
    claim.release()
    os.close(descriptor)
    assert len(list(folder.iterdir())) == 4
    assert orphans.delete_one(found[written])


def test_the_page_lists_asks_and_deletes(folder: Path, reader: Client) -> None:
    assert "There are none" in reader.get("/settings/leftovers/").content.decode()
    assert "/settings/leftovers/" not in reader.get("/").content.decode()
    first, second = lost(folder, size=3_000_000), lost(folder)
    cache.clear()  # as after a minute
    assert "/settings/leftovers/" in reader.get("/").content.decode()
    page = reader.get("/settings/leftovers/").content.decode()
    assert page.index(first) < page.index(second)
    asked = reader.get("/settings/leftovers/delete/", {"part": [second, "../../etc/passwd", "\0"]}).content.decode()
    assert second in asked
    assert first not in asked
    assert len(orphans.found()) == 2, "asking deletes nothing"
    reader.post("/settings/leftovers/delete/", {"part": [second]})
    assert [orphan.part_id for orphan in orphans.found()] == [first]
    reader.post("/settings/leftovers/delete/", {"part": ["nonsense"]})
    reader.post("/settings/leftovers/delete/", {"all": "1"})
    assert list(folder.iterdir()) == []


def test_ordinary_users_delete_nothing(folder: Path) -> None:
    lost(folder)
    client = Client()
    client.force_login(User.objects.create_user("binh", password="a long passphrase 2"))
    assert client.post("/settings/leftovers/delete/", {"all": "1"}).status_code == 403
    assert "/settings/leftovers/" not in client.get("/").content.decode()
    assert len(orphans.found()) == 1
