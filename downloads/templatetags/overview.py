from __future__ import annotations

from django import template

from downloads import overview

register = template.Library()
register.simple_tag(overview.current, name="overview")
