"""docs/release-names.md promises that a new marker is one line in a table and one case."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from search.releases.fold import fold_letters
from search.releases.lexicon import MARKS
from search.releases.tables import numbers

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "release-names.md"
NAME = "Bố Già Bản đẹp 1080p.mkv"
ASK = f"from search.releases import parse; print(parse({NAME!r}).title)"


def title_read_in(folder: Path) -> str:
    command = [sys.executable, "-X", "utf8", "-c", ASK]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=True, timeout=60)
    return result.stdout.strip()


def test_a_stranger_adds_a_marker_with_the_line_of_the_guide(tmp_path: Path) -> None:
    for package in ("search", "downloads/engine", "hosts"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    (tmp_path / "downloads" / "__init__.py").touch()
    assert title_read_in(tmp_path) == "Bố Già Bản đẹp"

    guide = GUIDE.read_text(encoding="utf-8")
    line = next(line for line in re.findall(r"^ +row\(.*\),$", guide, re.MULTILINE) if "ban dep" in line)
    table = tmp_path / "search/releases/tables/vietnamese.py"
    before, opening, after = table.read_text(encoding="utf-8").partition("CLAIMS = (")
    table.write_text(f"{before}{opening}\n{line}\n{after.lstrip()}", encoding="utf-8")

    assert title_read_in(tmp_path) == "Bố Già"


@pytest.mark.parametrize(
    "spellings", [MARKS, numbers.SEASON, numbers.EPISODE, numbers.SEASON_AFTER, numbers.EPISODE_AFTER]
)
def test_no_spelling_is_one_that_words_never_have(spellings: Iterable[str]) -> None:
    assert [spelling for spelling in spellings if spelling != fold_letters(spelling)] == []
