"""The house keeps its own rules: sizes, names, one root a partial, nothing inline, every host tested."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import get_template

from hosts.registry import HOSTS

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VENDOR = ROOT / "static" / "vendor"
MOST_LINES = {"*.py": 400, "templates/*.html": 120, "static/css/*.css": 250}
MOST_SCRIPT = 300
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|service|common|misc)(_|$)")
VOID = {"input", "br", "hr", "img", "link", "meta", "source", "wbr"}


def tracked(pattern: str = "") -> list[Path]:
    """Files of the project, known to git or new; what .gitignore names is not ours."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern or "."]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    except (OSError, subprocess.CalledProcessError):  # an archive without its history
        listed = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def own_python() -> list[Path]:
    return [path for path in tracked("*.py") if path.suffix == ".py" and "migrations" not in path.parts]


def lines(path: Path) -> int:
    return path.read_text().count("\n")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("pattern", MOST_LINES)
def test_files_stay_small(pattern: str) -> None:
    ours = own_python() if pattern == "*.py" else [path for path in tracked(pattern) if VENDOR not in path.parents]
    assert ours
    too_long = {name_of(path): lines(path) for path in ours if lines(path) > MOST_LINES[pattern]}
    assert not too_long


def test_most_python_files_are_smaller_still() -> None:
    sizes = sorted(lines(path) for path in own_python() if lines(path) and ROOT / "tests" not in path.parents)
    assert sizes[len(sizes) // 2] <= 80
    assert sizes[len(sizes) * 9 // 10] <= 250


def test_hand_written_script_stays_small() -> None:
    assert sum(lines(path) for path in (ROOT / "static" / "js").glob("*.js")) <= MOST_SCRIPT


def test_modules_are_named_for_what_they_hold() -> None:
    assert not [name_of(path) for path in own_python() if FORBIDDEN_NAMES.search(path.stem)]


def test_every_host_has_its_tests_under_its_name() -> None:
    tested = [path.stem for path in (ROOT / "tests" / "hosts").glob("test_*.py")]
    for host in HOSTS:
        assert any(name == f"test_{host.name}" or name.startswith(f"test_{host.name}_") for name in tested), host.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: name_of(path).removeprefix("templates/"))
def test_a_template_compiles_and_holds_nothing_inline(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))
    source = path.read_text()
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\bstyle=|\bhx-on\b|\bhx-vals=[\"']js:|javascript:", source)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", source)


class Roots(HTMLParser):
    """Counts the elements that have no parent, and gathers the ids that are written out or built."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs))
        if tag not in VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID


def roots(path: Path) -> list[dict[str, str | None]]:
    """The root elements of a template whose tags are taken away; `{{ x }}` in an attribute stays."""
    source = re.sub(r"\{#.*?#\}", "", path.read_text())
    source = re.sub(r"\{%\s*lucide [^%]*%\}", "", source)
    parser = Roots()
    parser.feed(re.sub(r"\{%.*?%\}", "", source))
    return parser.roots


def partials_with_id() -> list[Path]:
    return [path for path in TEMPLATES if path.name.startswith("_") and any(root.get("id") for root in roots(path))]


@pytest.mark.parametrize("path", partials_with_id(), ids=lambda path: path.name)
def test_a_partial_with_an_id_has_one_root(path: Path) -> None:
    assert len(roots(path)) == 1


def test_one_template_alone_produces_an_id() -> None:
    producers: dict[str, list[str]] = {}
    for path in partials_with_id():
        root_id = re.sub(r"\{\{.*?\}\}", "*", roots(path)[0]["id"] or "")
        producers.setdefault(root_id, []).append(path.name)
    assert not {root_id: names for root_id, names in producers.items() if len(names) > 1}


def test_vendored_files_are_what_the_manifest_says() -> None:
    packages = tomllib.loads((VENDOR / "vendor.toml").read_text())["package"]
    listed = {VENDOR / name / file for name, package in packages.items() for file in package["files"]}
    assert listed == {path for path in VENDOR.rglob("*") if path.is_file() and path.name != "vendor.toml"}
    for name, package in packages.items():
        assert package["license"]
        for file, details in package["files"].items():
            assert hashlib.sha256((VENDOR / name / file).read_bytes()).hexdigest() == details["sha256"], file
