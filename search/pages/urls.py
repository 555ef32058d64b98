from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from search.pages import collection, discover, grabbing, looking, title, watching
from search.titles import Medium


class MediumName(StringConverter):
    regex = "movie|tv"

    def to_python(self, value: str) -> Medium:
        return Medium(value)


class TmdbNumber:
    """A number that TMDB may give, small enough for every database."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(MediumName, "medium")
register_converter(TmdbNumber, "tmdb")

app_name = "search"
urlpatterns = [
    path("search/", looking.search, name="search"),
    path("discover/", discover.discover, name="discover"),
    path("title/<medium:medium>/<tmdb:tmdb_id>/", title.title, name="title"),
    path("title/<medium:medium>/<tmdb:tmdb_id>/files/", title.candidates, name="candidates"),
    path("title/<medium:medium>/<tmdb:tmdb_id>/grab/", grabbing.grab, name="grab"),
    path("title/<medium:medium>/<tmdb:tmdb_id>/plan/", grabbing.plan, name="plan"),
    path("title/<medium:medium>/<tmdb:tmdb_id>/watch/", watching.add, name="watch"),
    path("watchlist/", watching.watchlist, name="watchlist"),
    path("watchlist/<int:pk>/remove/", watching.remove, name="unwatch"),
    path("watchlist/<int:pk>/check/", watching.check, name="check"),
    path("watchlist/<int:pk>/again/", watching.again, name="again"),
    path("calendar/", watching.days, name="calendar"),
    path("collection/<tmdb:number>/", collection.collection, name="collection"),
]
