from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from downloads import adding, views

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Verb(StringConverter):
    regex = "pause|resume|retry"


class Where(StringConverter):
    regex = "top|up|down|bottom"


class PriorityName(StringConverter):
    regex = "low|normal|high"


class Moment:
    """A time as microseconds since 1970."""

    regex = "[0-9]{1,17}"

    def to_python(self, value: str) -> datetime:
        return EPOCH + timedelta(microseconds=int(value))

    def to_url(self, value: datetime) -> str:
        return str((value - EPOCH) // timedelta(microseconds=1))


register_converter(Moment, "moment")
register_converter(Verb, "verb")
register_converter(Where, "where")
register_converter(PriorityName, "priority")

app_name = "downloads"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("history/", views.history, name="history"),
    path("add/", adding.add, name="add"),
    path("add/preview/", adding.preview, name="preview"),
    path("downloads/<verb:verb>/", views.bulk, name="bulk"),
    path("downloads/remove/", views.remove, name="remove"),
    path("downloads/restore/", views.restore_many, name="restore_many"),
    path("downloads/priority/<priority:priority>/", views.prioritise, name="priority"),
    path("downloads/<int:pk>/<verb:verb>/", views.act, name="act"),
    path("downloads/<int:pk>/restore/", views.restore, name="restore"),
    path("downloads/<int:pk>/move/<where:where>/", views.move, name="move"),
    path("downloads/<int:pk>/priority/<priority:priority>/", views.act_priority, name="act_priority"),
    path("downloads/<int:pk>/password/", views.password, name="password"),
    path("downloads/<int:pk>/limit/", views.limit, name="limit"),
    path("batches/<int:pk>/revisit/", views.revisit, name="revisit"),
    path("schedule/ignore/", views.ignore_schedule, name="ignore_schedule"),
    path("schedule/follow/", views.follow_schedule, name="follow_schedule"),
    path("undo/<moment:moment>/", views.undo, name="undo"),
]
