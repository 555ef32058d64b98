"""A contributor's afternoon: what docs/add-a-host.md says is done as it says, and works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "add-a-host.md").read_text(encoding="utf-8")
MOST_LINES = 60

# What stands in for writing into hosts/: the file is found beside the others, and the registry has its line.
CONFTEST = """
import hosts.sites
hosts.sites.__path__.append({folder!r})
from hosts import registry
from hosts.sites.toybox import Toybox
exec({line!r}, vars(registry) | {{"Toybox": Toybox}}, found := {{}})
registry.HOSTS = found["HOSTS"]
"""


def blocks() -> list[str]:
    """The host's file, the registry's line, the test file."""
    found = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(found) == 3
    return found


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_host_is_one_small_file_one_line_and_one_test(tmp_path: Path) -> None:
    file, line, test = blocks()
    assert file.count("\n") < MOST_LINES
    (tmp_path / "toybox.py").write_text(file, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(CONFTEST.format(folder=str(tmp_path), line=line), encoding="utf-8")
    (tmp_path / "test_toybox.py").write_text(test, encoding="utf-8")
    alone = ("-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-c", "/dev/null")
    ended = run("pytest", "-q", *alone, str(tmp_path))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "12 passed" in ended.stdout


def test_the_page_keeps_the_rules_of_the_house(tmp_path: Path) -> None:
    file, _, test = blocks()
    for name, text in (("toybox.py", file), ("test_toybox.py", test)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        for verb in (["check", "--ignore", "S,I001"], ["format", "--check"]):
            ended = run("ruff", *verb, "--config", str(ROOT / "pyproject.toml"), str(tmp_path / name))
            assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "django" not in file
