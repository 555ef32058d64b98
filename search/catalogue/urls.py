from __future__ import annotations

from django.urls import path

from search.catalogue import views

app_name = "folders"
urlpatterns = [
    path("", views.index, name="index"),
    path("follow/", views.follow, name="follow"),
    path("download/", views.download, name="download"),
    path("download/<int:pk>/", views.download_one, name="download_one"),
    path("<int:pk>/refresh/", views.refresh, name="refresh"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/remove/", views.remove, name="remove"),
]
