from __future__ import annotations

from django.urls import path

from search.posters import views

app_name = "posters"
urlpatterns = [path("<str:size>/<str:name>", views.picture, name="picture")]
