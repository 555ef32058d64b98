from __future__ import annotations

from django.apps import AppConfig


class FlasharrConfig(AppConfig):
    name = "flasharr"
    verbose_name = "Flasharr"
