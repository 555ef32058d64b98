"""A row keeps why its file was chosen, and shows it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from downloads.models import Download
from downloads.states import Status
from search.grab.models import Chosen
from tests.downloads.conftest import make_download, reader

__all__ = ["reader"]

pytestmark = pytest.mark.django_db


def choose(row: Download, **fields: object) -> Chosen:
    values: dict[str, object] = {
        "medium": "tv", "tmdb_id": 5, "title": "Harbour <b>", "year": 2018, "places": [[1, 2]], "kind": "video",
        "release": row.name, "score": 71, "profile": "Mine", "offered": 12, "refused": 4,
        "contributions": [["resolution", "1080p", 26, 30], ["new field", "x", 1, 2]],
        "reasons": [["same_title", "Harbour", "Harbour"], ["a code of old", "", ""]],
    }  # fmt: skip
    return Chosen.objects.create(download=row, **{**values, **fields})


def test_the_page_tells_title_score_and_reasons(reader: Client) -> None:
    row = make_download()
    choose(row)
    page = reader.get(f"/downloads/{row.pk}/why/").content.decode()
    for text in ("Harbour &lt;b&gt; (2018)", "S01E02", "71/100", "Mine", "26/30", "The title is the same: Harbour."):
        assert text in page, text
    assert "/title/tv/5/" in page


def test_a_row_that_nobody_chose_has_no_such_page(reader: Client) -> None:
    assert reader.get(f"/downloads/{make_download().pk}/why/").status_code == 404
    assert reader.get("/downloads/99999999999999999999/why/").status_code == 404


@pytest.mark.parametrize(("address", "status"), [("/", Status.QUEUED), ("/history/", Status.COMPLETED)])
def test_the_lists_link_to_it_without_a_query_a_row(reader: Client, address: str, status: Status) -> None:
    first = make_download(status)
    choose(first)
    page = reader.get(address).content.decode()
    assert f"/downloads/{first.pk}/why/" in page
    with CaptureQueriesContext(
        connection,
    ) as few:
        reader.get(address)
    for number in range(10):
        row = make_download(status)
        if number % 2:
            choose(row)
    with CaptureQueriesContext(connection) as many:
        reader.get(address)
    assert len(many) == len(few)
