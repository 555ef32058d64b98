"""The settings page of quality profiles."""

from __future__ import annotations

from typing import Any

from django.test import Client

from flasharr.pages.quality_form import QualityForm
from search.quality import queries
from search.quality.models import QualityProfile

NEW = "/settings/quality/new/"


def filled(**changes: Any) -> dict[str, Any]:
    """What a browser sends when nothing but these was changed."""
    form = QualityForm()
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in {**values, **changes}.items() if value not in (None, False)}


def test_the_list_has_both_that_we_ship(visitor: Client) -> None:
    page = visitor.get("/settings/quality/").content.decode()
    assert "Vietnamese first" in page
    assert "Best picture" in page


def test_a_new_profile_is_as_it_was_filled_in(visitor: Client) -> None:
    fields = filled(
        name="Phone", resolutions="720p, sd", banned_words="HDCAM, Lồng tiếng", weight_sound="0", hdr="refuse"
    )
    answer = visitor.post(NEW, fields)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/quality/")
    row = QualityProfile.objects.get(name="Phone")
    assert (row.resolutions, row.banned_words, row.hdr) == (["720p", "sd"], ["HDCAM", "Lồng tiếng"], "refuse")
    assert (row.weights["sound"], row.weights["resolution"], row.least_per_hour) == (0, 30, None)


def test_a_profile_that_is_opened_and_saved_stays_the_same(visitor: Client) -> None:
    row = queries.profiles()[1]
    before = QualityProfile.objects.filter(pk=row.pk).values().get()
    form = QualityForm(row=row)
    fields = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    assert visitor.post(f"/settings/quality/{row.pk}/", fields).status_code == 302
    assert QualityProfile.objects.filter(pk=row.pk).values().get() == before


def test_words_are_shown_and_understood_in_the_language_of_the_reader(visitor: Client) -> None:
    vietnamese = {"Accept-Language": "vi"}
    page = visitor.get(NEW, headers=vietnamese).content.decode()
    assert 'value="lồng tiếng, thuyết minh, phụ đề, tiếng gốc"' in page
    assert "Ưu tiên tiếng Việt" in visitor.get("/settings/quality/", headers=vietnamese).content.decode()
    fields = filled(name="Phone", languages="Phụ đề, dub", sources="web-dl, Truyền hình", resolutions="Không rõ")
    assert visitor.post(NEW, fields, headers=vietnamese).status_code == 302
    row = QualityProfile.objects.get(name="Phone")
    assert (row.languages, row.sources, row.resolutions) == (["subtitles", "dub"], ["web-dl", "tv"], ["unknown"])


def test_what_makes_no_sense_comes_back_with_a_sentence_beside_it(visitor: Client) -> None:
    fields = filled(name="Best picture", resolutions="720p, 8p", least_per_hour="9", most_per_hour="3")
    queries.profiles()
    answer = visitor.post(NEW, fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“8p” is not known here." in page
    assert "It is more than the most that is allowed." in page
    assert 'value="720p, 8p"' in page
    assert QualityProfile.objects.count() == 2


def test_hostile_words_are_shown_as_words(visitor: Client) -> None:
    visitor.post(NEW, filled(name="<script>x</script>", banned_words="<b>"))
    page = visitor.get("/settings/quality/").content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_the_default_can_be_changed_and_the_last_one_stays(visitor: Client) -> None:
    first, second = queries.profiles()
    visitor.post(f"/settings/quality/{second.pk}/default/")
    assert queries.default() == second
    visitor.post(f"/settings/quality/{first.pk}/delete/")
    answer = visitor.post(f"/settings/quality/{second.pk}/delete/", follow=True)
    assert "This is the last quality profile." in answer.content.decode()
    assert list(QualityProfile.objects.all()) == [second]
    assert visitor.post("/settings/quality/999/delete/").status_code == 404
