"""Full text, as a search uses it. test_postgres.py runs this file on PostgreSQL too."""

from __future__ import annotations

import unicodedata

import pytest

from search.catalogue import facts, queries
from search.catalogue.index import index
from search.catalogue.models import CatalogueEntry

pytestmark = pytest.mark.django_db

NAMES = {
    "BOGIA": "Bố.Già.2021.2160p.WEB-DL.10bit.mkv",
    "DUONG": "Đường Về Nhà (2022) 1080p.mkv",
    "ROCKY": "Rocky II 1979 1080p BluRay.mkv",
    "VAMPI": "Vampire Academy 2014.mkv",
    "QUEST": "Mythic.Quest.S02E03.720p.mkv",
    "ODDLY": "Kill NEAR and OR NOT 'a' 1e5 (b) 300 2007.mkv",
    "LONGS": "y" * 600 + " Đ" + "ữ" * 120 + ".mkv",
    "CHINA": "进击的巨人 最终季 01.mkv",
}


@pytest.fixture(autouse=True)
def shelf(db: None) -> None:
    for code, name in NAMES.items():
        folded = facts.read("", name).folded
        row = CatalogueEntry.objects.create(host="fshare", code=code, url=f"https://x/{code}", name=name, folded=folded)
        index().put([(row.pk, folded)])


def found(text: str) -> set[str]:
    return {row.code for row in queries.look_up(text)}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("bố già", {"BOGIA"}),
        ("BO GIA", {"BOGIA"}),
        ("gia 2021 bo", {"BOGIA"}),
        ("bo gia 2160", set()),
        ("2160p", {"BOGIA"}),
        ("10bit", {"BOGIA"}),
        ("10b", {"BOGIA"}),
        ("duong ve nha", {"DUONG"}),
        ("đường", {"DUONG"}),
        ("ve duo", {"DUONG"}),
        ("rocky 2", {"ROCKY"}),
        ("rocky ii", {"ROCKY"}),
        ("Rocky.II.1979", {"ROCKY"}),
        ("vampi", {"VAMPI"}),
        ("va", {"VAMPI", "ODDLY"}),
        ("mythic quest s02", {"QUEST"}),
        ("s02e03", {"QUEST"}),
        ("quest s02 720p", set()),
        ("1e5 300", {"ODDLY"}),
        ("near or not", {"ODDLY"}),
        ("300", {"ODDLY"}),
        ("进击", {"CHINA"}),
        ("y" * 500, {"LONGS"}),
        ("d" + "u" * 20, {"LONGS"}),
        ("nobody", set()),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_in_any_order_the_last_may_be_a_beginning(form: str, text: str, codes: set[str]) -> None:
    assert found(unicodedata.normalize(form, text)) == codes  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "%",
        "'",
        '"',
        "*",
        "a*",
        "\\",
        "''||''",
        "NEAR(",
        "AND",
        "x OR",
        ":*",
        "-b",
        "^a",
        "\ud800",
        "q " * 5_000,
        "x" * 10_000,
    ],
)
def test_no_text_breaks_a_look_up(text: str) -> None:
    queries.look_up(text)


def test_what_changes_is_found_by_its_new_name_only() -> None:
    row = CatalogueEntry.objects.get(code="VAMPI")
    row.folded = facts.read("", "Học viện ma cà rồng.mkv").folded
    row.save()
    index().put([(row.pk, row.folded)])
    assert found("vampire") == set()
    assert found("ma ca rong") == {"VAMPI"}


def test_what_is_dropped_or_dead_is_not_found() -> None:
    row = CatalogueEntry.objects.get(code="VAMPI")
    index().drop([row.pk])
    row.delete()
    CatalogueEntry.objects.filter(code="ROCKY").update(dead_at="2026-01-01T00:00:00Z")
    assert found("vampire") == found("rocky") == set()
    assert [one.code for one in queries.entries("rocky", dead=True)] == ["ROCKY"]
