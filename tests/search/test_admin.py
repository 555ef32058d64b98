"""Profiles, wishes and choices in the admin: the same verbs, the same rules."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client

from search.grab.models import Chosen
from search.quality import queries
from search.quality.models import QualityProfile
from search.watchlist.models import Wish
from tests.downloads.conftest import make_download

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("search.watchlist.wake.async_task", lambda *_, **__: None)
    client = Client()
    client.force_login(User.objects.create_superuser("an", password="x"))
    return client


def test_profiles_are_changed_by_the_rules(admin: Client) -> None:
    row = queries.default()
    fields = {
        "name": "Mine", "hdr": "any", "cutoff": 50, "naming": "plain", "banned_words": "[]", "required_words": "[]",
        "sources": json.dumps(row.sources), "languages": json.dumps(row.languages), "weights": json.dumps(row.weights),
    }  # fmt: skip
    address = f"/admin/search/qualityprofile/{row.pk}/change/"
    assert admin.post(address, {**fields, "resolutions": '["8p"]'}).status_code == 200
    assert admin.post(address, {**fields, "resolutions": '["720p"]'}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.resolutions, row.is_default) == ("Mine", ["720p"], True)


def test_all_profiles_cannot_be_deleted_at_once(admin: Client) -> None:
    numbers = [row.pk for row in queries.profiles()]
    chosen = {"action": "delete_selected", "_selected_action": numbers, "post": "yes"}
    admin.post("/admin/search/qualityprofile/", chosen)
    assert QualityProfile.objects.count() == 1


def test_a_wish_is_changed_and_looked_for(admin: Client) -> None:
    row = Wish.objects.create(medium="tv", tmdb_id=5, name="Harbour", state="done", next_check_at=None)
    address = f"/admin/search/wish/{row.pk}/change/"
    assert admin.post(address, {"mode": "notice", "seasons": "[1]"}).status_code == 302
    row.refresh_from_db()
    assert (row.mode, row.seasons, row.state, row.next_check_at is None) == ("notice", [1], "waiting", False)
    assert "Harbour" in admin.get("/admin/search/wish/").content.decode()
    assert admin.get("/admin/search/wish/add/").status_code == 403


def test_choices_are_to_look_at(admin: Client) -> None:
    row = Chosen.objects.create(
        download=make_download(), medium="movie", tmdb_id=1, title="Dune", release="Dune.mkv", score=70, profile="x"
    )
    assert "Dune.mkv" in admin.get("/admin/search/chosen/").content.decode()
    assert admin.get(f"/admin/search/chosen/{row.pk}/delete/").status_code == 403
