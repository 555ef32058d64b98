from __future__ import annotations

from collections.abc import Mapping

from django import template

from search import labels
from search.library import State
from search.titles import TitleRef

register = template.Library()
register.filter("badges", labels.badges)
register.filter("because", labels.reason)
register.filter("field_label", labels.field)
register.filter("found_label", labels.found)
register.filter("source_label", labels.source)
register.filter("profile_name", labels.profile_name)
register.filter("quality_words", labels.quality_words)
register.filter("place_code", labels.place)


@register.filter
def mark(marks: Mapping[TitleRef, State] | str, ref: TitleRef) -> str:
    """What is here of a title, "" when nothing is."""
    return marks.get(ref, "") if isinstance(marks, Mapping) else ""
