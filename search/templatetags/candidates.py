from __future__ import annotations

from django import template

from search import labels

register = template.Library()
register.filter("badges", labels.badges)
register.filter("because", labels.reason)
register.filter("field_label", labels.field)
register.filter("found_label", labels.found)
register.filter("source_label", labels.source)
register.filter("place_code", labels.place)
