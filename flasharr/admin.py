from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

admin.site.unregister(Schedule)  # a form that runs any function by name is a door for intruders
admin.site.site_header = _("Flasharr administration")
admin.site.site_title = "Flasharr"
