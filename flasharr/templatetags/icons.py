"""Icons by name, each drawn once: a page has dozens, and drawing one takes longer than the row it stands in."""

from __future__ import annotations

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()
register.simple_tag(lru_cache(maxsize=512)(lucide), name="lucide")
