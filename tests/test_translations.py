"""The Vietnamese catalogue is whole, and what the user sees comes from it. `make messages` gathers and compiles."""

from __future__ import annotations

import ast
import html
import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import polib
import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation.template import templatize

import downloads
import flasharr
import hosts
from downloads import labels, live, states
from downloads.engine.errors import ConnectFailed, DiskFull, SizeMismatch
from downloads.states import Reason, Status
from flasharr.templatetags.units import ago, duration, size, until
from hosts.base import LinkDead, PasswordNeeded, Problem
from tests.downloads.conftest import make_download, no_workers, reader
from tests.flasharr.conftest import fshare, simulator

__all__ = ["fshare", "no_workers", "reader", "simulator"]

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "locale" / "vi" / "LC_MESSAGES"
CATALOGUE = polib.pofile(str(FOLDER / "django.po"))
KNOWN = {(entry.msgctxt, entry.msgid) for entry in CATALOGUE}
SINGLE, PLURAL, CONTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop"}, {"ngettext"}, {"pgettext", "pgettext_lazy"}
CALL = re.compile(r"\b(_|gettext|ngettext|pgettext)\(((?:\s*u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'),?)+)")
ENDS = (".", "?", "…", "!", ":")
GONE = "https://www.fshare.vn/file/DEMOGONE0001"
NOT_WORDS = {"Content-Length", "answer 416"}  # details that are terms of the protocol in any language
ENGLISH = re.compile(
    r"\b(the|and|are|of|Pause|Resume|Retry|Remove|Queued?|Waiting|Running|Failed|Paused|Download(?:s|ing)?|Search|"
    r"Select|Priority|High|Low|Normal|Next|left|Free|Speed|Settings|History|Sign|Close|Preview|Links|More|top|bottom)\b"
)


@pytest.fixture(autouse=True)
def language_ends_with_the_test() -> Iterator[None]:
    """A request leaves its language behind in this thread."""
    yield
    translation.deactivate()


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}|https?://[^\s\"<]+|</?a\b", text))


def test_every_message_is_translated_with_its_placeholders() -> None:
    assert not [entry.msgid for entry in CATALOGUE if not entry.translated() or entry.fuzzy or entry.obsolete]
    for entry in CATALOGUE:
        source = entry.msgid_plural or entry.msgid
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            assert placeholders(text) == placeholders(source)
            assert (text[-1] in ENDS) == (source[-1] in ENDS), source
            assert text.startswith(" ") == source.startswith(" "), source


def test_the_compiled_catalogue_is_this_one() -> None:
    compiled = polib.mofile(str(FOLDER / "django.mo"))
    assert {entry_of(entry) for entry in compiled} == {entry_of(entry) for entry in CATALOGUE}


def entry_of(entry: polib.POEntry | polib.MOEntry) -> tuple[str | None, str, str, str]:
    return (entry.msgctxt, entry.msgid, entry.msgstr, str(entry.msgstr_plural))


def in_python(path: Path) -> Iterator[tuple[str | None, str]]:
    """What a module marks: (context, sentence)."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if name in CONTEXT and len(texts) > 1:
            yield texts[0], texts[1]
        elif name in SINGLE | PLURAL and texts:
            yield None, texts[0]


def in_template(path: Path) -> Iterator[tuple[str | None, str]]:
    """Django turns a template into calls of gettext, of which only strings are literal."""
    for name, arguments in CALL.findall(templatize(path.read_text())):
        texts = ast.literal_eval(f"[{arguments.rstrip(',')}]")
        yield (texts[0], texts[1]) if name in CONTEXT else (None, texts[0])


def sources(pattern: str, *folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob(pattern))


def test_every_marked_sentence_is_in_the_catalogue() -> None:
    marked = {one for path in sources("*.py", "hosts", "downloads", "search", "flasharr") for one in in_python(path)}
    marked |= {one for path in sources("*.html", "templates") for one in in_template(path)}
    assert len(marked) > 400
    unknown = sorted(sentence for _, sentence in marked - KNOWN)
    assert not unknown, "run `make messages` and translate these"


def test_every_sentence_of_a_problem_or_reason_is_in_the_catalogue() -> None:
    for package in (hosts, downloads, flasharr):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(migrations|management|settings|asgi|supervisor|web)\b", module.name):
                import_module(module.name)
    sentences = {kind.sentence for kind in kinds(Problem)}
    sentences |= {it.sentence for it in vars(states).values() if isinstance(it, Reason)}
    assert len(sentences) > 30
    assert not {sentence for sentence in sentences if (None, sentence) not in KNOWN}


def kinds(root: type[Problem]) -> Iterator[type[Problem]]:
    """The problems of the product; tests elsewhere may have made kinds of their own."""
    yield root
    for kind in root.__subclasses__():
        if not kind.__module__.startswith("tests."):
            yield from kinds(kind)


def test_every_detail_of_a_problem_is_in_the_catalogue() -> None:
    details = {
        detail
        for path in sources("*.py", "hosts", "downloads")
        for detail in re.findall(r"""detail=["']([^"'{}]+)["']""", path.read_text())
    }
    assert len(details) > 5
    assert details <= labels.DETAILS | NOT_WORDS


def test_values_in_a_sentence_are_vietnamese_too() -> None:
    with translation.override("vi"):
        assert labels.sentence(SizeMismatch(expected=5_000_000, actual=10)).startswith("Máy chủ lưu trữ báo 5.000.000")
        full = labels.sentence(DiskFull(needed="8.1 GB", free="900 B"))
        assert "8,1 GB" in full
        assert "900 B" in full
        lost = ConnectFailed(server="may.chu", detail="Connection refused")
        assert labels.sentence(lost) == "Không kết nối được với may.chu: kết nối bị từ chối. Flasharr sẽ thử lại."
    assert SizeMismatch(expected=5_000_000, actual=10).message.startswith("The host promised 5,000,000 bytes")


def test_numbers_and_times_are_vietnamese() -> None:
    now = timezone.now()
    with translation.override("vi"):
        assert size(1_500_000_000) == "1,50 GB"
        assert duration(7_500) == "2 giờ 5 phút"
        assert ago(now) == "vừa xong"
        assert ago(now - timedelta(days=2, hours=1)) == "2 ngày trước"
        assert until(now + timedelta(minutes=3, seconds=30)) == "sau 3 phút"


def spoken(page: str) -> str:
    """What is read on a page or aloud: the text, and the attributes that hold text."""
    attributes = " ".join(re.findall(r'(?:title|aria-label|placeholder|data-word[\w-]*)="([^"]*)"', page))
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)) + attributes)


@pytest.fixture
def rows(db: None) -> None:
    """A row in every state; one has a reason and a time."""
    later = timezone.now() + timedelta(minutes=5)
    reason = Reason.of(PasswordNeeded())
    why = {"reason_code": reason.code, "reason_sentence": reason.sentence, "reason_cure": "password"}
    for number, status in enumerate(Status):
        fields = {**why, "reason_until": later} if status == Status.WAITING else {}
        make_download(status, name=f"phim{number}.mkv", downloaded=500_000, speed=1_000, finished_at=later, **fields)


@pytest.mark.usefixtures("rows", "no_workers")
@pytest.mark.parametrize("path", ["/", "/history/", "/settings/", "/settings/accounts/", "/settings/keys/"])
def test_a_page_is_vietnamese_throughout(reader: Client, path: str) -> None:
    page = reader.get(path, headers={"Accept-Language": "vi-VN,vi;q=0.9,en;q=0.5"}).content.decode()
    assert '<html lang="vi"' in page
    text = spoken(page).replace("OpenAPI", "")
    assert ENGLISH.findall(text) == []


@pytest.mark.usefixtures("rows", "no_workers")
def test_the_queue_says_it_in_vietnamese(reader: Client) -> None:
    text = spoken(reader.get("/", headers={"Accept-Language": "vi"}).content.decode())
    for words in ["Đang tải", "Đang chờ", "Tạm dừng tất cả", "Hàng đợi", "500 KB / 1,00 MB", "Thử lại sau 4 phút"]:
        assert words in text
    assert "Tệp có mật khẩu bảo vệ. Hãy nhập mật khẩu để tiếp tục." in text


@pytest.mark.parametrize(
    ("links", "sentence"),
    [
        (["ftp://cu.example/x.mkv"], "Chỉ tải được địa chỉ http và https."),
        ([GONE, "http://127.0.0.1/x"], "127.0.0.1 là địa chỉ trong mạng riêng."),
        ([GONE], "Không còn trên máy chủ lưu trữ"),
        (["https://www.fshare.vn/folder/NOTTHERE0001"], "Tệp không còn trên máy chủ lưu trữ. Hãy tìm bản khác."),
        ([f"https://e.example/{n}" for n in range(1_001)], "Có 1.001 liên kết"),
    ],
)
@pytest.mark.usefixtures("fshare")
def test_why_a_link_is_not_usable_is_said_in_vietnamese(reader: Client, links: list[str], sentence: str) -> None:
    page = reader.post("/add/preview/", {"text": " ".join(links)}, headers={"Accept-Language": "vi"}).content.decode()
    assert sentence in page


@pytest.mark.usefixtures("db")
def test_a_live_row_comes_in_the_language_of_its_page() -> None:
    look = live.Look(seen=0)
    row = make_download(Status.WAITING, reason_code="link_dead", reason_sentence=LinkDead.sentence, version=1)
    with translation.override("en"):
        english, vietnamese = (look.rendered(language, [row], None, False) for language in ("en", "vi"))
    assert LinkDead.sentence in english
    assert "Tệp không còn trên máy chủ lưu trữ. Hãy tìm bản khác." in vietnamese
    assert "Tạm dừng" in vietnamese


def test_the_first_visit_is_in_the_language_of_the_browser(reader: Client) -> None:
    visitor = Client(headers={"Accept-Language": "vi-VN,vi;q=0.9"})
    assert '<html lang="vi"' in visitor.get("/login/").content.decode()
    assert '<html lang="en"' in Client(headers={"Accept-Language": "de"}).get("/login/").content.decode()


def test_the_chosen_language_wins_over_the_browser(reader: Client, tmp_path: Path) -> None:
    form = {"max_active": 3, "file_mode": "664", "folder_mode": "775", "download_dir": str(tmp_path), "language": "vi"}
    saved = reader.post("/settings/", form, follow=True, headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="vi"' in saved
    assert "Đã lưu." in saved


@pytest.mark.usefixtures("db")
def test_pages_for_errors_follow_the_language() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": "vi"})
    strict.get("/setup/")
    page = strict.post("/setup/", {}).content.decode()
    assert '<html lang="vi"' in page
    assert "Trang đã quá cũ" in page
