from __future__ import annotations

from django.urls import path

from search.grab import views

app_name = "grab"
urlpatterns = [path("<int:pk>/why/", views.why, name="why")]
